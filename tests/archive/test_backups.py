"""Backups of towns by the worker: one a day, read back, so many kept, and good for bringing the town back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from regiohub.archive.backups import BACKUP_JOB, NAME, backups_of
from regiohub.archive.check import check_archive
from regiohub.archive.container import files_below
from regiohub.archive.departure import Leaving, remove_town
from regiohub.cli.archive_examination import backups_of_towns
from regiohub.events.models import JobState
from regiohub.files import try_lock
from regiohub.tenancy.transfers import Transfer, TransferKind
from regiohub.testing import World
from regiohub.testing.installations import Engine

from .conftest import ONE, PASSPHRASE, Open, fill_town, imported, secret

BOTH = pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])


async def state(world: World, slug: str = "potsdam") -> JobState:
    async with world.scope(slug).read() as ctx:
        return (await ctx.session.scalars(sa.select(JobState).where(JobState.name == NAME))).one()


async def test_the_worker_backs_up_each_town_each_day_and_keeps_so_many(opens: Open, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    async with opens("sqlite", ONE, backup_dir=folder, backup_kept=2, backup_towns=("potsdam",)) as world:
        for _ in range(4):
            await world.later(hours=24)
        kept = backups_of(world.platform.settings, "potsdam")
        assert [path.name for path in folder.iterdir()] == ["potsdam"]
        assert len(kept) == 2
        assert kept[0].made_at > kept[1].made_at
        assert kept[0].file.stat().st_mode & 0o077 == 0
        assert check_archive(kept[0].file).manifest.town.slug == "potsdam"


@BOTH
async def test_backups_of_a_town_that_has_left_go_when_they_would_have_been_replaced(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    folder = tmp_path / "backups"
    async with opens(engine, ONE, backup_dir=folder, backup_kept=3) as world:
        for slug in ("potsdam", "bad-belzig"):
            await BACKUP_JOB.run(world.scope(slug))
        await remove_town(world.platform, "potsdam", Leaving(settle=0.0))
        world.clock.advance(timedelta(days=3) - timedelta(minutes=1))
        await BACKUP_JOB.run(world.scope("bad-belzig"))
        assert backups_of(world.platform.settings, "potsdam"), "whoever has erred may still need them"
        world.clock.advance(timedelta(minutes=2))
        await BACKUP_JOB.run(world.scope("bad-belzig"))
        assert [path.name for path in folder.iterdir()] == ["bad-belzig"]
        assert len(backups_of(world.platform.settings, "bad-belzig")) == 3


async def test_without_a_folder_nothing_is_written(opens: Open, tmp_path: Path) -> None:
    async with opens("sqlite", ONE) as world:
        await world.work()
        await world.later(hours=24)
        found = await state(world)
        assert (found.runs > 0, found.failures) == (True, 0)
        assert not any(path.suffix == ".zip" for path in files_below([tmp_path]))


async def test_a_backup_that_fails_is_shown_as_a_failing_job_and_older_ones_stay(opens: Open, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    async with opens("sqlite", ONE, backup_dir=folder, backup_kept=1, backup_towns=("potsdam",)) as world:
        await world.work()
        await world.later(hours=24)
        (before,) = backups_of(world.platform.settings, "potsdam")
        (folder / "kept").mkdir()
        (folder / "potsdam").rename(folder / "kept" / "potsdam")
        (folder / "potsdam").write_text("in the way")
        await world.later(hours=24)
        found = await state(world)
        assert found.failures == 1
        assert "fails" in (found.error or "")
        assert (folder / "kept" / "potsdam" / before.file.name).exists()
        from regiohub.events.dead_letters import failing_jobs

        assert [(job.town, job.name) for job in await failing_jobs(world.platform)] == [("potsdam", NAME)]


async def test_drafts_of_a_worker_that_was_killed_are_cleared_away(opens: Open, tmp_path: Path) -> None:
    folder = tmp_path / "backups" / "potsdam"
    folder.mkdir(parents=True)
    gone, mine = folder / ".potsdam-20260101T000000Z.zip.1.part", folder / ".potsdam-2.zip.2.part"
    gone.write_text("half")
    with mine.open("w") as file:
        assert try_lock(file.fileno())
        async with opens("sqlite", ONE, backup_dir=tmp_path / "backups", backup_towns=("potsdam",)) as world:
            await BACKUP_JOB.run(world.scope("potsdam"))
    assert (gone.exists(), mine.exists()) == (False, True)


@BOTH
async def test_the_drill_a_town_that_was_lost_comes_back_from_its_backup(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    settings = {
        "backup_dir": tmp_path / "backups",
        "backup_towns": ("potsdam",),
        "backup_passphrase": secret(PASSPHRASE),
    }
    async with opens(engine, ONE, **settings) as world:
        await fill_town(world)
        await world.platform.tenants.reload()
        await BACKUP_JOB.run(world.scope("potsdam"))
        (backup,) = backups_of(world.platform.settings, "potsdam")
        measures = world.tenant("potsdam").serving
        await remove_town(world.platform, "potsdam", Leaving(settle=0.0))
        assert world.platform.tenants.get("potsdam") is None
        done = await imported(world, backup.file, passphrase=PASSPHRASE)
        assert (done.keys, done.files) == (True, 2)
        assert world.tenant("potsdam").serving == measures


async def test_the_doctor_names_towns_without_a_backup_and_towns_on_their_way(opens: Open, tmp_path: Path) -> None:
    async with opens("sqlite", ONE, backup_dir=tmp_path / "backups") as world:
        (before,) = await backups_of_towns(world.platform)
        assert (before.level, "3 of 3 towns" in before.text) == ("warning", True)
        for town in world.platform.tenants.all():
            await BACKUP_JOB.run(world.scope(town.slug))
        assert [found.level for found in await backups_of_towns(world.platform)] == ["ok"]
        await put_on_its_way(world)
        found = await backups_of_towns(world.platform)
        assert [one.level for one in found] == ["warning", "ok"]
        assert "berlin is on its way" in found[0].text
    async with opens("sqlite", ONE) as world:
        assert [found.level for found in await backups_of_towns(world.platform)] == ["note"]


async def put_on_its_way(world: World) -> None:
    async with world.platform.database.platform(write=True) as session, session.begin():
        session.add(Transfer(
            kind=TransferKind.ARRIVAL, slug="berlin", town=99, archive_sha256=None, by="test",
            began_at=world.clock.now(), finished_at=None, rows=0, files=0, progress={},
        ))  # fmt: skip
