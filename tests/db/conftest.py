"""A table of its own for the tests of the data layer, made by the same migration operations that plugins use."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, geometry, reference, relation, unique, uuid7
from regiohub.db.database import Database
from regiohub.db.migrations import ops
from regiohub.testing.databases import Address, SqliteTemplate

POTSDAM, BELZIG, BERLIN = 1, 2, 3


class Spot(TenantModel, Timestamps):
    """A place with a name, a counter and a geometry."""

    __tablename__ = "sample_spot"

    name: Mapped[str]
    visits: Mapped[int]
    place: Mapped[dict[str, Any] | None] = geometry()
    parent_id: Mapped[UUID | None] = reference("sample_spot", nullable=True)
    parent: Mapped[Spot | None] = relation("Spot", by="parent_id")
    children: Mapped[list[Spot]] = relation("Spot", back="parent_id")

    __table_args__ = (unique("name"),)


def create_sample() -> None:
    ops.create_tenant_table(
        "sample_spot",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("place", ops.GeoJson()),
        sa.Column("parent_id", ops.Guid()),
        *ops.timestamps(),
        ops.reference("parent_id", "sample_spot"),
        ops.unique("name"),
    )
    ops.create_index("sample_spot", "parent_id")
    ops.spatial_index("sample_spot", "place")
    ops.guard("sample_spot")


async def migrate_with(database: Database, steps: Callable[[], None]) -> None:
    """Run migration operations as the owner, in one transaction."""

    def work(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            steps()

    engine = database.migrating()
    async with engine.begin() as connection:
        await connection.run_sync(work)
    await engine.dispose()


@asynccontextmanager
async def opened(address: Address) -> AsyncGenerator[Database]:
    database = Database(address.url, address.owner_url)
    await migrate_with(database, create_sample)
    yield database
    await database.close()


@pytest.fixture
async def db(database: Address) -> AsyncGenerator[Database]:
    """The data layer on a prepared database with the table sample_spot, once on each engine."""
    async with opened(database) as found:
        yield found


@pytest.fixture
async def db_sqlite(sqlite_template: SqliteTemplate, tmp_path: Path) -> AsyncGenerator[Database]:
    """The same on SQLite only."""
    with sqlite_template.copy(tmp_path) as address:
        async with opened(address) as found:
            yield found


async def add_spot(db: Database, tenant: int, name: str, **values: Any) -> UUID:
    """A committed row."""
    spot = Spot(id=uuid7(), name=name, **({"visits": 0} | values))
    async with db.write(tenant) as session:
        session.add(spot)
        await session.commit()
    return spot.id
