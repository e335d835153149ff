"""A town arrives: checked first, resumed where it stopped, compared, and seen by nobody before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from regiohub.archive import arrival, filling
from regiohub.archive.departure import remove_town
from regiohub.audit import AuditFilter, head, list_entries, seal_town, verify
from regiohub.errors import Conflict, InvalidInput, NotFound, Unavailable
from regiohub.sharing.models import Consent
from regiohub.tenancy.models import Origin, PluginSetting
from regiohub.tenancy.plugin_settings.sealing import PURPOSE, opened, stored
from regiohub.tenancy.sync import apply_town
from regiohub.tenancy.transfers import Transfer
from regiohub.testing import World
from regiohub.testing.depth import is_full
from regiohub.testing.factories import make
from regiohub.testing.installations import Engine, Recipe
from regiohub.testing.towns import named_town, town
from regiohub_booking.models import Place, Resource

from .conftest import EMPTY_ONE, ONE, PASSPHRASE, Open, exported, imported, members, secret

BOTH = pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
# What does not depend on the database is tried on both at depth full.
EITHER = BOTH if is_full() else pytest.mark.parametrize("engine", ["sqlite"])
OTHER = secret("another installation's key, thirty-two characters")


async def plant(world: World, places: int = 3) -> None:
    async with world.scope("potsdam").write() as ctx:
        for number in range(places):
            await make(ctx, Place, name=f"Haus {number}", slug=f"haus-{number}")
        (ctx.data_dir / "plan.txt").write_text("Plan", encoding="utf-8")


async def archive_of(opens: Open, file: Path, **options: Any) -> Path:
    """An archive of a town with a few rows and a file."""
    async with opens("sqlite", ONE) as world:
        await plant(world)
        await exported(world, file, **options)
    return file


class Stopped(BaseException):
    """As if the process had ended here."""


@BOTH
async def test_broken_off_it_goes_on_where_it_stood_and_adds_nothing_twice(
    opens: Open, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opens("sqlite", ONE) as world:
        await plant(world, 25)
        await exported(world, tmp_path / "1.zip")
    monkeypatch.setattr(filling, "BATCH", 2)
    monkeypatch.setattr(filling, "PER_COMMIT", 4)
    insert, calls = filling.Filler._insert, 0  # pyright: ignore[reportPrivateUsage]

    async def breaking(self: Any, *given: Any) -> int:
        nonlocal calls
        calls += 1
        if calls % 6 == 5:
            await insert(self, *given)
            raise Stopped
        return await insert(self, *given)

    async with opens(engine, EMPTY_ONE) as world:
        stops = 0
        with monkeypatch.context() as patch:
            patch.setattr(filling.Filler, "_insert", breaking)
            while True:
                try:
                    done = await imported(world, tmp_path / "1.zip")
                    break
                except Stopped:
                    stops += 1
                    await world.platform.tenants.reload()
                    assert world.platform.tenants.get("potsdam") is None, "nobody sees it yet"
        assert stops >= 2
        assert done.resumed
        await exported(world, tmp_path / "2.zip")
        async with world.platform.database.platform() as session:
            (row,) = (await session.scalars(sa.select(Transfer))).all()
            assert (row.finished_at is not None, row.rows) == (True, done.manifest.rows)
    assert members(tmp_path / "1.zip") == members(tmp_path / "2.zip")


@EITHER
async def test_what_differs_from_the_archive_after_the_import_is_noticed_and_nobody_sees_the_town(
    opens: Open, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await archive_of(opens, tmp_path / "1.zip")
    compare = arrival._compare  # pyright: ignore[reportPrivateUsage]

    async with opens(engine, EMPTY_ONE) as world:

        async def spoilt(platform: Any, manifest: Any, number: int, progress: Any) -> None:
            async with platform.database.write(number) as session, session.begin():
                await session.execute(
                    sa.update(Place).values(name="Anders"), execution_options={"synchronize_session": False}
                )
            await compare(platform, manifest, number, progress)

        monkeypatch.setattr(arrival, "_compare", spoilt)
        with pytest.raises(Conflict, match="booking_place is not what the archive holds"):
            await imported(world, file)
        await world.platform.tenants.reload()
        assert world.platform.tenants.get("potsdam") is None


async def test_a_town_under_way_is_not_touched_by_its_file_or_another_archive(
    opens: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await archive_of(opens, tmp_path / "1.zip")
    other = await archive_of(opens, tmp_path / "2.zip", passphrase=PASSPHRASE)

    async def stopped(*_: Any) -> None:
        raise Stopped

    async with opens("sqlite", EMPTY_ONE) as world:
        with monkeypatch.context() as patch:
            patch.setattr(arrival, "_compare", stopped)
            with pytest.raises(Stopped):
                await imported(world, file)
        with pytest.raises(Conflict, match="on its way"):
            await imported(world, other, without_keys=True)
        with pytest.raises(Conflict, match="coming with an archive"):
            await apply_town(world.platform, named_town("potsdam", 1))
        assert (await imported(world, file)).resumed


async def test_a_town_that_is_there_or_whose_host_or_folder_is_taken_is_refused(opens: Open, tmp_path: Path) -> None:
    file = await archive_of(opens, tmp_path / "1.zip")
    async with opens("sqlite", ONE) as world:
        with pytest.raises(Conflict, match="a town potsdam here already"):
            await imported(world, file)
        with pytest.raises(InvalidInput, match="no name for addresses"):
            await imported(world, file, slug="../x")
    async with opens("sqlite", EMPTY_ONE) as world:
        rival = town("rival", ags="12000009", state="BB", centre=(13.0, 52.0))
        await apply_town(world.platform, replace(rival, hosts=("Potsdam.test",)))
        with pytest.raises(Conflict, match=r"belongs to rival"):
            await imported(world, file)
    async with opens("sqlite", EMPTY_ONE) as world:
        folder = world.platform.settings.data_dir / "tenants" / "potsdam"
        folder.mkdir(parents=True)
        (folder / "old.txt").write_text("old")
        for _ in range(2):
            with pytest.raises(Conflict, match="files in"):
                await imported(world, file)
        # Clearing away what was refused must not take these files for the town's.
        with pytest.raises(NotFound):
            await remove_town(world.platform, "potsdam")
        assert (folder / "old.txt").read_text() == "old"


async def test_tables_of_another_revision_are_refused_with_the_versions_to_install(opens: Open, tmp_path: Path) -> None:
    file = await archive_of(opens, tmp_path / "1.zip")
    none = Recipe.of("atlas", towns=EMPTY_ONE.towns)
    async with opens("sqlite", none) as world:
        with pytest.raises(InvalidInput, match=r"regiohub-booking \d.*booking 000\d, here none.*Install these"):
            await imported(world, file)
        async with world.platform.database.platform() as session:
            assert list(await session.scalars(sa.select(Transfer))) == []


@EITHER
async def test_sealed_secrets_open_in_another_installation_with_the_passphrase_only(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    async with opens("sqlite", ONE) as world:
        here = world.tenant("potsdam")
        sealed = stored(world.platform.derive_key(here, PURPOSE), "booking.api_key", secret("Sesam, öffne dich"))
        async with world.scope("potsdam").write() as ctx:
            await make(ctx, PluginSetting, plugin="gone", origin=Origin.LOCAL, values={"api_key": sealed})
        await exported(world, tmp_path / "keys.zip", passphrase=PASSPHRASE)
        await exported(world, tmp_path / "none.zip")
    assert not any(b"Sesam" in content for content in members(tmp_path / "keys.zip").values())
    async with opens(engine, EMPTY_ONE, secret_key=OTHER) as world:
        with pytest.raises(InvalidInput, match="--passphrase-file"):
            await imported(world, tmp_path / "keys.zip", consents="keep")
        with pytest.raises(InvalidInput, match="cannot be opened"):
            await imported(world, tmp_path / "keys.zip", consents="keep", passphrase="a wrong passphrase")
        await imported(world, tmp_path / "keys.zip", consents="keep", passphrase=f"{PASSPHRASE}\n", accept_log=True)
        there = world.tenant("potsdam")
        key = world.platform.derive_key(there, PURPOSE)
        assert opened(key, "booking.api_key", there.settings["gone"]["api_key"]) == "Sesam, öffne dich"
        # It goes on from there: the key comes along once more.
        await exported(world, tmp_path / "again.zip", passphrase=PASSPHRASE)
    async with opens("sqlite", EMPTY_ONE, secret_key=OTHER) as world:
        await imported(world, tmp_path / "again.zip", passphrase=PASSPHRASE)
        assert world.platform.derive_key(world.tenant("potsdam"), PURPOSE) == key
    async with opens("sqlite", EMPTY_ONE, secret_key=OTHER) as world:
        assert not (await imported(world, tmp_path / "none.zip", consents="keep", accept_log=True)).keys
        assert world.platform.derive_key(world.tenant("potsdam"), PURPOSE) != key


async def test_consents_given_elsewhere_need_a_decision_and_can_end_before_anybody_reads(
    opens: Open, tmp_path: Path
) -> None:
    file = await archive_of(opens, tmp_path / "1.zip")
    async with opens("sqlite", EMPTY_ONE, secret_key=OTHER) as world:
        with pytest.raises(InvalidInput, match=r"booking\.\w+ → region.*--consents keep"):
            await imported(world, file)
        done = await imported(world, file, consents="end", accept_log=True)
        async with world.scope("potsdam").read() as ctx:
            rows = (await ctx.session.scalars(sa.select(Consent))).all()
        assert done.ended_consents == len(rows) > 0
        assert all(row.revoked_at is not None and row.origin is Origin.LOCAL for row in rows)
    async with opens("sqlite", EMPTY_ONE) as world:
        assert (await imported(world, file)).ended_consents == 0, "the same installation: a restore"


@BOTH
@pytest.mark.parametrize("key", [None, OTHER], ids=["same-key", "other-key"])
async def test_the_log_is_genuine_after_the_import(opens: Open, tmp_path: Path, engine: Engine, key: Any) -> None:
    async with opens("sqlite", ONE) as world:
        await plant(world)
        await seal_town(world.platform, world.tenant("potsdam"))
        kept = await world.scope("potsdam").run(head)
        assert kept is not None
        await exported(world, tmp_path / "1.zip")
    changes = {} if key is None else {"secret_key": key}
    async with opens(engine, EMPTY_ONE, **changes) as world:
        done = await imported(world, tmp_path / "1.zip", consents="keep", heads=[kept])
        assert done.log_fault is None
        async with world.scope("potsdam").read() as ctx:
            report = await verify(ctx)
        assert report.ok, report


@BOTH
async def test_a_drill_beside_the_town_under_another_name_leaves_the_town_alone(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    async with opens(engine, ONE) as world:
        await plant(world)
        await exported(world, tmp_path / "1.zip")
        await imported(world, tmp_path / "1.zip", slug="potsdam-drill")
        original, drill = world.tenant("potsdam"), world.tenant("potsdam-drill")
        assert (drill.hosts, drill.serving.keys()) == ((), original.serving.keys())
        await exported(world, tmp_path / "2.zip")
        await exported(world, tmp_path / "3.zip", "potsdam-drill")
        assert members(tmp_path / "1.zip") == members(tmp_path / "2.zip")
        same = {name for name in members(tmp_path / "3.zip") if name.startswith("tables/") and "_audit" not in name}
        assert {n: members(tmp_path / "3.zip")[n] for n in same} == {n: members(tmp_path / "1.zip")[n] for n in same}


async def test_rows_that_point_to_later_rows_of_their_table_find_them(opens: Open, tmp_path: Path) -> None:
    async with opens("sqlite", ONE) as world:
        async with world.scope("potsdam").write() as ctx:
            first = await make(ctx, Resource, name="Saalhälfte", whole_id=None)
            whole = await make(ctx, Resource, name="Saal", whole_id=None)
            first.whole_id = whole.id
            assert first.id < whole.id
        await exported(world, tmp_path / "1.zip")
    async with opens("sqlite", EMPTY_ONE) as world:
        await imported(world, tmp_path / "1.zip")
        await exported(world, tmp_path / "2.zip")
    assert members(tmp_path / "1.zip") == members(tmp_path / "2.zip")


FILE = (
    'slug = "potsdam"\nname = "Potsdam"\nshort_name = "Potsdam"\nags = "12054000"\nstate = "BB"\n'
    "centre = [13.0, 52.0]\n"
)


async def test_files_the_town_is_set_up_from_come_along_and_none_is_overwritten(opens: Open, tmp_path: Path) -> None:
    async with opens("sqlite", ONE) as world:
        folder = world.platform.settings.tenants_dir / "potsdam"
        folder.mkdir(parents=True)
        (folder / "tenant.toml").write_text(FILE, encoding="utf-8")
        (folder / "atlas.toml").write_text("# Atlas\n", encoding="utf-8")
        await exported(world, tmp_path / "1.zip")
    async with opens("sqlite", EMPTY_ONE) as world:
        done = await imported(world, tmp_path / "1.zip")
        towns = world.platform.settings.tenants_dir
        assert sorted(path.name for path in done.definition.written) == ["atlas.toml", "tenant.toml"]
        assert (towns / "potsdam" / "tenant.toml").read_text(encoding="utf-8") == FILE
    async with opens("sqlite", EMPTY_ONE) as world:
        mine = world.platform.settings.tenants_dir / "potsdam" / "tenant.toml"
        mine.parent.mkdir(parents=True)
        mine.write_text("mine", encoding="utf-8")
        assert (await imported(world, tmp_path / "1.zip")).definition.there
        assert mine.read_text(encoding="utf-8") == "mine"


async def test_a_folder_of_towns_that_cannot_be_written_keeps_no_town_from_coming(opens: Open, tmp_path: Path) -> None:
    async with opens("sqlite", ONE) as world:
        folder = world.platform.settings.tenants_dir / "potsdam"
        folder.mkdir(parents=True)
        (folder / "tenant.toml").write_text(FILE, encoding="utf-8")
        await exported(world, tmp_path / "1.zip")
    (tmp_path / "lent").write_text("no folder: nothing can be written below it, whoever runs this")
    async with opens("sqlite", EMPTY_ONE, tenants_dir=tmp_path / "lent") as world:
        done = await imported(world, tmp_path / "1.zip")
        assert done.definition.written == ()
        assert "lent" in (done.definition.fault or "")
        assert world.platform.tenants.get("potsdam") is not None


async def test_what_fails_beside_the_archive_is_not_said_to_be_its_damage(
    opens: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await archive_of(opens, tmp_path / "1.zip")

    async def refused(*_: Any) -> None:
        raise ConnectionRefusedError(111, "the database is away")

    async with opens("sqlite", EMPTY_ONE) as world:
        with monkeypatch.context() as patch:
            patch.setattr(arrival, "_compare", refused)
            with pytest.raises(ConnectionRefusedError):
                await imported(world, file)
        in_the_way = world.platform.settings.data_dir / "tenants" / "potsdam" / "plan.txt"
        in_the_way.unlink()
        in_the_way.mkdir()
        with pytest.raises(Unavailable, match=r"plan\.txt could not be written"):
            await imported(world, file)
        in_the_way.rmdir()
        assert (await imported(world, file)).resumed


@BOTH
async def test_what_fails_at_the_very_end_leaves_the_rows_of_the_archive_and_is_done_by_the_next_attempt(
    opens: Open, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opens("sqlite", ONE) as world:
        await plant(world)
        await seal_town(world.platform, world.tenant("potsdam"))
        await exported(world, tmp_path / "1.zip")

    async def stopped(*_: Any) -> None:
        raise Stopped

    async with opens(engine, EMPTY_ONE, secret_key=OTHER) as world:
        with monkeypatch.context() as patch:
            patch.setattr(arrival, "touch", stopped)
            with pytest.raises(Stopped):
                await imported(world, tmp_path / "1.zip", consents="end", accept_log=True)
        await world.platform.tenants.reload()
        assert world.platform.tenants.get("potsdam") is None
        done = await imported(world, tmp_path / "1.zip", consents="end", accept_log=True)
        assert done.ended_consents > 0
        async with world.scope("potsdam").read() as ctx:
            told = [entry.object_id for entry in await list_entries(ctx, AuditFilter(action="tenant.sharing_revoked"))]
            ids = await ctx.session.scalars(sa.select(Consent.id).where(Consent.revoked_at.is_not(None)))
            assert set(told) == set(map(str, ids))
            assert (await verify(ctx)).ok


@BOTH
async def test_of_two_who_bring_the_same_town_at_once_one_is_refused(
    opens: Open, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await archive_of(opens, tmp_path / "1.zip")
    compare = arrival._compare  # pyright: ignore[reportPrivateUsage]

    async with opens(engine, EMPTY_ONE) as world:

        async def meanwhile(*given: Any) -> None:
            with pytest.raises(Conflict, match="imported or removed already"):
                await imported(world, file)
            with pytest.raises(Conflict, match="imported or removed already"):
                await remove_town(world.platform, "potsdam")
            await compare(*given)

        monkeypatch.setattr(arrival, "_compare", meanwhile)
        assert not (await imported(world, file)).resumed
