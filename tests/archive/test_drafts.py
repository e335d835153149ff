"""New archives: whole at their place or not there, and drafts that nobody writes any more are cleared away."""

from __future__ import annotations

import asyncio
import os
import threading
from errno import ENOLCK
from pathlib import Path
from typing import Any

import pytest

from regiohub.archive import drafts
from regiohub.archive.container import hash_of
from regiohub.archive.drafts import new_archive, tidy_drafts
from regiohub.errors import Conflict, InvalidInput
from regiohub.files import try_lock


async def write(target: Path) -> None:
    async with new_archive(target) as made:
        made.finish({})


async def test_an_archive_broken_off_leaves_no_file(tmp_path: Path) -> None:
    async def broken_off() -> None:
        async with new_archive(tmp_path / "town.zip") as made:
            made.content("a", b"x" * 100_000)
            assert os.listdir(tmp_path) != []
            raise KeyError

    with pytest.raises(KeyError):
        await broken_off()
    assert os.listdir(tmp_path) == []


async def test_an_existing_file_and_one_that_cannot_be_written_are_refused_with_the_field(tmp_path: Path) -> None:
    (tmp_path / "there.zip").write_text("earlier")
    with pytest.raises(Conflict, match="exists already") as there:
        await write(tmp_path / "there.zip")
    with pytest.raises(InvalidInput, match=r"fails \(Not a directory\); nothing was deleted") as unwritable:
        async with new_archive(tmp_path / "there.zip" / "town.zip", field="export"):
            pass
    assert (there.value.field, unwritable.value.field) == ("file", "export")
    assert (tmp_path / "there.zip").read_text() == "earlier"
    assert os.listdir(tmp_path) == ["there.zip"]


async def test_one_that_comes_meanwhile_is_not_overwritten_either(tmp_path: Path) -> None:
    async def overtaken() -> None:
        async with new_archive(tmp_path / "town.zip") as made:
            (tmp_path / "town.zip").write_text("quicker")
            made.finish({})

    with pytest.raises(Conflict, match="exists already"):
        await overtaken()
    assert (tmp_path / "town.zip").read_text() == "quicker"
    assert os.listdir(tmp_path) == ["town.zip"]


async def test_a_draft_is_alive_as_long_as_its_writer_holds_the_lock_wherever_that_runs(tmp_path: Path) -> None:
    async with new_archive(tmp_path / "town.zip") as made:
        (name,) = os.listdir(tmp_path)
        # No process here has the number of one that runs in another container.
        os.rename(tmp_path / name, tmp_path / ".town.zip.4194305.part")
        tidy_drafts(tmp_path, "*")
        assert os.listdir(tmp_path) == [".town.zip.4194305.part"]
        os.rename(tmp_path / ".town.zip.4194305.part", tmp_path / name)
        made.finish({})
    assert os.listdir(tmp_path) == ["town.zip"]


async def test_the_draft_of_a_process_that_was_killed_goes_even_if_another_has_its_number(tmp_path: Path) -> None:
    (tmp_path / f".town.zip.{os.getpid()}.part").write_text("half")
    (tmp_path / f".other.zip.{os.getpid()}.part").write_text("half")
    await write(tmp_path / "town.zip")
    assert sorted(os.listdir(tmp_path)) == [f".other.zip.{os.getpid()}.part", "town.zip"]


async def test_a_drive_that_knows_no_locks_takes_archives_and_keeps_drafts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_descriptor: int) -> bool:
        raise OSError(ENOLCK, "No locks available")

    monkeypatch.setattr(drafts, "try_lock", refused)
    (tmp_path / ".town.zip.0.part").write_text("half")
    await write(tmp_path / "town.zip")
    assert sorted(os.listdir(tmp_path)) == [".town.zip.0.part", "town.zip"]


async def test_a_draft_that_is_tidied_up_before_it_is_locked_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quicker = [True]

    def overtaken(descriptor: int) -> bool:
        if quicker:
            quicker.clear()
            next(tmp_path.glob(".town.zip.*.part")).unlink()
        return try_lock(descriptor)

    monkeypatch.setattr(drafts, "try_lock", overtaken)
    await write(tmp_path / "town.zip")
    assert os.listdir(tmp_path) == ["town.zip"]


async def test_others_go_on_while_a_large_archive_is_read_back_and_one_broken_off_there_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = threading.Event()

    def slow(file: Any) -> str:
        assert others.wait(20), "nobody else had a turn"
        return hash_of(file)

    monkeypatch.setattr(drafts, "hash_of", slow)
    writing = asyncio.create_task(write(tmp_path / "town.zip"))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert os.listdir(tmp_path) == []
    writing = asyncio.create_task(write(tmp_path / "town.zip"))
    await asyncio.sleep(0)
    others.set()
    await writing
    assert os.listdir(tmp_path) == ["town.zip"]
