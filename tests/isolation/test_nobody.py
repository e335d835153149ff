"""Whoever has announced no town reads no row and writes none, in every table of towns."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from regiohub.db.base import Base, TenantTable
from regiohub.db.database import Database
from regiohub.db.errors import TenancyViolation
from regiohub.testing import World
from regiohub.testing.contract.promises.tables.inventory import inspected
from regiohub.testing.installations import Engine, Installations, Recipe

from .catalogue import tables_of_towns
from .core_case import fill as fill_core
from .filling import fill_plugins

EMPTY = 12
"""So many small tables of the platform need a worker, a sign-in or an archive to be filled; writes are tried on all."""


async def _fill(world: World) -> None:
    scope = world.scope("potsdam")
    await fill_core(scope, 2)
    await fill_plugins(scope, world.platform.plugins.healthy)


@pytest.fixture
async def full(installations: Installations, engine: Engine, tmp_path: Path) -> AsyncGenerator[World]:
    """An installation with rows of one town in (nearly) every table."""
    async with installations.open_filled(Recipe(), engine, tmp_path, "isolation", _fill) as world:
        yield world


async def counted(database: Database) -> dict[str, int]:
    """Rows by table, as the owner of the tables sees them."""

    def count(connection: Connection) -> dict[str, int]:
        run = connection.exec_driver_sql
        return {name: run(f"SELECT count(*) FROM {name}").scalar_one() for name in tables_of_towns(connection)}

    return await inspected(database, count)


async def test_no_town_no_rows(full: World, record_property: Callable[[str, object], None]) -> None:
    database = full.platform.database
    rows = await counted(database)
    empty = [name for name, number in rows.items() if not number]
    assert all(name.startswith("core_") for name in empty), empty
    assert len(empty) <= EMPTY, empty
    shown: list[str] = []
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__):
        model = mapper.class_
        if not issubclass(model, TenantTable) or model.__tablename__ not in rows:
            continue
        for session in (database.platform(), database.platform(write=True), database.read_across([], reason="nobody")):
            async with session:
                if await session.scalar(sa.select(sa.func.count()).select_from(model)):
                    shown.append(str(model.__tablename__))
    if full.dialect == "postgresql":
        async with database.reading.connect() as connection:
            for name in rows:
                seen = await connection.exec_driver_sql(f"SELECT count(*) FROM {name} WHERE tenant_id > 0")
                shown += [name] if seen.scalar_one() else []
    record_property("isolation", f"{full.dialect}: {sum(rows.values())} rows in {len(rows)} tables, {len(shown)} shown")
    assert shown == []


async def test_no_town_no_writes(full: World, record_property: Callable[[str, object], None]) -> None:
    database = full.platform.database
    before = await counted(database)
    let_through: list[str] = []
    tried = 0
    for name in before:
        for text in (
            f"INSERT INTO {name} (tenant_id) VALUES (1)",
            f"UPDATE {name} SET tenant_id = tenant_id WHERE tenant_id > 0",
            f"DELETE FROM {name} WHERE tenant_id > 0",
        ):
            tried += 1
            async with database.writing.connect() as connection:
                try:
                    if (await connection.exec_driver_sql(text)).rowcount and before[name]:
                        let_through.append(text)
                except DBAPIError as refusal:
                    words = (
                        "tenant guard", "row-level security", "permission denied", "never changed or deleted",
                        "no partition of relation",
                    )  # fmt: skip
                    if not any(word in str(refusal.orig) for word in words):
                        let_through.append(f"{text}: {refusal.orig}")
                await connection.rollback()
    assert await counted(database) == before
    record_property("isolation", f"{full.dialect}: {tried} writes without town, {len(let_through)} let through")
    assert let_through == []


async def test_no_town_no_objects_are_written(full: World) -> None:
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, TenantTable):
            for database, town in ((full.platform.database, 1), (full.platform.database, None)):
                async with database.platform(write=True) as session:
                    session.add(mapper.class_(tenant_id=town) if town else mapper.class_())
                    with pytest.raises(TenancyViolation):
                        await session.flush()
