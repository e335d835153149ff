"""Files that a town is set up from are read at each start: out of an archive come only those that harm nobody."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from regiohub.cli.steps import load_towns

from .conftest import EMPTY_ONE, ONE, Open, exported, imported


def file(slug: str = "potsdam", **more: str) -> bytes:
    """A sound ``tenant.toml`` with these lines."""
    facts = {"slug": f'"{slug}"', "name": '"Potsdam"', "short_name": '"Potsdam"', "ags": '"12054000"', "state": '"BB"',
             "centre": "[13.0, 52.0]", **more}  # fmt: skip
    return "".join(f"{name} = {value}\n" for name, value in facts.items()).encode()


def with_files(archive: Path, **files: bytes) -> Path:
    """The archive with more members; the manifest is true of them."""
    with ZipFile(archive) as held:
        members = {entry.filename: held.read(entry) for entry in held.infolist()}
    manifest = json.loads(members["manifest.json"])
    for name, content in files.items():
        manifest["members"][name] = {"bytes": len(content), "sha256": sha256(content).hexdigest()}
    forged = archive.with_name("forged.zip")
    with ZipFile(forged, "w", ZIP_DEFLATED) as made:
        for name, content in (members | files | {"manifest.json": json.dumps(manifest).encode()}).items():
            made.writestr(name, content)
    return forged


@pytest.fixture
async def archive(opens: Open, tmp_path: Path) -> Path:
    async with opens("sqlite", ONE) as world:
        await exported(world, tmp_path / "1.zip")
    return tmp_path / "1.zip"


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("definition/tenant.toml", file(hosts='["LOCALHOST"]'), "hosts: one belongs to the platform"),
        ("definition/tenant.toml", file(hosts='["Berlin.test"]'), "hosts: berlin.test belongs to another town"),
        ("definition/tenant.toml", file("berlin"), "slug: required is potsdam"),
        ("definition/tenant.toml", file(population='"many"'), "population: This must be a whole number"),
        ("definition/tenant.toml", b"this is = = no toml", "definition/tenant.toml: "),
        ("definition/tenant.toml", b"\xff", "definition/tenant.toml: "),
        ("definition/tenant.toml", b"#" * (1 << 21), "it is too large"),
        ("programmes/evil.toml", b"]]]", "no programme of the town"),
        ("programmes/sub/evil.sh", b"rm", "no programme of the town"),
    ],
)
async def test_files_that_would_harm_others_stay_in_the_archive_and_the_town_works_without_them(
    opens: Open, archive: Path, name: str, content: bytes, fault: str
) -> None:
    async with opens("sqlite", EMPTY_ONE) as world:
        done = await imported(world, with_files(archive, **{name: content}))
        assert done.definition.written == ()
        assert fault in str(done.definition.fault)
        folder = world.platform.settings.tenants_dir
        assert not folder.exists() or not list(folder.rglob("*"))
        await load_towns(world.platform)
        assert {town.slug: town.hosts for town in world.platform.tenants.all()} == {
            "berlin": ("berlin.test",), "potsdam": ("potsdam.test",),
        }  # fmt: skip


async def test_a_sound_file_comes_out_with_what_stands_beside_it(opens: Open, archive: Path) -> None:
    sound = with_files(
        archive, **{"definition/tenant.toml": file(hosts='["potsdam.test"]'), "definition/logo.svg": b"<svg/>"}
    )
    async with opens("sqlite", EMPTY_ONE) as world:
        done = await imported(world, sound)
        assert (sorted(path.name for path in done.definition.written), done.definition.fault) == (
            ["logo.svg", "tenant.toml"], None,
        )  # fmt: skip
        assert await load_towns(world.platform) == 1
