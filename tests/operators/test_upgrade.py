"""docs/operators/upgrade.md: from filled tables of the previous revisions to the newest, and back by the backup."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest
import sqlalchemy as sa
from packaging.version import Version
from sqlalchemy.engine import Connection

from regiohub.db.migrate import State, downgrade, status, upgrade
from regiohub.platform import Platform
from regiohub.testing.contract.filling import fill_tables
from regiohub.testing.databases import Address, settings_for

from ..apps.walk import follow  # noqa: TID252 - pages are followed in one way
from .machines import ROOT, Machine

PAGE = (ROOT / "docs" / "operators" / "upgrade.md").read_text(encoding="utf-8")
NOW = Version(version("regiohub"))


async def fill(platform: Platform) -> None:
    """Rows in the tables of every plugin, in one town."""
    await platform.start()
    town = platform.tenants.get("potsdam")
    assert town
    for plugin in platform.plugins.healthy.values():
        # Partitions are made with the values that come, so made-up rows of any time find none on PostgreSQL.
        if plugin.id != "lorawan" or platform.database.dialect == "sqlite":
            await fill_tables(plugin.id)(platform.scope(town), 3)


async def step_back(platform: Platform) -> Sequence[State]:
    """Every distribution one revision back, those that others stand on last."""
    for migrations in reversed(platform.migrations):
        await downgrade(platform.database, migrations, "-1")
    return await status(platform.database, platform.migrations)


async def counts(platform: Platform) -> dict[str, int]:
    """Rows of each table with rows."""

    def count(connection: Connection) -> dict[str, int]:
        names = sa.inspect(connection).get_table_names()
        found = {
            name: connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar() for name in names
        }
        kept = {name: rows for name, rows in found.items() if rows and not name.endswith(("alembic_version", "_rtree"))}
        # Its rows say that something has changed, and a migration is something.
        return {name: rows for name, rows in kept.items() if "_rtree_" not in name and "version" not in name}

    engine = platform.database.migrating()
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(count)
    finally:
        await engine.dispose()


@pytest.mark.timeout(300)
async def test_filled_tables_of_the_previous_revisions_keep_their_rows(database: Address, tmp_path: Path) -> None:
    platform = Platform(settings_for(database, tmp_path / "data"))
    try:
        await fill(platform)
        older = await step_back(platform)
        assert all(state.pending and state.current for state in older), "each distribution has a former revision"
        before = await counts(platform)
        assert len(before) > 30
        states = await upgrade(platform.database, platform.migrations)
        assert not any(state.pending for state in states)
        after = await counts(platform)
        assert {name: after.get(name) for name in before} == before
    finally:
        await platform.stop()


@pytest.mark.timeout(300)
def test_the_page_leads_from_the_previous_revisions_to_the_newest_and_back(
    tmp_path: Path, sqlite_template: object, request: pytest.FixtureRequest
) -> None:
    template = request.getfixturevalue("sqlite_template")
    machine = Machine(tmp_path)
    machine.data.mkdir()
    # The installation is asked while its release still runs, and that fits its tables.
    before, step, after = PAGE.replace("0.1.1", f"{NOW.major}.{NOW.minor}.{NOW.micro + 1}").partition("## 3. Back up")
    with template.copy(machine.data) as address:
        follow(before, tmp_path, machine.environment)

        async def prepare() -> None:
            platform = Platform(settings_for(address, machine.data))
            try:
                await step_back(platform)
            finally:
                await platform.stop()

        asyncio.run(prepare())
        older = machine.rows()
        follow(step + after, tmp_path, machine.environment)
        # The page ends with the way back.
        assert machine.rows() == older
        (former,) = machine.data.glob("*.before-restore-*")
        assert former.stat().st_size
