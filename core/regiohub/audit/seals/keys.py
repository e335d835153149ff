"""Whose signatures count: the installation's own, and signers of earlier parts that it accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from .canonical import canonical, moment
from .links import FORMAT, Head
from .models import AuditKey
from .signing import KEY, Signer, is_signed, key_id

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession


@dataclass(frozen=True, slots=True)
class Accepted:
    """A public key, up to which seal it counts (None: without end), in which town, and the chain's hash there."""

    public_key: bytes
    until: int | None = None
    town: str | None = None
    chain: bytes | None = None

    @property
    def key(self) -> str:
        """Id of the key."""
        return key_id(self.public_key)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that count for one town's chain; ``forged`` are acceptances that nobody who counts there has signed."""

    accepted: tuple[Accepted, ...]
    forged: tuple[str, ...] = ()

    def for_seal(self, key: str, number: int) -> Sequence[Accepted]:
        """What was accepted of the key that a seal names, as far as it counts there."""
        return [one for one in self.accepted if one.key == key and (one.until is None or number <= one.until)]


def keyring(own: Iterable[bytes], rows: Sequence[AuditKey]) -> Keyring:
    """The keys that count: the own ones, and what they accepted, directly or through one that they accepted.

    A key that counts up to a certain seal has no say about later ones: it may be known to others by now.
    """
    found = [Accepted(key) for key in own]
    waiting = list(rows)
    while True:
        genuine = [row for row in waiting if any(_may_accept(one, row) and _is_genuine(row, one) for one in found)]
        if not genuine:
            return Keyring(tuple(found), tuple(row.key for row in waiting))
        found += [Accepted(row.public_key, row.until, row.town, row.chain) for row in genuine]
        waiting = [row for row in waiting if row not in genuine]


async def keyring_of(session: TenantSession, signer: Signer) -> Keyring:
    """The keys that count for the town of this session."""
    return keyring([signer.public_key], (await session.scalars(sa.select(AuditKey))).all())


def acceptance(head: Head, signer: Signer, now: datetime) -> AuditKey:
    """A row that says: this head's key counts up to this head."""
    row = AuditKey(
        key=head.key, until=head.number, town=head.town, public_key=head.public_key, chain=head.chain,
        accepted_at=now, accepted_by=signer.key,
    )  # fmt: skip
    row.signature = signer.sign(KEY, _digest(row))
    return row


def statement(row: AuditKey) -> dict[str, Any]:
    """An acceptance as a JSON object, as it is hashed."""
    return {
        "format": f"{FORMAT}-key", "key": row.key, "public_key": row.public_key.hex(), "until": row.until,
        "town": row.town, "chain": row.chain.hex(), "accepted_at": moment(row.accepted_at),
        "accepted_by": row.accepted_by,
    }  # fmt: skip


def _digest(row: AuditKey) -> bytes:
    return sha256(canonical(statement(row))).digest()


def _may_accept(one: Accepted, row: AuditKey) -> bool:
    return row.accepted_by == one.key and (one.until is None or row.until <= one.until)


def _is_genuine(row: AuditKey, by: Accepted) -> bool:
    named = row.key == key_id(row.public_key)
    return named and is_signed(by.public_key, KEY, _digest(row), row.signature)
