"""Rooms, things and offers: the list and their settings."""

import re
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import select

from regiohub.api import Ctx, InvalidInput, NotFound, t
from regiohub.api.console import Cell, Column, Filter, Form, FormModel, Listing, TownPage, asked
from regiohub_booking.console.days import WEEKDAYS
from regiohub_booking.console.words import HOLIDAYS, KINDS, MODES
from regiohub_booking.models import Owner, Resource, ResourceKind
from regiohub_booking.permissions import MANAGE
from regiohub_booking.rules.hours import HolidayRule
from regiohub_booking.rules.opening_text import WEEKDAYS as DAYS
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.service import admin as service
from regiohub_booking.service.lists import Names, names_of

router = APIRouter()
HOURS = re.compile(r"(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})")
SPANS = t(
    "Zum Beispiel 08:00-12:00, 14:00-22:00. Leer: geschlossen. Sind alle Tage leer, ist immer geöffnet.",
    "Such as 08:00-12:00, 14:00-22:00. Empty: closed. If all days are empty, it is always open.",
)


def _hours(index: int) -> Any:
    return asked(WEEKDAYS[index], default="", max_length=120, help=SPANS if index == 0 else None)


class ResourceForm(FormModel):
    """What is shown of a resource, and the rules for booking it."""

    name: str = asked(t("Name", "Name"), min_length=1, max_length=200)
    description: str = asked(t("Beschreibung", "Description"), default="", kind="textarea")
    description_en: str | None = asked(
        t("Beschreibung auf Englisch", "Description in English"), default=None, kind="textarea"
    )
    place_id: UUID = asked(t("Haus oder Abholort", "House or pick-up point"), kind="choice")
    owner_id: UUID | None = asked(t("Verleiher", "Owner"), default=None, kind="choice")
    whole_id: UUID | None = asked(t("Teil von", "Part of"), default=None, kind="choice")
    mode: BookingMode = asked(t("Buchbar", "Bookable"), default=BookingMode.TIME, kind="choice")
    units: int = asked(t("Stückzahl oder Plätze", "Units or seats"), default=1, ge=1)
    persons: int | None = asked(t("Höchstens Personen", "Persons at most"), default=None, ge=1)
    equipment: list[str] = asked(
        t("Ausstattung", "Equipment"),
        default=[],
        help=t("Ein Wort je Zeile: kitchen, wifi …", "One word a line: kitchen, wifi …"),
    )
    mon: str = _hours(0)
    tue: str = _hours(1)
    wed: str = _hours(2)
    thu: str = _hours(3)
    fri: str = _hours(4)
    sat: str = _hours(5)
    sun: str = _hours(6)
    holiday_rule: HolidayRule = asked(t("Feiertage", "Public holidays"), default=HolidayRule.OPEN, kind="choice")
    raster_minutes: int = asked(t("Raster", "Raster"), default=15, unit="min")
    min_minutes: int | None = asked(t("Kürzeste Buchung", "Shortest booking"), default=None, unit="min")
    max_minutes: int | None = asked(t("Längste Buchung", "Longest booking"), default=None, unit="min")
    min_days: int | None = asked(t("Kürzeste Leihe", "Shortest loan"), default=None, unit="d")
    max_days: int | None = asked(t("Längste Leihe", "Longest loan"), default=None, unit="d")
    notice_hours: int = asked(t("Vorlauf", "Notice"), default=0, unit="h")
    horizon_days: int | None = asked(t("Im Voraus buchbar", "Bookable ahead"), default=365, unit="d")
    buffer_before_minutes: int = asked(t("Zeit zum Vorbereiten", "Time to prepare"), default=0, unit="min")
    buffer_after_minutes: int = asked(t("Zeit zum Aufräumen", "Time to tidy"), default=0, unit="min")
    cancel_hours: int = asked(t("Stornieren bis vor Beginn", "Cancel until before the start"), default=24, unit="h")
    requires_approval: bool = asked(
        t("Das Haus entscheidet über jede Buchung", "The house decides on each booking"), default=False
    )
    lock_adapter: str | None = asked(t("Schloss", "Lock"), default=None, kind="choice")
    lock_doors: list[str] = asked(t("Türen", "Doors"), default=[], help=t("Eine je Zeile.", "One a line."))
    active: bool = asked(t("Wird angeboten", "Is offered"), default=True)

    def given(self) -> dict[str, Any]:
        """The fields as the service takes them. Raises InvalidInput for hours that cannot be read."""
        fields = self.model_dump(exclude={*DAYS})
        opening = {day: _read_hours(day, getattr(self, day)) for day in DAYS}
        # Without any hours the resource is always open, which is what an empty plan means.
        fields["opening"] = {day: spans for day, spans in opening.items() if spans}
        return fields


