"""Places of procedures: GeoJSON points, lines and areas on this world."""

from typing import Any

from regiohub.api import InvalidInput, check_geometry, t

ALLOWED = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
MAX_POSITIONS = 20_000
"""A district's outline has a few thousand corners; more would only slow every map down."""


def checked_place(value: Any) -> dict[str, Any] | None:
    """The geometry, or ``None``.

    :raises InvalidInput: it is no point, line or area, lies outside the world, or is broken in itself (RFC 7946).
    """
    if value is None:
        return None
    if not isinstance(value, dict) or value.get("type") not in ALLOWED:
        message = t(
            "Ein Ort ist ein Punkt, eine Linie oder eine Fläche in GeoJSON, auch mehrere davon.",
            "A place is a point, a line or an area in GeoJSON, or several of one of them.",
        )
        raise InvalidInput(message, field="place")
    if _positions(value.get("coordinates")) > MAX_POSITIONS:
        message = t(
            f"Der Ort hat mehr als {MAX_POSITIONS} Punkte; bitte vereinfachen.",
            f"The place has more than {MAX_POSITIONS} positions; please simplify it.",
        )
        raise InvalidInput(message, field="place")
    check_geometry(value)
    return {"type": value["type"], "coordinates": value["coordinates"]}


def _positions(coordinates: Any) -> int:
    """Number of positions, counted without recursion so that deep nesting cannot exhaust the stack."""
    count, waiting = 0, [coordinates]
    while waiting and count <= MAX_POSITIONS:
        current = waiting.pop()
        if not isinstance(current, list):
            continue
        if current and not isinstance(current[0], list):
            count += 1
        else:
            waiting.extend(current)
    return count
