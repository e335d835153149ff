"""Making seals: records become links of the chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from .canonical import ID_BYTES
from .links import Link
from .models import AuditSeal
from .rows import SealRow
from .signing import SEAL, Signer


@dataclass(slots=True)
class Chain:
    """The end of a town's chain while it is being continued."""

    town: str
    signer: Signer
    number: int = 0
    entries: int = 0
    complete_until: datetime | None = None
    previous: tuple[bytes, bytes] | None = None

    def seal(self, records: Sequence[bytes], now: datetime, *, late: bool = False, complete: bool = False) -> AuditSeal:
        """The next link, over records (id and hash) in the order of ids. ``complete``: nothing is left unsealed."""
        digests = b"".join(records)
        if complete:
            self.complete_until = now
        link = Link(
            self.town, self.number + 1, self.entries + 1, len(records), late, now, self.complete_until,
            sha256(digests).digest(), self.previous, self.signer.key,
        )  # fmt: skip
        chain = link.chain()
        signature = self.signer.sign(SEAL, chain)
        self.number, self.entries, self.previous = link.number, self.entries + link.count, (chain, signature)
        return AuditSeal(
            number=link.number, town=link.town, first=link.first, count=link.count, late=late,
            low=UUID(bytes=records[0][:ID_BYTES]) if records else None,
            high=UUID(bytes=records[-1][:ID_BYTES]) if records else None,
            sealed_at=now, complete_until=link.complete_until, digests=digests, chain=chain, key=link.key,
            signature=signature,
        )  # fmt: skip


def continued(last: SealRow | None, town: str, signer: Signer) -> Chain:
    """A chain that goes on after this seal, or begins."""
    if last is None:
        return Chain(town, signer)
    return Chain(
        town, signer, last.number, last.first + last.count - 1, last.complete_until, (last.chain, last.signature)
    )
