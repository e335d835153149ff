"""SQL constructs that plans need on both databases."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Fail(FunctionElement[Any]):
    """Null where its argument is null; otherwise the statement fails, naming the value.

    A plan cannot report a fault at its place; failing sends the operation the ordinary way, which can.
    """

    inherit_cache = True

    def __init__(self, *clauses: Any, type_: Any = None) -> None:
        super().__init__(*clauses)
        self.type = type_ or sa.Text()


@compiles(Fail, "postgresql")
def _fail_postgresql(element: Fail, compiler: Any, **kw: Any) -> str:
    # Neither a constant nor a division: the planner would evaluate those before any row is read.
    words = f"'unusual: ' || CAST({compiler.process(element.clauses, **kw)} AS TEXT)"
    if isinstance(element.type, sa.JSON):
        return f"CAST({words} AS JSON)"
    return f"CAST(CAST({words} AS INTEGER) AS {compiler.dialect.type_compiler_instance.process(element.type)})"


@compiles(Fail)
def _fail_sqlite(element: Fail, compiler: Any, **kw: Any) -> str:
    return f"json('unusual: ' || {compiler.process(element.clauses, **kw)})"


class ToJson(FunctionElement[Any]):
    """JSON text marked as JSON, so that the database nests it instead of quoting it."""

    type = sa.JSON()
    inherit_cache = True


@compiles(ToJson, "postgresql")
def _json_postgresql(element: ToJson, compiler: Any, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS JSON)"


@compiles(ToJson)
def _json_sqlite(element: ToJson, compiler: Any, **kw: Any) -> str:
    return f"json({compiler.process(element.clauses, **kw)})"


class AsGeoJson(FunctionElement[Any]):
    """A stored geometry as GeoJSON, with the seven decimals that both databases keep."""

    type = sa.JSON()
    inherit_cache = True


@compiles(AsGeoJson, "postgresql")
def _geo_postgresql(element: AsGeoJson, compiler: Any, **kw: Any) -> str:
    return f"CAST(ST_AsGeoJSON({compiler.process(element.clauses, **kw)}, 7) AS JSON)"


@compiles(AsGeoJson)
def _geo_sqlite(element: AsGeoJson, compiler: Any, **kw: Any) -> str:
    return f"json({compiler.process(element.clauses, **kw)})"


def text(value: str) -> Any:
    """A text constant written into the statement: names of types and keys never change for a plan."""
    quoted = value.replace("'", "''")
    return sa.literal_column(f"'{quoted}'", sa.Text())


def clause(element: Any) -> Any:
    """The SQL behind an attribute of a model; what is SQL already stays."""
    while not isinstance(element, sa.ClauseElement):
        element = element.__clause_element__()
    return element
