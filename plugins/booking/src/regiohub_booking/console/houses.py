"""Houses and pick-up points."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import select

from regiohub.api import Ctx, NotFound, t
from regiohub.api.console import Column, Filter, FormModel, Listing, TownPage, asked
from regiohub_booking.models import Place
from regiohub_booking.permissions import CARETAKE, MANAGE
from regiohub_booking.service import houses as service

router = APIRouter()
ACCESS = (("", t("unbekannt", "unknown")), ("yes", t("ja", "yes")), ("no", t("nein", "no")))
WHEELCHAIR: dict[str, bool | None] = {"yes": True, "no": False}


class HouseForm(FormModel):
    """Facts of a house."""

    name: str = asked(t("Name", "Name"), min_length=1, max_length=300)
    address: str = asked(t("Adresse", "Address"), default="", max_length=300)
    wheelchair: str = asked(
        t("Mit Rollstuhl zugänglich", "Accessible with a wheelchair"), default="", kind="choice", choices=ACCESS[1:]
    )
    contact: str | None = asked(t("Kontakt für alle", "Contact for everybody"), default=None, max_length=300)
    caretaker_email: str | None = asked(
        t("E-Mail der Hausbetreuung", "E-mail of the caretaker"),
        default=None,
        kind="email",
        help=t("Dorthin gehen Warnungen über Schlösser.", "Warnings about locks go there."),
    )
    position: dict[str, Any] | None = asked(t("Lage", "Position"), default=None, kind="geometry")

    def given(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        return self.model_dump() | {"wheelchair": WHEELCHAIR.get(self.wheelchair)}


class NewHouseForm(HouseForm):
    """A new house."""

    slug: str = asked(
        t("Kürzel", "Short name"), help=t("Nur a-z, 0-9 und Bindestriche.", "Only a-z, 0-9 and hyphens."), max_length=80
    )


HOUSES = Listing(
    "houses",
    t("Häuser und Abholorte", "Houses and pick-up points"),
    columns=(
        Column("name", t("Name", "Name"), lambda row: row.name, sort=Place.name, link=lambda row: f"houses/{row.id}"),
        Column("address", t("Adresse", "Address"), lambda row: row.address, sort=Place.address),
        Column("wheelchair", t("Rollstuhl", "Wheelchair"), lambda row: row.wheelchair),
        Column("contact", t("Kontakt", "Contact"), lambda row: row.contact),
    ),
    filters=(Filter.text("q", t("Suche", "Search"), lambda text: Place.name.icontains(text, autoescape=True)),),
    order="name",
    empty=t("Noch keine Häuser.", "No houses yet."),
)


@router.get("/houses")
async def houses(page: TownPage) -> Response:
    """All houses."""
    page.require(MANAGE)
    async with page.read() as ctx:
        found = await page.list(ctx, HOUSES, select(Place))
    return page.show("booking/houses.html", found=found)


@router.get("/houses/new")
async def new_page(page: TownPage) -> Response:
    """An empty form."""
    page.require(MANAGE)
    return page.show("booking/house.html", form=page.form(NewHouseForm), house=None, may_caretake=False)


@router.post("/houses/new")
async def create(page: TownPage) -> Response:
    """A new house."""
    form = await page.posted(NewHouseForm)
    if await page.submit(form, lambda ctx, value: service.create_place(ctx, value.given())):
        return page.done(t("Das Haus ist angelegt.", "The house is made."), page.url("houses"))
    return page.show("booking/house.html", form=form, house=None, may_caretake=False)


async def _house(ctx: Ctx, id: UUID) -> Place:
    found = await ctx.session.find(Place, id)
    if found is None:
        raise NotFound(t("Dieses Haus gibt es nicht.", "There is no such house."))
    return found


@router.get("/houses/{id:uuid}")
async def edit_page(page: TownPage, id: UUID) -> Response:
    """The form with the present values."""
    page.require(MANAGE)
    async with page.read() as ctx:
        row = await _house(ctx, id)
    present = {name: getattr(row, name) for name in HouseForm.model_fields}
    present["wheelchair"] = {True: "yes", False: "no", None: ""}[row.wheelchair]
    form = page.form(HouseForm, present)
    return page.show("booking/house.html", form=form, house=row, may_caretake=page.can(CARETAKE))


@router.post("/houses/{id:uuid}")
async def save(page: TownPage, id: UUID) -> Response:
    """Change a house."""
    form = await page.posted(HouseForm)
    if await page.submit(form, lambda ctx, value: service.update_place(ctx, id, value.given())):
        return page.done(t("Gespeichert.", "Saved."), page.url("houses"))
    async with page.read() as ctx:
        row = await _house(ctx, id)
    return page.show("booking/house.html", form=form, house=row, may_caretake=page.can(CARETAKE))
