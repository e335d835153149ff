"""docs/operators/incidents.md: the symptoms are made, and the commands find and mend them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regiohub.events.models import EntryKind, EntryState, OutboxEntry
from regiohub.platform import Platform
from regiohub.testing.databases import Address, SqliteTemplate, settings_for

from ..apps.walk import follow  # noqa: TID252 - pages are followed in one way
from .machines import ROOT, Machine

PAGE = (ROOT / "docs" / "operators" / "incidents.md").read_text(encoding="utf-8")


async def bury(address: Address, data: Path) -> None:
    """Give up a mail in Potsdam."""
    platform = Platform(settings_for(address, data))
    await platform.start()
    try:
        town = platform.tenants.get("potsdam")
        assert town
        async with platform.scope(town).write() as ctx:
            now = datetime.now(UTC)
            ctx.session.add(
                OutboxEntry(
                    kind=EntryKind.MAIL,
                    name="booking/confirmed",
                    version=1,
                    payload={},
                    key=None,
                    state=EntryState.DEAD,
                    attempts=14,
                    due_at=now,
                    created_at=now,
                    finished_at=now,
                    error="Refused: the mail server answered 550",
                )
            )
    finally:
        await platform.stop()


def rival(site: Path) -> None:
    """Install a second distribution that offers the plugin `atlas`."""
    info = site / "rival-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: rival\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[regiohub.plugins]\natlas = rival:plugin\n")


@pytest.mark.timeout(300)
def test_the_commands_of_the_page_find_and_mend(tmp_path: Path, sqlite_template: SqliteTemplate) -> None:
    rival(tmp_path / "site")
    machine = Machine(tmp_path, more={"PYTHONPATH": str(tmp_path / "site")})
    machine.data.mkdir()
    with sqlite_template.copy(machine.data) as address:
        asyncio.run(bury(address, machine.data))
        follow(PAGE, tmp_path, machine.environment)
    listed = (tmp_path / "plugins.json").read_text(encoding="utf-8")
    assert "both offer the plugin atlas: uninstall one of them" in listed
