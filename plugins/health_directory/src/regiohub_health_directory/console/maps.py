"""Where offers are, and where they are missing."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import and_, func, select
from starlette.responses import Response

from regiohub.api import Ctx, t
from regiohub.api.console import Cell, Column, Filter, FormModel, Listing, TownPage, asked
from regiohub_health_directory.models import LatOf, Location, LonOf, Service, ServiceAtLocation
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service.conditions import PLACES_OF, visible_to_public
from regiohub_health_directory.service.freshness import HealthFreshness, is_fresh
from regiohub_health_directory.service.gaps import METHOD, Gaps, Settlement, as_geojson, find_gaps
from regiohub_health_directory.taxonomy import load_taxonomy

from . import words
from .places import PLACES, with_counts

router = APIRouter()
MOST_PLACES = 5000
_KM = (1, 2, 3, 5, 10, 15, 20, 30)


@router.get("/map")
async def show_map(page: TownPage) -> Response:
    """The map of all places with public entries, and the same places as a list."""
    page.require(MANAGE)
    async with page.read() as ctx:
        found = await page.list(ctx, PLACES, with_counts())
    return page.show("health_directory/map.html", places=found)


@router.get("/map.geojson")
async def map_data(page: TownPage) -> Response:
    """Each place once, in the colour of its least fresh entry."""
    page.require(MANAGE)
    async with page.read() as ctx:
        rows = (await ctx.session.execute(_on_map(ctx))).all()
    base = page.url("places") + "/"
    counted = {count: page.speaker.say(_counted(count)) for count in {row.offers for row in rows}}
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
            "properties": {
                "title": row.name,
                "text": counted[row.offers],
                "url": f"{base}{row.id}",
                "kind": "bad" if row.stale else "warn" if row.due else "good",
            },
        }
        for row in rows
    ]
    return page.json({"type": "FeatureCollection", "features": features})


def _on_map(ctx: Ctx) -> Any:
    def those(light: HealthFreshness) -> Any:
        return func.count().filter(is_fresh(ctx, light))

    return (
        select(
            Location.id, Location.name, LonOf(Location.place).label("lon"), LatOf(Location.place).label("lat"),
            func.count().label("offers"),
            those(HealthFreshness.STALE).label("stale"), those(HealthFreshness.DUE).label("due"),
        )
        .join(ServiceAtLocation, PLACES_OF)
        .join(
            Service, and_(Service.tenant_id == ServiceAtLocation.tenant_id, Service.id == ServiceAtLocation.service_id)
        )
        .where(visible_to_public(), Location.place.is_not(None))
        .group_by(Location.tenant_id, Location.id)
        .order_by(Location.id)
        .limit(MOST_PLACES)
    )  # fmt: skip


def _counted(offers: int) -> Any:
    return t("1 Eintrag", "1 entry") if offers == 1 else t("{n} Einträge", "{n} entries").format(n=offers)


class GapsForm(FormModel):
    """What is looked for, and how far is too far."""

    term: str = asked(t("Angebot", "Offer"), kind="choice", choices=words.term_choices())
    km: str = asked(
        t("Höchstens entfernt", "At most away"), kind="choice", choices=tuple((str(km), f"{km} km") for km in _KM)
    )


SETTLEMENTS = Listing(
    "gaps",
    t("Ortsteile", "Parts of the town"),
    columns=(
        Column("name", t("Ortsteil", "Part of the town"), lambda r: r.name, sort=lambda r: r.name),
        Column("covered", t("Versorgt", "Covered"), lambda r: _covered(r), sort=lambda r: r.covered),
        Column("km", t("Nächstes Angebot (km)", "Nearest offer (km)"),
               lambda r: round(r.nearest.metres / 1000, 1) if r.nearest else None, numeric=True,
               sort=lambda r: r.nearest.metres if r.nearest else None),
        Column("offer", t("Dort", "There"), lambda r: r.nearest.name if r.nearest else None,
               link=lambda r: f"entries/{r.nearest.service_id}" if r.nearest else None),
    ),
    filters=(
        Filter.text("q", t("Ortsteil", "Part of the town"),
                    lambda value: lambda row: value.casefold() in row.name.casefold()),
        Filter.flag("missing", t("nur unversorgte", "uncovered only"), lambda _: lambda row: not row.covered),
    ),
    order="-km",
    empty=t("Von keinem Ortsteil ist die Lage bekannt.", "No part of the town has a known position."),
    per_page=50,
)  # fmt: skip


def _covered(place: Settlement) -> Cell:
    return Cell(t("ja", "yes"), badge="good") if place.covered else Cell(t("nein", "no"), badge="bad")


@router.get("/gaps")
async def show_gaps(
    page: TownPage, term: Annotated[str, Query(max_length=40)] = "ALLG", km: Annotated[int, Query(ge=1, le=100)] = 5
) -> Response:
    """Where no offer of a kind is near enough: a map, and the parts of the town as a list."""
    page.require(MANAGE)
    chosen = term if term in load_taxonomy().terms else "ALLG"
    async with page.read() as ctx:
        gaps = await find_gaps(ctx, chosen, km * 1000, with_cells=False)
        found = await page.list(ctx, SETTLEMENTS, gaps.settlements)
    form = page.form(GapsForm, {"term": chosen, "km": str(km)})
    return page.show("health_directory/gaps.html", gaps=gaps, settlements=found, form=form, method=METHOD, km=km,
                     title=load_taxonomy().terms[chosen].title(page.language), missing=_missing(gaps),
                     data=page.url("gaps.geojson", f"?term={chosen}&km={km}"))  # fmt: skip


@router.get("/gaps.geojson")
async def gaps_data(
    page: TownPage, term: Annotated[str, Query(max_length=40)], km: Annotated[int, Query(ge=1, le=100)]
) -> Response:
    """The same for the map."""
    page.require(MANAGE)
    async with page.read() as ctx:
        gaps = await find_gaps(ctx, term, km * 1000)
    return page.json(as_geojson(gaps, page.language, page.url("entries") + "/"))


def _missing(gaps: Gaps) -> int:
    return sum(not place.covered for place in gaps.settlements)
