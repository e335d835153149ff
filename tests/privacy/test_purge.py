"""All that a plugin holds in one town: into an archive, then gone."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from regiohub.archive import drafts
from regiohub.archive.container import Archive, hash_of
from regiohub.audit import AuditEntry
from regiohub.db.base import Base
from regiohub.errors import Conflict, Forbidden, InvalidInput, NotFound, Unavailable
from regiohub.events.models import JobState, OutboxEntry
from regiohub.privacy import purge as privacy_purge
from regiohub.privacy.purge import Purged, purge
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.models import Activation, Origin, PluginSetting
from regiohub.testing import World
from regiohub_booking.models import MODELS, Booking
from regiohub_health_directory.models import Suggestion

from .conftest import PLUGINS, People

pytestmark = PLUGINS


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file() and path.suffix in (".zip", ".part"))


async def purged(people: People, export: Path, plugin: str = "booking", slug: str = "potsdam") -> Purged:
    return await purge(people.world.platform, people.world.tenant(slug), plugin, export=export)


async def contents(world: World) -> dict[tuple[str, str], list[Any]]:
    """Every row of every town's table, by town and table."""
    found: dict[tuple[str, str], list[Any]] = {}
    for town in world.platform.tenants.all():
        async with world.scope(town.slug).read() as ctx:
            for mapper in sorted(Base.registry.mappers, key=lambda mapper: str(mapper.local_table)):
                table: Any = mapper.local_table
                if table.info.get("tenant") and str(table).startswith(("core_", "booking_", "health_directory_")):
                    order = [mapper.get_property_by_column(c).key for c in mapper.primary_key]
                    rows = await ctx.session.execute(
                        sa.select(*(getattr(mapper.class_, a.key).label(a.key) for a in mapper.column_attrs
                                    if isinstance(a.columns[0], sa.Column)))
                        .order_by(*(getattr(mapper.class_, name) for name in order))
                    )  # fmt: skip
                    found[town.slug, str(table)] = [tuple(map(repr, row)) for row in rows]
    return found


