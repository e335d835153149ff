"""What was given up is shown by doctor and settled by commands."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regiohub.events.models import EntryKind, EntryState, OutboxEntry
from regiohub.platform import Platform
from regiohub.testing.databases import Address, settings_for

from .conftest import Shell


@pytest.fixture
def letter(shell: Shell) -> str:
    """Id of a dead letter in Potsdam."""

    async def bury() -> str:
        url = f"sqlite+aiosqlite:///{(Path(shell.root) / 'data' / 'regiohub.sqlite3').as_posix()}"
        platform = Platform(settings_for(Address(url, url), shell.root / "data"))
        await platform.start()
        try:
            tenant = platform.tenants.get("potsdam")
            assert tenant is not None
            async with platform.scope(tenant).write() as ctx:
                now = datetime.now(UTC)
                entry = OutboxEntry(
                    kind=EntryKind.MAIL, name="booking/confirmed", version=1, payload={}, key=None,
                    state=EntryState.DEAD, attempts=14, due_at=now, created_at=now, finished_at=now,
                    error="Refused: the mail server answered 550",
                )  # fmt: skip
                ctx.session.add(entry)
                await ctx.session.flush()
                return str(entry.id)
        finally:
            await platform.stop()

    return asyncio.run(bury())


def test_it_is_shown_by_doctor_tried_again_and_dropped(shell: Shell, letter: str) -> None:
    answer = shell.run("doctor")
    assert answer.code == 0
    assert "booking/confirmed was given up after 14 attempts: Refused: the mail server answered 550" in answer.out
    assert f"regiohub outbox retry --tenant potsdam {letter}" in answer.out
    assert [entry["id"] for entry in shell.run("outbox", "list", "--json").json] == [letter]
    assert shell.run("outbox", "retry", "--tenant", "potsdam", letter).out == "Due again: 1\n"
    assert shell.run("outbox", "drop", "--tenant", "potsdam").out == "Closed: 0\n"
