"""Server time of the console's pages in a full town: 10,000 devices, 50,000 bookings, 5,000 offers.

python benchmarks/console.py [--database sqlite|postgresql] [--rounds 20] [--small]

Prints the median and the 95th percentile per page, in milliseconds of one process, and beside them the page of the
account, which reads no list: what frame, session and template cost on this machine. The goal is 100 ms per page.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import importlib
import re
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from regiohub.logs import configure_logging
from regiohub.plugins.parts import ConsolePart
from regiohub.settings import Settings
from regiohub.testing.console import ConsoleClient
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, prepare
from regiohub.testing.services import postgresql
from regiohub.testing.world import World, open_world

GOAL = 100.0
FILLERS = {
    "lorawan": ("regiohub_lorawan.testing:fill", 10_000),
    "booking": ("regiohub_booking.testing:fill", 50_000),
    "health_directory": ("regiohub_health_directory.examples:fill_town", 5_000),
}
TOWN = "potsdam"
CORE_PAGES = (
    "",
    "measures",
    "settings",
    "branding",
    "access/members",
    "access/roles",
    "access/clients",
    "sharing",
    "audit",
)
REGION_PAGES = ("towns", "matrix", "measures", "sharing", "plugins", "operation", "audit", "people")
ROW_LINK = re.compile(r'<td class="kern-table__cell[^>]*>\s*<a href="([^"]+)"')


async def filled(world: World, share: float) -> None:
    """Fill the town by the plugins' own functions."""
    for plugin, (name, count) in FILLERS.items():
        module, _, function = name.partition(":")
        fill: Callable[..., Awaitable[None]] = getattr(importlib.import_module(module), function)
        started = time.perf_counter()
        await fill(world.scope(TOWN), max(10, round(count * share)))
        print(f"filled {plugin}: {round(count * share):,} in {time.perf_counter() - started:.0f} s")


async def counted(world: World) -> None:
    """Give the planner the statistics that a database in use has: the server's own round has not come by yet."""
    engine = world.platform.database.migrating()
    async with engine.connect() as connection:
        await connection.exec_driver_sql("ANALYZE")
        await connection.commit()
    await engine.dispose()


async def timed(client: ConsoleClient, path: str, rounds: int) -> tuple[int, list[float], str]:
    """Status and milliseconds of each round; the first asks are not counted."""
    answer = await client.get(path)
    await client.get(path)
    took: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        answer = await client.get(path)
        took.append((time.perf_counter() - started) * 1000)
    return answer.status_code, took, answer.text


def row(name: str, status: int, took: list[float]) -> bool:
    """Print one line; whether the goal is met."""
    median = statistics.median(took)
    p95 = sorted(took)[max(0, round(len(took) * 0.95) - 1)]
    met = status == 200 and p95 <= GOAL
    print(f"{name:<60}{status:>5}{median:>9.1f}{p95:>9.1f}{'' if met else '   misses the goal'}")
    return met


async def race(world: World, rounds: int) -> bool:
    """All pages, one after the other."""
    staff = await world.console(TOWN, roles=["tenant-admin"])
    region = await world.console(None, regional=["regional-admin"])
    paths = [f"/console/{TOWN}/{page}" for page in CORE_PAGES]
    for contribution in world.platform.plugins.collect("register_console"):
        part: ConsolePart = contribution.value
        paths += [f"/console/{TOWN}/{contribution.plugin}/{entry.path}" for entry in part.navigation]
    print(f"\n{'page':<60}{'':>5}{'median':>9}{'p95':>9}  ms")
    status, took, _ = await timed(staff, "/console/account", rounds)
    good = row("/console/account", status, took)
    seen: set[str] = set()
    while paths:
        path = paths.pop(0)
        status, took, text = await timed(staff, path, rounds)
        good &= row(path, status, took)
        link = ROW_LINK.search(text)
        found = html.unescape(link[1]) if link else ""
        # One page of a row per list: all of its kind are alike.
        kind = path.rsplit("?", 1)[0]
        if found.startswith(f"/console/{TOWN}/") and kind not in seen and path.count("/") < 6:
            seen.add(kind)
            if found not in paths:
                paths.insert(0, found)
    for page in REGION_PAGES:
        status, took, _ = await timed(region, page, rounds)
        good &= row(f"/console/region/{page}", status, took)
    return good


async def main() -> None:
    """Parse, fill, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--small", action="store_true", help="a hundredth of the rows, to see that it runs")
    wanted = parser.parse_args()
    configure_logging(Settings(log_level="ERROR"))
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = await database(stack, folder, wanted.database)
        world = await stack.enter_async_context(open_world(address, folder / "data"))
        await filled(world, 0.01 if wanted.small else 1.0)
        await counted(world)
        if not await race(world, wanted.rounds):
            print("\nNot every page meets the goal.")


async def database(stack: AsyncExitStack, folder: Path, kind: str) -> Address:
    """A fresh, migrated database with three towns."""
    if kind == "sqlite":
        template = SqliteTemplate(folder)
        await prepare(template.address, folder)
        return template.address
    server = stack.enter_context(postgresql())
    made = PostgresTemplate(server)
    await made.create()
    await prepare(made.address, folder)
    return made.address


if __name__ == "__main__":
    asyncio.run(main())
