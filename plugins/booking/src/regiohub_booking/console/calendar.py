"""Week, month and list of a house or of one resource."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from regiohub.api import NotFound, Text, t
from regiohub.api.console import Cell, Column, Listing, TownPage
from regiohub_booking.console.days import WEEKDAYS, Window, day_span, month_of, week_of
from regiohub_booking.console.words import STATE_SIGNS, STATE_TONES
from regiohub_booking.models import Resource
from regiohub_booking.permissions import APPROVE, MANAGE, VIEW
from regiohub_booking.rules.clock import local_day
from regiohub_booking.rules.states import STATE_WORDS, BookingState
from regiohub_booking.rules.wording import MONTHS as MONTH_NAMES
from regiohub_booking.rules.wording import span_text
from regiohub_booking.service.calendar import Calendar, Entry, calendar_of
from regiohub_booking.service.lists import Names, names_of

router = APIRouter()
VIEWS = (("week", t("Woche", "Week")), ("month", t("Monat", "Month")), ("list", t("Liste", "List")))
BLOCKED = t("gesperrt", "blocked")
SHOWN = 6
LEGEND = (BookingState.CONFIRMED, BookingState.PENDING, BookingState.ASKED, BookingState.HELD)


@router.get("/calendar")
async def calendar(page: TownPage) -> Response:
    """The calendar of a house (a row for each of its resources) or of one resource (a table of weeks)."""
    page.require(VIEW)
    given = page.request.query_params
    view = given.get("view") if given.get("view") in dict(VIEWS) else "week"
    day = _day(page, given.get("day"))
    window = week_of(day) if view == "week" else month_of(day)
    async with page.read() as ctx:
        names = await names_of(ctx)
        chosen, resources = _chosen(names, given)
        shown = await calendar_of(ctx, resources, window.span(page.speaker.zone))
        found = await page.list(ctx, _listing(page), _once(shown)) if view == "list" else None
        closed = _closed(shown, window)

    def address(**changes: str) -> str:
        merged = {"of": chosen, "view": view, "day": day.isoformat(), **changes}
        return page.url("calendar", "?" + "&".join(f"{key}={value}" for key, value in merged.items()))

    zone = page.speaker.zone

    def clock(entry: Entry, item: date) -> str:
        return _clock(page, entry, item)

    def to_list(item: date) -> str:
        return address(view="list", day=item.isoformat())

    return page.show(
        "booking/calendar.html",
        names=names,
        chosen=chosen,
        view=view,
        tabs=[(title, address(view=key), key == view) for key, title in VIEWS],
        window=window,
        weekdays=WEEKDAYS,
        previous=address(day=window.before.isoformat()),
        following=address(day=window.after.isoformat()),
        present=address(day=local_day(page.speaker.now, zone).isoformat()),
        month=day.month,
        rows=shown.targets,
        cells=shown.by_day({item: day_span(item, zone) for item in window.days}),
        closed=closed,
        found=found,
        clock=clock,
        mark=_mark,
        short=_short,
        most=SHOWN,
        today=local_day(page.speaker.now, zone),
        to_list=to_list,
        legend=[(STATE_SIGNS[state], STATE_WORDS[state], state.value) for state in LEGEND]
        + [("✕", BLOCKED, "blocked")],
        may_book=page.can(APPROVE),
        may_block=page.can(MANAGE),
    )


def _day(page: TownPage, text: str | None) -> date:
    """The day of the address; today for none and for what is none."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        found = local_day(page.speaker.now, page.speaker.zone)
    return found if 2000 <= found.year <= 2200 else local_day(page.speaker.now, page.speaker.zone)


def _chosen(names: Names, given: Mapping[str, str]) -> tuple[str, list[Resource]]:
    """What ``of`` names: ``place-<id>`` or ``resource-<id>``; the first house without it. Raises NotFound."""
    wanted = given.get("of", "")
    if not wanted:
        with_rooms = {item.place_id for item in names.resources.values()}
        first = next((item for item in names.places.values() if item.id in with_rooms), None)
        if first is None:
            return "", []
        wanted = f"place-{first.id}"
    kind, _, text = wanted.partition("-")
    try:
        key = UUID(text)
    except ValueError:
        raise NotFound from None
    if kind == "place" and key in names.places:
        return wanted, [names.resources[item] for item in names.in_place(key) if names.resources[item].active]
    if kind == "resource" and key in names.resources:
        return wanted, [names.resources[key]]
    raise NotFound


def _once(shown: Calendar) -> list[Entry]:
    """Each booking and each blocked time once, whatever number of rows it stands in."""
    return list({(entry.booking_id or entry.closure_id, entry.starts_at): entry for entry in shown.entries}.values())


def _closed(shown: Calendar, window: Window) -> set[tuple[UUID, date]]:
    """Days on which a resource does not open at all."""
    return {
        (target.resource.id, day) for target in shown.targets for day in window.days if not target.plan.is_open_day(day)
    }


def _clock(page: TownPage, entry: Entry, day: date) -> str:
    """The hours of an entry on one day; an open end where it goes on before or after."""
    zone = page.speaker.zone
    span, start, end = day_span(day, zone), entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
    whole = entry.starts_at <= span.start and entry.ends_at >= span.end
    if whole:
        return page.speaker.say(t("ganztägig", "all day"))
    begins = f"{start:%H:%M}" if entry.starts_at >= span.start else "…"
    ends = f"{end:%H:%M}" if entry.ends_at <= span.end else "…"
    return f"{begins}–{ends}"


def _short(day: date) -> Text:
    """A day without its year, below its weekday."""
    return t(f"{day:%d.%m.}", f"{day.day} {MONTH_NAMES[day.month - 1]}")


def _mark(entry: Entry) -> tuple[str, object, str]:
    """Sign, word and class of an entry."""
    if entry.state is None:
        return "✕", BLOCKED, "blocked"
    return STATE_SIGNS[entry.state], STATE_WORDS[entry.state], entry.state.value


def _listing(page: TownPage) -> Listing:
    zone = page.speaker.zone

    def link(entry: Entry) -> str:
        return f"bookings/{entry.booking_id}" if entry.booking_id else f"closures/{entry.closure_id}"

    def state(entry: Entry) -> Cell:
        if entry.state is None:
            return Cell(BLOCKED, badge="bad")
        return Cell(STATE_WORDS[entry.state], badge=STATE_TONES[entry.state])

    return Listing(
        "calendar",
        t("Belegung", "Calendar"),
        columns=(
            Column(
                "starts",
                t("Wann", "When"),
                lambda row: span_text(row.starts_at, row.ends_at, zone),
                sort=lambda row: row.starts_at,
                link=link,
            ),
            Column("resource", t("Was", "What"), lambda row: row.resource, sort=lambda row: row.resource),
            Column("state", t("Stand", "State"), state, sort=lambda row: row.state or ""),
            Column("words", t("Wer oder warum", "Who or why"), lambda row: row.words),
            Column("quantity", t("Anzahl", "Quantity"), lambda row: row.quantity, numeric=True),
        ),
        order="starts",
        empty=t("In dieser Zeit ist nichts belegt.", "Nothing is taken in this time."),
    )
