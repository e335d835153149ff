"""Tariffs: the list, a new one, a change, an end."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import select

from regiohub.api import Ctx, t
from regiohub.api.console import Cell, Column, Filter, Form, FormModel, Listing, TownPage, asked
from regiohub_booking.console.subjects import SUBJECT, place_and_resource
from regiohub_booking.console.words import BASES, euros, price_words
from regiohub_booking.models import Tariff
from regiohub_booking.permissions import MANAGE
from regiohub_booking.rules.clock import local_day
from regiohub_booking.rules.prices import PriceBasis
from regiohub_booking.service import tariffs as service
from regiohub_booking.service.lists import Names, names_of

router = APIRouter()


class TariffForm(FormModel):
    """A tariff of a house or of a single resource."""

    subject: str = asked(
        t("Gilt für", "Holds for"),
        kind="choice",
        pattern=SUBJECT,
        help=t(
            "Hat ein Raum eigene Tarife, gelten diese statt derer seines Hauses.",
            "A room with tariffs of its own uses those instead of its house's.",
        ),
    )
    name: str = asked(t("Name der Gruppe", "Name of the group"), min_length=1, max_length=100)
    name_en: str | None = asked(t("Name auf Englisch", "Name in English"), default=None, max_length=100)
    note: str | None = asked(t("Wer ihn nutzen darf", "Who may use it"), default=None, max_length=500)
    note_en: str | None = asked(t("Wer ihn nutzen darf, auf Englisch", "Who may use it, in English"), default=None)
    basis: PriceBasis = asked(t("Berechnung", "Basis"), default=PriceBasis.HOUR, kind="choice")
    price: Decimal = asked(
        t("Preis", "Price"), unit="€", kind="number", help=t("0 bedeutet kostenfrei.", "0 is free of charge.")
    )
    minimum: Decimal | None = asked(t("Mindestens", "At least"), default=None, unit="€", kind="number")
    deposit: Decimal = asked(t("Kaution", "Deposit"), default=Decimal(0), unit="€", kind="number")
    valid_from: date | None = asked(t("Gültig ab", "Valid from"), default=None)
    valid_until: date | None = asked(t("Gültig bis", "Valid until"), default=None)
    position: int = asked(
        t("Platz in der Liste", "Place in the list"),
        default=0,
        ge=0,
        le=1000,
        help=t("Der erste Tarif wird vorgeschlagen.", "The first tariff is proposed."),
    )
    on_request: bool = asked(
        t("Das Haus entscheidet über Buchungen zu diesem Tarif", "The house decides on bookings by this tariff"),
        default=False,
    )

    def given(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        place_id, resource_id = place_and_resource(self.subject)
        fields = self.model_dump(exclude={"subject"})
        return fields | {"resource_id": resource_id, "place_id": place_id}


@router.get("/tariffs")
async def tariffs(page: TownPage) -> Response:
    """All tariffs, by house and resource."""
    page.require(MANAGE)
    async with page.read() as ctx:
        names = await names_of(ctx)
        found = await page.list(ctx, _listing(page, names), select(Tariff))
    return page.show("booking/tariffs.html", found=found)


def _subject(names: Names, tariff: Tariff) -> str:
    if tariff.resource_id is not None:
        return names.resource(tariff.resource_id)
    place = names.places.get(tariff.place_id) if tariff.place_id else None
    return place.name if place else ""


def _listing(page: TownPage, names: Names) -> Listing:
    today = local_day(page.speaker.now, page.speaker.zone)

    def state(row: Tariff) -> Cell:
        if row.valid_until is not None and row.valid_until < today:
            return Cell(t("abgelaufen", "over"), badge="plain")
        if row.valid_from is not None and row.valid_from > today:
            return Cell(t("künftig", "to come"), badge="info")
        return Cell(t("gültig", "valid"), badge="good")

    return Listing(
        "tariffs",
        t("Tarife", "Tariffs"),
        columns=(
            Column(
                "name",
                t("Tarif", "Tariff"),
                lambda row: Cell(
                    t(row.name, row.name_en or row.name), note=row.note and t(row.note, row.note_en or row.note)
                ),
                sort=Tariff.name,
                link=lambda row: f"tariffs/{row.id}",
            ),
            Column("subject", t("Gilt für", "Holds for"), lambda row: _subject(names, row)),
            Column("price", t("Preis", "Price"), lambda row: price_words(row.price), sort=Tariff.price),
            Column("basis", t("Berechnung", "Basis"), lambda row: BASES[row.basis]),
            Column("minimum", t("Mindestens", "At least"), lambda row: euros(row.minimum)),
            Column("deposit", t("Kaution", "Deposit"), lambda row: euros(row.deposit)),
            Column("from", t("Von", "From"), lambda row: row.valid_from, sort=Tariff.valid_from),
            Column("until", t("Bis", "Until"), lambda row: row.valid_until, sort=Tariff.valid_until),
            Column("state", t("Stand", "State"), state),
            Column("position", t("Platz", "Place"), lambda row: row.position, sort=Tariff.position, numeric=True),
        ),
        filters=(
            Filter.choice(
                "place",
                t("Haus", "House"),
                [(str(item.id), item.name) for item in names.places.values()],
                lambda value: (Tariff.place_id == UUID(value)) | Tariff.resource_id.in_(names.in_place(UUID(value))),
            ),
        ),
        order="position",
        empty=t("Noch keine Tarife: Alles ist kostenfrei.", "No tariffs yet: everything is free of charge."),
    )


async def _offered(page: TownPage, form: Form[TariffForm]) -> None:
    async with page.read() as ctx:
        names = await names_of(ctx)
    form.choices(
        "subject",
        [(f"place-{item.id}", item.name) for item in names.places.values()]
        + [(f"resource-{item.id}", item.name) for item in names.resources.values()],
    )
    form.choices("basis", [(basis.value, words) for basis, words in BASES.items()])


@router.get("/tariffs/new")
async def new_page(page: TownPage) -> Response:
    """An empty form."""
    page.require(MANAGE)
    form = page.form(TariffForm)
    await _offered(page, form)
    return page.show("booking/tariff.html", form=form, tariff=None)


@router.post("/tariffs/new")
async def create(page: TownPage) -> Response:
    """A new tariff."""
    form = await page.posted(TariffForm)
    if await page.submit(form, lambda ctx, value: service.create_tariff(ctx, value.given())):
        return page.done(t("Der Tarif gilt ab jetzt.", "The tariff holds from now on."), page.url("tariffs"))
    await _offered(page, form)
    return page.show("booking/tariff.html", form=form, tariff=None)


async def _tariff(ctx: Ctx, id: UUID) -> Tariff:
    found = await ctx.session.find(Tariff, id)
    if found is None:
        raise service.tariff_not_found("id")
    return found


@router.get("/tariffs/{id:uuid}")
async def edit_page(page: TownPage, id: UUID) -> Response:
    """The form with the present values."""
    page.require(MANAGE)
    async with page.read() as ctx:
        row = await _tariff(ctx, id)
    subject = f"resource-{row.resource_id}" if row.resource_id else f"place-{row.place_id}"
    present = {name: getattr(row, name) for name in TariffForm.model_fields if name != "subject"}
    form = page.form(TariffForm, {**present, "subject": subject})
    await _offered(page, form)
    return page.show("booking/tariff.html", form=form, tariff=row)


@router.post("/tariffs/{id:uuid}")
async def save(page: TownPage, id: UUID) -> Response:
    """Change a tariff; bookings keep what was agreed."""
    form = await page.posted(TariffForm)
    if await page.submit(form, lambda ctx, value: service.update_tariff(ctx, id, value.given())):
        return page.done(t("Gespeichert.", "Saved."), page.url("tariffs"))
    async with page.read() as ctx:
        row = await _tariff(ctx, id)
    await _offered(page, form)
    return page.show("booking/tariff.html", form=form, tariff=row)


@router.post("/tariffs/{id:uuid}/delete")
async def delete(page: TownPage, id: UUID) -> Response:
    """Remove a tariff, after asking."""
    page.require(MANAGE)
    if not await page.confirmed():
        return page.ask(
            t("Tarif löschen?", "Delete the tariff?"),
            [
                t("Neue Buchungen können ihn nicht mehr nutzen.", "New bookings cannot use it any more."),
                t("Vereinbarte Preise bleiben, wie sie sind.", "Agreed prices stay as they are."),
            ],
            submit=t("Löschen", "Delete"),
            back=page.url("tariffs", id),
        )
    await page.act(lambda ctx: service.delete_tariff(ctx, id))
    return page.done(t("Der Tarif ist gelöscht.", "The tariff is deleted."), page.url("tariffs"))
