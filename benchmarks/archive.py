"""How long a town takes to leave and to come back: SQLite → PostgreSQL → SQLite, with rows of every kind.

Bookings, sensors with places and traffic, and the log: 100,000 rows and more. The last archive has to be the first one,
byte for byte. Export counts reading, writing and packing; import counts checking the archive, filling the tables with
all their indexes and guards, and reading everything back to compare it.

python benchmarks/archive.py [--bookings 17000] [--devices 8000] [--without-postgresql]
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import resource
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import structlog

from regiohub.archive.arrival import Wanted, import_town
from regiohub.archive.export import export_town
from regiohub.tenancy.config import Town
from regiohub.testing import World
from regiohub.testing.databases import PostgresTemplate, SqliteTemplate, prepare
from regiohub.testing.services.postgresql import postgresql
from regiohub.testing.towns import named_town
from regiohub.testing.world import open_world
from regiohub_booking.testing import fill as fill_bookings
from regiohub_lorawan.bulk import fill as fill_sensors

TOWN = "potsdam"
START = datetime(2026, 6, 1, tzinfo=UTC)
Template = PostgresTemplate | SqliteTemplate


def report(what: str, where: str, rows: int, seconds: float, processor: float) -> None:
    """One line: rows per second on the clock, and per second of this process's processor."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what:<7}{where:<11}{rows:>9,} rows {seconds:>6.1f} s {rows / seconds:>8,.0f}/s"
        f" ({rows / processor:,.0f} per second of processor), peak {peak:,.0f} MiB",
        flush=True,
    )


async def export(world: World, file: Path) -> None:
    """Export and report."""
    began, processor = time.perf_counter(), time.process_time()
    done = await export_town(world.platform, world.tenant(TOWN), file)
    report("export", world.dialect, done.manifest.rows, time.perf_counter() - began, time.process_time() - processor)
    print(f"       {done.bytes / 2**20:.1f} MiB packed")


async def bring(world: World, file: Path) -> None:
    """Import and report."""
    began, processor = time.perf_counter(), time.process_time()
    done = await import_town(world.platform, file, Wanted(consents="keep", accept_log=True, by="benchmark"))
    report("import", world.dialect, done.manifest.rows, time.perf_counter() - began, time.process_time() - processor)


def same(first: Path, last: Path) -> bool:
    """Whether two archives hold the same, the manifest's time apart."""
    with ZipFile(first) as one, ZipFile(last) as other:
        names = [name for name in one.namelist() if name != "manifest.json"]
        return all(one.read(name) == other.read(name) for name in names)


async def main(bookings: int, devices: int, *, on_postgresql: bool) -> None:
    """Databases made for this and thrown away."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        ways: list[tuple[str, Template]] = [("first", SqliteTemplate(_folder(place / "first")))]
        if on_postgresql:
            ways.append(("second", PostgresTemplate(stack.enter_context(postgresql()))))
        ways.append(("third", SqliteTemplate(_folder(place / "third"))))
        for number, (name, template) in enumerate(ways):
            await template.create() if isinstance(template, PostgresTemplate) else template.create()
            data = _folder(place / f"data-{name}")
            if number == 0:
                await prepare(template.address, data)
            else:
                await prepare(template.address, data, towns=_others)
            async with open_world(template.address, data, at=START) as world:
                if number == 0:
                    await fill_bookings(world.scope(TOWN), bookings)
                    await fill_sensors(world.scope(TOWN), devices)
                else:
                    await bring(world, place / f"{number}.zip")
                await export(world, place / f"{number + 1}.zip")
        equal = same(place / "1.zip", place / f"{len(ways)}.zip")
        print("the last archive is the first one, byte for byte" if equal else "THE ARCHIVES DIFFER")


def _others(_plugins: Iterable[str], _datasets: Iterable[str]) -> Sequence[Town]:
    return [named_town("berlin", 3)]


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bookings", type=int, default=17_000)
    parser.add_argument("--devices", type=int, default=8_000)
    parser.add_argument("--without-postgresql", action="store_true")
    given = parser.parse_args()
    asyncio.run(main(given.bookings, given.devices, on_postgresql=not given.without_postgresql))
