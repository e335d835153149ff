"""Erased means gone: from rows and indexes, outbox and files, and from the bytes of the database's files."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.engine import make_url

from regiohub.audit import verify
from regiohub.db.base import Base, TenantTable
from regiohub.db.compacting import compact
from regiohub.db.postgresql import OWNER_ROLE
from regiohub.privacy import erase_subject, export_subject
from regiohub.testing import World
from regiohub.testing.services import PostgresServer

from .planting import TOWN, Marked, age, live_a_life
from .searching import database_folder, in_files, in_postgresql, in_sqlite

pytestmark = pytest.mark.regiohub(plugins=("atlas", "booking", "health_directory", "lorawan"))


@pytest.fixture
def anna() -> Marked:
    return Marked()


@pytest.fixture
def ben() -> Marked:
    return Marked("Quendolin")


async def test_nothing_is_left_in_the_bytes_of_an_embedded_database(
    world_sqlite: World, anna: Marked, ben: Marked
) -> None:
    world = world_sqlite
    file = Path(str(make_url(world.platform.database.url).database))
    folder = file.parent
    assert world.platform.settings.data_dir.is_relative_to(folder)
    await live_a_life(world, anna)
    await world.scope(TOWN).run(lambda ctx: ctx.enqueue("booking.nowhere", {"subject": ben.subject}))
    await age(world)
    # The search sees the person, in the log beside the file as well: it could fail.
    assert len({hit.partition(":")[0] for hit in in_sqlite(file, anna.marks)}) >= 6
    assert {mark.casefold() for mark in anna.marks} == {hit.partition(": ")[2] for hit in in_files(folder, anna.marks)}
    assert in_files(world.platform.settings.data_dir / "mail", anna.marks) != []
    await world.scope(TOWN).run(lambda ctx: erase_subject(ctx, anna.as_subject))
    assert in_sqlite(file, anna.marks) == []
    assert in_files(folder, anna.marks) == []
    assert in_sqlite(file, (ben.subject,)) != []
    # And nothing brings it back: what follows from the erasure names nobody either, and the log's chain holds.
    await world.work()
    assert in_files(folder, anna.marks) == []
    report = await world.scope(TOWN).run(verify)
    assert (report.ok, report.entries > 0) == (True, True)


@pytest.mark.parametrize("pragma", ["secure_delete=OFF"])
async def test_the_search_finds_what_an_ordinary_deletion_leaves(
    world_sqlite: World, anna: Marked, pragma: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: without overwriting and without emptying the log, the person is still in the bytes."""
    world, database = world_sqlite, world_sqlite.platform.database
    monkeypatch.setattr(database, "empty_log", lambda: None)
    async with database.writing.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute(f"PRAGMA {pragma}")
    await live_a_life(world, anna)
    await world.scope(TOWN).run(lambda ctx: erase_subject(ctx, anna.as_subject))
    file = Path(str(make_url(database.url).database))
    assert in_sqlite(file, anna.marks) == []
    assert in_files(file.parent, anna.marks) != []


@pytest.mark.postgresql
async def test_nothing_is_left_in_rows_statistics_and_files_of_a_server(
    world_postgresql: World, postgres_server: PostgresServer, anna: Marked, ben: Marked
) -> None:
    world, database = world_postgresql, world_postgresql.platform.database
    name, folder = str(make_url(database.url).database), world.platform.settings.data_dir
    await live_a_life(world, anna)
    await world.scope(TOWN).run(lambda ctx: ctx.enqueue("booking.nowhere", {"subject": ben.subject}))
    await age(world)
    postgres_server.execute("ANALYZE", database=name)
    postgres_server.execute("CHECKPOINT")
    assert len(in_postgresql(postgres_server, name, anna.marks)) >= 6
    assert in_files(database_folder(postgres_server, name), anna.marks) != []
    await world.scope(TOWN).run(lambda ctx: erase_subject(ctx, anna.as_subject))
    rows = [hit for hit in in_postgresql(postgres_server, name, anna.marks) if not hit.startswith("pg_catalog.")]
    assert rows == []
    assert in_files(folder, anna.marks) == []
    # As bootstrap leaves it; copies of a template belong to who copies.
    postgres_server.execute(f'ALTER DATABASE "{name}" OWNER TO {OWNER_ROLE}')
    # Old versions of rows, and samples of values in the planner's statistics, go when the tables are written anew.
    written = [table async for table in compact(database)]
    assert "booking_booking" in written
    postgres_server.execute("CHECKPOINT")
    assert in_postgresql(postgres_server, name, anna.marks) == []
    assert in_files(database_folder(postgres_server, name), anna.marks) == []
    assert in_postgresql(postgres_server, name, (ben.subject,)) != []


async def test_every_table_that_holds_the_person_is_in_the_export(world: World, anna: Marked) -> None:
    await live_a_life(world, anna)
    found = await world.scope(TOWN).run(lambda ctx: export_subject(ctx, anna.as_subject))
    document = to_json(found.document()).decode().casefold()
    assert all(mark.casefold() in document for mark in anna.marks)
    sources = {part.source for part in found.parts}
    assert sources >= {
        "booking_booking", "booking_series", "booking_question", "booking_access_grant",
        "health_directory_suggestion", "core_measure", "core_outbox", "core_session", "core_audit", "mail",
    }  # fmt: skip
    kept = {"core_session", "core_audit"}
    # What a plugin's own function found has no table; its records have the ids of their rows.
    ids = {str(record["id"]) for part in found.parts for record in part.records if "id" in record}
    holding = await _holding(world, anna)
    assert holding.keys() >= {"atlas_procedure", "booking_place", "booking_owner"}
    for table, rows in holding.items():
        handed = sum(len(part.records) for part in found.parts if part.source == table)
        assert handed >= len(rows) or set(rows) <= ids or table in kept, table
    # And nothing stands in a text that nobody handed out.
    assert not any("Please look here" in words.en for words in found.remarks)


async def _holding(world: World, who: Marked) -> dict[str, list[str]]:
    """Rows of the town that hold one of the marks, by table, as ids; found without any declaration."""
    found: dict[str, list[str]] = {}
    known = {name for plugin in world.platform.plugins.healthy for name in Base.metadata.tables
             if name.startswith((f"{plugin}_", "core_"))}  # fmt: skip
    async with world.scope(TOWN).read() as ctx:
        for mapper in Base.registry.mappers:
            name = cast("sa.Table", mapper.local_table).name
            if not issubclass(mapper.class_, TenantTable) or name not in known:
                continue
            rows = (await ctx.session.scalars(sa.select(mapper.class_))).all()
            for row in rows:
                text = " ".join(str(getattr(row, one.key)) for one in mapper.column_attrs).casefold()
                if any(mark.casefold() in text for mark in who.marks):
                    found.setdefault(name, []).append(str(getattr(row, "id", None)))
    return found
