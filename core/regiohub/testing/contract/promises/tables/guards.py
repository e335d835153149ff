"""The wall between towns stands in the database itself, for whatever statement comes along."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from regiohub.db.session import TenantSession
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.world import World

from .inventory import inspected, own_tables
from .walls import doors, unguarded

HERE, THERE = "potsdam", "bad-belzig"
_REFUSALS = ("tenant guard", "row-level security")
"""Words of the two databases when a guard, and nothing else, has refused a row."""


async def _faults(case: Case) -> list[str]:
    async with case.filled() as world:
        database = world.platform.database
        tables = await inspected(database, partial(_with_town, plugin=case.id))
        found = await inspected(database, partial(_standing, plugin=case.id, tables=list(tables)))
        for table, columns in tables.items():
            found += await _tried(world, table, columns)
        return [*found, *await _nobody(world, case), *await _counted(world, list(tables))]


def _with_town(connection: Connection, plugin: str) -> dict[str, list[str]]:
    """Columns that can be written, by table. Tables without a town are the matter of another promise."""
    inspector = sa.inspect(connection)
    found = {table: inspector.get_columns(table) for table in own_tables(connection, plugin)}
    return {
        table: [column["name"] for column in columns if "computed" not in column]
        for table, columns in found.items()
        if any(column["name"] == "tenant_id" for column in columns)
    }


def _standing(connection: Connection, plugin: str, tables: Sequence[str]) -> list[str]:
    """What can be read off the catalogue."""
    return [*unguarded(connection, tables), *doors(connection, f"{plugin}_")]


async def _tried(world: World, table: str, columns: Sequence[str]) -> list[str]:
    """What the database says to statements that a town must not be able to run."""
    other = world.tenant(THERE).id
    others = ", ".join(f'"{name}"' for name in columns if name != "tenant_id")
    copied = f", {others}" if others else ""
    faults: list[str] = []
    async with world.scope(HERE).write() as ctx:
        session = ctx.session
        for verb, text in (
            ("changes", f"UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id <> :tenant_id"),  # noqa: S608 - names come from the catalogue
            ("deletes", f"DELETE FROM {table} WHERE tenant_id <> :tenant_id"),  # noqa: S608
        ):
            if await _touched(session, text):
                faults.append(f"a statement of one town {verb} rows of another in {table}")
        moves = (
            ("insert a row for another into", f"INSERT INTO {table} (tenant_id{copied}) SELECT {other}{copied}"  # noqa: S608
             f" FROM {table} WHERE tenant_id = :tenant_id LIMIT 1"),
            ("move its rows to another in", f"UPDATE {table} SET tenant_id = {other} WHERE tenant_id = :tenant_id"),  # noqa: S608
        )  # fmt: skip
        faults += [
            f"a statement of one town can {verb} {table}" for verb, text in moves if not await _refused(session, text)
        ]
        if session.dialect == "postgresql":
            seen = await session.sql(f"SELECT count(*) FROM {table} WHERE tenant_id <> :tenant_id")  # noqa: S608
            if seen.scalar_one():
                faults.append(f"a statement of one town reads rows of another in {table}")
        await session.rollback()
    return faults


async def _touched(session: TenantSession, text: str) -> bool:
    """Whether a statement reached any row. Refused is as good as finding none."""
    try:
        async with session.begin_nested() as step:
            count = (await session.sql(text)).rowcount
            await step.rollback()
    except DBAPIError:
        return False
    return count > 0


async def _refused(session: TenantSession, text: str) -> bool:
    """Whether a guard refused a statement. Another rule of the table that stands in the way proves nothing."""
    try:
        async with session.begin_nested() as step:
            await session.sql(text)
            await step.rollback()
    except DBAPIError as error:
        return any(word in str(error.orig) for word in _REFUSALS)
    return False


async def _nobody(world: World, case: Case) -> list[str]:
    """Who has announced no town sees nothing."""
    async with world.platform.database.platform() as session:
        return [
            f"a session without town reads rows of {model.__tablename__}"
            for model in case.plugin.models
            if await session.scalar(sa.select(sa.func.count()).select_from(model))
        ]


async def _counted(world: World, tables: Sequence[str]) -> list[str]:
    """PostgreSQL also refuses what goes past the session: a bare connection of the serving role."""
    if world.dialect != "postgresql":
        return []
    faults: list[str] = []
    async with world.platform.database.reading.connect() as connection:
        for table in tables:
            seen = await connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE tenant_id > 0")  # noqa: S608
            if seen.scalar_one():
                faults.append(f"a connection without town reads rows of {table}")
    return faults


GUARDS_FORCED = Promise(
    "guards-forced",
    "the database refuses to write another town's rows and shows none to whoever has announced no town",
    "let ops.guard(table) stand last for each table in the migration, and again after each batch_alter_table;"
    " add no policy or trigger that lets more through",
    _faults,
)
