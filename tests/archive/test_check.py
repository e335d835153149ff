"""An archive can be checked by itself: whatever is changed in it is found."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from jsonschema import Draft202012Validator

from regiohub.archive.check import check_archive
from regiohub.archive.manifest import manifest_schema
from regiohub.errors import InvalidInput
from regiohub.testing.factories import make
from regiohub.testing.installations import Installations
from regiohub_booking.models import Place

from .conftest import ONE, exported

Content = dict[str, bytes]


@pytest.fixture(scope="module")
def archive(installations: Installations, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with rows and a file."""
    folder = tmp_path_factory.mktemp("check")
    asyncio.run(write(installations, folder))
    return folder / "town.zip"


async def write(installations: Installations, folder: Path) -> None:
    async with installations.open(ONE, "sqlite", folder) as world:
        async with world.scope("potsdam").write() as ctx:
            await make(ctx, Place, name="Haus", slug="haus")
            (ctx.data_dir / "plan.txt").write_text("Plan", encoding="utf-8")
        await exported(world, folder / "town.zip")


def again(archive: Path, target: Path, change: Callable[[Content], object]) -> Path:
    """A copy of an archive with other members."""
    with ZipFile(archive) as old:
        content = {name: old.read(name) for name in old.namelist()}
    change(content)
    with ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name, data in content.items():
            new.writestr(name, data)
    return target


def edited(content: Content, change: Callable[[Any], Any]) -> None:
    """Change the manifest."""
    found = json.loads(content["manifest.json"])
    change(found)
    content["manifest.json"] = json.dumps(found).encode()


PLACES = "tables/booking_place.ndjson"


def foreign(content: Content) -> None:
    """A member that leads out of the archive, and a manifest that agrees with it."""
    content["files/../../../etc/passwd"] = b"x"
    facts = {"bytes": 1, "sha256": sha256(b"x").hexdigest(), "rows": None}
    edited(content, lambda found: found["members"].__setitem__("files/../../../etc/passwd", facts))


def fewer(content: Content) -> None:
    """A table without its rows, and a manifest whose hash agrees but whose number does not."""
    content[PLACES] = b""
    facts = {"bytes": 0, "sha256": sha256(b"").hexdigest(), "rows": 1}
    edited(content, lambda found: found["members"].__setitem__(PLACES, facts))


def put(name: str, data: bytes | None) -> Callable[[Content], object]:
    """Another content of a member, or none."""

    def change(content: Content) -> object:
        return content.pop(name) if data is None else content.update({name: data})

    return change


def another_place(content: Content) -> None:
    """A row that says something else."""
    content[PLACES] = content[PLACES].replace(b"Haus", b"Haut")


def twice(content: Content) -> None:
    """Rows that stand there twice."""
    content[PLACES] *= 2


def newer(content: Content) -> None:
    """A version of the format that nobody knows yet."""
    edited(content, lambda found: found.__setitem__("version", 2))


def up(content: Content) -> None:
    """A town whose name leads out of its folder."""
    edited(content, lambda found: found["town"].__setitem__("slug", "../up"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (another_place, "booking_place.ndjson is not what"),
        (twice, "booking_place.ndjson is not what"),
        (put("files/plan.txt", b"Pla"), "plan.txt is not what"),
        (put("schema.graphql", None), "schema.graphql is missing"),
        (put("files/more.txt", b"x"), "more.txt does not stand in the manifest"),
        (put("manifest.json", None), "no manifest"),
        (put("manifest.json", b"{}"), "manifest: "),
        (newer, "manifest: version"),
        (up, "manifest: town.slug"),
        (foreign, "leads out of the archive"),
        (fewer, "do not agree|has 0 rows"),
    ],
)
def test_whatever_is_changed_is_found(
    archive: Path, tmp_path: Path, change: Callable[[Content], object], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        check_archive(again(archive, tmp_path / "changed.zip", change))


def test_an_unchanged_copy_is_sound(archive: Path, tmp_path: Path) -> None:
    checked = check_archive(again(archive, tmp_path / "same.zip", lambda content: None))
    assert checked.manifest == check_archive(archive).manifest
    assert checked.manifest.rows > 0


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_damage_to_whatever_is_read_is_found(archive: Path, tmp_path: Path, place: float) -> None:
    content = bytearray(archive.read_bytes())
    with ZipFile(archive) as whole:
        member = whole.infolist()[int(len(whole.infolist()) * place)]
    # Behind the header: of that a reader takes only the name, everything else stands in the table of contents, too.
    header = content[member.header_offset : member.header_offset + 30]
    start = member.header_offset + 30 + sum(int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    content[start : start + 8] = bytes(value ^ 0xFF for value in content[start : start + 8])
    (tmp_path / "bad.zip").write_bytes(content)
    with pytest.raises(InvalidInput):
        check_archive(tmp_path / "bad.zip")


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_half_a_file_is_no_archive(archive: Path, tmp_path: Path, share: float) -> None:
    content = archive.read_bytes()
    (tmp_path / "half.zip").write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InvalidInput, match="not sound"):
        check_archive(tmp_path / "half.zip")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="There is no file"):
        check_archive(tmp_path / "none.zip")


def test_the_manifest_keeps_the_published_schema(archive: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "archive-manifest.schema.json"
    schema = json.loads(page.read_text(encoding="utf-8"))
    assert schema == manifest_schema(), "the page is older than manifest_schema()"
    with ZipFile(archive) as opened:
        Draft202012Validator(schema).validate(json.loads(opened.read("manifest.json")))
