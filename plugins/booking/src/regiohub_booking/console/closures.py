"""Blocked times: the list, a new one with a look at what it hits, one with its conflicts."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from regiohub.api import Ctx, InvalidInput, NotFound, t
from regiohub.api.console import Cell, Column, Filter, Form, FormModel, Listing, TownPage, asked
from regiohub_booking.console.subjects import SUBJECT, place_and_resource
from regiohub_booking.console.words import CLOSURES, CONFLICTS, FREQUENCIES, state_cell
from regiohub_booking.models import Closure, ClosureKind
from regiohub_booking.permissions import APPROVE, MANAGE, VIEW
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.recurrence import Frequency, Recurrence
from regiohub_booking.rules.wording import span_text
from regiohub_booking.service import closures as service
from regiohub_booking.service.closure_lists import closures_statement, conflicts_of, dates_of, open_conflicts
from regiohub_booking.service.lists import Names, names_of
from regiohub_booking.service.wishes import When

router = APIRouter()


class ClosureForm(FormModel):
    """Time to be blocked."""

    subject: str = asked(t("Haus, Raum oder Gegenstand", "House, room or item"), kind="choice", pattern=SUBJECT)
    kind: ClosureKind = asked(t("Anlass", "Occasion"), default=ClosureKind.MAINTENANCE, kind="choice")
    first_day: date = asked(t("Erster Tag", "First day"))
    last_day: date | None = asked(
        t("Letzter Tag", "Last day"), default=None, help=t("Leer: nur der erste Tag.", "Empty: the first day only.")
    )
    start_time: time | None = asked(
        t("Beginn", "Start"), default=None, help=t("Leer: ganze Tage.", "Empty: whole days.")
    )
    end_time: time | None = asked(t("Ende", "End"), default=None)
    frequency: Frequency | None = asked(t("Wiederholung", "Repeat"), default=None, kind="choice")
    count: int | None = asked(t("Anzahl der Termine", "Number of dates"), default=None, ge=1, le=366)
    until: date | None = asked(t("Oder bis zum", "Or until"), default=None)
    reason: str = asked(t("Grund (nur für das Haus)", "Reason (for staff only)"), min_length=1, max_length=500)
    public_reason: str | None = asked(t("Grund für alle", "Reason for everybody"), default=None, max_length=500)
    public_reason_en: str | None = asked(
        t("Grund für alle, auf Englisch", "Reason for everybody, in English"), default=None, max_length=500
    )

    def wish(self, zone: Any) -> service.ClosureWish:
        """The wish as the services take it."""
        place_id, resource_id = place_and_resource(self.subject)
        rule = None
        if self.frequency is not None:
            rule = Recurrence(self.frequency, 1, self.count, None if self.count else self.until)
        return service.ClosureWish(
            when=self._when(zone),
            reason=self.reason,
            resource_id=resource_id,
            place_id=place_id,
            kind=self.kind,
            public_reason=self.public_reason,
            public_reason_en=self.public_reason_en,
            rule=rule,
        )

    def _when(self, zone: Any) -> When:
        last = self.last_day or self.first_day
        if self.start_time is None and self.end_time is None:
            return When(first_day=self.first_day, last_day=last)
        if last == self.first_day:
            return When(day=self.first_day, start_time=self.start_time, end_time=self.end_time)
        start, end = self.start_time or time(), self.end_time or time()
        return When(starts_at=datetime.combine(self.first_day, start, zone), ends_at=datetime.combine(last, end, zone))


@router.get("/closures")
async def closures(page: TownPage) -> Response:
    """Blocked times that are not over, or all."""
    page.require(VIEW)
    everything = page.request.query_params.get("when") == "all"
    async with page.read() as ctx:
        names = await names_of(ctx)
        statement = closures_statement(ctx).add_columns(open_conflicts().label("open"))
        if not everything:
            statement = statement.where(Closure.last_ends_at > ctx.now(), Closure.released_at.is_(None))
        found = await page.list(ctx, _listing(page, names), statement)
    tabs = [
        (t("Gültige", "In force"), page.url("closures"), not everything),
        (t("Alle", "All"), page.url("closures", "?when=all"), everything),
    ]
    return page.show("booking/closures.html", found=found, tabs=tabs, may_block=page.can(MANAGE))


def _subject(names: Names, closure: Closure) -> str:
    if closure.resource_id is not None:
        return names.resource(closure.resource_id)
    place = names.places.get(closure.place_id) if closure.place_id else None
    return place.name if place else ""


def _listing(page: TownPage, names: Names) -> Listing:
    zone = page.speaker.zone

    def state(row: Any) -> object:
        if row.Closure.released_at is not None:
            return Cell(t("aufgehoben", "released"), badge="plain")
        if row.open:
            words = t(f"{row.open} zu entscheiden", f"{row.open} to decide")
            return Cell(words, badge="warn")
        return Cell(t("gesperrt", "blocked"), badge="info")

    return Listing(
        "closures",
        t("Sperrzeiten", "Blocked times"),
        columns=(
            Column(
                "starts",
                t("Wann", "When"),
                lambda row: span_text(row.Closure.starts_at, row.Closure.ends_at, zone),
                sort=Closure.starts_at,
                link=lambda row: f"closures/{row.Closure.id}",
            ),
            Column("subject", t("Was", "What"), lambda row: _subject(names, row.Closure)),
            Column("kind", t("Anlass", "Occasion"), lambda row: CLOSURES[row.Closure.kind]),
            Column("reason", t("Grund", "Reason"), lambda row: row.Closure.reason),
            Column(
                "repeat",
                t("Wiederholung", "Repeat"),
                lambda row: FREQUENCIES[row.Closure.frequency] if row.Closure.frequency else None,
            ),
            Column("last", t("Endet", "Ends"), lambda row: row.Closure.last_ends_at, sort=Closure.last_ends_at),
            Column("state", t("Stand", "State"), state),
        ),
        filters=(
            Filter.choice(
                "kind",
                t("Anlass", "Occasion"),
                [(kind.value, words) for kind, words in CLOSURES.items()],
                lambda value: Closure.kind == ClosureKind(value),
            ),
            Filter.text("q", t("Grund", "Reason"), lambda value: Closure.reason.icontains(value, autoescape=True)),
        ),
        order="starts",
        last=Closure.id,
        empty=t("Keine Sperrzeiten.", "No blocked times."),
    )


async def _offered(page: TownPage, form: Form[ClosureForm]) -> None:
    async with page.read() as ctx:
        names = await names_of(ctx)
    houses = [(f"place-{item.id}", item.name) for item in names.places.values()]
    single = [(f"resource-{item.id}", item.name) for item in names.resources.values()]
    form.choices("subject", houses + single)
    form.choices("kind", [(kind.value, words) for kind, words in CLOSURES.items()])
    form.choices("frequency", [(item.value, words) for item, words in FREQUENCIES.items()])


@router.get("/closures/new")
async def new_page(page: TownPage) -> Response:
    """Asks what, when and why."""
    page.require(MANAGE)
    form = page.form(ClosureForm)
    await _offered(page, form)
    return page.show("booking/closure_new.html", form=form)


@router.post("/closures/new")
async def create(page: TownPage) -> Response:
    """First name the bookings that are hit, then block."""
    page.require(MANAGE)
    form = await page.posted(ClosureForm)
    await _offered(page, form)
    zone = page.speaker.zone
    if not await page.confirmed():
        plans: list[service.Plan] = []

        async def look(ctx: Ctx, value: ClosureForm) -> None:
            plans.append(await service.preview_closure(ctx, value.wish(zone)))

        if not await page.submit(form, look):
            return page.show("booking/closure_new.html", form=form)
        if plans[-1].conflicts:
            async with page.read() as ctx:
                names = await names_of(ctx)
            hit = [
                (row, names.resource(row.resource_id), span_text(row.starts_at, row.ends_at, zone))
                for row in plans[-1].conflicts
            ]
            kept = [(key, item) for key, items in page.values().items() for item in items if key != "csrf"]
            return page.show("booking/closure_preview.html", plan=plans[-1], hit=hit, kept=kept)
    made: list[UUID] = []

    async def work(ctx: Ctx, value: ClosureForm) -> None:
        made.append((await service.block_time(ctx, value.wish(zone))).id)

    if await page.submit(form, work):
        return page.done(t("Die Zeit ist gesperrt.", "The time is blocked."), page.url("closures", made[-1]))
    return page.show("booking/closure_new.html", form=form)


@router.get("/closures/{id:uuid}")
async def closure(page: TownPage, id: UUID) -> Response:
    """One blocked time: its facts, its dates, the bookings to decide on."""
    page.require(VIEW)
    zone = page.speaker.zone
    async with page.read() as ctx:
        row = await ctx.session.find(Closure, id)
        if row is None:
            raise service.closure_not_found()
        names = await names_of(ctx)
        conflicts = (await conflicts_of(ctx, [id])).get(id, [])
        dates = await dates_of(ctx, id)
    facts = [
        (t("Was", "What"), _subject(names, row)),
        (t("Anlass", "Occasion"), CLOSURES[row.kind]),
        (t("Grund (nur für das Haus)", "Reason (for staff only)"), row.reason),
        (
            t("Grund für alle", "Reason for everybody"),
            row.public_reason and t(row.public_reason, row.public_reason_en or row.public_reason),
        ),
        (t("Aufgehoben", "Released"), row.released_at),
    ]
    found = await page.list(None, _conflict_listing(page, names), conflicts)
    return page.show(
        "booking/closure.html",
        closure=row,
        title=span_text(row.starts_at, row.ends_at, zone),
        facts=facts,
        found=found,
        dates=[(item, span_text(item.span.start, item.span.end, zone)) for item in dates],
        now=page.speaker.now,
        may_release=page.can(MANAGE) and row.released_at is None and row.last_ends_at > page.speaker.now,
        may_keep=page.can(MANAGE),
        may_decide=page.can(APPROVE),
    )


def _conflict_listing(page: TownPage, names: Names) -> Listing:
    zone = page.speaker.zone

    def decided(row: Any) -> Cell:
        words, tone = CONFLICTS[row.state]
        return Cell(words, badge=tone)

    return Listing(
        "conflicts",
        t("Buchungen in dieser Zeit", "Bookings in this time"),
        columns=(
            Column(
                "number",
                t("Nummer", "Number"),
                lambda row: row.booking.number,
                link=lambda row: f"bookings/{row.booking.id}",
            ),
            Column(
                "when",
                t("Wann", "When"),
                lambda row: span_text(row.booking.starts_at, row.booking.ends_at, zone),
                sort=lambda row: row.booking.starts_at,
            ),
            Column("what", t("Was", "What"), lambda row: names.resource(row.booking.resource_id)),
            Column("who", t("Wer", "Who"), lambda row: row.booking.booker_name),
            Column("state", t("Stand", "State"), lambda row: state_cell(row.booking.state)),
            Column("decided", t("Entscheidung", "Decision"), decided),
        ),
        order="when",
        empty=t("Keine Buchung war betroffen.", "No booking was affected."),
    )


@router.post("/closures/{id:uuid}/keep")
async def keep(page: TownPage, id: UUID) -> Response:
    """Let a booking stay."""
    page.require(MANAGE)
    booking = _identifier(page.values().get("booking", [""])[-1])
    await page.act(lambda ctx: service.keep_booking(ctx, id, booking))
    return page.done(t("Die Buchung bleibt bestehen.", "The booking stays."), page.url("closures", id))


@router.post("/closures/{id:uuid}/release")
async def release(page: TownPage, id: UUID) -> Response:
    """Give the whole of it back."""
    page.require(MANAGE)
    if not await page.confirmed():
        return page.ask(
            t("Sperrzeit aufheben?", "Release the blocked time?"),
            [t("Alle künftigen Termine werden wieder buchbar.", "All future dates can be booked again.")],
            submit=t("Aufheben", "Release"),
            back=page.url("closures", id),
            danger=False,
        )
    await page.act(lambda ctx: service.release_closure(ctx, id))
    return page.done(t("Die Sperrzeit ist aufgehoben.", "The blocked time is released."), page.url("closures"))


@router.post("/closures/{id:uuid}/release-date")
async def release_date(page: TownPage, id: UUID) -> Response:
    """Give one date back."""
    page.require(MANAGE)
    given = page.values()
    start, end = (_moment(given.get(name, [""])[-1]) for name in ("start", "end"))
    await page.act(lambda ctx: service.release_date(ctx, id, Interval(start, end)))
    return page.done(t("Der Termin ist wieder buchbar.", "The date can be booked again."), page.url("closures", id))


def _identifier(given: str) -> UUID:
    """An identifier from a form. Raises ``NotFound``: what is none names nothing."""
    try:
        return UUID(given)
    except ValueError:
        raise NotFound(field="booking") from None


def _moment(given: str) -> datetime:
    """A moment from a form, with its offset. Raises ``InvalidInput``."""
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise InvalidInput(t("Das ist kein gültiger Zeitpunkt.", "This is not a valid point in time."), field="start")
    return found
