"""Exact geometry checks for SQLite, by the same plane formula that PostgreSQL is given.

Distances are measured on a plane touching the earth at the point asked for: exact to 0.1 % within 50 km, and
equal on both databases, which a spheroid on one side and a plane on the other would not be.
"""

from __future__ import annotations

import math
from typing import Any

METRES_PER_DEGREE = 111_194.92664455873
"""Length of one degree of latitude on a sphere of 6,371,008.8 m (IUGG mean radius: 111,194.93 m)."""


def scale(lat: float) -> tuple[float, float]:
    """Metres per degree of longitude and of latitude at this latitude."""
    return METRES_PER_DEGREE * math.cos(math.radians(lat)), METRES_PER_DEGREE


def bounds(geometry: dict[str, Any]) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    if geometry["type"] == "Point":
        lon, lat = geometry["coordinates"][:2]
        return lon, lat, lon, lat
    return _shape(geometry).bounds


def distance(geometry: dict[str, Any], lon: float, lat: float) -> float:
    """Metres from the point to the nearest place of the geometry; 0 inside an area."""
    kx, ky = scale(lat)
    if geometry["type"] == "Point":
        x, y = geometry["coordinates"][:2]
        return math.hypot((x - lon) * kx, (y - lat) * ky)
    from shapely import Point
    from shapely.affinity import scale as stretch

    return float(stretch(_shape(geometry), kx, ky, origin=(0, 0)).distance(Point(lon * kx, lat * ky)))


def intersects_box(geometry: dict[str, Any], west: float, south: float, east: float, north: float) -> bool:
    """Whether any place of the geometry lies in the box, borders included."""
    if geometry["type"] == "Point":
        lon, lat = geometry["coordinates"][:2]
        return west <= lon <= east and south <= lat <= north
    from shapely import box

    return bool(_shape(geometry).intersects(box(west, south, east, north)))


def _shape(geometry: dict[str, Any]) -> Any:
    # Loading shapely and numpy costs 14 MiB: only towns with lines and areas pay it.
    from shapely.geometry import shape

    return shape(geometry)
