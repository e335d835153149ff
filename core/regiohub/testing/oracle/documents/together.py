"""Values that make sense only together: spans of time, points with a radius, boxes on the map."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from graphql import GraphQLType, get_named_type

from .scalars import Scalars

Types = Mapping[str, GraphQLType]
"""Arguments, or fields of one input, by name."""
_SPANS = (("from", "to"), ("startsAt", "endsAt"), ("since", "before"), ("startsOn", "endsOn"), ("opens", "closes"))
"""Names of beginnings and ends."""
_MOMENTS = ("DateTime", "Date", "Time")
_SOMEWHERE = (13.0591, 52.3906)
_LENGTHS = (*(timedelta(hours=h) for h in (1, 2, 12, 24, 24 * 7, 24 * 7, 24 * 30, 24 * 30)), timedelta(days=365))


def together(scalars: Scalars, given: Types) -> dict[str, Any]:
    """Values for those of the given names that belong together; the others are left out."""
    found: dict[str, Any] = {}
    for start, end in _SPANS:
        kind = get_named_type(given[start]).name if start in given and end in given else None
        if kind in _MOMENTS:
            found.update(zip((start, end), _span(scalars, kind), strict=True))
    point = scalars.known.point(scalars.rng) or _SOMEWHERE
    for names, make in _PLACES:
        if names <= given.keys():
            found.update(make(scalars.rng, *point))
    if "metres" in given and "lon" in found:
        found["metres"] = scalars.rng.choice((1, 50, 500, 5000, 50_000))
    return found


def partners(names: Collection[str]) -> list[str]:
    """The other halves of spans of which only one half is there."""
    found = [end for start, end in _SPANS if start in names and end not in names]
    return [*found, *(start for start, end in _SPANS if end in names and start not in names)]


def _span(scalars: Scalars, kind: str) -> tuple[str, str]:
    rng = scalars.rng
    known = scalars.known.pick(rng, kind, rng.choice(("startsAt", "time", "day", "startsOn", "at")), None)
    if kind == "DateTime":
        start = datetime.fromisoformat(known or "2026-06-01T08:00:00.000Z")
        if not 1100 < start.year < 8900:
            start = datetime.fromisoformat("2026-06-01T08:00:00Z")
        start -= timedelta(minutes=rng.choice((0, 0, 1, 90, 1440)))
        end = start + rng.choice(_LENGTHS)
        return _written(start), _written(end if rng.random() < 0.97 else start)
    if kind == "Date":
        day = date.fromisoformat(known or "2026-06-01")
        if not 1100 < day.year < 8900:
            day = date(2026, 6, 1)
        return day.isoformat(), (day + rng.choice(_LENGTHS)).isoformat()
    return scalars.moment(kind), scalars.moment(kind)


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _point(rng: random.Random, lon: float, lat: float) -> dict[str, Any]:
    near = rng.choice((0.0, 0.001, 0.05))
    return {"lon": _inside(lon + near, 180), "lat": _inside(lat - near, 90)}


def _box(rng: random.Random, lon: float, lat: float) -> dict[str, Any]:
    half = rng.choice((0.0, 0.01, 0.5, 20.0))
    return {
        "west": _inside(lon - half, 180), "east": _inside(lon + half, 180),
        "south": _inside(lat - half, 90), "north": _inside(lat + half, 90),
    }  # fmt: skip


def _inside(value: float, most: float) -> float:
    return max(-most, min(most, round(value, 7)))


_PLACES: tuple[tuple[frozenset[str], Callable[[random.Random, float, float], dict[str, Any]]], ...] = (
    (frozenset({"lon", "lat"}), _point),
    (frozenset({"west", "south", "east", "north"}), _box),
)
