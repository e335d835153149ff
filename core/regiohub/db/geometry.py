"""GeoJSON columns with the same answers on PostGIS and on SQLite (R*Tree plus exact check)."""

from __future__ import annotations

import json
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, MappedColumn, mapped_column
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from regiohub.db import planar
from regiohub.errors import InvalidInput
from regiohub.texts import t

_FARTHEST = 1_000_000.0


class _PostgisGeometry(UserDefinedType[Any]):
    cache_ok = True

    def __init__(self, *_reflected: Any) -> None:
        """Type and reference system are always the same: any geometry, WGS 84."""

    def get_col_spec(self, **_: Any) -> str:
        return "geometry(Geometry,4326)"


# So that the inspector knows the type of a reflected column.
cast("dict[str, Any]", ischema_names)["geometry"] = _PostgisGeometry


class _Store(FunctionElement[Any]):
    """GeoJSON text -> what the column stores."""

    inherit_cache = True


class _Show(FunctionElement[Any]):
    """What the column stores -> GeoJSON text."""

    inherit_cache = True


@compiles(_Store, "postgresql")
def _store_postgresql(element: _Store, compiler: Any, **kw: Any) -> str:
    return f"ST_SetSRID(ST_GeomFromGeoJSON(CAST({compiler.process(element.clauses, **kw)} AS TEXT)), 4326)"


@compiles(_Show, "postgresql")
def _show_postgresql(element: _Show, compiler: Any, **kw: Any) -> str:
    return f"ST_AsGeoJSON({compiler.process(element.clauses, **kw)}, 7)"


@compiles(_Store)
@compiles(_Show)
def _plain(element: Any, compiler: Any, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


class GeoJson(TypeDecorator[dict[str, Any]]):
    """A geometry (RFC 7946, WGS 84) as a dict: PostGIS geometry on PostgreSQL, text on SQLite."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_PostgisGeometry() if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> Any:
        return None if value is None else json.dumps(rounded(value), separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else json.loads(value)

    def bind_expression(self, bindparam: Any) -> Any:
        return _Store(bindparam)

    def column_expression(self, column: Any) -> Any:
        return sa.type_coerce(_Show(column), self)


def rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    """The geometry with type and coordinates only, to 7 decimals (1 cm): the precision both databases keep."""
    if geometry.get("type") == "GeometryCollection":
        return {"type": "GeometryCollection", "geometries": [rounded(part) for part in geometry["geometries"]]}

    def tidy(value: Any) -> Any:
        return [tidy(part) for part in value] if isinstance(value, (list, tuple)) else round(float(value), 7)

    return {"type": geometry["type"], "coordinates": tidy(geometry["coordinates"])}


def geometry() -> MappedColumn[Any]:
    """A GeoJSON column. Give it an index by `ops.spatial_index` in the migration."""
    return mapped_column(GeoJson())


class _Distance(FunctionElement[float]):
    """Metres between a geometry column and a point: clauses are column, lon, lat, kx, ky."""

    type = sa.Double()
    inherit_cache = True


@compiles(_Distance, "postgresql")
def _distance_postgresql(element: _Distance, compiler: Any, **kw: Any) -> str:
    column, lon, lat, kx, ky = (compiler.process(clause, **kw) for clause in element.clauses)
    kx, ky, lon, lat = (f"CAST({text} AS double precision)" for text in (kx, ky, lon, lat))
    return (
        f"ST_Distance(ST_Scale(ST_Force2D({column}), {kx}, {ky}),"
        f" ST_SetSRID(ST_MakePoint({lon} * {kx}, {lat} * {ky}), 4326))"
    )


@compiles(_Distance)
def _distance_sqlite(element: _Distance, compiler: Any, **kw: Any) -> str:
    column, lon, lat, _kx, _ky = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"geo_distance({column}, {lon}, {lat})"


class _InBox(FunctionElement[bool]):
    """Whether a geometry meets a box: clauses are column, tenant_id, id, west, south, east, north."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(_InBox, "postgresql")
def _in_box_postgresql(element: _InBox, compiler: Any, **kw: Any) -> str:
    column, _tenant, _id, *box = (compiler.process(clause, **kw) for clause in element.clauses)
    corners = ", ".join(f"CAST({side} AS double precision)" for side in box)
    envelope = f"ST_MakeEnvelope({corners}, 4326)"
    # The boxes by themselves: under row level security an index may serve `&&`, never ST_Intersects, whose messages
    # tell of the shapes.
    return f"({column} && {envelope} AND ST_Intersects({column}, {envelope}))"


@compiles(_InBox)
def _in_box_sqlite(element: _InBox, compiler: Any, **kw: Any) -> str:
    clauses = list(element.clauses)
    column, tenant, row, west, south, east, north = (compiler.process(clause, **kw) for clause in clauses)
    tree = rtree_name(_base_table(clauses[0]).name, clauses[0].name)
    return (
        f"(({tenant}, {row}) IN (SELECT tenant_id, row_id FROM {tree} WHERE max_x >= {west} AND min_x <= {east}"  # noqa: S608 - names come from the models
        f" AND max_y >= {south} AND min_y <= {north}) AND geo_in_box({column}, {west}, {south}, {east}, {north}))"
    )


def _base_table(column: Any) -> sa.Table:
    table = column.table
    while not isinstance(table, sa.Table):
        table = table.element
    return table


def rtree_name(table: str, column: str) -> str:
    """Name of the R*Tree that stands beside a geometry column on SQLite."""
    return f"{table}_{column}_rtree"


def _number(value: float) -> ColumnElement[float]:
    return sa.literal(float(value), sa.Double())


def distance_to(column: InstrumentedAttribute[Any], lon: float, lat: float) -> ColumnElement[float]:
    """Metres from the point (WGS 84 degrees) to the geometry; NULL where there is none."""
    kx, ky = planar.scale(lat)
    return _Distance(column, *map(_number, (lon, lat, kx, ky)))


def within_bbox(
    column: InstrumentedAttribute[Any], west: float, south: float, east: float, north: float
) -> ColumnElement[bool]:
    """Whether the geometry meets the box (WGS 84 degrees, borders included); uses the spatial index."""
    entity = column.parent.entity
    return _InBox(column, entity.tenant_id, entity.id, *map(_number, (west, south, east, north)))


def near(column: InstrumentedAttribute[Any], lon: float, lat: float, metres: float) -> ColumnElement[bool]:
    """Whether the geometry lies within `metres` of the point; uses the spatial index.

    Raises InvalidInput for a point outside the world and for a radius that is not between 0 and 1,000 km.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 < metres <= _FARTHEST):
        words = t(
            "Der Umkreis liegt nicht auf der Erde: Länge -180 bis 180, Breite -90 bis 90, höchstens 1.000 km.",
            "The circle is not on the earth: longitude -180 to 180, latitude -90 to 90, at most 1,000 km.",
        )
        raise InvalidInput(words, field="near")
    kx, ky = planar.scale(lat)
    # A little wider than needed: the exact distance decides.
    dx, dy = metres / max(kx, 1.0) * 1.001, metres / ky * 1.001
    return sa.and_(
        within_bbox(column, lon - dx, lat - dy, lon + dx, lat + dy), distance_to(column, lon, lat) <= _number(metres)
    )
