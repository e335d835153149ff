"""The list of places with its map, a new one, changing and removing one."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from regiohub.api import Ctx, t
from regiohub.api.console import Cell, Column, Filter, FormModel, Listing, TownPage, asked
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}, {{ cookiecutter.__Thing }}Kind
from regiohub_{{ cookiecutter.id }}.permissions import EDIT
from regiohub_{{ cookiecutter.id }}.service import editing
{% if cookiecutter.job %}
from regiohub_{{ cookiecutter.id }}.service.checking import confirm
{% endif %}
from regiohub_{{ cookiecutter.id }}.service.filtering import Wanted, contains, has_kind
from regiohub_{{ cookiecutter.id }}.service.listing import page_of
from regiohub_{{ cookiecutter.id }}.service.reading import find, open_now
from regiohub_{{ cookiecutter.id }}.settings import {{ cookiecutter.__Prefix }}Settings
from regiohub_{{ cookiecutter.id }}.wording import KIND
from sqlalchemy import select

router = APIRouter()
_KINDS = tuple((kind.value, words) for kind, words in KIND.items())
_ACCESS = (("yes", t("ja", "yes")), ("no", t("nein", "no")))
_WHEELCHAIR: dict[str | None, bool | None] = {"yes": True, "no": False}
_OPEN = {
    True: Cell(t("geöffnet", "open"), badge="good"),
    False: Cell(t("geschlossen", "closed"), badge="plain"),
    None: t("unbekannt", "unknown"),
}


class PlaceForm(FormModel):
    """What may be said about a place; the rules stand in the service."""

    name: str = asked(t("Name", "Name"), min_length=1, max_length=200)
    kind: str = asked(t("Art", "Kind"), kind="choice", choices=_KINDS)
    hours: str | None = asked(
        t("Öffnungszeiten", "Opening hours"),
        default=None,
        help=t("Zum Beispiel: Mo-Fr 09:00-17:00; Sa 10:00-13:00", "For example: Mo-Fr 09:00-17:00; Sa 10:00-13:00"),
    )
    address: str | None = asked(t("Adresse", "Address"), default=None, max_length=300)
    wheelchair: str | None = asked(
        t("Mit Rollstuhl nutzbar", "Usable with a wheelchair"), default=None, kind="choice", choices=_ACCESS
    )
    description: str | None = asked(t("Beschreibung", "Description"), default=None, kind="textarea", rows=4)
    external_id: str | None = asked(
        t("Externe Kennung", "External id"),
        default=None,
        max_length=200,
        help=t("Unter der er anderswo bekannt ist.", "By which it is known elsewhere."),
    )
    location: dict[str, Any] | None = asked(t("Lage", "Location"), default=None, kind="geometry")

    def values(self) -> dict[str, Any]:
        """The values as the service takes them."""
        return self.model_dump() | {"wheelchair": _WHEELCHAIR.get(self.wheelchair)}


def _listing(ctx: Ctx) -> Listing:
    open_ = open_now(ctx)
    return Listing(
        "places",
        t("Orte", "Places"),
        columns=(
            Column(
                "name",
                t("Name", "Name"),
                lambda row: row.{{ cookiecutter.__Thing }}.name,
                sort={{ cookiecutter.__Thing }}.name,
                link=lambda row: f"places/{row.{{ cookiecutter.__Thing }}.id}",
            ),
            Column("kind", t("Art", "Kind"), lambda row: KIND[row.{{ cookiecutter.__Thing }}.kind], sort={{ cookiecutter.__Thing }}.kind),
            Column("address", t("Adresse", "Address"), lambda row: row.{{ cookiecutter.__Thing }}.address, sort={{ cookiecutter.__Thing }}.address),
            Column("open", t("Jetzt", "Now"), lambda row: _OPEN[row.open]),
            Column("changed", t("Geändert", "Changed"), lambda row: row.{{ cookiecutter.__Thing }}.updated_at, sort={{ cookiecutter.__Thing }}.updated_at),
        ),
        filters=(
            Filter.text("q", t("Suche", "Search"), contains),
            Filter.choice("kind", t("Art", "Kind"), _KINDS, lambda value: has_kind([{{ cookiecutter.__Thing }}Kind(value)])),
            Filter.flag("open", t("nur geöffnete", "open only"), lambda _wanted: open_.is_(True)),
{% if cookiecutter.job %}
            Filter.flag("outdated", t("nur ungeprüfte", "unchecked only"), lambda _wanted: {{ cookiecutter.__Thing }}.outdated.is_(True)),
{% endif %}
        ),
        order="name",
        last={{ cookiecutter.__Thing }}.id,
        empty=t("Noch keine Orte. Legen Sie den ersten an.", "No places yet. Add the first one."),
    )


@router.get("/")
async def start(page: TownPage) -> Response:
    """The list is where the work begins."""
    return await places(page)


@router.get("/places")
async def places(page: TownPage) -> Response:
    """All places."""
    page.require(EDIT)
    async with page.read() as ctx:
        found = await page.list(ctx, _listing(ctx), select({{ cookiecutter.__Thing }}, open_now(ctx).label("open")))
    return page.show("{{ cookiecutter.id }}/list.html", found=found)


@router.get("/map.json")
async def places_map(page: TownPage) -> Response:
    """Where the places are; each leads to its form."""
    page.require(EDIT)
    async with page.read() as ctx:
        entries, _ = await page_of(ctx, Wanted(), ctx.settings({{ cookiecutter.__Prefix }}Settings).map_limit)
    features = [
        {
            "type": "Feature",
            "geometry": entry.place.location,
            "properties": {
                "title": entry.place.name,
                "text": KIND[entry.place.kind].get(page.language),
                "url": page.url("places", entry.place.id),
                "kind": "good" if entry.open_now else "plain",
            },
        }
        for entry in entries
    ]
    return page.json({"type": "FeatureCollection", "features": features})


@router.get("/places/new")
async def new(page: TownPage) -> Response:
    """An empty form."""
    page.require(EDIT)
    return page.show("{{ cookiecutter.id }}/entry.html", form=page.form(PlaceForm), place=None)


@router.post("/places/new")
async def create(page: TownPage) -> Response:
    """A new place."""
    page.require(EDIT)
    form = await page.posted(PlaceForm)
    if await page.submit(form, lambda ctx, value: editing.create(ctx, value.values())):
        return page.done(t("Der Ort ist angelegt.", "The place is added."), page.url("places"))
    return page.show("{{ cookiecutter.id }}/entry.html", form=form, place=None)


@router.get("/places/{place_id:uuid}")
async def edit(page: TownPage, place_id: UUID) -> Response:
    """The form with the present values."""
    page.require(EDIT)
    async with page.read() as ctx:
        place = await find(ctx, place_id)
        values = await editing.current(ctx, place)
    values["wheelchair"] = {True: "yes", False: "no", None: None}[place.wheelchair]
    return page.show("{{ cookiecutter.id }}/entry.html", form=page.form(PlaceForm, values), place=place)


@router.post("/places/{place_id:uuid}")
async def save(page: TownPage, place_id: UUID) -> Response:
    """Change a place."""
    page.require(EDIT)
    form = await page.posted(PlaceForm)
    if await page.submit(form, lambda ctx, value: editing.change(ctx, place_id, value.values())):
        return page.done(t("Gespeichert.", "Saved."), page.url("places"))
    async with page.read() as ctx:
        place = await find(ctx, place_id)
    return page.show("{{ cookiecutter.id }}/entry.html", form=form, place=place)


@router.post("/places/{place_id:uuid}/remove")
async def remove(page: TownPage, place_id: UUID) -> Response:
    """Remove a place, after asking."""
    page.require(EDIT)
    if not await page.confirmed():
        return page.ask(
            t("Diesen Ort löschen?", "Remove this place?"),
            (t("Er verschwindet aus Listen, Karten und Schnittstellen.", "It vanishes from lists, maps and interfaces."),),
            submit=t("Löschen", "Remove"),
        )
    await page.act(lambda ctx: editing.remove(ctx, place_id))
    return page.done(t("Der Ort ist gelöscht.", "The place is removed."), page.url("places"))
{% if cookiecutter.job %}


@router.post("/places/{place_id:uuid}/confirm")
async def confirm_place(page: TownPage, place_id: UUID) -> Response:
    """Say that everything is right as it stands."""
    page.require(EDIT)
    await page.act(lambda ctx: confirm(ctx, place_id))
    return page.done(t("Die Angaben sind bestätigt.", "The details are confirmed."), page.url("places"))
{% endif %}
