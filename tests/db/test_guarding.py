"""Guards are operations: they outlive a batch, and migrations of filled tables lose nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from regiohub.db.database import Database
from regiohub.db.migrations import ops

from .conftest import BELZIG, POTSDAM, Spot, add_spot, migrate_with


def add_a_column() -> None:
    ops.add_columns("sample_spot", sa.Column("note", sa.Text(), server_default="none", nullable=False))


async def rows(db: Database, tenant: int) -> list[tuple[str, str | None]]:
    parent = aliased(Spot)
    async with db.read(tenant) as session:
        joined = sa.select(Spot.name, parent.name).outerjoin(parent, Spot.parent_id == parent.id).order_by(Spot.name)
        return [(row[0], row[1]) for row in await session.execute(joined)]


async def test_a_batch_on_a_filled_table_keeps_rows_children_and_guards(db: Database) -> None:
    castle = await add_spot(db, BELZIG, "castle")
    await add_spot(db, BELZIG, "tower", parent_id=castle)
    await add_spot(db, POTSDAM, "park")
    await migrate_with(db, add_a_column)
    assert await rows(db, BELZIG) == [("castle", None), ("tower", "castle")]
    async with db.write(POTSDAM) as session:
        statement = "UPDATE sample_spot SET visits = 5 WHERE tenant_id = 2 AND :tenant_id > 0"
        try:
            assert (await session.sql(statement)).rowcount == 0
        except DBAPIError as refused:
            assert "tenant guard" in str(refused)  # noqa: PT017 - SQLite raises, PostgreSQL hides the rows
    async with db.read(BELZIG) as session:
        assert set(await session.scalars(sa.select(Spot.visits))) == {0}


async def test_a_data_migration_reaches_every_towns_rows(db: Database) -> None:
    await add_spot(db, BELZIG, "castle")
    await add_spot(db, POTSDAM, "park")
    await migrate_with(db, lambda: ops.execute("UPDATE sample_spot SET visits = 7"))
    for tenant in (BELZIG, POTSDAM):
        async with db.read(tenant) as session:
            assert await session.scalar(sa.select(Spot.visits)) == 7


async def test_spatial_search_still_works_after_a_batch(db: Database) -> None:
    from regiohub.api import near

    await add_spot(db, POTSDAM, "park", place={"type": "Point", "coordinates": [13.0, 52.4]})
    await migrate_with(db, add_a_column)
    await add_spot(db, POTSDAM, "garden", place={"type": "Point", "coordinates": [13.0, 52.4]})
    async with db.read(POTSDAM) as session:
        found = await session.scalars(sa.select(Spot.name).where(near(Spot.place, 13.0, 52.4, 10)))
        assert set(found) == {"park", "garden"}


def test_set_null_is_refused_since_it_would_null_the_tenant() -> None:
    from regiohub.api import reference

    with pytest.raises(ValueError, match="null tenant_id"):
        reference("sample_spot", ondelete="SET NULL")
