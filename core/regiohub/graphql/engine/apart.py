"""Statements that fail: what went wrong in one field's expression must not take the rest of the answer with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from .need import TENANT, Need, Record, key_of

if TYPE_CHECKING:
    from .run import Run

T = TypeVar("T")
_OWN_FAULTS = ("0A", "21", "22", "2F", "38", "39", "42")
"""Classes of SQL states that lie in a statement itself: unknown names, wrong types, values out of range."""
_SQLITE_FAULTS = ("SQLITE_ERROR", "SQLITE_MISMATCH", "SQLITE_RANGE", "SQLITE_TOOBIG")


def lies_in_statement(error: SQLAlchemyError) -> bool:
    """Whether the statement is wrong, as opposed to a database that is gone, busy, or out of time."""
    if not isinstance(error, DBAPIError):
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return str(state).startswith(_OWN_FAULTS)
    if isinstance(getattr(error.orig, "__cause__", None), ValueError):
        return True  # asyncpg found out by itself that a value does not fit
    return getattr(error.orig, "sqlite_errorname", "") in _SQLITE_FAULTS


async def read(run: Run, need: Need, fetch: Callable[[], Awaitable[T]], records: Callable[[T], Iterable[Record]]) -> T:
    """What `fetch` reads for a need; if that fails, once more with each computed expression by itself.

    An expression that fails even then leaves its exception in the records, in place of its value.
    """
    try:
        return await fetch()
    except SQLAlchemyError as error:
        if not need.computed:
            raise
        await run.survive(error)
    expressions, need.computed = need.computed, {}
    need.attributes((TENANT, *key_of(need.model)))
    found = await fetch()
    got = list(records(found))
    for name, expression in expressions.items():
        try:
            values: dict[Any, Any] = await _values(run, need.model, expression, got)
        except SQLAlchemyError as error:
            await run.survive(error)
            values = {_identity(need.model, record): error for record in got}
        for record in got:
            record.values[name] = values.get(_identity(need.model, record))
    return found


async def _values(run: Run, model: type[Any], expression: Any, records: Sequence[Record]) -> dict[Any, Any]:
    names = (TENANT, *key_of(model))
    columns = [getattr(model, name) for name in names]
    wanted = [_identity(model, record) for record in records]
    statement = sa.select(*columns, expression.label("computed_")).where(sa.tuple_(*columns).in_(wanted))
    return {tuple(row[:-1]): row[-1] for row in (await run.session.execute(statement)).all()}


def _identity(model: type[Any], record: Record) -> tuple[Any, ...]:
    return tuple(record.values[name] for name in (TENANT, *key_of(model)))
