"""Counters of changed tables: raised by every way of writing, with the commit, and by nothing else."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from regiohub.api import uuid7
from regiohub.db.base import Base
from regiohub.db.database import Database
from regiohub.db.heads import head_of
from regiohub.db.session import TenantSession
from regiohub.db.version_looks import Look, LookFailed, Looks, looks_at, stamp
from regiohub.db.versions import EVERYTHING, WATCHED, watch, written_tables
from regiohub.tenancy.models import TenantRow

from .conftest import BELZIG, POTSDAM, Spot, add_spot

SPOT = ("sample_spot",)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def watched_spots() -> Iterator[None]:
    """The table of these tests is watched for as long as one lasts."""
    watch(Spot)
    yield
    Base.metadata.tables["sample_spot"].info.pop(WATCHED)


@pytest.fixture
async def looks(db: Database) -> AsyncGenerator[Looks]:
    """A reader of the counters."""
    found = looks_at(db.url)
    yield found
    await found.close()


async def one_insert(session: TenantSession) -> None:
    session.add(Spot(id=uuid7(), name="new", visits=0))


async def core_insert(session: TenantSession) -> None:
    values = {"tenant_id": POTSDAM, "id": uuid7(), "name": "new", "visits": 0, "created_at": NOW, "updated_at": NOW}
    await session.execute(sa.insert(Spot), [values])


async def orm_update(session: TenantSession) -> None:
    (await session.scalars(sa.select(Spot))).one().visits += 1


async def core_update(session: TenantSession) -> None:
    await session.execute(sa.update(Spot).values(visits=7))


async def core_delete(session: TenantSession) -> None:
    await session.execute(sa.delete(Spot).where(Spot.name == "castle"))


async def orm_delete(session: TenantSession) -> None:
    await session.delete((await session.scalars(sa.select(Spot))).one())


async def text(session: TenantSession) -> None:
    await session.sql("UPDATE sample_spot SET visits = visits + 1 WHERE tenant_id = :tenant_id")


async def text_after_with(session: TenantSession) -> None:
    await session.sql(
        "WITH wanted AS (SELECT id FROM sample_spot WHERE tenant_id = :tenant_id)"
        " DELETE FROM sample_spot WHERE tenant_id = :tenant_id AND id IN (SELECT id FROM wanted)"
    )


async def around_the_session(session: TenantSession) -> None:
    connection = await session.connection()
    await connection.exec_driver_sql("UPDATE sample_spot SET visits = 9 WHERE tenant_id = 1")


async def upsert(session: TenantSession) -> None:
    row = {"id": uuid7(), "name": "castle", "visits": 5, "created_at": NOW, "updated_at": NOW}
    await session.upsert(Spot, [row], key=["name"], update=["visits"])


async def in_a_savepoint(session: TenantSession) -> None:
    async with session.begin_nested():
        await core_update(session)


async def before_a_savepoint(session: TenantSession) -> None:
    await core_update(session)
    async with session.begin_nested():
        await session.execute(sa.select(Spot))


async def in_a_savepoint_that_is_undone(session: TenantSession) -> None:
    await core_update(session)
    nested = await session.begin_nested()
    await session.execute(sa.select(Spot))
    await nested.rollback()


WAYS: list[Callable[[TenantSession], Awaitable[None]]] = [
    one_insert, core_insert, orm_update, core_update, core_delete, orm_delete, text, text_after_with,
    around_the_session, upsert, in_a_savepoint, before_a_savepoint, in_a_savepoint_that_is_undone,
]  # fmt: skip


async def only_a_castle(db: Database) -> None:
    async with db.write(POTSDAM) as session:
        await session.execute(sa.delete(Spot))
        session.add(Spot(id=uuid7(), name="castle", visits=0))
        await session.commit()


async def test_each_way_of_writing_raises_the_counter_once(db: Database, looks: Looks) -> None:
    elsewhere = await looks.look(BELZIG)
    for way in WAYS:
        await only_a_castle(db)
        before = await looks.look(POTSDAM)
        async with db.write(POTSDAM) as session:
            await way(session)
            await session.flush()
            assert await looks.look(POTSDAM) == before, f"{way.__name__}: nothing may be seen before the commit"
            await session.commit()
        after = await looks.look(POTSDAM)
        assert after["sample_spot"] == before["sample_spot"] + 1, way.__name__
    assert await looks.look(BELZIG) == elsewhere


async def test_what_is_rolled_back_raises_nothing(db: Database, looks: Looks) -> None:
    await only_a_castle(db)
    before = await looks.look(POTSDAM)
    for way in WAYS:
        async with db.write(POTSDAM) as session:
            await way(session)
            await session.flush()
            await session.rollback()
        # The connection goes back with nothing left on it that a later commit would raise.
        async with db.write(POTSDAM) as session:
            await session.scalars(sa.select(Spot))
            await session.commit()
        assert await looks.look(POTSDAM) == before, way.__name__


async def test_a_session_that_goes_on_raises_with_each_of_its_commits(db: Database, looks: Looks) -> None:
    await add_spot(db, POTSDAM, "castle")
    first = await looks.look(POTSDAM)
    async with db.write(POTSDAM) as session:
        for number in (1, 2):
            await core_update(session)
            await session.commit()
            assert (await looks.look(POTSDAM))["sample_spot"] == first["sample_spot"] + number


async def test_the_counter_is_raised_last(db: Database) -> None:
    await add_spot(db, POTSDAM, "castle")
    seen: list[str] = []

    def noted(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.writing.sync_engine, "before_cursor_execute", noted)
    async with db.write(POTSDAM) as session:
        await core_update(session)
        # Left to the flush that comes with the commit.
        session.add(Spot(id=uuid7(), name="late", visits=0))
        await session.commit()
    event.remove(db.writing.sync_engine, "before_cursor_execute", noted)
    assert "INSERT INTO core_data_version" in seen[-1]
    assert "INSERT INTO sample_spot" in seen[-2]


async def test_nothing_is_raised_for_tables_that_nobody_watches(db: Database, looks: Looks) -> None:
    Base.metadata.tables["sample_spot"].info.pop(WATCHED)
    before = await looks.look(POTSDAM)
    seen: list[str] = []
    event.listen(db.writing.sync_engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    await add_spot(db, POTSDAM, "castle")
    watch(Spot)
    assert await looks.look(POTSDAM) == before
    assert not [statement for statement in seen if "core_data_version" in statement]


async def test_bulk_paths_of_the_driver_count_as_everything_unless_they_say_what_they_write(
    db: Database, looks: Looks
) -> None:
    if db.dialect != "postgresql":
        pytest.skip("only PostgreSQL has this path")
    insert = "INSERT INTO sample_spot (tenant_id, id, name, visits, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6)"

    async def bulk(name: str, writes: list[type[Spot]] | None) -> Look:
        async with db.write(POTSDAM) as session:
            driver = await session.raw_asyncpg(writes=writes)
            await driver.executemany(insert, [(POTSDAM, uuid7(), name, 0, NOW, NOW)])
            await session.commit()
        return await looks.look(POTSDAM)

    first = await bulk("a", None)
    assert first[EVERYTHING] == 1
    second = await bulk("b", [Spot])
    assert (second[EVERYTHING], second["sample_spot"]) == (1, 1)
    assert len({stamp(found, SPOT) for found in ({}, first, second)}) == 3


async def test_a_change_of_the_platform_is_part_of_every_look(db: Database, looks: Looks) -> None:
    from regiohub.tenancy.registry import touch

    before = stamp(await looks.look(POTSDAM), SPOT)
    async with db.platform(write=True) as session:
        await touch(session)
        await session.commit()
    assert stamp(await looks.look(POTSDAM), SPOT) != before


async def test_a_write_in_nobodys_name_counts_for_everybody(db: Database, looks: Looks) -> None:
    await add_spot(db, POTSDAM, "castle")
    before = [stamp(await looks.look(tenant), SPOT) for tenant in (POTSDAM, BELZIG)]
    async with db.writing.begin() as connection:
        await connection.exec_driver_sql("UPDATE tenant SET motto = 'x' /* tenant_id */")
    after = [stamp(await looks.look(tenant), SPOT) for tenant in (POTSDAM, BELZIG)]
    assert all(new != old for new, old in zip(after, before, strict=True))


async def test_writers_at_the_same_time_lose_no_count(db: Database, looks: Looks) -> None:
    spots = [await add_spot(db, POTSDAM, f"spot {n}") for n in range(8)]
    before = (await looks.look(POTSDAM))["sample_spot"]

    async def visit(number: int) -> None:
        for _ in range(5):
            async with db.write(POTSDAM) as session:
                await session.execute(sa.update(Spot).where(Spot.id == spots[number]).values(visits=Spot.visits + 1))
                await session.commit()

    await asyncio.gather(*map(visit, range(8)))
    assert (await looks.look(POTSDAM))["sample_spot"] == before + 40


async def test_a_look_that_begins_after_a_commit_sees_it_also_among_many(db: Database, looks: Looks) -> None:
    await add_spot(db, POTSDAM, "castle")
    done = False
    counted = (await looks.look(POTSDAM))["sample_spot"]

    async def write() -> None:
        nonlocal counted, done
        for _ in range(20):
            async with db.write(POTSDAM) as session:
                await core_update(session)
                await session.commit()
            counted += 1
        done = True

    async def read() -> int:
        number = 0
        while not done:
            least = counted
            assert (await looks.look(POTSDAM))["sample_spot"] >= least
            number += 1
            await asyncio.sleep(0)
        return number

    results = await asyncio.gather(write(), *(read() for _ in range(5)))
    assert min(number for number in results if number is not None) > 5


WRITER = """
import asyncio, sys
import sqlalchemy as sa
from regiohub.db.database import Database
from regiohub.db.versions import watch
from regiohub.tenancy.models import Measure

