"""What came of a check of the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from .faults import Fault

MOST_FAULTS = 20
"""Faults that are kept; further ones are counted."""


@dataclass(slots=True)
class Report:
    """State of a town's log: sealed entries, those that wait, late ones, and what is wrong."""

    town: str
    entries: int = 0
    """Entries that are there as they were sealed."""
    seals: int = 0
    last_seal: datetime | None = None
    unsealed: int = 0
    """Entries that wait for their seal; they are not protected yet."""
    oldest_unsealed: datetime | None = None
    late: int = 0
    """Sealed entries that bear a much earlier time than entries sealed before them."""
    latest_by: timedelta = timedelta()
    first_late: UUID | None = None
    heads: int = 0
    """Heads from outside the database that were compared."""
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list[Fault])
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault_count == 0

    @property
    def first_fault(self) -> Fault | None:
        """The fault that stands first."""
        return self.faults[0] if self.faults else None

    @property
    def per_second(self) -> int:
        """Entries checked per second."""
        return round(self.entries / self.seconds) if self.seconds else 0

    def fault(self, fault: Fault) -> None:
        """Count a fault, and keep it if there are few."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


def document(report: Report) -> dict[str, object]:
    """A report as plain values, ready for JSON."""
    return {
        "town": report.town, "ok": report.ok, "entries": report.entries, "seals": report.seals,
        "last_seal": report.last_seal, "unsealed": report.unsealed, "oldest_unsealed": report.oldest_unsealed,
        "late": report.late, "latest_by_seconds": report.latest_by.total_seconds(), "first_late": report.first_late,
        "heads": report.heads, "fault_count": report.fault_count, "faults": fault_documents(report.faults),
        "seconds": round(report.seconds, 3), "entries_per_second": report.per_second,
    }  # fmt: skip


def fault_documents(faults: Sequence[Fault]) -> list[dict[str, object]]:
    """Faults as plain values."""
    return [
        {
            "kind": fault.kind.value, "text": fault.words.en, "seal": fault.seal, "position": fault.position,
            "entry": fault.entry, "expected": fault.expected, "found": fault.found,
        }
        for fault in faults
    ]  # fmt: skip
