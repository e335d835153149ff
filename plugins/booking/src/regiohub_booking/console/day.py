"""The caretaker's day list, to read and to print."""

from datetime import date, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from regiohub.api import Text, t
from regiohub.api.console import Column, Listing, TownPage
from regiohub_booking.permissions import CARETAKE
from regiohub_booking.rules.clock import local_day
from regiohub_booking.rules.wording import span_text
from regiohub_booking.service.day_list import DayBlock, DayEntry, day_list
from regiohub_booking.service.lists import names_of

router = APIRouter()


@router.get("/day")
async def day(page: TownPage) -> Response:
    """Who comes on a day, by house and clock."""
    page.require(CARETAKE)
    given = page.request.query_params
    zone = page.speaker.zone
    wanted = _day(given.get("day")) or local_day(page.speaker.now, zone)
    async with page.read() as ctx:
        names = await names_of(ctx)
        place = _place(given.get("place"))
        place = place if place in names.places else None
        houses = await day_list(ctx, wanted, place)
    entries = [entry for house in houses for entry in house.entries]
    found = await page.list(None, _listing(page), entries)

    def address(other: date) -> str:
        return page.url("day", f"?day={other.isoformat()}" + (f"&place={place}" if place else ""))

    def clock(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%H:%M}"

    def span(block: DayBlock) -> Text:
        return span_text(block.starts_at, block.ends_at, zone)

    return page.show(
        "booking/day.html",
        date=wanted,
        houses=houses,
        found=found,
        names=names,
        place=place,
        previous=address(wanted - timedelta(days=1)),
        following=address(wanted + timedelta(days=1)),
        present=address(local_day(page.speaker.now, zone)),
        csv=address(wanted) + "&format=csv&list=day",
        clock=clock,
        span=span,
    )


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def _place(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _listing(page: TownPage) -> Listing:
    zone = page.speaker.zone

    def units(row: DayEntry) -> str:
        return "; ".join(f"{', '.join(map(str, item.units))} {item.place or ''}".strip() for item in row.handings)

    return Listing(
        "day",
        t("Tagesliste", "Day list"),
        columns=(
            Column("place", t("Haus", "House"), lambda row: row.place, sort=lambda row: row.place),
            Column("when", t("Wann", "When"), lambda row: span_text(row.starts_at, row.ends_at, zone)),
            Column("ready", t("Fertig bis", "Ready by"), lambda row: row.ready_at),
            Column("resource", t("Was", "What"), lambda row: row.resource),
            Column("who", t("Wer", "Who"), lambda row: row.booker_name),
            Column("phone", t("Telefon", "Phone"), lambda row: row.booker_phone),
            Column("persons", t("Personen", "Persons"), lambda row: row.persons, numeric=True),
            Column("purpose", t("Zweck", "Purpose"), lambda row: row.purpose),
            Column("hand", t("Schlüssel übergeben", "Hand over a key"), lambda row: row.by_hand),
            Column("units", t("Stücke", "Units"), units),
            Column("number", t("Nummer", "Number"), lambda row: row.number),
        ),
        per_page=100,
        empty=t("Heute kommt niemand.", "Nobody comes today."),
    )
