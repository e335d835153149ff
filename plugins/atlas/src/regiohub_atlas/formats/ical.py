"""Dates of procedures as a calendar (iCalendar, RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from regiohub_atlas.models import ProcedureEvent
from regiohub_atlas.models.enums import DateStatus

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE = "text/calendar; charset=utf-8"
_STATUS = {
    DateStatus.CONFIRMED: "CONFIRMED",
    DateStatus.TENTATIVE: "TENTATIVE",
    DateStatus.CANCELLED: "CANCELLED",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A date with the title of its procedure."""

    event: ProcedureEvent
    procedure: str
    topics: tuple[str, ...] = ()


def calendar(entries: Sequence[Entry], *, name: str, town: str) -> bytes:
    """The calendar file.

    A date keeps its UID for ever and counts its changes in SEQUENCE, so that calendar programs replace what they have.
    Whole days have a DATE, times are in UTC; a time without an end has none here either.
    """
    # Loaded with the first calendar that somebody asks for: most servers' memory is better spent.
    from icalendar import Calendar

    result = Calendar()
    result.add("prodid", "-//Regio.hub//Beteiligungsatlas//DE")
    result.add("version", "2.0")
    result.add("method", "PUBLISH")
    result.add("name", name)
    result.add("x-wr-calname", name)
    result.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for entry in entries:
        result.add_component(_event(entry, town))
    return result.to_ical()


def _event(entry: Entry, town: str) -> "Event":
    from icalendar import Event

    source = entry.event
    event = Event()
    event.add("uid", f"{source.id}@{town}.atlas.regiohub")
    event.add("dtstamp", _utc(source.updated_at))
    event.add("last-modified", _utc(source.updated_at))
    event.add("sequence", source.revision)
    event.add("summary", source.title)
    event.add("status", _STATUS[source.status])
    _add_time(event, source)
    event.add("description", "\n".join(text for text in (entry.procedure, source.note, source.accessibility) if text))
    if source.venue:
        event.add("location", source.venue)
    if source.place is not None and source.place["type"] == "Point":
        longitude, latitude = source.place["coordinates"][:2]
        event.add("geo", (latitude, longitude))
    if source.online_url:
        event.add("url", source.online_url)
    if entry.topics:
        event.add("categories", list(entry.topics))
    # A public date in somebody's calendar does not make him busy.
    event.add("transp", "TRANSPARENT")
    return event


def _add_time(event: "Event", source: ProcedureEvent) -> None:
    if source.starts_at is None:
        event.add("dtstart", source.day)
        event.add("dtend", _day_after(source.day))
        return
    event.add("dtstart", _utc(source.starts_at))
    if source.ends_at is not None:
        event.add("dtend", _utc(source.ends_at))


def _day_after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
