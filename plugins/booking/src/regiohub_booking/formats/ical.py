"""Busy times of a resource as an iCalendar (RFC 5545), for any calendar program, without a word about persons."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from regiohub.api import Text, t
from regiohub_booking.rules.interval import Interval

BUSY = t("Belegt", "Busy")


def busy_calendar(
    resource_id: UUID, name: str, busy: Sequence[Interval], stamp: datetime, *, word: Text = BUSY
) -> bytes:
    """The calendar in UTF-8 with one event per busy time; times are UTC.

    The identifiers of events depend on resource and time only, so that a calendar program recognises them.
    """
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//regiohub//booking//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval;value=duration", "PT15M")
    for item in busy:
        event = Event()
        event.add("uid", f"{uuid5(resource_id, f'{item.start.isoformat()}/{item.end.isoformat()}')}@regiohub")
        event.add("dtstamp", stamp)
        event.add("dtstart", item.start)
        event.add("dtend", item.end)
        event.add("summary", word.de)
        event.add("class", "PUBLIC")
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
    return calendar.to_ical()
