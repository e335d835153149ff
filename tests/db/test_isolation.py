"""One session, one tenant: by the session, and by the database behind it."""

from __future__ import annotations

from typing import cast

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from regiohub.api import uuid7
from regiohub.db.database import Database
from regiohub.db.errors import ReadOnlySession, TenancyViolation, UnscopedStatement

from .conftest import BELZIG, BERLIN, POTSDAM, Spot, add_spot


async def names(db: Database, tenant: int) -> list[str]:
    async with db.read(tenant) as session:
        return list(await session.scalars(sa.select(Spot.name).order_by(Spot.name)))


async def test_every_form_of_orm_read_sees_one_tenant_only(db: Database) -> None:
    await add_spot(db, POTSDAM, "park", visits=1)
    await add_spot(db, BELZIG, "castle", visits=2)
    other = aliased(Spot)
    async with db.read(POTSDAM) as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Spot)) == 1
        assert await session.scalar(sa.select(sa.func.sum(other.visits))) == 1
        assert list(await session.scalars(sa.select(Spot.name).where(sa.exists().where(other.name == "castle")))) == []
        inner = sa.select(Spot.name).where(Spot.visits > 0).cte()
        assert list(await session.scalars(sa.select(Spot.name).join(inner, inner.c.name == Spot.name))) == ["park"]
        assert list(await session.scalars(sa.select(inner.c.name))) == ["park"]
        both = sa.union_all(sa.select(Spot.name), sa.select(other.name))
        assert set(await session.scalars(both)) == {"park"}


async def test_a_foreign_id_looks_like_a_missing_one(db: Database) -> None:
    foreign = await add_spot(db, BELZIG, "castle")
    async with db.read(POTSDAM) as session:
        assert await session.find(Spot, foreign) is None
        assert await session.find(Spot, uuid7()) is None


async def test_equal_ids_in_two_towns_stay_apart(db: Database) -> None:
    same = uuid7()
    for tenant, name in ((POTSDAM, "park"), (BELZIG, "castle")):
        async with db.write(tenant) as session:
            session.add(Spot(id=same, name=name, visits=0))
            await session.commit()
    async with db.read(BELZIG) as session:
        found = await session.find(Spot, same)
        assert found is not None
        assert found.name == "castle"


async def test_an_object_of_another_tenant_is_refused_before_it_is_sent(db: Database) -> None:
    async with db.write(POTSDAM) as session:
        session.add(Spot(tenant_id=BELZIG, id=uuid7(), name="x", visits=0))
        with pytest.raises(TenancyViolation, match="belongs to tenant 2, not to 1"):
            await session.flush()


async def test_moving_a_row_to_another_tenant_is_refused(db: Database) -> None:
    id_ = await add_spot(db, POTSDAM, "park")
    async with db.write(POTSDAM) as session:
        spot = await session.find(Spot, id_)
        assert spot is not None
        spot.tenant_id = BELZIG
        with pytest.raises((TenancyViolation, DBAPIError)):
            await session.flush()


async def test_a_reading_session_writes_nothing(db: Database) -> None:
    async with db.read(POTSDAM) as session:
        session.add(Spot(id=uuid7(), name="x", visits=0))
        with pytest.raises(ReadOnlySession):
            await session.flush()
    async with db.read(POTSDAM) as session:
        with pytest.raises(DBAPIError):
            await session.sql("DELETE FROM sample_spot WHERE tenant_id = :tenant_id")


@pytest.mark.parametrize(
    "statement",
    [
        sa.text("SELECT name FROM sample_spot"),
        sa.select(Spot.__table__.c.name),
        sa.update(cast(sa.Table, Spot.__table__)).values(visits=9),
        sa.delete(cast(sa.Table, Spot.__table__)),
    ],
    ids=["text", "core select", "core update", "core delete"],
)
async def test_statements_without_the_tenants_predicate_are_refused(db: Database, statement: sa.Executable) -> None:
    async with db.write(POTSDAM) as session:
        with pytest.raises(UnscopedStatement):
            await session.execute(statement)


