"""Fixed moments, sizes and identifiers of the seeded rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

MADE = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
FIRST_BOOKING = datetime(2031, 3, 3, 8, 0, tzinfo=UTC)
"""Far ahead, so that "next" does not depend on the day on which the benchmark runs."""
FIRST_VALUE = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)

_KINDS = (
    "house", "resource", "booking", "organization", "service", "location", "codec", "profile", "thing", "device",
    "datastream", "measure", "topic", "procedure",
)  # fmt: skip


def ident(kind: str, number: int) -> UUID:
    """The identifier of a row; the same in every town, so that only the tenant tells two rows apart."""
    return UUID(int=(0x0190_0000_0000 << 80) | (7 << 76) | (_KINDS.index(kind) << 64) | (2 << 62) | number)


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows each town gets."""

    houses: int = 60
    resources: int = 500
    bookings: int = 5_000
    organizations: int = 500
    services: int = 10_000
    devices: int = 5
    values: int = 50_000
    """Per series; each device has two."""
    procedures: int = 120

    @property
    def rooms(self) -> int:
        """One in five resources is a room; only these have bookings."""
        return self.resources // 5


FULL = Size()
SMALL = Size(houses=10, resources=110, bookings=440, organizations=12, services=60, devices=5, values=2_000)
"""For the test of the benchmark: every answer is as long as with the full size."""