class NewResourceForm(ResourceForm):
    """A new resource."""

    slug: str = asked(
        t("Kürzel", "Short name"), help=t("Nur a-z, 0-9 und Bindestriche.", "Only a-z, 0-9 and hyphens."), max_length=80
    )
    kind: ResourceKind = asked(t("Art", "Kind"), kind="choice")


def _read_hours(day: str, text: str) -> list[list[str]]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    matches = [HOURS.fullmatch(part) for part in parts]
    if not all(matches):
        raise InvalidInput(t("Bitte wie 08:00-12:00 schreiben.", "Please write it like 08:00-12:00."), field=day)
    return [[f"{match[1]:0>5}", f"{match[2]:0>5}"] for match in matches if match]


def _written_hours(opening: dict[str, Any]) -> dict[str, str]:
    return {day: ", ".join(f"{start}-{end}" for start, end in opening.get(day, [])) for day in DAYS}


@router.get("/resources")
async def resources(page: TownPage) -> Response:
    """All resources."""
    page.require(MANAGE)
    async with page.read() as ctx:
        names = await names_of(ctx)
        found = await page.list(ctx, _listing(names), select(Resource))
    return page.show("booking/resources.html", found=found)


def _listing(names: Names) -> Listing:
    return Listing(
        "resources",
        t("Räume, Dinge und Angebote", "Rooms, things and offers"),
        columns=(
            Column(
                "name",
                t("Name", "Name"),
                lambda row: row.name,
                sort=Resource.name,
                link=lambda row: f"resources/{row.id}",
            ),
            Column("kind", t("Art", "Kind"), lambda row: KINDS[row.kind], sort=Resource.kind),
            Column("place", t("Haus", "House"), lambda row: names.place_of(row.id)),
            Column(
                "units",
                t("Stück oder Plätze", "Units or seats"),
                lambda row: row.units,
                sort=Resource.units,
                numeric=True,
            ),
            Column("persons", t("Personen", "Persons"), lambda row: row.persons, sort=Resource.persons, numeric=True),
            Column("approval", t("Mit Genehmigung", "With approval"), lambda row: row.requires_approval),
            Column("lock", t("Schloss", "Lock"), lambda row: row.lock_adapter),
            Column(
                "state",
                t("Stand", "State"),
                lambda row: (
                    Cell(t("angeboten", "offered"), badge="good")
                    if row.active
                    else Cell(t("zurückgezogen", "withdrawn"), badge="plain")
                ),
            ),
        ),
        filters=(
            Filter.text("q", t("Suche", "Search"), lambda text: Resource.name.icontains(text, autoescape=True)),
            Filter.choice(
                "kind",
                t("Art", "Kind"),
                [(kind.value, words) for kind, words in KINDS.items()],
                lambda value: Resource.kind == ResourceKind(value),
            ),
            Filter.choice(
                "place",
                t("Haus", "House"),
                [(str(item.id), item.name) for item in names.places.values()],
                lambda value: Resource.place_id == UUID(value),
            ),
        ),
        order="name",
        empty=t("Noch nichts zu buchen.", "Nothing to book yet."),
    )


