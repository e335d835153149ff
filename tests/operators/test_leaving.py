"""docs/operators/leaving.md, word for word: a town leaves one installation, comes to another, and is removed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from regiohub.testing.databases import SqliteTemplate
from regiohub.testing.depth import is_full
from regiohub.testing.installations import Installations, Recipe
from regiohub.testing.towns import named_town

from ..apps.walk import follow, sections  # noqa: TID252 - pages are followed in one way
from .machines import ROOT, Machine

PAGE = ROOT / "docs" / "operators" / "leaving.md"
PARTS = sections(PAGE.read_text(encoding="utf-8"))


def do(machine: Machine, part: str) -> None:
    """What one part of the page says, on this machine."""
    follow(PARTS[part], machine.folder, machine.environment)


def machine_in(folder: Path, **more: str) -> Machine:
    """A machine with a folder of its own for towns' files."""
    (folder / "data").mkdir(parents=True)
    return Machine(folder, more={"REGIOHUB_TENANTS_DIR": str(folder / "towns"), **more})


@pytest.mark.timeout(300)
async def test_a_town_moves_to_another_installation_and_leaves_the_first(
    tmp_path: Path, sqlite_template: SqliteTemplate, installations: Installations
) -> None:
    here, there = machine_in(tmp_path / "here"), machine_in(tmp_path / "there")
    others = Recipe(towns=lambda _plugins, _datasets: [named_town("berlin", 3)])
    with sqlite_template.copy(here.data), (await installations.prepared(others, "sqlite")).copy(there.data):
        do(here, "Take everything along")
        do(here, "A drill beside the town")
        for name in ("potsdam.zip", "potsdam-head.json", "passphrase.txt"):
            shutil.copy(here.folder / name, there.folder / name)
        do(there, "Move to another installation")
        do(here, "Remove a town")
        assert "potsdam" in there.run("tenant", "list")
        assert "potsdam" not in here.run("tenant", "list")
        assert "departure" in here.run("tenant", "history")
        assert (here.folder / "potsdam-last.zip").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(not is_full(), reason="at depth full: the removal's own tests run on both databases each time")
@pytest.mark.postgresql
@pytest.mark.timeout(300)
async def test_on_postgresql_a_town_is_removed_with_the_owners_login_and_comes_back(
    tmp_path: Path, installations: Installations
) -> None:
    with (await installations.prepared(Recipe(), "postgresql")).copy(tmp_path) as address:
        machine = machine_in(
            tmp_path / "here",
            REGIOHUB_DATABASE_URL=address.url,
            REGIOHUB_DATABASE_OWNER_URL=address.owner_url,
        )
        (machine.folder / "passphrase.txt").write_text("a passphrase of the test\n", encoding="utf-8")
        do(machine, "Remove a town")
        machine.run("tenant", "import", "potsdam-last.zip", "--passphrase-file", "passphrase.txt")
        assert "potsdam" in machine.run("tenant", "list")
