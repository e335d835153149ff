"""A table with a place, a range and words, as a plugin would make it; and the same without any town."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel
from regiohub.db.database import Database
from regiohub.db.migrations import ops

TABLE = "bench_spot"
OPEN = sa.Table(
    "bench_open",
    sa.MetaData(),
    sa.Column("id", ops.Guid(), primary_key=True),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("visits", sa.Integer(), nullable=False),
)
"""The same table in a world without towns."""


class Spot(TenantModel):
    """What the ORM knows of it."""

    __tablename__ = TABLE

    name: Mapped[str]
    visits: Mapped[int]


def _create() -> None:
    name, visits = sa.Column("name", sa.Text(), nullable=False), sa.Column("visits", sa.Integer(), nullable=False)
    ops.create_tenant_table(TABLE, name, visits)
    if ops.is_postgresql():
        ops.execute(f"ALTER TABLE {TABLE} ADD place geometry(Geometry,4326), ADD span tstzrange, ADD words tsvector")
        for kind, column in (("gist", "place"), ("gist", "span"), ("gin", "words")):
            ops.execute(f"CREATE INDEX {TABLE}_{column} ON {TABLE} USING {kind} ({column})")
    else:
        ops.create_platform_table(OPEN.name, *(column.copy() for column in OPEN.columns))
    ops.guard(TABLE)


async def create(database: Database) -> None:
    """Make it by the operations of migrations, with its walls."""

    def work(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            _create()

    engine = database.migrating()
    async with engine.begin() as connection:
        await connection.run_sync(work)
    await engine.dispose()


def rows(towns: int, each: int) -> str:
    """SQL that fills it: each town in its own square of half a degree, a year of ranges, forty rows for each word."""
    return f"""
    SET session_replication_role = replica;
    INSERT INTO {TABLE} (tenant_id, id, name, visits, place, span, words)
    SELECT town, md5(n::text)::uuid, 'Ort ' || n, n % 50,
           ST_SetSRID(ST_MakePoint(12 + town / 2.0 + n % 97 / 200.0, 52 + n % 89 / 200.0), 4326),
           tstzrange(moment, moment + interval '2 hours'), to_tsvector('german', 'wort' || n % ({each} / 40))
    FROM generate_series(1, {towns}) town, generate_series(1, {each}) n,
         LATERAL (SELECT timestamptz '2026-01-01' + n * interval '1 year' / {each} AS moment) AS year;
    ANALYZE {TABLE}"""