async def test_going_around_the_session_is_caught_at_the_engine(db: Database) -> None:
    async with db.write(POTSDAM) as session:
        connection = await session.connection()
        with pytest.raises(UnscopedStatement, match="sample_spot is read without tenant_id"):
            await connection.exec_driver_sql("SELECT name FROM sample_spot")
        with pytest.raises(UnscopedStatement, match="change no schema"):
            await connection.exec_driver_sql("DROP TABLE sample_spot")


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE sample_spot SET visits = 99 WHERE tenant_id = 2 AND :tenant_id > 0",
        "DELETE FROM sample_spot WHERE tenant_id = 2 AND :tenant_id > 0",
        "UPDATE sample_spot SET tenant_id = 1 WHERE tenant_id = 2 AND :tenant_id > 0",
        "INSERT INTO sample_spot (tenant_id, id, name, visits, created_at, updated_at)"
        " SELECT 2, '00000000-0000-7000-8000-000000000000', 'intruder', :tenant_id, created_at, updated_at"
        " FROM sample_spot WHERE tenant_id = :tenant_id",
        "INSERT INTO sample_spot (tenant_id, id, name, visits, created_at, updated_at)"
        " SELECT 2, id, 'castle', :tenant_id, created_at, updated_at FROM sample_spot WHERE tenant_id = :tenant_id"
        " ON CONFLICT (tenant_id, name) DO UPDATE SET visits = 99",
    ],
    ids=["update", "delete", "steal", "insert", "upsert"],
)
async def test_raw_sql_against_another_town_changes_nothing(db: Database, attack: str) -> None:
    await add_spot(db, POTSDAM, "park")
    await add_spot(db, BELZIG, "castle", visits=1)
    async with db.write(POTSDAM) as session:
        if db.dialect == "postgresql":
            attack = attack.replace("-000000000000'", "-000000000000'::uuid")
        try:
            result = await session.sql(attack)
        except DBAPIError:
            await session.rollback()
        else:
            # Row level security hides the other town's rows: nothing is found to change.
            assert db.dialect == "postgresql"
            assert result.rowcount == 0
    async with db.read(BELZIG) as session:
        rows = (await session.execute(sa.select(Spot.name, Spot.visits))).all()
    assert [tuple(row) for row in rows] == [("castle", 1)]


async def test_replace_does_not_delete_another_towns_row(db_sqlite: Database) -> None:
    db = db_sqlite
    await add_spot(db, BELZIG, "castle")
    await add_spot(db, POTSDAM, "park")
    async with db.write(POTSDAM) as session:
        with pytest.raises(DBAPIError, match="tenant guard"):
            await session.sql(
                "REPLACE INTO sample_spot (tenant_id, id, name, visits, created_at, updated_at)"
                " SELECT 2, id, 'castle', 7, created_at, updated_at FROM sample_spot WHERE tenant_id = :tenant_id"
            )
    assert await names(db, BELZIG) == ["castle"]


async def test_a_session_without_tenant_reads_nothing_and_writes_nothing(db: Database) -> None:
    await add_spot(db, POTSDAM, "park")
    async with db.platform(write=True) as session:
        assert list(await session.scalars(sa.select(Spot))) == []
        session.add(Spot(tenant_id=POTSDAM, id=uuid7(), name="x", visits=0))
        with pytest.raises(TenancyViolation):
            await session.flush()
    async with db.platform(write=True) as session:
        connection = await session.connection()
        with pytest.raises(DBAPIError):
            await connection.exec_driver_sql(
                'INSERT INTO core_plugin_setting (tenant_id, id, plugin, origin, "values")'
                " VALUES (1, '00000000-0000-7000-8000-000000000000', 'x', 'file', '{}')"
            )


async def test_reading_across_sees_exactly_the_named_towns_and_cannot_write(db: Database) -> None:
    for tenant, name in ((POTSDAM, "park"), (BELZIG, "castle"), (BERLIN, "tower")):
        await add_spot(db, tenant, name)
    async with db.read_across([POTSDAM, BERLIN], reason="test") as session:
        assert set(await session.scalars(sa.select(Spot.name))) == {"park", "tower"}
        session.add(Spot(tenant_id=POTSDAM, id=uuid7(), name="x", visits=0))
        with pytest.raises(ReadOnlySession):
            await session.flush()
    async with db.read_across([], reason="nobody consents") as session:
        assert list(await session.scalars(sa.select(Spot))) == []


async def test_a_name_may_repeat_in_another_town_but_not_in_the_same(db: Database) -> None:
    await add_spot(db, POTSDAM, "market")
    await add_spot(db, BELZIG, "market")
    with pytest.raises(DBAPIError):
        await add_spot(db, POTSDAM, "market")


async def test_a_reference_cannot_point_into_another_town(db: Database) -> None:
    foreign = await add_spot(db, BELZIG, "castle")
    with pytest.raises(DBAPIError):
        await add_spot(db, POTSDAM, "tower", parent_id=foreign)
