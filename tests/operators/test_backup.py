"""docs/operators/backup.md, word for word: filled, backed up, destroyed, restored, compared, on both databases."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from regiohub.platform import Platform
from regiohub.tenancy.appearance import set_logo
from regiohub.testing.contract.filling import fill_tables
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, prepare, settings_for
from regiohub.testing.services import postgresql
from regiohub_lorawan.service import backfill
from regiohub_lorawan.store.observations import Point
from regiohub_lorawan.testing import register

from ..apps.walk import follow, sections  # noqa: TID252 - pages are followed in one way
from .machines import ROOT, Machine

PAGE = (ROOT / "docs" / "operators" / "backup.md").read_text(encoding="utf-8")
PARTS = sections(PAGE)
SHELF = "/var/backups/regiohub"
TOWN = "potsdam"
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


def do(machine: Machine, part: str, shelf: Path) -> None:
    """What one part of the page says, on this machine."""
    text = PARTS[part].replace(SHELF, str(shelf))
    if machine.server:
        text = text.replace("db.example.org", str(machine.server.host))
    follow(text, machine.folder, machine.environment)


async def fill(machine: Machine, address: Address) -> tuple[dict[str, str], dict[str, str]]:
    """Rows in the tables of every plugin, measured values, an uploaded file; what the machine then holds."""
    platform = Platform(settings_for(address, machine.data))
    try:
        await platform.start()
        town = platform.tenants.get(TOWN)
        assert town
        scope = platform.scope(town)
        for plugin in platform.plugins.healthy:
            if plugin != "lorawan":
                await fill_tables(plugin)(scope, 3)
        sensor = await register(scope)
        await backfill.load(
            sensor.scope, [Point(sensor.temperature.series, 1_780_000_000_000 + i, i) for i in range(5)]
        )
        await scope.run(lambda ctx: set_logo(ctx, LOGO))
    finally:
        await platform.stop()
    rows, files = machine.rows(), machine.files()
    assert len(rows) > 60
    assert any("branding/logo" in name for name in files)
    return rows, files


@pytest.mark.timeout(300)
async def test_an_embedded_installation_comes_back_from_its_backup(
    tmp_path: Path, sqlite_template: SqliteTemplate
) -> None:
    machine, shelf = Machine(tmp_path), tmp_path / "shelf"
    shelf.mkdir()
    machine.data.mkdir()
    with sqlite_template.copy(machine.data) as address:
        rows, files = await fill(machine, address)
    do(machine, "Back up, embedded", shelf)
    assert all(file.stat().st_mode & 0o077 == 0 for file in shelf.iterdir())
    shutil.rmtree(machine.data)
    do(machine, "Restore, embedded", shelf)
    assert machine.rows() == rows
    assert machine.files() == files
    do(machine, "The drill", shelf)


@pytest.mark.postgresql
@pytest.mark.timeout(300)
async def test_an_installation_on_postgresql_comes_back_on_an_empty_server(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    with postgresql() as server:
        machine = Machine(tmp_path, server)
        template = PostgresTemplate(server, "regiohub")
        await template.create()
        await prepare(template.address, tmp_path / "prepared")
        rows, files = await fill(machine, template.address)
        do(machine, "Prepare, PostgreSQL", shelf)
        do(machine, "Back up, PostgreSQL", shelf)
    shutil.rmtree(machine.data)
    with postgresql() as other:
        again = Machine(tmp_path, other)
        do(again, "Restore, PostgreSQL", shelf)
        assert again.rows() == rows
        assert again.files() == files
        found = again.run("doctor", "--json")
        assert '"level": "error"' not in found
        assert "enabled and forced on every table of towns" in found
        do(again, "The drill", shelf)


def test_a_lost_row_and_a_lost_file_would_be_noticed(tmp_path: Path, sqlite_template: SqliteTemplate) -> None:
    machine = Machine(tmp_path)
    machine.data.mkdir()
    with sqlite_template.copy(machine.data):
        rows, files = machine.rows(), machine.files()
        with closing(sqlite3.connect(machine.data / "regiohub.sqlite3")) as connection:
            connection.create_function("current_tenant", 0, lambda: 0)  # as migrations do
            connection.execute("DELETE FROM programme")
            connection.execute("UPDATE tenant SET motto = 'changed'")
            connection.commit()
        (machine.data / "more").write_text("x")
        assert {name for name, digest in machine.rows().items() if digest != rows[name]} >= {"tenant"}
        assert machine.files() != files
