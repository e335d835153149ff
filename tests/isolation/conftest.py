"""Installations for the proofs that towns stay apart: the whole product, and a small one whose towns are many."""

from __future__ import annotations

from collections.abc import Callable

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.engine import Connection

from regiohub.db.database import Database


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
