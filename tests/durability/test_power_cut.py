"""What a power cut leaves: in production a commit is confirmed when the disk has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from regiohub.cli.database_examination import database_checks
from regiohub.cli.examination import Finding
from regiohub.platform import Platform
from regiohub.settings import Environment
from regiohub.testing.databases import Address, settings_for
from regiohub.testing.installations import Engine, Installations

from .town import recipe

FULL, NORMAL = 2, 1


@pytest.mark.parametrize(("environment", "wanted"), [(Environment.PRODUCTION, FULL), (Environment.DEVELOPMENT, NORMAL)])
async def test_the_embedded_database_waits_for_the_disk_in_production(
    environment: Environment, wanted: int, tmp_path: Path
) -> None:
    url = f"sqlite+aiosqlite:///{(tmp_path / 'regiohub.sqlite3').as_posix()}"
    settings = settings_for(Address(url, url), tmp_path / "data").model_copy(update={"environment": environment})
    platform = Platform(settings, entries=[])
    async with platform.database.writing.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        async with driver.execute("PRAGMA synchronous") as cursor:
            assert [tuple(row) for row in await cursor.fetchall()] == [(wanted,)]
    await platform.stop()


@pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def test_doctor_tells_of_a_server_that_confirms_before_it_has_written(
    installations: Installations, engine: Engine, tmp_path: Path
) -> None:
    async with installations.open(recipe(), engine, tmp_path) as world:
        found: list[Finding] = [
            finding for check in database_checks(world.platform) for finding in await check(world.platform)
        ]
    (told,) = [finding for finding in found if finding.subject == "Commits"]
    assert told.level == "note", "no production"
    assert "fsync is off" in told.text
