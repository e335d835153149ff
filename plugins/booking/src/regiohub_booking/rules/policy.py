"""The limits of one resource and the check of a wish against them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from regiohub.api import Text, t
from regiohub_booking.errors import (
    HorizonExceeded,
    NoticeTooShort,
    NotOffered,
    OffRaster,
    PlaceClosed,
    StartInPast,
    TooLong,
    TooShort,
)
from regiohub_booking.rules.clock import day_edge, local_day, wall_time
from regiohub_booking.rules.hours import OpeningPlan
from regiohub_booking.rules.interval import Interval, without

MINUTE = timedelta(minutes=1)


class BookingMode(StrEnum):
    """How the time of a resource is divided."""

    TIME = "time"
    DAYS = "days"
    SESSIONS = "sessions"


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be booked on a resource.

    ``raster`` divides the wall-clock day in minutes; ``shortest`` and ``longest`` are elapsed time for TIME and whole
    days for DAYS (None: no limit); ``notice`` is the lead time before the start; ``horizon_days`` counts calendar days
    from today; the buffers keep time free around each booking and need not lie within the opening hours.
    """

    mode: BookingMode = BookingMode.TIME
    raster: int = 15
    shortest: timedelta | None = None
    longest: timedelta | None = None
    notice: timedelta = timedelta()
    horizon_days: int | None = None
    buffer_before: timedelta = timedelta()
    buffer_after: timedelta = timedelta()

    def occupied(self, wanted: Interval) -> Interval:
        """What a booking of ``wanted`` keeps from others, buffers included."""
        return wanted.padded(self.buffer_before, self.buffer_after)


def check_wish(
    policy: Policy, plan: OpeningPlan, wanted: Interval, *, now: datetime, zone: ZoneInfo, staff: bool = False
) -> None:
    """Raises the first rule that ``wanted`` breaks: past, notice, horizon, raster, duration, opening hours.

    Staff may book at short notice and far ahead, yet neither in the past nor while the house is closed. Sessions are
    fixed by their organiser and only checked against past, notice and horizon.
    """
    check_lead(policy, wanted, now=now, zone=zone, staff=staff)
    if policy.mode is BookingMode.TIME:
        check_raster(policy, wanted, zone)
        check_length(policy, wanted)
        check_open(plan, wanted, zone)
    elif policy.mode is BookingMode.DAYS:
        check_days(policy, plan, wanted, zone)


def check_lead(policy: Policy, wanted: Interval, *, now: datetime, zone: ZoneInfo, staff: bool = False) -> None:
    """Past, notice and horizon. A day-range loan may begin on the running day."""
    # A loan counts as past when its first day is over: picking up today is fine.
    begins = day_edge(local_day(wanted.start, zone), 1440, zone) if policy.mode is BookingMode.DAYS else wanted.start
    if begins < now:
        raise StartInPast
    if staff:
        return
    earliest = now + policy.notice
    if policy.notice and wanted.start < earliest:
        raise NoticeTooShort(wall_time(earliest, zone))
    if policy.horizon_days is not None:
        last = local_day(now, zone) + timedelta(days=policy.horizon_days)
        if local_day(wanted.start, zone) > last:
            raise HorizonExceeded(last)


def on_raster(moment: datetime, raster: int, zone: ZoneInfo) -> bool:
    """True when the wall-clock time of ``moment`` is a multiple of ``raster`` minutes after midnight."""
    wall = wall_time(moment, zone)
    return wall.second == 0 and wall.microsecond == 0 and (wall.hour * 60 + wall.minute) % raster == 0


def check_raster(policy: Policy, wanted: Interval, zone: ZoneInfo) -> None:
    """Raises OffRaster naming the field that is off."""
    for moment, field in ((wanted.start, "startsAt"), (wanted.end, "endsAt")):
        if not on_raster(moment, policy.raster, zone):
            raise OffRaster(policy.raster, field)


def check_length(policy: Policy, wanted: Interval) -> None:
    """Raises TooShort or TooLong; elapsed time counts, so a night with a clock change is no trap."""
    if policy.shortest is not None and wanted.length < policy.shortest:
        raise TooShort(policy.shortest // MINUTE)
    if policy.longest is not None and wanted.length > policy.longest:
        raise TooLong(policy.longest // MINUTE)


def check_open(plan: OpeningPlan, wanted: Interval, zone: ZoneInfo) -> None:
    """Raises PlaceClosed with the reason of the first day that does not fit."""
    missing = without([wanted], plan.open_between(wanted.start, wanted.end, zone))
    if missing:
        first = missing[0].start
        field = "startsAt" if first == wanted.start else "endsAt"
        raise PlaceClosed(_why_closed(plan, first, zone), field)


def _why_closed(plan: OpeningPlan, moment: datetime, zone: ZoneInfo) -> Text:
    hours = plan.on(local_day(moment, zone))
    if not hours.windows and hours.reason is not None:
        return hours.reason
    if not hours.windows:
        return t("an diesem Tag geschlossen", "closed on this day")
    clock = ", ".join(f"{_clock(w.opens)}–{_clock(w.closes)}" for w in hours.windows)
    return t(f"geöffnet {clock} Uhr", f"open {clock}")


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24 if minutes != 1440 else 24:02d}:{minutes % 60:02d}"


def day_range(wanted: Interval, zone: ZoneInfo) -> tuple[int, bool]:
    """Number of calendar days of ``wanted`` and whether it runs from midnight to midnight of the town."""
    first, after = wall_time(wanted.start, zone), wall_time(wanted.end, zone)
    whole = first.time() == after.time() == datetime.min.time()
    return (after.date() - first.date()).days, whole


def check_days(policy: Policy, plan: OpeningPlan, wanted: Interval, zone: ZoneInfo) -> None:
    """Whole days, their number, and a pick-up and a return day on which the place is open."""
    days, whole = day_range(wanted, zone)
    if not whole or days < 1:
        raise NotOffered(t("Verliehen wird tageweise.", "Lent by the day."))
    if policy.shortest is not None and days < policy.shortest.days:
        raise TooShort(policy.shortest.days * 1440)
    if policy.longest is not None and days > policy.longest.days:
        raise TooLong(policy.longest.days * 1440)
    first = local_day(wanted.start, zone)
    last = first + timedelta(days=days - 1)
    for day, field in ((first, "firstDay"), (last, "lastDay")):
        if not plan.is_open_day(day):
            raise PlaceClosed(plan.on(day).reason, field)


def earliest_start(policy: Policy, now: datetime) -> datetime:
    """The first instant a resident may still book."""
    return now.astimezone(UTC) + policy.notice


def latest_day_end(policy: Policy, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The end of the last day a resident may begin on, or None without a horizon."""
    if policy.horizon_days is None:
        return None
    return day_edge(local_day(now, zone) + timedelta(days=policy.horizon_days + 1), 0, zone)
