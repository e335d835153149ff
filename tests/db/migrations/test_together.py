"""Several processes that upgrade at once, and one that is killed: the tables are made once and are whole."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from regiohub.db.migrate import downgrade, status, upgrade
from regiohub.platform import Platform

from .prints import fingerprints

FOUR = 4
REGIOHUB = Path(sys.executable).with_name("regiohub")


async def _upgrader(platform: Platform, folder: Path) -> asyncio.subprocess.Process:
    settings = platform.settings
    environment = os.environ | {
        "REGIOHUB_DATABASE_URL": settings.database_url, "REGIOHUB_DATABASE_OWNER_URL": settings.database_owner_url,
        "REGIOHUB_DATA_DIR": str(folder),
    }  # fmt: skip
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        str(REGIOHUB), "db", "upgrade", env=environment, stdout=pipe, stderr=pipe, cwd=folder
    )


async def _all(platform: Platform, folder: Path) -> list[tuple[int, str]]:
    processes = [await _upgrader(platform, folder) for _ in range(FOUR)]
    ends = await asyncio.gather(*(process.communicate() for process in processes))
    return [
        (process.returncode or 0, out.decode() + err.decode())
        for process, (out, err) in zip(processes, ends, strict=True)
    ]


@pytest.mark.timeout(300)
async def test_four_processes_upgrade_an_empty_database_and_an_older_one_once(empty: Platform, tmp_path: Path) -> None:
    for code, said in await _all(empty, tmp_path):
        assert code == 0, said
        assert "waiting" not in said
    whole = await fingerprints(empty.database)
    assert not any(state.pending for state in await status(empty.database, empty.migrations))
    # From an older revision of every distribution, those that others stand on last.
    for migrations in reversed(empty.migrations):
        await downgrade(empty.database, migrations, "-1")
    assert all(state.pending for state in await status(empty.database, empty.migrations))
    assert [code for code, _ in await _all(empty, tmp_path)] == [0] * FOUR
    assert await fingerprints(empty.database) == whole


@pytest.mark.timeout(300)
async def test_an_upgrade_that_is_killed_is_taken_up_by_the_next(empty: Platform, tmp_path: Path) -> None:
    seen: set[int] = set()
    for moment in (2, 4):
        process = await _upgrader(empty, tmp_path)
        # Killed once so many distributions are there: in the middle of the work of the next one.
        while len([state for state in await _reached(empty) if state]) < moment and process.returncode is None:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.communicate()
        reached = await _reached(empty)
        seen.add(sum(state is not None for state in reached))
        heads = [state.head for state in await status(empty.database, empty.migrations)]
        # Each distribution is one transaction: there whole, or not at all.
        assert all(state in (None, head) for state, head in zip(reached, heads, strict=True))
    assert min(seen) < len(empty.migrations)
    await upgrade(empty.database, empty.migrations)
    assert not any(state.pending for state in await status(empty.database, empty.migrations))
    found = await fingerprints(empty.database)
    for migrations in reversed(empty.migrations[1:]):
        await downgrade(empty.database, migrations)
    await upgrade(empty.database, empty.migrations)
    assert await fingerprints(empty.database) == found


async def _reached(platform: Platform) -> list[str | None]:
    return [state.current for state in await status(platform.database, platform.migrations)]
