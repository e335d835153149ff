"""A town goes only as its archive holds it: whatever has changed since, nothing of it is deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from regiohub.archive import comparing, departure
from regiohub.errors import Conflict
from regiohub.tenancy.models import PluginSetting, TenantRow
from regiohub.testing import World
from regiohub.testing.depth import is_full
from regiohub.testing.factories import make
from regiohub.testing.installations import Engine
from regiohub_booking.models import Resource

from .conftest import ONE, Open
from .test_removal import BOTH, everything, removed

Change = Callable[[World, int, Path], Awaitable[None]]
NO_SYNC = {"synchronize_session": False}


async def row_updated(world: World, town: int, folder: Path) -> None:
    async with world.platform.database.write(town) as session, session.begin():
        await session.execute(sa.update(Resource).values(name="since then"), execution_options=NO_SYNC)


async def row_replaced(world: World, town: int, folder: Path) -> None:
    """As many rows as before."""
    async with world.platform.database.write(town) as session, session.begin():
        row = (await session.scalars(sa.select(PluginSetting))).one()
        await session.delete(row)
        await session.flush()
        session.add(PluginSetting(plugin=row.plugin, origin=row.origin, values=row.values))


async def town_renamed(world: World, town: int, folder: Path) -> None:
    async with world.platform.database.platform(write=True) as session, session.begin():
        change = sa.update(TenantRow).where(TenantRow.id == town).values(motto="since then")
        await session.execute(change, execution_options=NO_SYNC)


async def file_changed(world: World, town: int, folder: Path) -> None:
    (folder / "a.txt").write_text("b", encoding="utf-8")


async def file_added(world: World, town: int, folder: Path) -> None:
    (folder / "late.txt").write_text("late", encoding="utf-8")


async def file_gone(world: World, town: int, folder: Path) -> None:
    (folder / "a.txt").unlink()


CHANGES: dict[Change, str] = {
    row_updated: r"booking_resource", row_replaced: r"core_plugin_setting", town_renamed: r"\(tenant\)",
    file_changed: r"files/a\.txt", file_added: r"files/late\.txt", file_gone: r"files/a\.txt",
}  # fmt: skip


async def plant(world: World) -> Path:
    """A row, settings and a file of the town."""
    async with world.scope("potsdam").write() as ctx:
        await make(ctx, Resource, name="before", whole_id=None)
        if not (await ctx.session.scalars(sa.select(PluginSetting))).all():
            await make(ctx, PluginSetting, plugin="booking", values={"large": 2**60, "whole": 5.0, "small": 1e-7})
        folder = ctx.data_dir
    (folder / "a.txt").write_text("a", encoding="utf-8")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@BOTH
async def test_where_any_row_or_file_has_changed_since_the_archive_nothing_is_deleted(
    opens: Open, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = departure._archived  # pyright: ignore[reportPrivateUsage]
    async with opens(engine, ONE) as world:
        town = world.tenant("potsdam").id
        # Files are compared alike on both databases.
        changes = list(CHANGES.items())[: None if engine == "sqlite" or is_full() else 2]
        for number, (change, named) in enumerate(changes):
            folder = await plant(world)
            after: dict[str, Any] = {}

            async def late(
                *given: Any, change: Change = change, folder: Path = folder, after: dict[str, Any] = after, **more: Any
            ) -> Any:
                archive = await written(*given, **more)
                await change(world, town, folder)
                after.update(rows=await everything(world, town), files=files(folder))
                return archive

            with monkeypatch.context() as patch:
                patch.setattr(departure, "_archived", late)
                with pytest.raises(Conflict, match=f"still writes.*{named}.*nothing was deleted"):
                    await removed(world, export=tmp_path / f"{number}.zip")
            assert (await everything(world, town), files(folder)) == (after["rows"], after["files"])
            assert world.tenant("potsdam").id == town
        # What somebody began to write and never finished is in no archive, and keeps nobody.
        folder = await plant(world)
        (folder / ".b.txt.part").write_text("half", encoding="utf-8")
        assert (await removed(world, export=tmp_path / "last.zip")).rows
        assert not folder.exists()
        assert {name for name, (rows, _) in (await everything(world, town)).items() if rows} == set()


@pytest.mark.postgresql
async def test_a_row_that_changes_while_rows_are_deleted_is_not_lost(
    opens: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite nobody can write by then."""
    compared = comparing.changed_rows
    async with opens("postgresql", ONE) as world:
        town = world.tenant("potsdam").id
        folder = await plant(world)

        async def late(*given: Any) -> str | None:
            found = await compared(*given)
            await row_updated(world, town, folder)
            return found

        with monkeypatch.context() as patch:
            patch.setattr(departure, "changed_rows", late)
            with pytest.raises(Conflict, match="still writes"):
                await removed(world, export=tmp_path / "1.zip")
        assert world.tenant("potsdam").id == town
        async with world.scope("potsdam").read() as ctx:
            assert set(await ctx.session.scalars(sa.select(Resource.name))) == {"since then"}


@pytest.mark.postgresql
async def test_a_row_whose_transaction_ends_after_the_deletion_has_begun_is_not_lost(
    opens: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = departure._archived  # pyright: ignore[reportPrivateUsage]
    waits = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database"
                    " WHERE datname = current_database()) OR NOT granted AND locktype = 'transactionid'")  # fmt: skip
    async with opens("postgresql", ONE) as world:
        town = world.tenant("potsdam").id
        await plant(world)
        others: list[asyncio.Task[None]] = []

        async def insert(begun: asyncio.Event) -> None:
            async with world.platform.database.write(town) as session, session.begin():
                row = (await session.scalars(sa.select(PluginSetting))).one()
                session.add(PluginSetting(plugin="open_data", origin=row.origin, values={}))
                await session.flush()
                begun.set()
                while not (await (await session.connection()).execute(waits)).scalar_one():  # noqa: ASYNC110
                    await asyncio.sleep(0.01)

        async def late(*given: Any, **more: Any) -> Any:
            archive, begun = await written(*given, **more), asyncio.Event()
            others.append(asyncio.create_task(insert(begun)))
            await begun.wait()
            return archive

        with monkeypatch.context() as patch:
            patch.setattr(departure, "_archived", late)
            with pytest.raises(Conflict, match="still writes"):
                await removed(world, export=tmp_path / "1.zip")
        await asyncio.gather(*others)
        async with world.scope("potsdam").read() as ctx:
            assert set(await ctx.session.scalars(sa.select(PluginSetting.plugin))) == {"booking", "open_data"}
