"""Four workers share outbox and timetable: each effect once, also while workers are killed and born again."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, defaultdict
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from regiohub.events.models import JobState
from regiohub.events.outbox import put_event, put_task
from regiohub.events.periods import shift_of
from regiohub.testing.depth import is_full
from regiohub.testing.installations import Engine, Installations

from .found import outside, settled, verdicts
from .ledger import Ledger, judge, show
from .town import Site, site

WORKERS = tuple(f"worker-{number}" for number in range(1, 5))
KILLS = 8 if is_full() else 1
NUMBERS = 2000 if is_full() else 200


async def leave(at: Site, ledger: Ledger, numbers: range) -> None:
    """Events and tasks in both towns, ten in each transaction."""
    from durability_probe import Asked  # on the path of these tests only

    for slug in at.towns:
        for start in range(numbers.start, numbers.stop, 10):
            async with at.world.scope(slug).write() as ctx:
                for number in range(start, min(start + 10, numbers.stop)):
                    await put_event(ctx.session, Asked(number), now=ctx.now())
                    await put_task(ctx.session, "probe.do", {"number": number}, now=ctx.now(), key=str(number))
            for number in range(start, min(start + 10, numbers.stop)):
                ledger.acknowledge("number", f"{slug}:{number}")


def periods(at: Site, word: str) -> dict[str, Counter[int]]:
    """How often a run of the job began or ended in each period of each town."""
    from durability_probe import EVERY

    found: dict[str, Counter[int]] = defaultdict(Counter)
    for slug in at.towns:
        shift = shift_of(at.world.tenant(slug).id, "probe.tick", EVERY).total_seconds()
        for line in outside(at, word):
            town, _, moment = line.partition(":")
            if town == slug:
                found[slug][int((float(moment) - shift) // EVERY.total_seconds())] += 1
    return found


@pytest.mark.timeout(1800 if is_full() else 600)
async def test_four_workers_with_kills_and_rebirths_do_everything_once(
    installations: Installations, engine: Engine, tmp_path: Path
) -> None:
    chance, ledger = random.Random(11), Ledger()
    async with site(installations, engine, tmp_path) as at:
        await leave(at, ledger, range(NUMBERS // 2))
        began = time.monotonic()
        await asyncio.gather(*(asyncio.to_thread(at.machine.work, name) for name in WORKERS))
        await asyncio.gather(leave(at, ledger, range(NUMBERS // 2, NUMBERS)), _kill_some(at, chance))
        await settled(at)
        took = time.monotonic() - began
        while min((len(found) for found in periods(at, "end").values()), default=0) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        found = await verdicts(at, ledger)
        shares = await _shares(at)
        runs = periods(at, "end")
    show(
        f"{engine}: {KILLS} of 4 workers killed and born again, all done in {took:.1f} s; shares {sorted(shares)}",
        *(f"{engine}: {verdict}" for verdict in found),
        f"{engine}: runs of the job that ended in each period: {[max(counted.values()) for counted in runs.values()]}",
    )
    assert [verdict for verdict in found if not verdict.sound or verdict.more] == []
    assert len(shares) >= 2, "the work was shared"
    assert {number for counted in runs.values() for number in counted.values()} == {1}, runs


async def _kill_some(at: Site, chance: random.Random) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.2, 0.8))
        victim = chance.choice(WORKERS)
        at.machine.kill(victim)
        await asyncio.to_thread(at.machine.work, victim)


async def _shares(at: Site) -> list[int]:
    """How many events each process has handled."""
    lines = [line.split() for line in at.machine.outside.read_text().splitlines()]
    return list(Counter(line[3] for line in lines if line[0] == "event").values())


@pytest.mark.postgresql
@pytest.mark.timeout(600)
async def test_work_in_the_hands_of_a_killed_worker_is_resumed_within_30_seconds(
    installations: Installations, tmp_path: Path
) -> None:
    # Most of it is waiting: both databases at the same time.
    async with AsyncExitStack() as opened:
        sites: list[Site] = []
        for engine in ("sqlite", "postgresql"):
            (folder := tmp_path / engine).mkdir()
            sites.append(await opened.enter_async_context(site(installations, engine, folder)))
        await asyncio.gather(*(_resumed(at) for at in sites))


async def _resumed(at: Site) -> None:
    ledger, engine = Ledger(), at.engine
    at.machine.hold.touch()
    await asyncio.to_thread(at.machine.work, "worker-1")
    async with asyncio.timeout(120):
        while len(outside(at, "begin")) < len(at.towns):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await leave(at, ledger, range(1))
        while not outside(at, "event"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    other = asyncio.create_task(asyncio.to_thread(at.machine.work, "worker-2"))
    if engine == "postgresql":
        await other  # on SQLite the handler that waits is the only writer, and is not let wait for long
    at.machine.kill("worker-1")
    died = time.monotonic()
    at.machine.hold.unlink()
    await other
    # On a busy machine a process may need longer to start than to take over.
    since = time.monotonic() if engine == "sqlite" else died
    await settled(at)
    handled = time.monotonic() - since
    async with asyncio.timeout(60):
        while sum(outside(at, "end").values()) < 2 or await _running(at):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    ran = time.monotonic() - since
    found = await verdicts(at, ledger)
    # A handler's effect outside, if nobody looked at its key: what these counts would show of a double effect inside.
    control = judge("control, outside and without a key", ledger.acknowledged["number"], outside(at, "event"))
    show(
        f"{engine}: a killed worker's events are done after {handled:.1f} s, its job ran after {ran:.1f} s",
        *(f"{engine}: {verdict}" for verdict in [*found, control]),
    )
    assert [verdict for verdict in found if not verdict.sound] == []
    assert control.doubled
    assert max(handled, ran) <= 30


async def _running(at: Site) -> int:
    total = 0
    for slug in at.towns:
        async with at.world.scope(slug).read() as ctx:
            running = sa.select(sa.func.count()).select_from(JobState)
            total += (
                await ctx.session.scalar(running.where(JobState.name == "probe.tick", JobState.finished_at.is_(None)))
                or 0
            )
    return total
