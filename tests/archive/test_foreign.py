"""An archive is somebody else's words: what would harm the installation or its other towns is refused."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from regiohub.archive import check, fitting
from regiohub.archive.check import check_archive
from regiohub.errors import InvalidInput, Unavailable
from regiohub.testing.factories import make
from regiohub_booking.models import Place

from .conftest import EMPTY_ONE, ONE, Open, exported, imported


def forge(file: Path, name: str, content: bytes) -> Path:
    """The archive with another member, and a manifest that is true of it."""
    with ZipFile(file) as archive:
        members = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    manifest = json.loads(members["manifest.json"])
    manifest["members"][name] |= {"bytes": len(content), "sha256": sha256(content).hexdigest()}
    members |= {name: content, "manifest.json": json.dumps(manifest).encode()}
    forged = file.with_name("forged.zip")
    with ZipFile(forged, "w", ZIP_DEFLATED) as archive:
        for member, held in members.items():
            archive.writestr(member, held)
    return forged


@pytest.fixture
async def archive(opens: Open, tmp_path: Path) -> Path:
    """A town with one place."""
    async with opens("sqlite", ONE) as world:
        async with world.scope("potsdam").write() as ctx:
            await make(ctx, Place, name="Haus", slug="haus")
        await exported(world, tmp_path / "1.zip")
    return tmp_path / "1.zip"


def town_with(file: Path, **changes: Any) -> Path:
    with ZipFile(file) as archive:
        facts = json.loads(archive.read("town.json"))
    return forge(file, "town.json", json.dumps(facts | changes, sort_keys=True).encode() + b"\n")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Mars/Phobos"), ("timezone", 5), ("branding", None), ("hosts", 5), ("hosts", [5]),
        ("hosts", ["127.0.0.1"]), ("hosts", ["LOCALHOST"]), ("cors_origins", "x"), ("locale", 7),
    ],
)  # fmt: skip
async def test_facts_that_would_stop_or_take_over_the_installation_are_refused(
    opens: Open, archive: Path, name: str, value: object
) -> None:
    async with opens("sqlite", EMPTY_ONE) as world:
        with pytest.raises(InvalidInput, match=name):
            await imported(world, town_with(archive, **{name: value}))
        assert await world.platform.tenants.refresh() is False
        await imported(world, archive)
        assert world.platform.tenants.get("potsdam") is not None


async def test_a_member_that_is_read_whole_has_a_limit(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_MOST_FACTS", 100)
    with pytest.raises(InvalidInput, match=r"town\.json is too large|audit\.json is too large|is too large"):
        check_archive(archive)


async def test_a_row_of_gigabytes_is_no_row(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "CHUNK", 16)
    monkeypatch.setattr(check, "_MOST_LINE", 100)
    with pytest.raises(InvalidInput, match="is not what the manifest says"):
        check_archive(archive)


async def test_what_does_not_fit_on_the_disk_is_not_begun(
    opens: Open, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nearly_full(_folder: Path) -> int:
        return 1000

    monkeypatch.setattr(fitting, "room_left", nearly_full)
    async with opens("sqlite", EMPTY_ONE) as world:
        with pytest.raises(Unavailable, match="no room"):
            await imported(world, archive)
