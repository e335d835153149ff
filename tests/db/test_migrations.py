"""Migrations of the core and of all plugins: complete, guarded, repeatable, and separate per distribution."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection

from regiohub.db.base import Base
from regiohub.db.migrate import CORE, downgrade, status, upgrade
from regiohub.db.postgresql import APP_ROLE
from regiohub.platform import Platform
from regiohub.testing.databases import Address, settings_for

for room in ("audit", "auth.login", "demo", "events", "sharing", "tenancy"):
    importlib.import_module(f"regiohub.{room}.models")


@pytest.fixture
async def platform(database: Address, tmp_path: Path) -> AsyncGenerator[Platform]:
    opened = Platform(settings_for(database, tmp_path / "data"))
    yield opened
    await opened.stop()


def tenant_tables(platform: Platform) -> list[str]:
    prefixes = ("core_", *(f"{id_}_" for id_ in platform.plugins.healthy))
    return [t.name for t in Base.metadata.tables.values() if t.info.get("tenant") and t.name.startswith(prefixes)]


async def inspect(platform: Platform, work: Any) -> Any:
    engine = platform.database.migrating()
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


async def test_the_migrated_schema_is_what_the_models_say(platform: Platform) -> None:
    prefixes = ("core_", "tenant", "programme", "platform_", *(f"{id_}_" for id_ in platform.plugins.healthy))

    def ours(item: Any, name: str | None, kind: str, *_: Any) -> bool:
        table = str(name if kind == "table" else item.table.name)
        # Spatial and trigram indexes are operations of the migration, not of the model.
        special = kind == "index" and str(name).endswith(("_gist", "_trgm"))
        return (
            table.startswith(prefixes)
            and not table.endswith("alembic_version")
            and "_rtree" not in table
            and not special
        )

    def compare(connection: Connection) -> list[Any]:
        opts = {"compare_type": False, "include_object": ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=opts), Base.metadata))

    differences = await inspect(platform, compare)
    assert [str(difference)[:300] for difference in differences] == []


async def test_every_tenant_table_starts_its_keys_with_the_tenant(platform: Platform) -> None:
    def keys(connection: Connection) -> list[str]:
        inspector, wrong = sa.inspect(connection), []
        for table in tenant_tables(platform):
            found: list[Any] = [inspector.get_pk_constraint(table)["constrained_columns"]]
            found += [unique["column_names"] for unique in inspector.get_unique_constraints(table)]
            found += [key["constrained_columns"] for key in inspector.get_foreign_keys(table)]
            wrong += [f"{table}: {columns}" for columns in found if columns[0] != "tenant_id"]
        return wrong

    assert await inspect(platform, keys) == []


async def test_every_tenant_table_is_walled_in_by_the_database(platform: Platform) -> None:
    def walls(connection: Connection) -> dict[str, str]:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(
                "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'guard_*' GROUP BY 1"
            )
            return {name: str(count) for name, count in rows}
        rows = connection.exec_driver_sql(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AND count(p.*) FILTER"
            " (WHERE p.polwithcheck IS NOT NULL) > 0 AND count(p.*) FILTER (WHERE NOT p.polpermissive) > 0"
            " FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid GROUP BY c.oid"
        )
        return {name: "3" if walled else "0" for name, walled in rows}

    found = await inspect(platform, walls)
    assert [table for table in tenant_tables(platform) if found.get(table) != "3"] == []


async def test_the_serving_role_owns_nothing_and_bypasses_nothing(platform: Platform) -> None:
    if platform.database.dialect == "sqlite":
        # SQLite has no roles: reading connections refuse to write, and nobody is a tenant until a session says so.
        async with platform.database.reading.connect() as connection:
            assert (await connection.exec_driver_sql("PRAGMA query_only")).scalar() == 1
            assert (await connection.exec_driver_sql("SELECT current_tenant()")).scalar() is None
        return

    def rights(connection: Connection) -> Any:
        role = connection.execute(
            sa.text("SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = :r"),
            {"r": APP_ROLE},
        ).scalar()
        owned = connection.execute(
            sa.text("SELECT count(*) FROM pg_tables WHERE tableowner = :r"), {"r": APP_ROLE}
        ).scalar()
        return role, owned

    assert await inspect(platform, rights) == (False, 0)


async def test_four_upgraders_at_once_leave_one_schema(tmp_path: Path, database: Address) -> None:
    platform = Platform(settings_for(database, tmp_path / "data"))
    for migrations in reversed(platform.migrations[1:]):
        await downgrade(platform.database, migrations)
    results = await asyncio.gather(*(upgrade(platform.database, platform.migrations) for _ in range(4)))
    assert all(not state.pending for states in results for state in states)
    await platform.stop()


async def test_a_plugin_goes_down_and_up_without_touching_other_tables(platform: Platform) -> None:
    def shape(connection: Connection) -> dict[str, int]:
        inspector = sa.inspect(connection)
        return {name: len(inspector.get_columns(name)) for name in inspector.get_table_names()}

    before = await inspect(platform, shape)
    for migrations in platform.migrations[1:]:
        await downgrade(platform.database, migrations)
        after = await inspect(platform, shape)
        gone = {name for name in before if name not in after}
        assert gone, f"{migrations.owner} leaves its tables behind"
        assert all(name.startswith(f"{migrations.owner}_") for name in gone)
        await upgrade(platform.database, [migrations])
        assert await inspect(platform, shape) == before


async def test_status_says_what_is_pending(platform: Platform) -> None:
    plugin = platform.migrations[-1]
    await downgrade(platform.database, plugin)
    states = {state.owner: state for state in await status(platform.database, platform.migrations)}
    assert states[plugin.owner].pending
    assert not states[CORE.owner].pending
