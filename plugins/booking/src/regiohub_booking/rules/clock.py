"""Wall-clock times of a town and UTC instants, with the two hours a year that trouble every calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from regiohub_booking.errors import AmbiguousLocalTime, NonexistentLocalTime

DAY_MINUTES = 24 * 60


def is_missing(wall: datetime, zone: ZoneInfo) -> bool:
    """True when the naive ``wall`` time is skipped because the clocks go forward."""
    back = wall.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone)
    return back.replace(tzinfo=None, fold=0) != wall.replace(fold=0)


def is_ambiguous(wall: datetime, zone: ZoneInfo) -> bool:
    """True when the naive ``wall`` time happens twice because the clocks go back."""
    first = wall.replace(tzinfo=zone, fold=0).utcoffset()
    second = wall.replace(tzinfo=zone, fold=1).utcoffset()
    return first != second and not is_missing(wall, zone)


def instant(wall: datetime, zone: ZoneInfo, *, field: str | None = None) -> datetime:
    """The UTC instant of a naive wall-clock time.

    Raises NonexistentLocalTime in the skipped hour and AmbiguousLocalTime in the repeated one: guessing would move a
    booking by an hour.
    """
    if is_missing(wall, zone):
        raise NonexistentLocalTime(wall, field=field)
    if is_ambiguous(wall, zone):
        raise AmbiguousLocalTime(wall, field=field)
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def edge(wall: datetime, zone: ZoneInfo, *, closing: bool = False) -> datetime:
    """The UTC instant of an opening or closing time, defined for every wall-clock time.

    In the skipped hour it is the moment the clocks change; in the repeated hour a place opens at the first and closes
    at the second of both, so that the doubled hour counts as open.
    """
    if not is_missing(wall, zone):
        return wall.replace(tzinfo=zone, fold=1 if closing else 0).astimezone(UTC)
    low = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    high = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def day_edge(day: date, minutes: int, zone: ZoneInfo, *, closing: bool = False) -> datetime:
    """The instant ``minutes`` of wall-clock time after the midnight that begins ``day`` (1440 is the next midnight)."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return edge(wall, zone, closing=closing)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant in the town."""
    return moment.astimezone(zone).date()


def wall_time(moment: datetime, zone: ZoneInfo) -> datetime:
    """The naive wall-clock time of an instant in the town."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def refuse_skipped_hour(moment: datetime, zone: ZoneInfo, *, field: str | None = None) -> None:
    """Refuses a time written with a local offset whose wall clock does not exist in the town on that day.

    ``2027-03-28T02:30+01:00`` is a valid instant, but whoever wrote it read 02:30 from a clock that skips that hour in
    Europe/Berlin; UTC times are exact and pass.
    """
    offset = moment.utcoffset()
    wall = moment.replace(tzinfo=None, fold=0)
    if offset and is_missing(wall, zone):
        near = {wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
        if offset in near:
            raise NonexistentLocalTime(wall, field=field)
