"""Writing an archive of a town that lives: files come and go, names are odd, and the log may be damaged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from regiohub.archive.check import check_archive
from regiohub.archive.export import export_town
from regiohub.archive.progress import Unwatched
from regiohub.audit import seal_town, verify
from regiohub.errors import Conflict, InvalidInput
from regiohub.testing import World

from .conftest import EMPTY_ONE, ONE, Open, exported, imported


class Deleting(Unwatched):
    """Deletes a file between the moment the files are listed and the moment they are copied."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def begin(self, title: str, total: int | None = None) -> None:
        """Delete it as the files begin."""
        if title == "files":
            self.file.unlink()


async def test_a_file_that_is_deleted_meanwhile_stands_in_the_manifest_as_left_out(opens: Open, tmp_path: Path) -> None:
    async with opens("sqlite", ONE) as world:
        folder = world.scope("potsdam").data_dir
        for name in ("a.txt", "b.txt", "c.txt"):
            (folder / name).write_text(name, encoding="utf-8")
        town = world.tenant("potsdam")
        await export_town(world.platform, town, tmp_path / "1.zip", progress=Deleting(folder / "b.txt"))
    found = check_archive(tmp_path / "1.zip").manifest
    assert found.below("files") == ["files/a.txt", "files/c.txt"]
    assert "deleted" in found.left_out["files/b.txt"]


async def test_files_that_are_only_being_written_are_no_part_of_it(opens: Open, tmp_path: Path) -> None:
    async with opens("sqlite", ONE) as world:
        folder = world.scope("potsdam").data_dir
        (folder / ".plan.pdf.part").write_text("half")
        (folder / "plan.part").write_text("whole")
        done = await exported(world, tmp_path / "1.zip")
    assert done.manifest.below("files") == ["files/plan.part"]


@pytest.mark.parametrize("name", [b"a\\b.txt", b"\xff.txt"])
async def test_a_file_name_that_no_archive_can_hold_is_said_at_once_or_left_out_when_asked(
    opens: Open, tmp_path: Path, name: bytes
) -> None:
    async with opens("sqlite", ONE) as world:
        (world.scope("potsdam").data_dir / os.fsdecode(name)).write_text("odd", encoding="utf-8")
        with pytest.raises(Conflict, match="--leave-out"):
            await exported(world, tmp_path / "1.zip")
        await exported(world, tmp_path / "1.zip", strange=True)
    found = check_archive(tmp_path / "1.zip").manifest
    assert found.below("files") == []
    assert [reason for left, reason in found.left_out.items() if left.startswith("files/")] != []


async def entries(world: World, number: int) -> None:
    async with world.scope("potsdam").write() as ctx:
        for n in range(number):
            await ctx.audit("tenant.changed", kind="tenant", id=str(n))


async def test_what_was_written_down_last_leaves_under_a_seal(opens: Open, tmp_path: Path) -> None:
    async with opens("sqlite", ONE) as world:
        await entries(world, 3)
        await exported(world, tmp_path / "1.zip")
    async with opens("sqlite", EMPTY_ONE) as world:
        await imported(world, tmp_path / "1.zip")
        async with world.scope("potsdam").read() as ctx:
            report = await verify(ctx)
    assert (report.ok, report.unsealed) == (True, 0)
    assert report.entries >= 3


@pytest.mark.parametrize("damage", ["chain = x'00'", "digests = x'0011'", "number = -number"])
async def test_a_damaged_log_stops_no_export_and_is_seen_where_it_arrives(
    opens: Open, tmp_path: Path, damage: str
) -> None:
    async with opens("sqlite", ONE) as world:
        await entries(world, 3)
        await seal_town(world.platform, world.tenant("potsdam"))
        await entries(world, 1)
        engine = world.platform.database.migrating()
        async with engine.begin() as connection:
            for trigger in await connection.scalars(
                sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'core_audit_seal'")
            ):
                await connection.execute(sa.text(f'DROP TRIGGER "{trigger}"'))
            await connection.execute(sa.text(f"UPDATE core_audit_seal SET {damage}"))
        await engine.dispose()
        await exported(world, tmp_path / "1.zip")
    async with opens("sqlite", EMPTY_ONE) as world:
        with pytest.raises(InvalidInput, match="--accept-log"):
            await imported(world, tmp_path / "1.zip")
        await imported(world, tmp_path / "1.zip", accept_log=True)
        async with world.scope("potsdam").read() as ctx:
            assert not (await verify(ctx)).ok
