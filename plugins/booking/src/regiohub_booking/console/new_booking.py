"""Booking for somebody who calls or comes by: one date, or a series with a look at what collides."""

from datetime import date, time
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from regiohub.api import Ctx, t
from regiohub.api.console import Column, Form, FormModel, Listing, TownPage, asked
from regiohub_booking.console.words import FREQUENCIES, KINDS, tariff_words
from regiohub_booking.permissions import APPROVE
from regiohub_booking.rules.clock import local_day
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.rules.recurrence import Frequency, OnConflict, Recurrence
from regiohub_booking.rules.wording import span_text
from regiohub_booking.service.create import create_booking_for
from regiohub_booking.service.lists import Names, names_of
from regiohub_booking.service.series import create_series_for, preview_series
from regiohub_booking.service.target import Target, load_target
from regiohub_booking.service.tariffs import tariffs_of, valid_on
from regiohub_booking.service.wishes import Booker, When, Wish

router = APIRouter()


class Details(FormModel):
    """Who and what for; the time is asked for in the way that the resource is booked."""

    quantity: int = asked(t("Anzahl", "Quantity"), default=1, ge=1)
    persons: int | None = asked(t("Personen", "Persons"), default=None, ge=1)
    purpose: str | None = asked(t("Zweck", "Purpose"), default=None, max_length=500)
    tariff_id: UUID | None = asked(t("Tarif", "Tariff"), default=None, kind="choice")
    booker_name: str = asked(t("Name", "Name"), min_length=1, max_length=200)
    booker_email: str | None = asked(
        t("E-Mail", "E-mail"),
        default=None,
        kind="email",
        help=t("Dorthin gehen Bestätigung und Rückfragen.", "Confirmation and questions go there."),
    )
    booker_phone: str | None = asked(t("Telefon", "Phone"), default=None, max_length=50)
    booker_locale: str = asked(
        t("Sprache der Mails", "Language of the mails"),
        default="de",
        kind="choice",
        choices=(("de", t("Deutsch", "German")), ("en", t("Englisch", "English"))),
    )
    decided: bool = asked(t("Gleich bestätigen", "Confirm at once"), default=True)

    def booker(self) -> Booker:
        """The person."""
        return Booker(self.booker_name, self.booker_email, self.booker_phone, self.booker_locale)

    def wish(self, resource_id: UUID) -> Wish:
        """The wish for a resource."""
        return Wish(resource_id, self.when(), self.quantity, self.persons, self.purpose, None, self.tariff_id)

    def when(self) -> When:
        """The time that was asked for."""
        raise NotImplementedError


class Repeated(Details):
    """A wish that may repeat."""

    frequency: Frequency | None = asked(t("Wiederholung", "Repeat"), default=None, kind="choice")
    count: int | None = asked(t("Anzahl der Termine", "Number of dates"), default=None, ge=1, le=366)
    until: date | None = asked(
        t("Oder bis zum", "Or until"),
        default=None,
        help=t("Letzter Tag, an dem ein Termin liegen darf.", "Last day that a date may lie on."),
    )

    def rule(self) -> Recurrence | None:
        """The rule, if it repeats."""
        if self.frequency is None:
            return None
        return Recurrence(self.frequency, 1, self.count, None if self.count else self.until)


class ByClock(Repeated):
    """A time on one day."""

    day: date = asked(t("Tag", "Day"))
    start_time: time = asked(t("Beginn", "Start"))
    end_time: time = asked(
        t("Ende", "End"), help=t("00:00 ist die folgende Mitternacht.", "00:00 is the following midnight.")
    )

    def when(self) -> When:
        """A day with wall-clock times."""
        return When(day=self.day, start_time=self.start_time, end_time=self.end_time)


class ByDays(Details):
    """A loan by the day."""

    first_day: date = asked(t("Erster Tag", "First day"))
    last_day: date = asked(t("Letzter Tag", "Last day"))

    def when(self) -> When:
        """First and last day."""
        return When(first_day=self.first_day, last_day=self.last_day)


TIMES = ("day", "start_time", "end_time", "first_day", "last_day")


@router.get("/bookings/new")
async def choose(page: TownPage) -> Response:
    """What is to be booked."""
    page.require(APPROVE)
    async with page.read() as ctx:
        names = await names_of(ctx)
    found = await page.list(None, _resources(names), [item for item in names.resources.values() if item.active])
    return page.show("booking/choose.html", found=found)


def _resources(names: Names) -> Listing:
    return Listing(
        "choose",
        t("Was soll gebucht werden?", "What is to be booked?"),
        columns=(
            Column(
                "name",
                t("Name", "Name"),
                lambda row: row.name,
                sort=lambda row: row.name,
                link=lambda row: f"bookings/new/{row.id}",
            ),
            Column(
                "place", t("Haus", "House"), lambda row: names.place_of(row.id), sort=lambda row: names.place_of(row.id)
            ),
            Column("kind", t("Art", "Kind"), lambda row: KINDS[row.kind], sort=lambda row: row.kind),
            Column("persons", t("Personen", "Persons"), lambda row: row.persons, numeric=True),
        ),
        order="place",
        per_page=50,
        empty=t("Noch gibt es nichts zu buchen.", "There is nothing to book yet."),
    )