async def test_a_plugin_that_is_on_is_not_purged(people: People, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="switch it off first"):
        await purged(people, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()
    assert len(await people.rows("potsdam", Booking)) == 2


async def test_switched_on_by_another_process_it_is_not_purged_either(people: People, tmp_path: Path) -> None:
    await people.world.disable("potsdam", "booking")

    async def on_elsewhere(ctx: Ctx) -> None:
        await ctx.session.execute(sa.update(Activation).where(Activation.plugin == "booking").values(on=True))

    await people.world.scope("potsdam").run(on_elsewhere)
    with pytest.raises(Conflict, match="switch it off first"):
        await purged(people, tmp_path / "out.zip")
    assert files(tmp_path) == []


async def test_everything_is_exported_first_and_can_be_checked(people: People, tmp_path: Path) -> None:
    folder = people.world.scope("potsdam").data_dir
    (folder / "booking").mkdir()
    (folder / "booking" / "plan.txt").write_text("Grundriss", encoding="utf-8")
    (folder / "bookings").mkdir()
    await people.mail("potsdam", "anna@example.org")
    await people.world.disable("potsdam", "booking")
    done = await purged(people, tmp_path / "out.zip")
    assert (done.tables["booking_booking"], done.core["core_outbox"], done.files) == (2, 1, 1)
    assert sha256((tmp_path / "out.zip").read_bytes()).hexdigest() == done.sha256
    assert (tmp_path / "out.zip").stat().st_mode & 0o077 == 0
    with ZipFile(tmp_path / "out.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert set(archive.namelist()) == {"manifest.json", *manifest["members"]}
        for name, facts in manifest["members"].items():
            content = archive.read(name)
            assert (len(content), sha256(content).hexdigest()) == (facts["bytes"], facts["sha256"])
            if name.endswith(".ndjson"):
                assert len(content.splitlines()) == facts["rows"]
        rows = [json.loads(line) for line in archive.read("tables/booking_booking.ndjson").splitlines()]
        assert archive.read("files/booking/plan.txt") == b"Grundriss"
    assert [row["booker_email"] for row in rows] == ["Anna@example.org", "ben@example.org"]
    assert not any("tenant_id" in row for row in rows)
    assert {f"tables/{model.__tablename__}.ndjson" for model in MODELS} <= set(manifest["members"])
    assert (manifest["plugin"], manifest["town"]["slug"], manifest["schema_revision"]) == ("booking", "potsdam", "0002")
    assert not (folder / "booking").exists()
    assert (folder / "bookings").exists()


async def test_only_files_in_the_archive_go_and_links_are_not_followed(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = people.world.scope("potsdam").data_dir / "booking"
    (folder / "plans" / "old").mkdir(parents=True)
    (folder / "plans" / "old" / "a.txt").write_text("a", encoding="utf-8")
    (folder / "photos").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b.txt").write_text("b", encoding="utf-8")
    (folder / "photos" / "link").symlink_to(elsewhere)
    await people.world.disable("potsdam", "booking")
    audit = Ctx.audit

    async def meanwhile(self: Ctx, *given: Any, **more: Any) -> None:
        (folder / "plans" / "late.txt").write_text("late", encoding="utf-8")
        await audit(self, *given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Ctx, "audit", meanwhile)
        assert (await purged(people, tmp_path / "out.zip")).files == 1
    assert [path.name for path in sorted(folder.rglob("*"))] == ["plans", "late.txt"]
    assert (elsewhere / "b.txt").exists()
    assert (await purged(people, tmp_path / "again.zip")).files == 1
    assert not folder.exists()


async def test_files_that_a_town_is_set_up_from_are_never_deleted(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = people.world.scope("potsdam").data_dir
    (folder / "booking.csv").write_text("Haus", encoding="utf-8")
    await people.world.disable("potsdam", "booking")
    platform = people.world.platform
    monkeypatch.setattr(platform, "settings", platform.settings.model_copy(update={"tenants_dir": folder.parent}))
    with pytest.raises(Conflict, match="keep the two folders apart"):
        await purged(people, tmp_path / "out.zip")
    assert (folder / "booking.csv").exists()
    assert files(tmp_path) == []
    assert len(await people.rows("potsdam", Booking)) == 2


@pytest.mark.parametrize("name", [b"a\\b.txt", b"\xff.txt"])
async def test_a_file_name_that_no_archive_can_hold_is_said_and_nothing_is_deleted(
    people: People, tmp_path: Path, name: bytes
) -> None:
    folder = people.world.scope("potsdam").data_dir / "booking"
    folder.mkdir()
    (folder / os.fsdecode(name)).write_text("odd", encoding="utf-8")
    await people.world.disable("potsdam", "booking")
    with pytest.raises(Conflict, match="no archive can hold"):
        await purged(people, tmp_path / "out.zip")
    assert files(tmp_path) == []
    assert len(await people.rows("potsdam", Booking)) == 2


async def test_an_archive_that_cannot_be_written_is_said_and_nothing_is_deleted(people: People, tmp_path: Path) -> None:
    await people.world.disable("potsdam", "booking")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InvalidInput, match="nothing was deleted") as error:
        await purged(people, tmp_path / "file" / "out.zip")
    assert error.value.field == "export"
    assert len(await people.rows("potsdam", Booking)) == 2


async def test_others_go_on_while_the_archive_is_written(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = people.world.scope("potsdam").data_dir / "booking"
    folder.mkdir()
    (folder / "plan.txt").write_text("Grundriss", encoding="utf-8")
    await people.world.disable("potsdam", "booking")
    loop, steps = asyncio.get_running_loop(), (Archive._copy, hash_of, privacy_purge._remove)  # pyright: ignore[reportPrivateUsage]

    def slowly(step: Callable[..., Any]) -> Callable[..., Any]:
        def slow(*given: Any) -> Any:
            others = threading.Event()
            loop.call_soon_threadsafe(others.set)
            assert others.wait(10), "nobody else had a turn"
            return step(*given)

        return slow

    copy, read_back, remove = map(slowly, steps)
    monkeypatch.setattr(Archive, "_copy", copy)
    monkeypatch.setattr(drafts, "hash_of", read_back)
    monkeypatch.setattr(privacy_purge, "_remove", remove)
    assert (await purged(people, tmp_path / "out.zip")).files == 1
    assert not folder.exists()


async def test_files_that_cannot_be_deleted_are_said_and_left_for_a_second_purge(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = people.world.scope("potsdam").data_dir / "booking"
    folder.mkdir()
    (folder / "plan.txt").write_text("Grundriss", encoding="utf-8")
    await people.world.disable("potsdam", "booking")

    audit = Ctx.audit

    async def meanwhile(self: Ctx, *given: Any, **more: Any) -> None:
        (folder / "plan.txt").unlink()
        (folder / "plan.txt").mkdir()
        await audit(self, *given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Ctx, "audit", meanwhile)
        with pytest.raises(Unavailable, match=r"plan\.txt could not be deleted"):
            await purged(people, tmp_path / "out.zip")
    assert await people.rows("potsdam", Booking) == []
    assert (await purged(people, tmp_path / "again.zip")).rows == 0
    assert not folder.exists()


async def test_other_towns_and_plugins_are_untouched(people: People, tmp_path: Path) -> None:
    for slug in ("potsdam", "bad-belzig"):
        await people.add(slug, PluginSetting, plugin="booking", origin=Origin.LOCAL, values={"hold_minutes": 5})
        await people.mail(slug, "anna@example.org")
    # Written past the service, which would have said that the towns have changed.
    await people.world.platform.tenants.reload()
    await people.world.work()
    await people.world.disable("potsdam", "booking")
    before = await contents(people.world)
    await purged(people, tmp_path / "out.zip")
    after = await contents(people.world)
    mine = {("potsdam", str(model.__tablename__)) for model in MODELS}
    assert {key for key in mine if after[key]} == set()
    touched = {key for key in before if before[key] != after[key]} - mine
    assert touched <= {("potsdam", name) for name in ("core_outbox", "core_job", "core_plugin_setting", "core_audit",
                                                      "core_work", "core_demo", "core_handled")}  # fmt: skip
    assert len(await people.rows("potsdam", Suggestion)) == 2
    async with people.world.scope("potsdam").read() as ctx:
        jobs = list(await ctx.session.scalars(sa.select(JobState.name)))
        names = list(await ctx.session.scalars(sa.select(OutboxEntry.name)))
    assert [name for name in [*jobs, *names] if name.startswith("booking")] == []
    assert any(name.startswith("health_directory.") for name in jobs)
    assert people.world.tenant("potsdam").settings.get("booking") is None
    assert people.world.tenant("bad-belzig").settings["booking"] == {"hold_minutes": 5}


async def test_it_is_audited_once(people: People, tmp_path: Path) -> None:
    await people.world.disable("potsdam", "booking")
    before = len(await people.rows("potsdam", AuditEntry))
    done = await purged(people, tmp_path / "out.zip")
    entries = (await people.rows("potsdam", AuditEntry))[before:]
    assert [(entry.action, entry.object_id) for entry in entries] == [("tenant.plugin_purged", "booking")]
    assert entries[0].text_de.startswith("Daten eines Plugins ausgegeben und gelöscht: plugin booking")
    assert entries[0].after is not None
    assert (entries[0].after["rows"], entries[0].after["archive_sha256"]) == (done.rows, done.sha256)


async def test_broken_off_nothing_is_deleted_and_it_can_be_repeated(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.world.disable("potsdam", "booking")

    async def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Ctx, "audit", stop)
        with pytest.raises(KeyboardInterrupt):
            await purged(people, tmp_path / "first.zip")
    assert len(await people.rows("potsdam", Booking)) == 2
    # The first archive is whole, and stays: an export is never overwritten.
    with ZipFile(tmp_path / "first.zip") as archive:
        assert archive.testzip() is None
    with pytest.raises(Conflict, match="exists already"):
        await purged(people, tmp_path / "first.zip")
    assert (await purged(people, tmp_path / "second.zip")).tables["booking_booking"] == 2
    assert (await purged(people, tmp_path / "third.zip")).rows == 0
    assert files(tmp_path) == ["first.zip", "second.zip", "third.zip"]


async def test_a_plugin_that_is_not_there_or_always_on_is_refused(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound):
        await purged(people, tmp_path / "out.zip", plugin="gone")
    await people.world.disable("potsdam", "booking")
    monkeypatch.setattr(people.world.platform.plugins.healthy["booking"], "level", "platform")
    with pytest.raises(Conflict, match="always on"):
        await purged(people, tmp_path / "out.zip")


async def test_only_who_may_switch_plugins_may_purge(people: People, tmp_path: Path) -> None:
    await people.world.disable("potsdam", "booking")
    editor = people.world.principal(roles=["editor"])
    town = people.world.tenant("potsdam")
    with pytest.raises(Forbidden):
        await purge(people.world.platform, town, "booking", export=tmp_path / "out.zip", principal=editor)
    assert files(tmp_path) == []
    assert len(await people.rows("potsdam", Booking)) == 2
