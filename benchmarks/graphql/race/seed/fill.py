"""Writing the rows, past all rules, as quickly as each database takes them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.dialects import sqlite

from regiohub.db.sqlite import FUNCTIONS
from regiohub_lorawan.models.moments import to_millis

from ..towns import MARKS
from .facts import FIRST_VALUE, STEP, Size
from .rows import TABLES
from .values import complete, text

_COLUMNS = ("tenant_id", "series", "ts", "value", "quality")


def _observations(tenant: int, size: Size) -> Iterator[tuple[int, int, int, float, int]]:
    start, step = to_millis(FIRST_VALUE), int(STEP.total_seconds() * 1000)
    for series in range(1, size.devices * 2 + 1):
        for n in range(size.values):
            yield tenant, series, start + n * step, round((n * 7 + series * 13) % 400 / 10 - 5, 1), 0


def fill_sqlite(file: Path, towns: dict[str, int], size: Size) -> None:
    """Fill a migrated SQLite file; `towns` are ids by slug."""
    connection = sqlite3.connect(file, isolation_level=None)
    tenant = 0
    connection.create_function("current_tenant", 0, lambda: tenant)
    for name, arity, function in FUNCTIONS:
        connection.create_function(name, arity, function, deterministic=True)
    dialect = sqlite.dialect()
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    for slug, tenant in towns.items():
        for model, make in TABLES:
            table = model.metadata.tables[model.__tablename__]
            binds = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns]
            marks = ", ".join("?" * len(binds))
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            connection.executemany(
                f"INSERT INTO {table.name} ({names}) VALUES ({marks})",
                (
                    [bind(value) if bind else value for bind, value in zip(binds, values, strict=True)]
                    for row in make(MARKS[slug], size)
                    if (values := complete(table, tenant, row))
                ),
            )
        connection.executemany("INSERT INTO lorawan_observation VALUES (?, ?, ?, ?, ?)", _observations(tenant, size))
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


async def fill_postgresql(dsn: str, towns: dict[str, int], size: Size) -> None:
    """Fill a migrated PostgreSQL database as superuser, whom row level security does not bind."""
    connection = await asyncpg.connect(dsn)
    try:
        await _months(connection, size)
        for slug, tenant in towns.items():
            for model, make in TABLES:
                table = model.metadata.tables[model.__tablename__]
                lines = [
                    ",".join(map(text, table.columns, complete(table, tenant, row))) for row in make(MARKS[slug], size)
                ]
                await _copy(connection, table.name, [column.name for column in table.columns], lines)
            values = [f"{t},{s},{ts},{v:.1f},{q}" for t, s, ts, v, q in _observations(tenant, size)]
            await _copy(connection, "lorawan_observation", _COLUMNS, values)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _months(connection: Any, size: Size) -> None:
    month, last = FIRST_VALUE, FIRST_VALUE + size.values * STEP
    while month <= last:
        await connection.execute("SELECT lorawan_ensure_month($1)", to_millis(month))
        month = month.replace(month=month.month % 12 + 1, year=month.year + month.month // 12)


async def _copy(connection: Any, table: str, columns: Any, lines: list[str]) -> None:
    async def chunks(step: int = 20_000) -> Any:
        for at in range(0, len(lines), step):
            yield ("\n".join(lines[at : at + step]) + "\n").encode()
            await asyncio.sleep(0)

    await connection.copy_to_table(table, source=chunks(), columns=list(columns), format="csv")
