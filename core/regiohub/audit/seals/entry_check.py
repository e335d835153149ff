"""Checking the entries against the records in the seals: both run along the ids, so that little is held in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from .canonical import ID_BYTES, Unreadable, entry_record, id_bytes
from .faults import Fault, FaultKind
from .lateness import Limits, threshold
from .report import Report
from .rows import SealRow, as_moment


@dataclass(frozen=True, slots=True)
class Batch:
    """What the records of a seal have in common."""

    seal: SealRow
    complete_before: datetime | None
    since: Any


Record = tuple[bytes, int, Batch]
"""Hash of an entry, its place in the seal, the seal."""
Records = dict[bytes, Record]


@dataclass(slots=True)
class EntryCheck:
    """Takes records of seals and entries, and notes in the report what does not fit together."""

    report: Report
    bounds: Limits
    dialect: str
    _expected: Records = field(default_factory=dict[bytes, Record])
    _expected_late: Records = field(default_factory=dict[bytes, Record])

    def expect(self, seal: SealRow, complete_before: datetime | None) -> None:
        """The entries of this seal have to come. All seals of late ones are told before anything else."""
        batch = Batch(seal, complete_before, threshold(complete_before, self.dialect))
        expected = self._expected_late if seal.late else self._expected
        for offset, (id_, digest) in enumerate(seal.records()):
            if id_ in self._expected or id_ in self._expected_late:
                self._note(FaultKind.ENTRY_SEALED_TWICE, id_, batch, offset)
            expected[id_] = (digest, offset, batch)

    def take(self, page: Sequence[Sequence[Any]]) -> None:
        """Entries as they came from the database."""
        expected, late, good = self._expected, self._expected_late, 0
        for row in page:
            try:
                record = entry_record(row)
            except Unreadable as error:
                self._unreadable(row, error)
                continue
            id_ = record[:ID_BYTES]
            known = expected.pop(id_, None) or late.pop(id_, None)
            if known is None:
                self._unsealed(id_, row[1])
            elif record[ID_BYTES:] != known[0]:
                self._note(FaultKind.ENTRY_CHANGED, id_, known[2], known[1], known[0], record[ID_BYTES:])
            else:
                good += 1
                if known[2].since is not None and row[1] < known[2].since:
                    self._late(id_, row[1], known[2])
        self.report.entries += good

    def missing_before(self, up_to: bytes | None) -> None:
        """No entry with an id up to this one is to come, among those in the order of ids; None: none at all."""
        self._missing(self._expected, [id_ for id_ in self._expected if up_to is None or id_ <= up_to])

    def finish(self) -> None:
        """No entry is to come any more."""
        self._missing(self._expected, list(self._expected))
        self._missing(self._expected_late, list(self._expected_late))

    def _missing(self, records: Records, ids: Sequence[bytes]) -> None:
        for id_ in ids:
            digest, offset, batch = records.pop(id_)
            self._note(FaultKind.ENTRY_MISSING, id_, batch, offset, digest)

    def _unsealed(self, id_: bytes, at: Any) -> None:
        if not self.bounds.is_ordinary(id_, at):
            self.report.fault(Fault(FaultKind.ENTRY_INSERTED, entry=UUID(bytes=id_), found=str(at)))
            return
        self.report.unsealed += 1
        try:
            when = as_moment(at)
        except ValueError:
            return
        if self.report.oldest_unsealed is None or when < self.report.oldest_unsealed:
            self.report.oldest_unsealed = when

    def _late(self, id_: bytes, at: Any, batch: Batch) -> None:
        self.report.late += 1
        if batch.complete_before is not None:
            by = batch.complete_before - as_moment(at)
            if by > self.report.latest_by:
                self.report.latest_by = by
        if self.report.first_late is None:
            self.report.first_late = UUID(bytes=id_)

    def _unreadable(self, row: Sequence[Any], error: Unreadable) -> None:
        try:
            id_ = id_bytes(row[0])
        except (ValueError, AttributeError):
            self.report.fault(Fault(FaultKind.ENTRY_UNREADABLE, found=str(error)))
            return
        known = self._expected.pop(id_, None) or self._expected_late.pop(id_, None)
        place = (known[2].seal.number, known[2].seal.first + known[1]) if known else (None, None)
        self.report.fault(Fault(FaultKind.ENTRY_UNREADABLE, *place, UUID(bytes=id_), found=str(error)))

    def _note(
        self, kind: FaultKind, id_: bytes, batch: Batch, offset: int, expected: bytes = b"", found: bytes = b""
    ) -> None:
        self.report.fault(
            Fault(
                kind, batch.seal.number, batch.seal.first + offset, UUID(bytes=id_),
                expected.hex() or None, found.hex() or None,
            )
        )  # fmt: skip