async def _offered(page: TownPage, form: Form[Any], but: UUID | None = None) -> None:
    async with page.read() as ctx:
        names = await names_of(ctx)
        owners = (await ctx.session.scalars(select(Owner).order_by(Owner.name))).all()
        locks = [item.value for item in ctx.plugins.collect("register_lock_adapters")]
    form.choices("place_id", [(str(item.id), item.name) for item in names.places.values()])
    form.choices("owner_id", [(str(item.id), item.name) for item in owners])
    wholes = [item for item in names.resources.values() if item.id != but and item.mode is BookingMode.TIME]
    form.choices("whole_id", [(str(item.id), item.name) for item in wholes if item.units == 1])
    form.choices("mode", [(mode.value, words) for mode, words in MODES.items()])
    form.choices("holiday_rule", [(rule.value, words) for rule, words in HOLIDAYS.items()])
    form.choices("lock_adapter", [(lock.name, lock.title) for lock in locks])
    if "kind" in form.fields:
        form.choices("kind", [(kind.value, words) for kind, words in KINDS.items()])


GROUPS = (
    (
        t("Was es ist", "What it is"),
        (
            "slug",
            "kind",
            "name",
            "description",
            "description_en",
            "place_id",
            "owner_id",
            "whole_id",
            "units",
            "persons",
            "equipment",
            "active",
        ),
    ),
    (t("Öffnungszeiten", "Opening hours"), (*DAYS, "holiday_rule")),
    (
        t("Regeln für Buchungen", "Rules for bookings"),
        (
            "mode",
            "requires_approval",
            "raster_minutes",
            "min_minutes",
            "max_minutes",
            "min_days",
            "max_days",
            "notice_hours",
            "horizon_days",
            "buffer_before_minutes",
            "buffer_after_minutes",
            "cancel_hours",
        ),
    ),
    (t("Zugang", "Access"), ("lock_adapter", "lock_doors")),
)


def _show(page: TownPage, form: Form[Any], resource: Resource | None) -> Response:
    groups = [(title, [name for name in names if name in form.fields]) for title, names in GROUPS]
    return page.show("booking/resource.html", form=form, resource=resource, groups=groups)


@router.get("/resources/new")
async def new_page(page: TownPage) -> Response:
    """An empty form."""
    page.require(MANAGE)
    form = page.form(NewResourceForm)
    await _offered(page, form)
    return _show(page, form, None)


@router.post("/resources/new")
async def create(page: TownPage) -> Response:
    """A new resource."""
    form = await page.posted(NewResourceForm)

    async def work(ctx: Ctx, value: NewResourceForm) -> None:
        await service.create_resource(ctx, value.given())

    if await page.submit(form, work):
        return page.done(t("Angelegt.", "Made."), page.url("resources"))
    await _offered(page, form)
    return _show(page, form, None)


async def _resource(ctx: Ctx, id: UUID) -> Resource:
    found = await ctx.session.find(Resource, id)
    if found is None:
        raise NotFound(t("Dieses Angebot gibt es nicht.", "There is no such resource."))
    return found


@router.get("/resources/{id:uuid}")
async def edit_page(page: TownPage, id: UUID) -> Response:
    """The form with the present values."""
    page.require(MANAGE)
    async with page.read() as ctx:
        row = await _resource(ctx, id)
    present = {name: getattr(row, name) for name in ResourceForm.model_fields if name not in DAYS}
    form = page.form(ResourceForm, present | _written_hours(row.opening))
    await _offered(page, form, id)
    return _show(page, form, row)


@router.post("/resources/{id:uuid}")
async def save(page: TownPage, id: UUID) -> Response:
    """Change a resource; existing bookings stay as they are."""
    form = await page.posted(ResourceForm)

    async def work(ctx: Ctx, value: ResourceForm) -> None:
        await service.update_resource(ctx, id, value.given())

    if await page.submit(form, work):
        return page.done(t("Gespeichert.", "Saved."), page.url("resources"))
    async with page.read() as ctx:
        row = await _resource(ctx, id)
    await _offered(page, form, id)
    return _show(page, form, row)
