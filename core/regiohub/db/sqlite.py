"""SQLite: pragmas, connection functions and transactions of the serving and the migrating connections."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any, Self

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from regiohub.db import planar
from regiohub.db.scope import Scope
from regiohub.db.statements import refuse_unscoped

_HOLDER = "regiohub_tenant"


class _ScopedCursor(sqlite3.Cursor):
    """Refuses what the engine's events would: whoever has got hold of the driver comes past them."""

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        """One statement."""
        refuse_unscoped(sql)
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Self:
        """One statement for many rows."""
        refuse_unscoped(sql)
        return super().executemany(sql, parameters)

    def executescript(self, sql_script: str, /) -> Self:
        """Several statements."""
        refuse_unscoped(sql_script)
        super().executescript(sql_script)
        return self


class ScopedConnection(sqlite3.Connection):
    """A serving connection: text that reads towns' rows without naming `tenant_id` is refused in the driver itself."""

    def cursor(self, factory: Any = None) -> Any:
        """A cursor that refuses; no other kind is made."""
        return super().cursor(_ScopedCursor)

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """One statement, by a cursor of its own."""
        return self.cursor().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """One statement for many rows, by a cursor of its own."""
        return self.cursor().executemany(sql, parameters)

    def executescript(self, sql_script: str, /) -> sqlite3.Cursor:
        """Several statements, by a cursor of their own."""
        return self.cursor().executescript(sql_script)


def announce(connection: Connection, scope: Scope) -> None:
    """Tell the triggers of this connection whose rows may be written."""
    # The triggers read a holder, not a ContextVar: the driver runs SQL in a thread of its own.
    holder(connection.info)["tenant"] = scope.tenant if scope.write else None


def holder(info: dict[Any, Any]) -> dict[str, int | None]:
    """The mutable cell that `current_tenant()` of one connection reads."""
    return info.setdefault(_HOLDER, {"tenant": None})


def prepare(engine: Engine, *, write: bool, migrating: bool = False, survives_power_cut: bool = False) -> None:
    """Install the connection's functions and pragmas, and the kind of transaction it begins."""

    @event.listens_for(engine, "connect")
    def _connect(dbapi: Any, record: Any) -> None:
        dbapi.isolation_level = None  # transactions are begun by `_begin`, not by the driver
        cell = holder(record.info)
        dbapi.create_function("current_tenant", 0, (lambda: 0) if migrating else (lambda: cell["tenant"]))
        for name, arity, function in FUNCTIONS:
            dbapi.create_function(name, arity, function, deterministic=True)
        cursor = dbapi.cursor()
        pragmas = [
            "busy_timeout=30000",
            "journal_mode=WAL",
            # A killed process loses nothing either way; the full way waits for the disk at each commit (ms, not µs).
            f"synchronous={'FULL' if survives_power_cut else 'NORMAL'}",
            # Without it REPLACE deletes another town's row behind the triggers' back.
            "recursive_triggers=ON",
            # Batch migrations rebuild tables: with foreign keys on, that empties their children.
            f"foreign_keys={'OFF' if migrating else 'ON'}",
            "cache_size=-16000",
            "temp_store=MEMORY",
            # What is deleted is overwritten with zeros, not only unlinked.
            "secure_delete=ON",
        ]
        if not write:
            pragmas.append("query_only=ON")
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred writer that has read loses updates silently; readers must not take the write lock.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    @event.listens_for(engine, "checkin")
    def _checkin(_dbapi: Any, record: Any) -> None:
        holder(record.info)["tenant"] = None


def empty_log(path: str) -> bool:
    """Write the log beside the database file into it, and cut the log to nothing: it holds pages as they once were.

    False while somebody reads or writes; then nothing is lost, and the log is emptied another time.
    """
    with closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _bound(geojson: str | None, side: int) -> float | None:
    return None if geojson is None else planar.bounds(json.loads(geojson))[side]


def _distance(geojson: str | None, lon: float, lat: float) -> float | None:
    return None if geojson is None else planar.distance(json.loads(geojson), lon, lat)


def _in_box(geojson: str | None, west: float, south: float, east: float, north: float) -> bool | None:
    return None if geojson is None else planar.intersects_box(json.loads(geojson), west, south, east, north)


def _number_text(value: float | None) -> str | None:
    """All digits of a number: SQLite itself writes 15 of them into JSON."""
    if value is None:
        return None
    if not math.isfinite(value):
        raise ValueError("JSON has no such number")
    return repr(float(value))


def _decimal_text(value: float | None, scale: int) -> str | None:
    """A stored decimal with its places, as its column type reads it."""
    return None if value is None else f"{value:.{scale}f}"


def _lower(value: Any) -> str | None:
    """All letters in lower case, as PostgreSQL does it: SQLite itself knows A to Z only, and leaves Ü as it is."""
    return None if value is None else str(value).lower()


def _whole_number(value: Any) -> int | None:
    """A computed value that has to be a whole number of 32 bits: SQLite itself lets any value be of any type."""
    if value is not None and not (isinstance(value, int) and -(2**31) <= value < 2**31):
        raise ValueError("no whole number of 32 bits")
    return value


def _real_number(value: Any) -> float | None:
    """A computed value that has to be a number."""
    if value is None:
        return None
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("no number")
    return float(value)


FUNCTIONS = (
    ("lower", 1, _lower),
    ("whole_number", 1, _whole_number),
    ("real_number", 1, _real_number),
    ("geo_bound", 2, _bound),
    ("geo_distance", 3, _distance),
    ("geo_in_box", 5, _in_box),
    ("number_text", 1, _number_text),
    ("decimal_text", 2, _decimal_text),
)