async def main():
    watch(Measure)
    db = Database(sys.argv[1])
    async with db.write(1) as session:
        await session.execute(sa.update(Measure).values(title="changed elsewhere"))
        await session.commit()
    await db.close()

asyncio.run(main())
"""


async def test_writers_in_other_processes_are_seen(db: Database, looks: Looks) -> None:
    before = await looks.look(POTSDAM)
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", WRITER, db.url], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (await looks.look(POTSDAM))["core_measure"] == before.get("core_measure", 0) + 1


async def test_looks_come_back_after_their_connection_was_lost(db: Database, looks: Looks) -> None:
    await looks.look(POTSDAM)
    if db.dialect == "postgresql":
        ending = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%platform_state%' AND pid <> $1"
        )
        async with db.reading.connect() as connection:
            (own,) = (await connection.exec_driver_sql("SELECT pg_backend_pid()")).one()
            assert (await connection.exec_driver_sql(ending, (own,))).all()
        with pytest.raises(LookFailed):
            await looks.look(POTSDAM)
    else:
        await looks.close()
    assert (await looks.look(POTSDAM))["platform_state"] > 0


async def test_callers_who_give_up_leave_the_look_to_the_others(db: Database, looks: Looks) -> None:
    callers = [asyncio.create_task(looks.look(POTSDAM)) for _ in range(6)]
    await asyncio.sleep(0)
    for caller in callers[::2]:
        caller.cancel()
    found = await asyncio.gather(*callers, return_exceptions=True)
    assert all(isinstance(look, dict) for look in found[1::2])


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT * FROM sample_spot", set()),
        ("SELECT id FROM sample_spot FOR UPDATE", set()),
        ("SELECT id FROM sample_spot FOR NO KEY UPDATE SKIP LOCKED", set()),
        ('INSERT INTO "sample_spot" (id) VALUES (1)', {"sample_spot"}),
        ("insert or replace into sample_spot (id) values (1)", {"sample_spot"}),
        ("UPDATE ONLY sample_spot SET visits = 1", {"sample_spot"}),
        ("/* from a job */ DELETE FROM sample_spot", {"sample_spot"}),
        ("WITH x AS (UPDATE sample_spot SET visits = 1 RETURNING id) SELECT * FROM x", {"sample_spot"}),
        ("UPDATE core_measure SET title = (SELECT name FROM sample_spot)", {"core_measure", "sample_spot"}),
        ("UPDATE spot SET visits = 1", set()),
        (
            "DELETE FROM core_measure WHERE tenant_id = 1",
            {"core_measure", "core_activation", "core_objective", "core_indicator", "core_figure"},
        ),
        ("UPDATE core_measure SET position = 1", {"core_measure"}),
    ],
)
def test_tables_that_a_statement_may_change(statement: str, tables: set[str]) -> None:
    assert written_tables(statement, len(Base.metadata.tables)) == tables


def test_removing_a_town_changes_all_its_tables() -> None:
    found = written_tables(f"DELETE FROM {TenantRow.__tablename__}", len(Base.metadata.tables))
    assert {"sample_spot", "core_measure", "core_activation"} <= found


async def test_migrations_count_as_a_change_of_everything(db: Database, looks: Looks) -> None:
    from regiohub.db.migrate import CORE, upgrade

    before = [stamp(await looks.look(tenant), SPOT) for tenant in (POTSDAM, BELZIG)]
    await upgrade(db, [CORE], target=head_of(CORE.package) or "")
    after = [stamp(await looks.look(tenant), SPOT) for tenant in (POTSDAM, BELZIG)]
    assert all(new != old for new, old in zip(after, before, strict=True))
