"""Migrations that change, rebuild or drop tables with spatial indexes on SQLite."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from regiohub.db.migrate import Migrations, upgrade
from regiohub.testing import World

STEPS = {
    "0001": """
    for table in ("rebuilt_lamp", "rebuilt_lamp_post"):
        ops.create_tenant_table(table, sa.Column("place", ops.GeoJson()), sa.Column("note", sa.Text()))
        ops.spatial_index(table, "place")
        ops.guard(table)
""",
    "0002": """
    ops.drop_columns("rebuilt_lamp_post", "note")
    ops.drop_tenant_table("rebuilt_lamp")
""",
    "0003": """
    with ops.change_table("rebuilt_lamp_post") as table:
        table.drop_column("place")
    from regiohub.db.migrations import guards
    for statement in guards.sqlite_append_only("rebuilt_lamp_post"):
        ops.execute(statement)
""",
    "0004": """
    ops.add_columns("rebuilt_lamp_post", sa.Column("height", sa.Integer()))
""",
    "0005": """
    ops.drop_columns("rebuilt_lamp_post", "height")
""",
}


@pytest.fixture
def rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Migrations:
    """Migrations of two tables, one of whose names begins with the other's."""
    versions = tmp_path / "rebuilt_migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "__init__.py").touch()
    before = None
    for number, body in STEPS.items():
        head = "import sqlalchemy as sa\nfrom regiohub.api.migrations import ops\n"
        said = f"revision = {number!r}\ndown_revision = {before!r}\n\ndef upgrade():{body}"
        (versions / f"{number}.py").write_text(head + said)
        before = number
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    monkeypatch.delitem(sys.modules, "rebuilt_migrations", raising=False)
    return Migrations("rebuilt", "rebuilt_migrations")


async def _named(world: World, kind: str) -> set[str]:
    async with world.platform.database.migrating().connect() as connection:
        rows = await connection.exec_driver_sql(f"SELECT name FROM sqlite_master WHERE type = '{kind}'")
        return {name for (name,) in rows if name.startswith("rebuilt_lamp") or "_rebuilt_lamp" in name}


async def test_spatial_indexes_follow_their_tables(world_sqlite: World, rebuilt: Migrations) -> None:
    database = world_sqlite.platform.database
    await upgrade(database, [rebuilt], "0001")
    before = await _named(world_sqlite, "trigger")
    await upgrade(database, [rebuilt], "0002")
    kept = {name for name in before if "lamp_post" in name}
    assert {name for name in kept if "rtree" in name} != set()
    assert await _named(world_sqlite, "trigger") == kept, "rebuilding loses no trigger"
    tables = await _named(world_sqlite, "table")
    assert "rebuilt_lamp_post_place_rtree" in tables, "dropping a table leaves those with longer names alone"
    assert not any(name.startswith("rebuilt_lamp_place_rtree") for name in tables)
    await upgrade(database, [rebuilt], "0003")
    assert await _named(world_sqlite, "table") == {"rebuilt_lamp_post"}
    assert not any("rtree" in name for name in await _named(world_sqlite, "trigger"))
    open_before = await _named(world_sqlite, "trigger")
    assert "append_only_rebuilt_lamp_post_update" in open_before
    for revision in ("0004", "0005"):
        await upgrade(database, [rebuilt], revision)
        assert await _named(world_sqlite, "trigger") == open_before, "what may only grow stays so"
