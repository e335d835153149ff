"""How many entries of the audit log are sealed and checked per second, on SQLite and on PostgreSQL.

Beside them stands what the database alone delivers: the same rows read and thrown away.

python benchmarks/audit_chain.py [--postgresql] [--entries 200000]
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from regiohub.audit import AuditEntry, seal_town, verify
from regiohub.audit.seals.rows import entry_pages
from regiohub.auth.principal import PrincipalKind
from regiohub.db.base import uuid7
from regiohub.testing import World
from regiohub.testing.databases import PostgresTemplate, SqliteTemplate, prepare
from regiohub.testing.services.postgresql import postgresql
from regiohub.testing.world import open_world

TOWN = "potsdam"
RUNS = 3
START = datetime(2026, 6, 1, tzinfo=UTC)


async def fill(world: World, count: int) -> None:
    """Entries as a town's work leaves them: two values before, three after, some 600 bytes each."""
    for start in range(0, count, 5000):
        async with world.platform.database.write(world.tenant(TOWN).id) as session, session.begin():
            session.add_all(_entry(number) for number in range(start, min(count, start + 5000)))


def _entry(number: int) -> AuditEntry:
    return AuditEntry(
        id=uuid7(), at=START - timedelta(seconds=number), actor_kind=PrincipalKind.PERSON, actor=f"{number % 97:020x}",
        action="booking.approve", object_kind="booking", object_id=str(uuid7()),
        before={"state": "pending", "fee": None},
        after={"state": "confirmed", "fee": "12.50", "until": "2026-06-01T18:00:00+02:00"}, note=None,
        text_de=f"Buchungen genehmigen: booking {number} (state: pending → confirmed)",
        text_en=f"Approve bookings: booking {number} (state: pending → confirmed)",
        plugin="booking", plugin_version="1.0.0",
    )  # fmt: skip


@dataclass(frozen=True)
class Spent:
    """Time of one run: on the clock, and of the processor as far as this process had it."""

    seconds: float
    processor: float

    def rate(self, rows: int) -> str:
        """Rows per second, and per second of the processor: the second figure does not mind a busy machine."""
        return f"{rows / self.seconds:>9,.0f}/s ({rows / self.processor:,.0f} per second of processor)"


async def timed(work: Callable[[], Awaitable[Any]]) -> tuple[Spent, Any]:
    """Time and result."""
    began, processor = time.perf_counter(), time.process_time()
    result = await work()
    return Spent(time.perf_counter() - began, time.process_time() - processor), result


async def best(work: Callable[[], Awaitable[Any]]) -> tuple[Spent, Any]:
    """The quickest of several runs."""
    return min([await timed(work) for _ in range(RUNS)], key=lambda run: run[0].processor)


async def measure(world: World, count: int) -> None:
    """Fill, read, seal, check; print the figures."""
    town = world.tenant(TOWN)
    await fill(world, count)

    async def read() -> int:
        async with world.platform.database.read(town.id) as session:
            return sum([len(page) async for page in entry_pages(session)])

    async def check() -> Any:
        async with world.scope(TOWN).read() as ctx:
            return await verify(ctx)

    reading, rows = await best(read)
    sealing, sealed = await timed(lambda: seal_town(world.platform, town))
    checking, report = await best(check)
    assert report.ok, report.faults
    assert report.entries == sealed.entries == rows
    async with world.platform.database.read(town.id) as session:
        stored = (
            await session.sql(
                "SELECT sum(length(digests) + length(chain) + length(signature)) FROM core_audit_seal"
                " WHERE tenant_id = :tenant_id"
            )
        ).scalar()
    print(f"{world.dialect}: {rows:,} entries, {report.seals} seals, {stored / rows:.1f} bytes of seals per entry")
    for name, spent in (("read alone", reading), ("sealed", sealing), ("checked", checking)):
        print(f"  {name:<11}{spent.rate(rows)}")


async def main(on_postgresql: bool, count: int) -> None:
    """One database, made for this and thrown away."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        if on_postgresql:
            template: PostgresTemplate | SqliteTemplate = PostgresTemplate(stack.enter_context(postgresql()))
        else:
            template = SqliteTemplate(place)
        await template.create() if isinstance(template, PostgresTemplate) else template.create()
        await prepare(template.address, place)
        async with open_world(template.address, place / "data", at=START + timedelta(days=30)) as world:
            await measure(world, count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL; default: SQLite")
    parser.add_argument("--entries", type=int, default=200_000)
    given = parser.parse_args()
    asyncio.run(main(given.postgresql, given.entries))
