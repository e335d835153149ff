"""Consents: what a town gives, to whom, for what, on which basis and how long."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.db.base import TenantModel
from regiohub.db.keys import index
from regiohub.tenancy.models import Origin


class Consent(TenantModel):
    """A town lets a reader read one dataset. Days are days of the town; ``valid_until`` is the last one.

    A withdrawn consent stays as a record with ``revoked_at``; it gives nothing any more.
    """

    __tablename__ = "core_consent"

    dataset: Mapped[str]
    reader: Mapped[str]
    """``region`` or the slug of another town."""
    purpose: Mapped[str]
    legal_basis: Mapped[str]
    valid_from: Mapped[date] = mapped_column(sa.Date())
    valid_until: Mapped[date | None] = mapped_column(sa.Date())
    origin: Mapped[Origin]
    granted_by: Mapped[str]
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (index("core_consent", "dataset", "reader"),)
