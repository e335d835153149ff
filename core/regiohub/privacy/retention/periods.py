"""When a time is over: in whole days of the town's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """What is older than this has passed its time: moments before `moment` (UTC), days before `day`."""

    moment: datetime
    day: date


def limit_of(now: datetime, zone: ZoneInfo, kept: timedelta) -> Limit:
    """The limit at this moment.

    Days are counted as periods are in law: the day of the event does not count, and the last day counts to its end.
    What happened on 1 June at any time and is kept for 30 days goes with the beginning of 2 July in the town, not an
    hour before. A time that is no number of whole days counts from the moment.
    """
    if kept % DAY:
        moment = now - kept
        return Limit(moment, moment.astimezone(zone).date())
    day = now.astimezone(zone).date() - kept
    return Limit(beginning_of(day, zone), day)


def due_on(event: datetime | date, zone: ZoneInfo, kept: timedelta) -> date:
    """The town's day on which something that happened then has passed its time."""
    if kept % DAY:
        moment = event if isinstance(event, datetime) else beginning_of(event, zone)
        return (moment + kept).astimezone(zone).date()
    day = event.astimezone(zone).date() if isinstance(event, datetime) else event
    return day + kept + DAY


def beginning_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day in a zone, in UTC; where the clock leaps over midnight, the moment of the leap."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
