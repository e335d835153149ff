"""A town leaves one database and comes back through the other: byte for byte what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from regiohub.testing.depth import is_full
from regiohub.testing.installations import Engine, Recipe

from .conftest import Open, exported, fill_town, imported, manifest, members

pytestmark = pytest.mark.postgresql


# Both ways are in the first round already; the second one begins with rows that PostgreSQL has made.
WAYS: list[Engine] = ["sqlite", "postgresql"] if is_full() else ["sqlite"]


@pytest.mark.parametrize("first", WAYS)
async def test_a_town_with_rows_in_every_table_is_the_same_after_both_databases(
    opens: Open, tmp_path: Path, first: Engine
) -> None:
    second: Engine = "postgresql" if first == "sqlite" else "sqlite"
    async with opens(first, Recipe()) as world:
        await fill_town(world)
        there = await exported(world, tmp_path / "1.zip")
    async with opens(second) as world:
        await imported(world, tmp_path / "1.zip")
        await exported(world, tmp_path / "2.zip")
    async with opens(first) as world:
        await imported(world, tmp_path / "2.zip")
        await exported(world, tmp_path / "3.zip")
    empty = [table.name for table in there.manifest.tables if not table.rows]
    assert empty == ["core_audit_key"], "its rows are made by the change of a key"
    assert members(tmp_path / "1.zip") == members(tmp_path / "2.zip") == members(tmp_path / "3.zip")
    assert manifest(tmp_path / "1.zip")["members"] == manifest(tmp_path / "3.zip")["members"]
