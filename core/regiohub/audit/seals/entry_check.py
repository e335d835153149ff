"""Checking the entries against the records in the seals: both run along the ids, so that little is held in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from .canonical import ID_BYTES, RECORD_BYTES, Unreadable, entry_record, id_bytes
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
    _open: deque[Batch] = field(default_factory=deque[Batch])
    """Seals in the order of ids whose entries come next; of the first, ``_offset`` have come."""
    _offset: int = 0
    _expected: Records = field(default_factory=dict[bytes, Record])
    _expected_late: Records = field(default_factory=dict[bytes, Record])

    def expect(self, seal: SealRow, complete_before: datetime | None) -> None:
        """The entries of this seal have to come. All seals of late ones are told before anything else."""
        batch = Batch(seal, complete_before, threshold(complete_before, self.dialect))
        if seal.late:
            self._load(self._expected_late, batch, 0)
        else:
            self._open.append(batch)

    def take(self, page: Sequence[Sequence[Any]]) -> None:
        """Entries as they came from the database."""
        try:
            records = [entry_record(row) for row in page]
        except Unreadable:
            self._one_by_one(page)
            return
        done = 0
        while done < len(records):
            if self._open and not self._knows(records[done][:ID_BYTES]):
                same = self._same(records, page, done)
                done += same
                if not same:
                    batch = self._open.popleft()
                    self._load(self._expected, batch, self._offset)
                    self._offset = 0
                continue
            self._compare(records[done], page[done][1])
            done += 1

    def _knows(self, id_: bytes) -> bool:
        return id_ in self._expected or id_ in self._expected_late

    def _same(self, records: Sequence[bytes], page: Sequence[Sequence[Any]], done: int) -> int:
        """How many entries from here on are those of the next seal, looked at as a whole: nearly always all."""
        batch = self._open[0]
        left = len(batch.seal.digests) // RECORD_BYTES - self._offset
        count = min(left, len(records) - done)
        start = self._offset * RECORD_BYTES
        if b"".join(records[done : done + count]) != batch.seal.digests[start : start + count * RECORD_BYTES]:
            return 0
        self.report.entries += count
        rows = page[done : done + count]
        if batch.since is not None and count and min(map(itemgetter(1), rows)) < batch.since:
            for row in rows:
                self._remark(id_bytes(row[0]), row[1], batch)
        self._offset += count
        if count == left:
            self._open.popleft()
            self._offset = 0
        return count

    def _compare(self, record: bytes, at: Any) -> None:
        id_ = record[:ID_BYTES]
        known = self._expected.pop(id_, None) or self._expected_late.pop(id_, None)
        if known is None:
            self._unsealed(id_, at)
        elif record[ID_BYTES:] != known[0]:
            self._note(FaultKind.ENTRY_CHANGED, id_, known[2], known[1], known[0], record[ID_BYTES:])
        else:
            self.report.entries += 1
            self._remark(id_, at, known[2])

    def _one_by_one(self, page: Sequence[Sequence[Any]]) -> None:
        """A page with a row that no entry can look like."""
        self._load_open()
        for row in page:
            try:
                record = entry_record(row)
            except Unreadable as error:
                self._unreadable(row, error)
            else:
                self._compare(record, row[1])

    def _load(self, expected: Records, batch: Batch, offset: int) -> None:
        """Expect the records of a seal from this place on, each by its id."""
        for place, (id_, digest) in enumerate(batch.seal.records()):
            if place < offset:
                continue
            if self._knows(id_):
                self._note(FaultKind.ENTRY_SEALED_TWICE, id_, batch, place)
            expected[id_] = (digest, place, batch)

    def _load_open(self) -> None:
        while self._open:
            self._load(self._expected, self._open.popleft(), self._offset)
            self._offset = 0

    def missing_before(self, up_to: bytes | None) -> None:
        """No entry with an id up to this one is to come, among those in the order of ids; None: none at all."""
        # Of a seal that is gone through as a whole, nothing has been missing so far.
        if up_to is None:
            self._load_open()
        while self._open and self._open[0].seal.digests[-RECORD_BYTES:][:ID_BYTES] <= (up_to or b""):
            self._load(self._expected, self._open.popleft(), self._offset)
            self._offset = 0
        self._missing(self._expected, [id_ for id_ in self._expected if up_to is None or id_ <= up_to])

    def finish(self) -> None:
        """No entry is to come any more."""
        self._load_open()
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

    def _remark(self, id_: bytes, at: Any, batch: Batch) -> None:
        """Count an entry that came in late."""
        if batch.since is None or at >= batch.since:
            return
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
