"""kill -9 in the middle of a command: what was promised holds for real processes, too."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import orjson

from regiohub.testing.installations import Installations
from regiohub.testing.world import open_world
from regiohub_booking.testing import fill

from .conftest import EMPTY_ONE, ONE, SECRET, exported, members, secret


def command(home: Path, *words: str) -> subprocess.Popen[bytes]:
    """A command on an installation, as an operator gives it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REGIOHUB_")}
    own = {
        "REGIOHUB_DATA_DIR": str(home / "data"), "REGIOHUB_TENANTS_DIR": str(home / "towns"),
        "REGIOHUB_DATABASE_URL": f"sqlite+aiosqlite:///{home / 'regiohub.sqlite3'}", "REGIOHUB_SECRET_KEY": SECRET,
        "REGIOHUB_PLUGINS_ALLOWED": "booking",
    }  # fmt: skip
    program = str(Path(sys.executable).with_name("regiohub"))
    return subprocess.Popen([program, *words], env=clean | own, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def progress(home: Path) -> dict[str, int]:
    """What an import under way has committed."""
    with closing(sqlite3.connect(f"file:{home / 'regiohub.sqlite3'}?mode=ro", uri=True, timeout=30)) as connection:
        row = connection.execute("SELECT progress FROM core_transfer WHERE finished_at IS NULL").fetchone()
    return orjson.loads(row[0]) if row else {}


def killed(process: subprocess.Popen[bytes], when: Callable[[], bool]) -> None:
    """Kill a command as soon as it is that far."""
    while process.poll() is None and not when():
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it was quicker than this test"


def drafts(folder: Path) -> list[str]:
    """Archives that are being written."""
    return [path.name for path in folder.glob(".2.zip.*.part")]


async def test_an_import_that_is_killed_goes_on_and_an_export_leaves_no_half_file(
    installations: Installations, tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    async with installations.open(ONE, "sqlite", tmp_path / "here", secret_key=secret(SECRET)) as world:
        await fill(world.scope("potsdam"), 4000)
        await exported(world, tmp_path / "1.zip")
    home = tmp_path / "there"
    home.mkdir()
    with (await installations.prepared(EMPTY_ONE, "sqlite")).copy(home) as address:
        first = command(home, "tenant", "import", str(tmp_path / "1.zip"))
        killed(first, lambda: len(progress(home)) >= 4)
        before = progress(home)
        assert len(before) >= 4
        listed = command(home, "tenant", "list")
        assert b"potsdam" not in listed.communicate()[0]
        second = command(home, "tenant", "import", str(tmp_path / "1.zip"))
        out, err = second.communicate()
        assert second.returncode == 0, err
        assert b"went on where it had stopped" in out
        third = command(home, "tenant", "export", "--tenant", "potsdam", str(tmp_path / "2.zip"))
        killed(third, lambda: drafts(tmp_path) != [])
        assert not (tmp_path / "2.zip").exists()
        async with open_world(address, home / "data", secret_key=secret(SECRET), plugins_allowed=["booking"]) as world:
            await exported(world, tmp_path / "2.zip")
    assert drafts(tmp_path) == []
    assert members(tmp_path / "1.zip") == members(tmp_path / "2.zip")