async def _target(page: TownPage, resource_id: UUID) -> tuple[Target, list[tuple[str, object]]]:
    page.require(APPROVE)
    async with page.read() as ctx:
        target = await load_target(ctx, resource_id)
        today = local_day(ctx.now(), ctx.tenant.timezone)
        offered = valid_on(await tariffs_of(ctx, target.resource), target.resource, today)
    return target, [(str(item.id), tariff_words(item)) for item in offered]


def _model(target: Target) -> type[ByClock] | type[ByDays]:
    return ByDays if target.policy.mode is BookingMode.DAYS else ByClock


def _ready(form: Form[Any], target: Target, tariffs: list[tuple[str, object]]) -> list[str]:
    """Offer what can be chosen; returns the fields to show, the time first."""
    form.choices("tariff_id", tariffs)
    if "frequency" in form.fields:
        form.choices("frequency", [(item.value, words) for item, words in FREQUENCIES.items()])
    hidden = {
        *(("quantity",) if target.capacity == 1 else ()),
        *(("persons",) if target.resource.kind != "room" else ()),
        *(("tariff_id",) if not tariffs else ()),
    }
    times = [name for name in TIMES if name in form.fields]
    repeat = [name for name in ("frequency", "count", "until") if name in form.fields]
    rest = [name for name in form.fields if name not in (*times, *repeat)]
    return [name for name in (*times, *repeat, *rest) if name not in hidden]


@router.get("/bookings/new/{resource_id:uuid}")
async def form_page(page: TownPage, resource_id: UUID) -> Response:
    """Asks for time and person."""
    target, tariffs = await _target(page, resource_id)
    given = page.request.query_params
    form = page.form(_model(target), {key: given[key] for key in TIMES if key in given} | {"decided": True})
    return _show(page, target, form, tariffs)


def _show(page: TownPage, target: Target, form: Form[Any], tariffs: list[tuple[str, object]]) -> Response:
    return page.show(
        "booking/new.html",
        resource=target.resource,
        form=form,
        order=_ready(form, target, tariffs),
        back=page.url("bookings", "new"),
    )


@router.post("/bookings/new/{resource_id:uuid}")
async def create(page: TownPage, resource_id: UUID) -> Response:
    """Book one date; for a series first show what collides, then book the rest."""
    target, tariffs = await _target(page, resource_id)
    form = await page.posted(_model(target))
    value = form.value
    rule = value.rule() if isinstance(value, Repeated) else None
    if value is not None and rule is not None:
        return await _series(page, target, form, value, rule, tariffs)
    made: list[UUID] = []

    async def work(ctx: Ctx, wanted: Details) -> None:
        booking = await create_booking_for(ctx, wanted.wish(resource_id), wanted.booker(), decided=wanted.decided)
        made.append(booking.id)

    if await page.submit(form, work):
        return page.done(t("Die Buchung ist angelegt.", "The booking is made."), page.url("bookings", made[-1]))
    return _show(page, target, form, tariffs)


async def _series(
    page: TownPage,
    target: Target,
    form: Form[Any],
    value: Details,
    rule: Recurrence,
    tariffs: list[tuple[str, object]],
) -> Response:
    wish = value.wish(target.resource.id)
    if "edit" in page.values():
        return _show(page, target, form, tariffs)
    if await page.confirmed():
        made: list[int] = []

        async def work(ctx: Ctx, wanted: Details) -> None:
            result = await create_series_for(ctx, wish, rule, OnConflict.SKIP, wanted.booker(), decided=wanted.decided)
            made.append(len(result.bookings))

        if await page.submit(form, work):
            words = t(f"{made[-1]} Termine sind angelegt.", f"{made[-1]} dates are made.")
            first = local_day(wish.when.interval(page.scope).start, page.speaker.zone)
            return page.done(words, page.url("calendar", f"?of=resource-{target.resource.id}&view=month&day={first}"))
        return _show(page, target, form, tariffs)

    async def look(ctx: Ctx, wanted: Details) -> None:
        preview = await preview_series(ctx, wanted.wish(target.resource.id), rule)
        found["possible"] = [span_text(item.start, item.end, page.speaker.zone) for item in preview.possible]
        found["rejected"] = [(item.day, item.error.message) for item in preview.rejected]

    found: dict[str, Any] = {}
    if not await page.submit(form, look):
        return _show(page, target, form, tariffs)
    kept = [
        (key, item)
        for key, items in page.values().items()
        for item in items
        if key not in ("csrf", "confirmed", "edit")
    ]
    return page.show(
        "booking/series.html",
        resource=target.resource,
        **found,
        kept=kept,
    )
