"""Checking the links: numbers, hashes, signatures, keys, and whether heads that were kept lie on the chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from .canonical import RECORD_BYTES
from .faults import Fault, FaultKind
from .keys import Accepted, Keyring
from .links import Head
from .report import Report
from .rows import SealRow
from .signing import SEAL, is_signed


@dataclass(slots=True)
class ChainCheck:
    """Takes the seals in the order of their numbers and notes in the report what is wrong with them."""

    town: str
    keys: Keyring
    heads: Iterable[Head]
    report: Report
    last: SealRow | None = None
    signatures_wrong: bool = False
    """Whether some signature is wrong; ``first_unsigned`` says which."""
    _highest: bytes = b""
    _unknown: set[str] = field(default_factory=set[str])
    _wanted: dict[int, list[bytes]] = field(default_factory=dict[int, list[bytes]])

    def __post_init__(self) -> None:
        for head in self.heads:
            if self._is_ours(head):
                self.report.heads += 1
                self._wanted.setdefault(head.number, []).append(head.chain)
            else:
                self.report.fault(Fault(FaultKind.HEAD_FOREIGN, seal=head.number, found=f"{head.town}, key {head.key}"))
        for one in self.keys.accepted:
            if one.until is not None and one.chain is not None:
                self._wanted.setdefault(one.until, []).append(one.chain)
        for key in self.keys.forged:
            self.report.fault(Fault(FaultKind.KEY_FORGED, found=key))

    def take(self, seal: SealRow) -> None:
        """Check the next seal."""
        before = self.last
        number = before.number + 1 if before else 1
        follows = seal.number == number
        if not follows:
            self.report.fault(Fault(FaultKind.SEAL_MISSING, seal=number, expected=str(number), found=str(seal.number)))
        if before is not None and before.key != seal.key:
            self._check_signature(before)
        self._check_content(seal, follows)
        self._check_key(seal)
        for chain in self._wanted.pop(seal.number, []):
            if chain != seal.chain:
                self._note(FaultKind.HEAD_DIFFERS, seal, chain.hex(), seal.chain.hex())
        self.last = seal
        self.report.seals += 1
        self.report.last_seal = seal.sealed_at

    def finish(self) -> None:
        """The end of the chain has been reached."""
        if self.last is not None:
            self._check_signature(self.last)
        number = self.last.number if self.last else 0
        for wanted in sorted(self._wanted):
            self.report.fault(Fault(FaultKind.CUT_OFF, seal=number + 1, expected=str(wanted), found=str(number)))

    def is_signed(self, seal: SealRow) -> bool:
        """Whether a seal bears the signature of a key that counts; one by an unknown key is another fault."""
        keys = self.keys.for_seal(seal.key, seal.number)
        return not keys or is_signed(keys[0].public_key, SEAL, seal.chain, seal.signature)

    def _check_content(self, seal: SealRow, follows: bool) -> None:
        before = self.last
        ids = [id_ for id_, _ in seal.records()]
        first = before.first + before.count if before else 1
        whole = (
            len(seal.digests) == seal.count * RECORD_BYTES
            and all(one < other for one, other in pairwise(ids))
            and (seal.low, seal.high) == ((ids[0], ids[-1]) if ids else (None, None))
            and (seal.first == first or not follows)
        )
        previous = (before.chain, before.signature) if before else None
        stated = seal.link(previous).chain()
        if follows and stated != seal.chain:
            self._note(FaultKind.SEAL_CHANGED, seal, stated.hex(), seal.chain.hex())
        elif not whole or (ids and not seal.late and ids[0] <= self._highest):
            self._note(FaultKind.SEAL_CHANGED, seal, None, None)
        if ids:
            self._highest = max(self._highest, ids[-1])

    def _check_key(self, seal: SealRow) -> None:
        known = self.keys.for_seal(seal.key, seal.number)
        if not known:
            if seal.key not in self._unknown:
                self._unknown.add(seal.key)
                self._note(FaultKind.KEY_UNKNOWN, seal, ", ".join(one.key for one in self.keys.accepted), seal.key)
        elif seal.town not in [one.town or self.town for one in known]:
            self._note(FaultKind.TOWN_WRONG, seal, self.town, seal.town)

    def _check_signature(self, seal: SealRow) -> None:
        # The last signature of a key covers all links before it: only if one is wrong, each is looked at.
        self.signatures_wrong = self.signatures_wrong or not self.is_signed(seal)

    def _is_ours(self, head: Head) -> bool:
        known: Iterable[Accepted] = self.keys.for_seal(head.key, head.number)
        return head.is_genuine() and head.town in [one.town or self.town for one in known]

    def _note(self, kind: FaultKind, seal: SealRow, expected: str | None, found: str | None) -> None:
        self.report.fault(Fault(kind, seal=seal.number, position=seal.first, expected=expected, found=found))


def head_of(seal: SealRow, before: SealRow | None, public_key: bytes) -> Head:
    """A seal as a head. ``before`` is the one before it."""
    link: Mapping[str, Any] = seal.link((before.chain, before.signature) if before else None).statement()
    return Head(link, seal.chain, public_key, seal.signature)
