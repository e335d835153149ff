"""Bytes in the database per row of the tables that grow: measured values, bookings, offers; on one engine.

python benchmarks/sizes.py [--database sqlite|postgresql] [--rows 200000]

Each kind is written by the plugin's own service or filler into an otherwise empty town; the growth of the database is
divided by the rows. Indexes, audit entries and what else a row brings along are in the figure. Speed is not measured.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from regiohub.logs import configure_logging
from regiohub.settings import Settings
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, prepare
from regiohub.testing.services import postgresql
from regiohub.testing.world import START, World, open_world
from regiohub_booking.testing import fill as fill_bookings
from regiohub_health_directory.examples import fill_town
from regiohub_lorawan.models.moments import to_millis
from regiohub_lorawan.service import backfill
from regiohub_lorawan.service.rollups import roll_up
from regiohub_lorawan.store.observations import Point
from regiohub_lorawan.testing import register

TOWN = "potsdam"
PER_SERIES = 52_560
"""Values of a series in a year, one every ten minutes."""


async def size(world: World) -> int:
    """Bytes of the whole database, with everything written out."""
    engine = world.platform.database.migrating()
    try:
        async with engine.connect() as connection:
            if world.dialect == "sqlite":
                await connection.exec_driver_sql("COMMIT")
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
                return pages * (await connection.exec_driver_sql("PRAGMA page_size")).scalar_one()
            return int((await connection.execute(sa.text("SELECT pg_database_size(current_database())"))).scalar_one())
    finally:
        await engine.dispose()


async def values(world: World, rows: int) -> None:
    """A year of values every ten minutes, of as many series as it takes."""
    sensor = await register(world.scope(TOWN))
    start = to_millis(START - timedelta(days=365))
    for first in range(0, rows, 5_000):
        numbers = range(first, min(first + 5_000, rows))
        points = [
            Point(
                sensor.temperature.series + number // PER_SERIES * 10,
                start + number % PER_SERIES * 600_000,
                number % 300 / 10,
            )
            for number in numbers
        ]
        await backfill.load(sensor.scope, points)


async def grown(world: World, name: str, rows: int, work: Callable[[], Awaitable[object]]) -> None:
    """Print the bytes per row that some work adds."""
    before = await size(world)
    await work()
    added = await size(world) - before
    print(f"{world.dialect:10} {name:34} {rows:>9,} rows {added / rows:>8,.0f} bytes a row", flush=True)


async def run(address: Address, folder: Path, rows: int) -> None:
    """All kinds, one after the other."""
    async with open_world(address, folder) as world:
        scope = world.scope(TOWN)
        print(f"{world.dialect:10} empty, three towns: {await size(world) / 2**20:.1f} MiB")
        await grown(world, "measured values", rows, lambda: values(world, rows))
        await grown(world, "their rollups, per value", rows, lambda: roll_up(scope))
        await grown(world, "bookings", rows // 20, lambda: fill_bookings(scope, rows // 20))
        await grown(world, "offers of the health directory", rows // 100, lambda: fill_town(scope, rows // 100))


def main() -> None:
    """Prepare a database of its own, then run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args()
    configure_logging(Settings(log_level="ERROR"))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        template: PostgresTemplate | SqliteTemplate
        if options.database == "postgresql":
            template = PostgresTemplate(stack.enter_context(postgresql()))
            asyncio.run(template.create())
        else:
            template = SqliteTemplate(folder)
        asyncio.run(prepare(template.address, folder / "prepared"))
        with template.copy(folder) as address:
            asyncio.run(run(address, folder / "data", options.rows))


if __name__ == "__main__":
    main()
