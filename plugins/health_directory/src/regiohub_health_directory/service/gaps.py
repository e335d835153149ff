"""What is missing where: places from which no offer of a kind is within a given distance.

The method is simple, and pages say so: straight lines, not roads; only offers of this town's directory that the public
sees and that have a position; and as settlements only the parts of the town in which the directory knows a place.
"""

import json
import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from regiohub.api import Ctx, InvalidInput, Language, Text, t
from regiohub_health_directory.models import LatOf, Location, LonOf, Service, ServiceAtLocation, ServiceTerm
from regiohub_health_directory.permissions import MANAGE

from .conditions import OF_SERVICE, PLACES_OF, category_codes, visible_to_public

METHOD = t(
    "Luftlinie, nicht Fahrweg. Gezählt werden nur öffentliche Einträge dieses Verzeichnisses mit bekannter Lage; "
    "Angebote in Nachbarorten außerhalb und Angebote per Telefon oder Video zählen nicht. Ortsteile sind die, in denen "
    "das Verzeichnis einen Ort kennt.",
    "Straight line, not by road. Only public entries of this directory with a known position count; offers in "
    "neighbouring towns outside of it and offers by phone or video do not. Parts of the town are those in which the "
    "directory knows a place.",
)
UNCOVERED = t("Kein Angebot in diesem Abstand", "No offer within this distance")
NEAREST, FARTHEST = 500, 100_000
MOST_CELLS = 400
SMALLEST_CELL = 500.0
_METRES_PER_DEGREE = 111_194.93


@dataclass(frozen=True)
class Near:
    """The nearest offer: metres in a straight line, and the entry."""

    metres: float
    service_id: UUID
    name: str


@dataclass(frozen=True)
class Settlement:
    """A part of the town, at the middle of the places known in it; `nearest` is `None` if there is no offer at all."""

    name: str
    lon: float
    lat: float
    nearest: Near | None
    covered: bool


@dataclass(frozen=True)
class Cell:
    """A square of the map, seen from its middle; degrees (WGS 84)."""

    west: float
    south: float
    east: float
    north: float
    metres: float | None


@dataclass(frozen=True)
class Gaps:
    """The answer: settlements, farthest first, and the squares without an offer within `metres`."""

    code: str
    metres: int
    offers: int
    without_position: int
    settlements: tuple[Settlement, ...]
    cells: tuple[Cell, ...]

    @property
    def method(self) -> Text:
        """How it was worked out, for whoever reads it."""
        return METHOD


async def find_gaps(ctx: Ctx, code: str, metres: int, *, with_cells: bool = True) -> Gaps:
    """Where no offer of this term (or below it) is within `metres`, by two statements and at most 400 squares.

    Without `with_cells` only the settlements are looked at.
    Raises `InvalidInput` for an unknown term or a distance outside 500 m to 100 km; needs the permission to manage.
    """
    ctx.require(MANAGE)
    if not NEAREST <= metres <= FARTHEST:
        message = t("Bitte einen Abstand von 0,5 bis 100 km wählen.", "Please choose a distance of 0.5 to 100 km.")
        raise InvalidInput(message, field="metres")
    plane = _Plane(*ctx.tenant.centre)
    offers, blind = await _offers(ctx, code)
    finder = _Finder(plane, offers)
    places = await _settlements(ctx)
    settlements = [_settlement(finder, name, point, metres) for name, point in places.items()]
    settlements.sort(key=lambda one: (-(one.nearest.metres if one.nearest else math.inf), one.name))
    points = [*places.values(), *(point for point, _, _ in offers)]
    cells = _cells(plane, points, finder, metres) if with_cells else ()
    services = {identifier for _, identifier, _ in offers}
    return Gaps(code, metres, len(services), blind, tuple(settlements), tuple(cells))


async def _offers(ctx: Ctx, code: str) -> tuple[list[tuple[tuple[float, float], UUID, str]], int]:
    tagged = select(ServiceTerm.service_id).where(ServiceTerm.code.in_(category_codes(frozenset({code}))))
    rows = await ctx.session.execute(
        select(Service.id, Service.name, LonOf(Location.place).label("lon"), LatOf(Location.place).label("lat"))
        .outerjoin(ServiceAtLocation, OF_SERVICE)
        .outerjoin(Location, PLACES_OF)
        .where(visible_to_public(), Service.id.in_(tagged))
    )
    found: list[tuple[tuple[float, float], UUID, str]] = []
    everyone: set[UUID] = set()
    for row in rows:
        everyone.add(row.id)
        if row.lon is not None:
            found.append(((row.lon, row.lat), row.id, row.name))
    return found, len(everyone - {identifier for _, identifier, _ in found})


async def _settlements(ctx: Ctx) -> dict[str, tuple[float, float]]:
    """Parts of the town with the middle of the places known there; the town's own middle always."""
    name = func.coalesce(func.nullif(Location.district, ""), Location.city)
    rows = await ctx.session.execute(
        select(name, func.avg(LonOf(Location.place)), func.avg(LatOf(Location.place)))
        .where(Location.place.is_not(None), name.is_not(None), name != "")
        .group_by(name)
        .order_by(name)
    )
    middles = {called: (float(lon), float(lat)) for called, lon, lat in rows}
    return middles | {ctx.tenant.short_name: ctx.tenant.centre}


