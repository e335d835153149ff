"""Places: all of them, and those of one entry."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import and_, func, or_, select
from starlette.responses import Response

from regiohub.api import Ctx, NotFound, t
from regiohub.api.console import Cell, Column, Filter, Listing, TownPage
from regiohub_health_directory.models import Location, ServiceAtLocation, WheelchairAccess
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service import placing
from regiohub_health_directory.service.comparing import address_line
from regiohub_health_directory.service.drafting import bundle_of
from regiohub_health_directory.service.drafts import LocationDraft, PlaceDraft
from regiohub_health_directory.service.places import update_location

from . import words
from .entry_form import canonical_hours
from .place_form import LocationForm, PlaceForm, initial_location, initial_place, location_draft

router = APIRouter()


def _found(part: str) -> Any:
    columns = (Location.name, Location.address, Location.city, Location.district, Location.postal_code)
    return or_(*(column.icontains(part, autoescape=True) for column in columns))


_COUNT = (
    select(func.count())
    .where(ServiceAtLocation.tenant_id == Location.tenant_id, ServiceAtLocation.location_id == Location.id)
    .correlate(Location)
    .scalar_subquery()
)
PLACES = Listing(
    "places",
    t("Orte", "Places"),
    columns=(
        Column("name", t("Name", "Name"), lambda r: r.Location.name, sort=Location.name,
               link=lambda r: f"places/{r.Location.id}"),
        Column("address", t("Anschrift", "Address"), lambda r: address_line(r.Location), sort=Location.address),
        Column("district", t("Ortsteil", "Part of the town"), lambda r: r.Location.district, sort=Location.district),
        Column("wheelchair", t("Rollstuhl", "Wheelchair"), lambda r: words.wheelchair(r.Location.wheelchair),
               sort=Location.wheelchair),
        Column("position", t("Lage", "Position"), lambda r: _position(r.Location)),
        Column("count", t("Einträge", "Entries"), lambda r: r.count, numeric=True),
        Column("features", t("Merkmale", "Features"), lambda r: ", ".join(r.Location.accessibility), export_only=True),
        Column("id", t("Kennung", "Identifier"), lambda r: str(r.Location.id), export_only=True),
    ),
    filters=(
        Filter.text("q", t("Name oder Anschrift", "Name or address"), _found),
        Filter.choice("wheelchair", t("Rollstuhl", "Wheelchair"), words.YES_NO,
                      lambda value: Location.wheelchair == WheelchairAccess(value)),
        Filter.flag("blind", t("ohne Lage", "without a position"), lambda _: Location.place.is_(None)),
    ),
    order="name",
    last=Location.id,
    empty=t("Noch ist kein Ort bekannt.", "No place is known yet."),
)  # fmt: skip


def with_counts() -> Any:
    """All places, each with the number of its entries."""
    return select(Location, _COUNT.label("count"))


def _position(location: Location) -> Cell:
    if location.place is None:
        return Cell(t("fehlt", "missing"), badge="warn")
    lon, lat = location.place["coordinates"][:2]
    return Cell(f"{lat:.4f}, {lon:.4f}")


@router.get("/places")
async def places(page: TownPage) -> Response:
    """All places."""
    page.require(MANAGE)
    async with page.read() as ctx:
        found = await page.list(ctx, PLACES, with_counts())
    return page.show("health_directory/places.html", places=found)


@router.get("/places/{id:uuid}")
async def place(page: TownPage, id: UUID) -> Response:
    """The form of a place."""
    page.require(MANAGE)
    async with page.read() as ctx:
        row = await _location(ctx, id)
    form = page.form(LocationForm, initial_location(row))
    return page.show("health_directory/place_form.html", form=form, name=row.name, entry=None)


@router.post("/places/{id:uuid}")
async def save(page: TownPage, id: UUID) -> Response:
    """Store a place, for all entries there."""
    page.require(MANAGE)
    form = await page.posted(LocationForm)

    async def work(ctx: Ctx, value: LocationForm) -> None:
        await update_location(ctx, id, location_draft(value, (await _location(ctx, id)).url))

    if await page.submit(form, work):
        return page.done(t("Gespeichert.", "Saved."), page.url("places"))
    return page.show("health_directory/place_form.html", form=form, name=form.name.value, entry=None)


@router.get("/entries/{id:uuid}/places/new")
async def new(page: TownPage, id: UUID) -> Response:
    """The form of one more place of an entry."""
    page.require(MANAGE)
    async with page.read() as ctx:
        entry = await bundle_of(ctx, id)
    form = page.form(PlaceForm, {"city": page.town.short_name})
    return page.show("health_directory/place_form.html", form=form, name="", entry=entry.service)


@router.post("/entries/{id:uuid}/places/new")
async def add(page: TownPage, id: UUID) -> Response:
    """Store one more place of an entry. A place of the same name and address is taken instead of a second one."""
    page.require(MANAGE)
    form = await page.posted(PlaceForm)

    async def work(ctx: Ctx, value: PlaceForm) -> None:
        draft = _place_draft(value)
        known = await _same(ctx, draft.location)
        if known is not None:
            draft.location = LocationDraft(id=known)
        await placing.add_place(ctx, id, draft)

    if await page.submit(form, work):
        return page.done(t("Der Ort ist eingetragen.", "The place is entered."), page.url("entries", id))
    async with page.read() as ctx:
        entry = await bundle_of(ctx, id)
    return page.show("health_directory/place_form.html", form=form, name="", entry=entry.service)


@router.get("/entries/{id:uuid}/places/{location_id:uuid}")
async def edit(page: TownPage, id: UUID, location_id: UUID) -> Response:
    """The form of an entry's place."""
    page.require(MANAGE)
    async with page.read() as ctx:
        bundle = await bundle_of(ctx, id)
    for at, location in bundle.places:
        if location.id == location_id:
            form = page.form(PlaceForm, initial_place(at, location))
            return page.show("health_directory/place_form.html", form=form, name=location.name, entry=bundle.service)
    raise NotFound(field="locationId")


