"""Checks of GeoJSON geometries (RFC 7946) that come from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regiohub.errors import InvalidInput
from regiohub.texts import Text, t

_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
MOST_POSITIONS = 20_000


def check_geometry(geometry: Any, *, field: str = "geometry", kinds: Sequence[str] = ()) -> dict[str, Any]:
    """Return the geometry reduced to type and coordinates, or raise InvalidInput saying what is wrong where.

    `kinds`: the only types that are accepted, such as ("Point",); without it every type is.

    Positions are [longitude, latitude] in WGS 84 degrees; rings are closed and have at least four positions; at most
    20,000 positions. Coordinates are rounded to 7 decimals (1 cm).
    """
    from regiohub.db.geometry import rounded

    _check(geometry, field, [0])
    if kinds and geometry["type"] not in kinds:
        wanted = ", ".join(kinds)
        raise _fault(field, t(f"Erwartet wird GeoJSON vom Typ {wanted}.", f"Expected GeoJSON of type {wanted}."))
    return rounded(geometry)


def _check(geometry: Any, field: str, count: list[int]) -> None:
    if not isinstance(geometry, dict) or not isinstance(geometry.get("type"), str):
        raise _fault(field, t("Erwartet wird ein GeoJSON-Objekt mit „type“.", "Expected a GeoJSON object with a type."))
    kind = geometry["type"]
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list) or not parts:
            raise _fault(field, t("Die Sammlung enthält keine Geometrien.", "The collection holds no geometries."))
        for number, part in enumerate(parts):
            if isinstance(part, dict) and part.get("type") == "GeometryCollection":
                raise _fault(
                    field, t("Sammlungen in Sammlungen sind nicht erlaubt.", "Collections must not be nested.")
                )
            _check(part, f"{field}.geometries[{number}]", count)
        return
    if kind not in _DEPTH:
        known = ", ".join([*_DEPTH, "GeometryCollection"])
        raise _fault(
            field,
            t(
                f"Unbekannter Geometrietyp {kind!r}. Bekannt: {known}.",
                f"Unknown geometry type {kind!r}. Known: {known}.",
            ),
        )
    _coordinates(geometry.get("coordinates"), _DEPTH[kind], f"{field}.coordinates", count, kind)


def _coordinates(value: Any, depth: int, path: str, count: list[int], kind: str) -> None:
    if depth == 0:
        _position(value, path, count)
        return
    if not isinstance(value, list) or not value:
        raise _fault(path, t("Hier fehlen Koordinaten.", "Coordinates are missing here."))
    ring = depth == 1 and kind in ("Polygon", "MultiPolygon")
    if ring and (len(value) < 4 or value[0] != value[-1]):
        raise _fault(
            path,
            t(
                "Ein Ring braucht mindestens vier Punkte und muss geschlossen sein.",
                "A ring needs at least four positions and must be closed.",
            ),
        )
    if depth == 1 and "LineString" in kind and len(value) < 2:
        raise _fault(path, t("Eine Linie braucht mindestens zwei Punkte.", "A line needs at least two positions."))
    for number, part in enumerate(value):
        _coordinates(part, depth - 1, f"{path}[{number}]", count, kind)


def _position(value: Any, path: str, count: list[int]) -> None:
    count[0] += 1
    if count[0] > MOST_POSITIONS:
        raise _fault(path, t(f"Mehr als {MOST_POSITIONS} Punkte.", f"More than {MOST_POSITIONS} positions."))
    numbers = (
        isinstance(value, list)
        and 2 <= len(value) <= 3
        and all(isinstance(part, (int, float)) and not isinstance(part, bool) for part in value)
    )
    if not numbers:
        raise _fault(
            path, t("Ein Punkt ist [Länge, Breite] in Grad.", "A position is [longitude, latitude] in degrees.")
        )
    lon, lat = value[0], value[1]
    # Written so that NaN fails too.
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise _fault(
            path,
            t(f"[{lon}, {lat}] liegt außerhalb der Erde: Länge -180 bis 180, Breite -90 bis 90.",
              f"[{lon}, {lat}] is outside the world: longitude -180 to 180, latitude -90 to 90."),
        )  # fmt: skip


def _fault(path: str, message: Text) -> InvalidInput:
    return InvalidInput(message, field=path)
