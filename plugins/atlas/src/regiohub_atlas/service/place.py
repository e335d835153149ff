"""Places of procedures: GeoJSON points, lines and areas on this world."""

from typing import Any

from regiohub.api import InvalidInput, check_geometry, t

ALLOWED = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


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
    geometry = check_geometry(value, field="place")
    if "Polygon" in geometry["type"] and not _is_simple(geometry):
        # Both databases may answer differently, or not at all, for areas that cut themselves.
        message = t("Die Fläche überschneidet sich selbst.", "The area cuts itself.")
        raise InvalidInput(message, field="place")
    return geometry


def _is_simple(area: dict[str, Any]) -> bool:
    # Loading shapely costs time and memory that towns with points only need not spend.
    from shapely.geometry import shape

    return bool(shape(area).is_valid)