@router.post("/entries/{id:uuid}/places/{location_id:uuid}")
async def change(page: TownPage, id: UUID, location_id: UUID) -> Response:
    """Store an entry's place with its hours there."""
    page.require(MANAGE)
    form = await page.posted(PlaceForm)

    async def work(ctx: Ctx, value: PlaceForm) -> None:
        draft = _place_draft(value)
        draft.location.url = (await _location(ctx, location_id)).url
        await placing.change_place(ctx, id, location_id, draft)

    if await page.submit(form, work):
        return page.done(t("Gespeichert.", "Saved."), page.url("entries", id))
    async with page.read() as ctx:
        entry = await bundle_of(ctx, id)
    return page.show("health_directory/place_form.html", form=form, name=form.name.value, entry=entry.service)


@router.post("/entries/{id:uuid}/places/{location_id:uuid}/remove")
async def remove(page: TownPage, id: UUID, location_id: UUID) -> Response:
    """Offer the entry there no more."""
    page.require(MANAGE)
    if not await page.confirmed():
        return page.ask(
            t("Diesen Ort vom Eintrag nehmen?", "Take this place from the entry?"),
            [t("Die Zeiten an diesem Ort verschwinden, der Ort selbst bleibt.",
               "The hours at this place vanish, the place itself stays.")],
            submit=t("Vom Eintrag nehmen", "Take from the entry"),
            back=page.url("entries", id),
        )  # fmt: skip
    await page.act(lambda ctx: placing.remove_place(ctx, id, location_id))
    return page.done(t("Gespeichert.", "Saved."), page.url("entries", id))


def _place_draft(value: PlaceForm) -> PlaceDraft:
    return PlaceDraft(location_draft(value), canonical_hours(value.opening_hours, "openingHours"), value.remark)


async def _location(ctx: Ctx, id: UUID) -> Location:
    row = await ctx.session.find(Location, id)
    if row is None:
        raise NotFound(field="id")
    return row


async def _same(ctx: Ctx, draft: LocationDraft) -> UUID | None:
    if not draft.address:
        return None
    wanted = and_(
        func.lower(Location.name) == (draft.name or "").lower(),
        func.lower(Location.address) == draft.address.lower(),
    )
    return (await ctx.session.scalars(select(Location.id).where(wanted).order_by(Location.id).limit(1))).first()
