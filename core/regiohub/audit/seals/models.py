"""Seals of the log, and keys of those who sealed it earlier: rows that are added and never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.db.base import TenantTable
from regiohub.db.keys import index


class AuditSeal(TenantTable):
    """A batch of sealed entries, one link of the town's chain. Each link is signed, so that each is a head."""

    __tablename__ = "core_audit_seal"

    number: Mapped[int] = mapped_column(sa.Integer(), primary_key=True, autoincrement=False)
    """1, 2, 3 … without a gap."""
    town: Mapped[str]
    """Short name of the town when it was sealed: a chain cannot be passed off as another town's."""
    first: Mapped[int] = mapped_column(sa.BigInteger())
    """Position of the first entry in the chain, from 1."""
    count: Mapped[int] = mapped_column(sa.Integer())
    """How many entries; 0 says that there was nothing to seal at that moment."""
    late: Mapped[bool]
    """Whether these entries have lower ids than some that had been sealed before."""
    low: Mapped[UUID | None]
    high: Mapped[UUID | None]
    """Lowest and highest id in the batch."""
    sealed_at: Mapped[datetime]
    complete_until: Mapped[datetime | None]
    """Moment at which nothing visible was left unsealed, with this seal or before it."""
    digests: Mapped[bytes] = mapped_column(sa.LargeBinary())
    """For each entry, in the order of ids, 16 bytes of its id and 32 bytes of its hash."""
    chain: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Hash over this link and the one before."""
    key: Mapped[str]
    """Id of the key that signed."""
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary(64))

    __table_args__ = (index("core_audit_seal", "high"),)


class AuditKey(TenantTable):
    """A signer of the log's earlier part that the installation accepted: before a change of its key, or elsewhere.

    Signed itself, so that nobody who can only write the database adds a key of his own.
    """

    __tablename__ = "core_audit_key"

    key: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[int] = mapped_column(sa.Integer(), primary_key=True, autoincrement=False)
    """Number of the last seal that it may have signed."""
    town: Mapped[str]
    """The town's short name in those seals."""
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    chain: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Hash of the chain at that seal."""
    accepted_at: Mapped[datetime]
    accepted_by: Mapped[str]
    """Id of the key that signed this acceptance."""
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary(64))
