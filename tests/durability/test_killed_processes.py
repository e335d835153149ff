"""kill -9 of servers and workers while uplinks, bookings, events, tasks and jobs are under way."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import httpx
import pytest

from regiohub.testing.depth import is_full
from regiohub.testing.installations import Engine, Installations
from regiohub.testing.services import MosquittoBroker

from .found import arrived, counted_once, outside, settled, verdicts
from .ledger import Ledger, Verdict, show
from .senders import Senders
from .town import Site, site

KILLS = 12 if is_full() else 3
WORKERS = ("worker-1", "worker-2")


async def listening(at: Site) -> None:
    """Wait until a worker hears the broker."""
    async with asyncio.timeout(30):
        while not any("mqtt connected" in at.machine.log(name) for name in WORKERS):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def hasty(at: Site) -> Verdict:
    """The same client and the same judge, with a server that acknowledges before it has stored; it is killed here."""
    ledger = Ledger()
    async with httpx.AsyncClient(base_url=at.machine.url, timeout=40) as client:
        for number in range(5_000_000, 5_000_010):
            answer = await client.post(f"/potsdam/probe/hasty/{number}")
            assert answer.status_code == 202
            ledger.acknowledge("number", f"potsdam:{number}")
    at.machine.kill("server")
    await settled(at)
    found = await verdicts(at, ledger)
    return next(verdict for verdict in found if verdict.kind == "events")


@pytest.mark.mosquitto
@pytest.mark.timeout(1800 if is_full() else 600)
async def test_everything_acknowledged_is_there_exactly_once_after_kills_of_servers_and_workers(
    installations: Installations, engine: Engine, mosquitto_broker: MosquittoBroker, tmp_path: Path
) -> None:
    chance, ledger = random.Random(7), Ledger()
    recoveries: list[float] = []
    async with site(installations, engine, tmp_path, broker=mosquitto_broker) as at:
        await asyncio.gather(
            asyncio.to_thread(at.machine.serve), *(asyncio.to_thread(at.machine.work, name) for name in WORKERS)
        )
        await listening(at)
        senders = Senders(at, ledger, seed=7)
        potsdam, belzig = at.towns.values()
        victims = [("server", *WORKERS)[number % 3] for number in range(KILLS)]
        async with senders.sending(
            lambda: senders.uplinks(potsdam), lambda: senders.uplinks(belzig), lambda: senders.numbers(potsdam),
            lambda: senders.numbers(belzig), lambda: senders.bookings(potsdam),
            lambda: senders.mqtt(mosquitto_broker),
        ):  # fmt: skip
            for victim in victims:
                await asyncio.sleep(chance.uniform(0.5, 1.5))
                at.machine.kill(victim)
                died = time.monotonic()
                start = at.machine.serve if victim == "server" else at.machine.work
                await asyncio.to_thread(start, victim)
                if victim == "server":
                    while (first := ledger.first_after("uplink", died)) is None:  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
                    recoveries.append(first)
            await asyncio.sleep(0.5)
        resumed = await settled(at)
        await arrived(at, ledger)
        pending = await settled(at, values=True)
        found = await verdicts(at, ledger)
        stored, summed, values = await counted_once(at)
        told = outside(at, "event")
        control = await hasty(at)
    show(
        f"{engine}: {len(victims)} kills, server answers again after {max(recoveries):.1f} s at most",
        f"{engine}: outbox empty {resumed:.1f} s, last values {resumed + pending:.1f} s after the end of the load",
        *(f"{engine}: {verdict}" for verdict in found),
        f"{engine}: control, acknowledged too early: {control}",
        f"{engine}: repeats {ledger.repeats}; stored {stored}, in sums {summed}, values {values}; {ledger.others}",
    )
    assert [verdict for verdict in found if not verdict.sound] == []
    assert (summed, values) == (stored, 2 * stored)
    assert ledger.acknowledged["number"] <= told.keys(), "outside: at least once"
    assert resumed <= 30
    assert control.lost, "these tests notice an acknowledgement that comes before the commit"
