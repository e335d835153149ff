"""Installations for the proofs that towns stay apart: the whole product, and a small one whose towns are many."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel
from regiohub.db.database import Database
from regiohub.db.migrations import ops
from regiohub.testing import World
from regiohub.testing.choosing import ChosenTowns
from regiohub.testing.installations import Engine, Installations, Recipe

MANY = Recipe(entries=(), towns=ChosenTowns(tuple((f"town-{number:02d}", ()) for number in range(1, 25))))
"""The core alone, with 24 towns."""


class Note(TenantModel):
    """A row that says itself who wrote it: `owner` is the number of the town whose session did."""

    __tablename__ = "isolation_note"

    owner: Mapped[int]
    word: Mapped[str]
    visits: Mapped[int]


def create_notes() -> None:
    """The table, made as plugins make theirs."""
    ops.create_tenant_table(
        "isolation_note",
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
    )
    ops.create_index("isolation_note", "word")
    ops.guard("isolation_note")


async def as_owner(database: Database, steps: Callable[[], None]) -> None:
    """Run migration operations as the role that owns the tables, in one transaction."""

    def work(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            steps()

    engine = database.migrating()
    try:
        async with engine.begin() as connection:
            await connection.run_sync(work)
    finally:
        await engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Both databases in turn."""
    return request.param


@pytest.fixture
async def towns(installations: Installations, engine: Engine, tmp_path: Path) -> AsyncGenerator[World]:
    """24 towns with the table of notes, once on each database."""
    async with installations.open(MANY, engine, tmp_path) as world:
        await as_owner(world.platform.database, create_notes)
        yield world


@pytest.fixture
async def towns_sqlite(installations: Installations, tmp_path: Path) -> AsyncGenerator[World]:
    """The same on SQLite only."""
    async with installations.open(MANY, "sqlite", tmp_path) as world:
        await as_owner(world.platform.database, create_notes)
        yield world


@pytest.fixture
async def towns_postgresql(installations: Installations, tmp_path: Path) -> AsyncGenerator[World]:
    """The same on PostgreSQL only."""
    async with installations.open(MANY, "postgresql", tmp_path) as world:
        await as_owner(world.platform.database, create_notes)
        yield world