def _settlement(finder: "_Finder", name: str, point: tuple[float, float], metres: int) -> Settlement:
    nearest = finder.nearest(point)
    return Settlement(name, *point, nearest, nearest is not None and nearest.metres <= metres)


class _Plane:
    """Metres east and north of a point: exact enough across a town, and one multiplication."""

    def __init__(self, lon: float, lat: float) -> None:
        self.lon, self.lat = lon, lat
        self._kx = _METRES_PER_DEGREE * math.cos(math.radians(lat))

    def metres(self, point: tuple[float, float]) -> tuple[float, float]:
        return (point[0] - self.lon) * self._kx, (point[1] - self.lat) * _METRES_PER_DEGREE

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        return self.lon + x / self._kx, self.lat + y / _METRES_PER_DEGREE


class _Finder:
    """Finds the nearest offer by going outwards from west to east until nothing nearer can follow."""

    def __init__(self, plane: _Plane, offers: Iterable[tuple[tuple[float, float], UUID, str]]) -> None:
        self._plane = plane
        # Offers of one house are one point: the first of them by id stands for all.
        unique = {point: (identifier, name) for point, identifier, name in sorted(offers, reverse=True)}
        rows = sorted((*plane.metres(point), *who) for point, who in unique.items())
        self._xs = [row[0] for row in rows]
        self._rows = rows

    def nearest(self, point: tuple[float, float]) -> Near | None:
        """The nearest offer to a point in degrees; `None` without any."""
        x, y = self._plane.metres(point)
        best, chosen = math.inf, None
        start = bisect_left(self._xs, x)
        for way in (range(start, len(self._rows)), range(start - 1, -1, -1)):
            for place in way:
                row = self._rows[place]
                if abs(row[0] - x) >= best:
                    break
                distance = math.hypot(row[0] - x, row[1] - y)
                if distance < best:
                    best, chosen = distance, row
        return Near(round(best, 1), chosen[2], chosen[3]) if chosen else None


def _cells(plane: _Plane, points: Sequence[Any], finder: _Finder, metres: int) -> Iterable[Cell]:
    """Squares over everything that is known, with a margin; only those without an offer near enough are given."""
    spots = [plane.metres(point) for point in points]
    west, east = min(x for x, _ in spots) - 1000, max(x for x, _ in spots) + 1000
    south, north = min(y for _, y in spots) - 1000, max(y for _, y in spots) + 1000
    side = max(SMALLEST_CELL, math.sqrt((east - west) * (north - south) / MOST_CELLS))
    # Rounding up both ways could exceed the bound; a slightly larger square keeps it.
    while math.ceil((east - west) / side) * math.ceil((north - south) / side) > MOST_CELLS:
        side *= 1.05
    for row in range(math.ceil((north - south) / side)):
        for column in range(math.ceil((east - west) / side)):
            x, y = west + column * side, south + row * side
            nearest = finder.nearest(plane.degrees(x + side / 2, y + side / 2))
            if nearest is None or nearest.metres > metres:
                corner, opposite = plane.degrees(x, y), plane.degrees(x + side, y + side)
                yield Cell(*corner, *opposite, nearest.metres if nearest else None)


def as_geojson(gaps: Gaps, language: Language, link: str = "") -> dict[str, Any]:
    """The gaps for a map: settlements as points, squares without an offer as areas. `link` stands before entry ids."""
    features: list[dict[str, Any]] = []
    if gaps.cells:
        farthest = max(cell.metres or math.inf for cell in gaps.cells)
        said = farthest_text(farthest if math.isfinite(farthest) else None).get(language)
        features.append(_feature(_area(gaps.cells), UNCOVERED.get(language), said, "warn"))
    for place in gaps.settlements:
        point = {"type": "Point", "coordinates": [round(place.lon, 5), round(place.lat, 5)]}
        said = distance_text(place.nearest.metres if place.nearest else None).get(language)
        url = f"{link}{place.nearest.service_id}" if link and place.nearest else None
        features.append(_feature(point, place.name, said, "good" if place.covered else "bad", url))
    return {"type": "FeatureCollection", "features": features}


def distance_text(metres: float | None) -> Text:
    """How far the nearest offer is, in words."""
    if metres is None:
        return t("Kein Angebot bekannt", "No offer known")
    km = f"{metres / 1000:.1f}"
    return Text(f"Nächstes Angebot: {km.replace('.', ',')} km", f"Nearest offer: {km} km")


def farthest_text(metres: float | None) -> Text:
    """How far the nearest offer is at the farthest spot, in words."""
    if metres is None:
        return distance_text(None)
    km = f"{metres / 1000:.1f}"
    return Text(f"Bis zu {km.replace('.', ',')} km zum nächsten Angebot", f"Up to {km} km to the nearest offer")


def _area(cells: Sequence[Cell]) -> dict[str, Any]:
    """The squares as one area: nobody wants to step through hundreds of them."""
    # Loading shapely costs memory that a process without such a map need not pay.
    from shapely import box, set_precision, unary_union
    from shapely.geometry import mapping

    whole = unary_union([set_precision(box(c.west, c.south, c.east, c.north), 1e-6) for c in cells])
    return json.loads(json.dumps(mapping(whole)))


def _feature(geometry: dict[str, Any], title: str, text: str, kind: str, url: str | None = None) -> dict[str, Any]:
    properties = {"title": title, "text": text, "kind": kind} | ({"url": url} if url else {})
    return {"type": "Feature", "geometry": geometry, "properties": properties}
