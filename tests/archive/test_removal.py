"""A town leaves for good: no row, no file, no sign-in stays, and nobody else loses anything."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.archive.departure import Leaving, Removed, remove_town
from regiohub.archive.tables import tables_in
from regiohub.auth.login.models import SessionRow
from regiohub.errors import Conflict, NotFound
from regiohub.sharing.models import Consent
from regiohub.tenancy.models import Origin, TenantRow
from regiohub.tenancy.sync import apply_town
from regiohub.tenancy.transfers import Transfer, TransferKind
from regiohub.testing import World
from regiohub.testing.depth import is_full
from regiohub.testing.factories import make
from regiohub.testing.installations import Engine, Recipe
from regiohub.testing.towns import named_town

from .conftest import Open, fill_town

BOTH = pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
# What does not depend on the database is tried on both at depth full.
EITHER = BOTH if is_full() else pytest.mark.parametrize("engine", ["sqlite"])
MARK = "Zwiebelturm-Merkzeichen"


async def removed(world: World, slug: str = "potsdam", **leaving: Any) -> Removed:
    return await remove_town(world.platform, slug, Leaving(by="test", settle=0.0, **leaving))


async def everything(world: World, town: int | None = None) -> dict[str, tuple[int, str]]:
    """Number and hash of the rows of each table in the database, of one town, or of all others together."""

    def read(connection: Connection) -> dict[str, tuple[int, str]]:
        inspector, found = sa.inspect(connection), {}
        owned = set(tables_in(connection))
        for name in sorted(inspector.get_table_names()):
            if "_rtree" in name or name.endswith("_alembic_version") or "observation_" in name:
                continue
            where = "" if name not in owned else f" WHERE tenant_id {'=' if town else '<>'} :town"
            if town and name not in owned:
                continue
            rows = connection.execute(sa.text(f'SELECT * FROM "{name}"{where}'), {"town": number} if where else {})
            lines = sorted(repr(tuple(row)) for row in rows)
            found[name] = (len(lines), sha256("\n".join(lines).encode()).hexdigest())
        return found

    number = _number(world) if town is None else town
    engine = world.platform.database.migrating()
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(read)
    finally:
        await engine.dispose()


_numbers: dict[int, int] = {}


def _number(world: World) -> int:
    """Number of the town that leaves, also once it has left."""
    found = world.platform.tenants.get("potsdam")
    if found is not None:
        _numbers[id(world)] = found.id
    return _numbers[id(world)]


async def plant(world: World) -> None:
    """A word that nobody else has, in many places."""
    async with world.scope("potsdam").write() as ctx:
        await ctx.audit("tenant.changed", kind="tenant", id="potsdam", after={"name": MARK}, note=MARK)
        from regiohub_booking.models import Place, Resource

        for number in range(50):
            point = {"type": "Point", "coordinates": [13.0 + number / 1000, 52.4]}
            await make(ctx, Place, name=f"{MARK} {number}", position=point, slug=f"merk-{number}")
            await make(ctx, Resource, name=MARK, whole_id=None)
        (ctx.data_dir / f"{MARK}.txt").write_text(MARK, encoding="utf-8")
    mail = world.platform.settings.data_dir / "mail" / "potsdam"
    mail.mkdir(parents=True)
    (mail / "a.eml").write_text(MARK, encoding="utf-8")


@BOTH
async def test_no_row_of_the_town_stays_in_any_table_and_no_other_row_changes(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    async with opens(engine, Recipe()) as world:
        await fill_town(world, "potsdam")
        town = world.tenant("potsdam")
        mine, before = await everything(world, town.id), await everything(world)
        assert [name for name, (rows, _) in mine.items() if not rows] == ["core_audit_key", "core_town_key"]
        done = await removed(world, export=tmp_path / "out.zip")
        after = await everything(world)
        assert {name: rows for name, (rows, _) in (await everything(world, town.id)).items() if rows} == {}
        changed = {name for name in before if before[name] != after[name]}
        assert changed - {"core_data_version"} == {"tenant", "core_transfer", "platform_state"}
        assert done.archive is not None
        assert done.rows == done.archive.manifest.rows == sum(rows for rows, _ in mine.values())
        with pytest.raises(NotFound):
            await removed(world)
        tenants = world.platform.tenants
        assert (tenants.get("potsdam"), len(tenants.all())) == (None, 2)


@EITHER
async def test_the_installation_keeps_a_record_of_who_left_when_by_whom_and_with_which_archive(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    async with opens(engine, Recipe()) as world:
        town = world.tenant("potsdam")
        done = await removed(world, export=tmp_path / "out.zip")
        async with world.platform.database.platform() as session:
            (row,) = (await session.scalars(sa.select(Transfer))).all()
        assert (row.kind, row.slug, row.town, row.by) == (TransferKind.DEPARTURE, "potsdam", town.id, "test")
        assert row.archive_sha256 == sha256((tmp_path / "out.zip").read_bytes()).hexdigest()
        assert (row.rows, row.finished_at is not None) == (done.rows, True)


async def test_a_planted_word_is_nowhere_in_the_database_file_or_the_folders_afterwards(
    opens: Open, tmp_path: Path
) -> None:
    async with opens("sqlite", Recipe()) as world:
        await plant(world)
        root = world.platform.settings.data_dir.parent
        mark = MARK.encode()
        files = [path for path in root.rglob("*") if path.is_file()]
        assert {path.name for path in files if mark in path.read_bytes()} > {"a.eml", f"{MARK}.txt"}
        assert any(mark in path.read_bytes() for path in root.glob("regiohub.sqlite3*"))
        await removed(world)
        for path in root.rglob("*"):
            assert MARK not in path.name
            assert path.is_dir() or mark not in path.read_bytes(), path


@BOTH
async def test_sign_ins_that_name_the_town_end_and_others_go_on(opens: Open, engine: Engine) -> None:
    async with opens(engine, Recipe()) as world:
        await world.console("potsdam", roles=["editor"], subject="anna")
        other = await world.console("bad-belzig", roles=["tenant-admin"], subject="ben")
        assert (await removed(world)).sessions == 1
        async with world.platform.database.platform() as session:
            assert list(await session.scalars(sa.select(SessionRow.subject))) == ["ben"]
        assert (await other.get("/")).status_code == 200


@EITHER
async def test_what_other_towns_share_with_it_ends_and_stands_in_their_log(opens: Open, engine: Engine) -> None:
    async with opens(engine, Recipe()) as world:
        async with world.scope("bad-belzig").write() as ctx:
            consent = await make(ctx, Consent, reader="potsdam", revoked_at=None, origin=Origin.FILE)
        assert (await removed(world)).consents == 1
        async with world.scope("bad-belzig").read() as ctx:
            row = await ctx.session.find(Consent, consent.id)
            assert row is not None
            assert (row.revoked_at is not None, row.origin) == (True, Origin.LOCAL)
            from regiohub.audit import history

            assert [entry.action for entry in await history(ctx, "consent", consent.id)] == ["tenant.sharing_revoked"]


@EITHER
async def test_a_failing_export_changes_nothing_and_the_town_is_back(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    async with opens(engine, Recipe()) as world:
        (tmp_path / "out.zip").write_text("mine")
        before = await everything(world)
        with pytest.raises(Conflict, match="exists already"):
            await removed(world, export=tmp_path / "out.zip")
        assert world.platform.tenants.get("potsdam") is not None
        after = await everything(world)
        changed = {name for name in before if before[name] != after[name]}
        assert changed - {"core_data_version"} == {"platform_state"}
        assert (tmp_path / "out.zip").read_text() == "mine"


@BOTH
async def test_somebody_who_still_writes_is_noticed_and_nothing_is_deleted(
    opens: Open, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regiohub.archive import departure

    async with opens(engine, Recipe()) as world:
        town = world.tenant("potsdam")
        written = departure._archived  # pyright: ignore[reportPrivateUsage]

        async def late(*given: Any, **more: Any) -> Any:
            archive = await written(*given, **more)
            async with world.platform.database.write(town.id) as session, session.begin():
                session.add(Consent(
                    dataset="a.b", reader="region", purpose="x", legal_basis="x", valid_from=world.clock.now().date(),
                    origin=Origin.LOCAL, granted_by="x", granted_at=world.clock.now(),
                ))  # fmt: skip
            return archive

        with monkeypatch.context() as patch:
            patch.setattr(departure, "_archived", late)
            with pytest.raises(Conflict, match="still writes"):
                await removed(world, export=tmp_path / "out.zip")
        assert world.platform.tenants.get("potsdam") is not None
        done = await removed(world, export=tmp_path / "again.zip")
        assert done.archive is not None


@EITHER
async def test_broken_off_after_the_rows_it_goes_on_with_the_files(
    opens: Open, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regiohub.archive import departure

    def stopped(*_: Any) -> int:
        raise KeyboardInterrupt

    async with opens(engine, Recipe()) as world:
        folder = world.scope("potsdam").data_dir
        (folder / "a.txt").write_text("a", encoding="utf-8")
        with monkeypatch.context() as patch:
            patch.setattr(departure, "_delete_files", stopped)
            with pytest.raises(KeyboardInterrupt):
                await removed(world)
        assert (folder.exists(), world.platform.tenants.get("potsdam")) == (True, None)
        assert (await removed(world)).files == 1
        assert not folder.exists()


@BOTH
async def test_a_number_is_never_given_again_and_so_are_its_keys(opens: Open, engine: Engine) -> None:
    async with opens(engine, Recipe()) as world:
        last = max(world.platform.tenants.all(), key=lambda town: town.id)
        key = world.platform.derive_key(last, "core.settings")
        await removed(world, last.slug)
        await apply_town(world.platform, named_town(last.slug, 9))
        again = world.tenant(last.slug)
        assert again.id > last.id
        assert world.platform.derive_key(again, "core.settings") != key


@EITHER
async def test_a_town_that_has_left_is_not_brought_back_by_its_file_at_the_next_start(
    opens: Open, engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from regiohub.cli.steps import load_towns

    async with opens(engine, Recipe()) as world:
        file = world.platform.settings.tenants_dir / "potsdam" / "tenant.toml"
        file.parent.mkdir(parents=True)
        file.write_text(
            'slug = "potsdam"\nname = "Potsdam"\nshort_name = "Potsdam"\nags = "12054000"\nstate = "BB"\n'
            "centre = [13.0, 52.0]\n",
            encoding="utf-8",
        )
        assert [path.name for path in (await removed(world)).left] == ["potsdam"]
        assert await load_towns(world.platform) == 0
        assert "regiohub tenant add potsdam" in capsys.readouterr().err
        async with world.platform.database.platform() as session:
            assert "potsdam" not in set(await session.scalars(sa.select(TenantRow.slug)))


@BOTH
async def test_of_two_who_remove_it_at_once_one_is_refused_and_nobody_sees_the_town_again(
    opens: Open, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regiohub.archive import departure

    async with opens(engine, Recipe()) as world:
        written = departure._archived  # pyright: ignore[reportPrivateUsage]

        async def meanwhile(*given: Any, **more: Any) -> Any:
            with pytest.raises(Conflict, match="removed already"):
                await removed(world)
            assert world.platform.tenants.get("potsdam") is None
            return await written(*given, **more)

        with monkeypatch.context() as patch:
            patch.setattr(departure, "_archived", meanwhile)
            assert (await removed(world, export=tmp_path / "out.zip")).archive is not None
        async with world.platform.database.platform() as session:
            (row,) = (await session.scalars(sa.select(Transfer))).all()
        assert row.finished_at is not None


@EITHER
async def test_nothing_is_deleted_once_the_removal_was_called_off(
    opens: Open, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regiohub.archive import departure

    async with opens(engine, Recipe()) as world:
        town = world.tenant("potsdam")

        async def called_off(*_: Any, **__: Any) -> None:
            async with world.platform.database.platform(write=True) as session, session.begin():
                await session.execute(sa.delete(Transfer), execution_options={"synchronize_session": False})

        before = await everything(world, town.id)
        with monkeypatch.context() as patch:
            patch.setattr(departure, "_archived", called_off)
            with pytest.raises(Conflict, match="nothing was deleted"):
                await removed(world)
        assert await everything(world, town.id) == before
        assert world.platform.tenants.get("potsdam") is not None
