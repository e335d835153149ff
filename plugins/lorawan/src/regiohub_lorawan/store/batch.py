"""Sending a batch of rows to the database as columns."""

# ruff: noqa: S608 - only fixed fragments are joined to statements here, every value is a bound parameter

from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson
from sqlalchemy import CursorResult

from regiohub.api import TenantSession

Columns = Mapping[str, tuple[str, Sequence[Any]]]
"""Column name -> (PostgreSQL type, values). All columns are equally long."""


def source(session: TenantSession, columns: Columns, alias: str = "n") -> tuple[str, dict[str, Any]]:
    """A FROM item that yields the rows of ``columns``, and its parameters; usable inside any statement.

    PostgreSQL: ``unnest`` of typed arrays. SQLite: ``json_each`` of one JSON text (values must be text or numbers).
    """
    if session.dialect == "postgresql":
        arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, (kind, _) in columns.items())
        names = ", ".join(columns)
        return f"unnest({arrays}) AS {alias}({names})", {name: list(values) for name, (_, values) in columns.items()}
    rows = list(zip(*(values for _, values in columns.values()), strict=True))
    picked = ", ".join(f"json_extract(value, '$[{at}]') AS {name}" for at, name in enumerate(columns))
    parameter = f"{alias}_rows"
    return f"(SELECT {picked} FROM json_each(:{parameter})) AS {alias}", {parameter: orjson.dumps(rows).decode()}


def rows_of(result: CursorResult[Any]) -> Sequence[tuple[Any, ...]]:
    """The rows of a text statement as plain tuples, for the type checker."""
    return cast("Sequence[tuple[Any, ...]]", result.all())


async def update(
    session: TenantSession, statement: str, columns: Columns, parameters: Mapping[str, Any] | None = None
) -> None:
    """Run an UPDATE once per row of ``columns``.

    The statement names a row's values in braces (``SET state = {n_state}``) and has ``{rows}`` where a FROM clause
    stands. PostgreSQL gets one statement over all rows; SQLite a prepared one executed per row: its planner would walk
    the whole table beside the rows (UPDATE … FROM always begins with the table that is changed).
    """
    common = dict(parameters or {})
    if session.dialect == "postgresql":
        rows, arrays = source(session, columns)
        names = {name: name for name in columns}
        await session.sql(statement.format(rows=f"FROM {rows}", **names), {**common, **arrays})
        return
    names = {name: f":{name}" for name in columns}
    values = zip(*(values for _, values in columns.values()), strict=True)
    await session.sql(
        statement.format(rows="", **names), [{**common, **dict(zip(columns, row, strict=True))} for row in values]
    )
