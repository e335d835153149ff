"""Half-open intervals of UTC instants, the only time shape below the edges of the plugin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """The instants from ``start`` (included) to ``end`` (excluded), both timezone-aware and kept in UTC.

    Two bookings that touch (one ends at 18:00, the next starts at 18:00) do not overlap.
    Raises ``ValueError`` for naive times or an end that is not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs timezone-aware times")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError("an interval ends after it starts")

    @property
    def length(self) -> timedelta:
        """Elapsed time, true also across a change of the clocks."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """True when both share at least one instant."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Interval") -> bool:
        """True when ``other`` lies completely inside."""
        return self.start <= other.start and other.end <= self.end

    def covers(self, instant: datetime) -> bool:
        """True when ``instant`` belongs to the interval."""
        return self.start <= instant < self.end

    def padded(self, before: timedelta, after: timedelta) -> "Interval":
        """The interval with time for preparation before and for tidying up after it."""
        return Interval(self.start - before, self.end + after)

    def clipped(self, bounds: "Interval") -> "Interval | None":
        """The part inside ``bounds``, or None when there is none."""
        start, end = max(self.start, bounds.start), min(self.end, bounds.end)
        return Interval(start, end) if start < end else None


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted, disjoint intervals that cover the same instants; touching ones become one."""
    result: list[Interval] = []
    for item in sorted(intervals):
        if result and item.start <= result[-1].end:
            if item.end > result[-1].end:
                result[-1] = Interval(result[-1].start, item.end)
        else:
            result.append(item)
    return result


def without(wanted: Sequence[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """The instants of ``wanted`` that no interval of ``taken`` covers, merged and sorted."""
    blocks = merged(taken)
    result: list[Interval] = []
    for item in merged(wanted):
        start = item.start
        for block in blocks:
            if block.end <= start:
                continue
            if block.start >= item.end:
                break
            if block.start > start:
                result.append(Interval(start, block.start))
            start = block.end
        if start < item.end:
            result.append(Interval(start, item.end))
    return result


def common(first: Sequence[Interval], second: Sequence[Interval]) -> list[Interval]:
    """The instants that both lists cover, merged and sorted."""
    left, right = merged(first), merged(second)
    result: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        both = left[i].clipped(right[j])
        if both is not None:
            result.append(both)
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1
    return result
