"""Longitude and latitude of a point as plain numbers: parsing thousands of points as GeoJSON takes most of the time."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Coordinate(FunctionElement[float]):
    """One coordinate of a point column; null without a point."""

    type = sa.Double()
    inherit_cache = True


class LonOf(_Coordinate):
    """Degrees east (WGS 84)."""

    inherit_cache = True


class LatOf(_Coordinate):
    """Degrees north (WGS 84)."""

    inherit_cache = True


def _column(element: _Coordinate, compiler: Any, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(LonOf, "postgresql")
def _lon_postgresql(element: LonOf, compiler: Any, **kw: Any) -> str:
    return f"ST_X({_column(element, compiler, **kw)})"


@compiles(LatOf, "postgresql")
def _lat_postgresql(element: LatOf, compiler: Any, **kw: Any) -> str:
    return f"ST_Y({_column(element, compiler, **kw)})"


@compiles(LonOf)
def _lon_sqlite(element: LonOf, compiler: Any, **kw: Any) -> str:
    return f"json_extract({_column(element, compiler, **kw)}, '$.coordinates[0]')"


@compiles(LatOf)
def _lat_sqlite(element: LatOf, compiler: Any, **kw: Any) -> str:
    return f"json_extract({_column(element, compiler, **kw)}, '$.coordinates[1]')"
