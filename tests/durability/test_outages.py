"""The database and the broker go away and come back while the platform runs; nobody restarts it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from regiohub.testing.depth import is_full
from regiohub.testing.installations import Installations
from regiohub.testing.services import MosquittoBroker, PostgresServer

from .found import arrived, counted_once, settled, verdicts
from .ledger import Ledger, show
from .senders import Senders, refusal, uplink
from .town import Site, site

AWAY_SECONDS = 8.0 if is_full() else 2.5
TOPIC = "durability"

Check = Callable[[], Awaitable[bool]]


async def until(check: Check, what: str, *, most: float = 30) -> float:
    """Seconds until something is so.

    :raises AssertionError: it is not so in time.
    """
    began = time.monotonic()
    while not await check():
        assert time.monotonic() - began < most, f"{what}: not within {most} s"
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def answers_while_away(at: Site, client: httpx.AsyncClient) -> set[str]:
    """What programs and people are told while the database is away: each answer says so, none shows our insides."""
    potsdam = at.towns["potsdam"]
    key = {"authorization": f"Bearer {potsdam.key}"}
    asked = '{"query": "{ booking { resources { totalCount } } }"}'
    json_type = {"content-type": "application/json"}
    told = {
        "readyz": (await client.get("/readyz")).status_code,
        "healthz": (await client.get("/healthz")).status_code,
    }
    assert told == {"readyz": 503, "healthz": 200}
    ingest = await client.post("/potsdam/lorawan/ingest/chirpstack?event=up", content=uplink(150_000), headers=key)
    number = await client.post("/potsdam/probe/numbers/9000000")
    graphql = await client.post("/potsdam/graphql", content=asked, headers=json_type | {"accept-language": "de"})
    page = await client.get("/potsdam/", headers={"accept": "text/html", "accept-language": "de"})
    assert "Traceback" not in page.text
    for answer in (ingest, number):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5"), answer.text
    assert "Datenbank antwortet gerade nicht" in graphql.text
    assert page.status_code in (200, 503)
    return {refusal(answer) for answer in (ingest, number, graphql)}


async def reached(at: Site, client: httpx.AsyncClient) -> bool:
    """Whether a live message of the server reaches another process."""
    town = at.world.tenant("potsdam")
    heard = at.world.platform.live.subscribe(town.id, TOPIC)
    response = await client.post("/potsdam/probe/notes/1")
    if response.status_code != 202:
        return False
    try:
        async with asyncio.timeout(0.5):
            await anext(heard)
    except TimeoutError:
        return False
    return True


async def delivered(at: Site, ledger: Ledger, kind: str, since: float) -> bool:
    """Whether something was acknowledged after a moment."""
    return ledger.first_after(kind, since) is not None


@pytest.mark.postgresql
@pytest.mark.mosquitto
@pytest.mark.timeout(1800 if is_full() else 600)
async def test_the_platform_comes_back_by_itself_when_database_and_broker_do(
    installations: Installations, postgres_server: PostgresServer, mosquitto_broker: MosquittoBroker, tmp_path: Path
) -> None:
    ledger, server, broker = Ledger(), postgres_server, mosquitto_broker
    figures: list[str] = []
    async with site(installations, "postgresql", tmp_path, broker=broker) as at:
        await asyncio.gather(asyncio.to_thread(at.machine.serve), asyncio.to_thread(at.machine.work))
        client = httpx.AsyncClient(base_url=at.machine.url, timeout=40)
        await until(lambda: _logged(at, "mqtt connected"), "the worker hears the broker")
        await until(lambda: reached(at, client), "live messages arrive")
        senders = Senders(at, ledger, seed=3)
        potsdam = at.towns["potsdam"]

        async def back(what: str) -> None:
            """Measure how long everything takes from the moment at which the other side is there again."""
            since = time.monotonic()
            ready = await until(lambda: asyncio.to_thread(at.machine.ready), f"{what}: readyz")
            stored = await until(lambda: delivered(at, ledger, "uplink", since), f"{what}: uplinks")
            live = await until(lambda: reached(at, client), f"{what}: live messages")
            figures.append(
                f"{what}: ready after {ready:.1f} s, uplink stored after {ready + stored:.1f} s, "
                f"live messages after {ready + stored + live:.1f} s"
            )

        async with senders.sending(
            lambda: senders.uplinks(potsdam), lambda: senders.numbers(potsdam), lambda: senders.bookings(potsdam),
            lambda: senders.mqtt(broker),
        ):  # fmt: skip
            await asyncio.sleep(0.5)
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
            await back("database killed and started")
            await asyncio.to_thread(server.stop)
            told = await answers_while_away(at, client)
            await asyncio.sleep(AWAY_SECONDS)
            await asyncio.to_thread(server.start)
            await back(f"database away for {AWAY_SECONDS:.0f} s")
            for end in (broker.stop, broker.kill):
                await asyncio.to_thread(end)
                await asyncio.sleep(0.5)
                await asyncio.to_thread(broker.start)
                since = time.monotonic()
                connects = at.machine.log("worker").count("mqtt connected")
                connected = await until(lambda seen=connects: _connected(at, seen), "the worker hears the broker again")
                figures.append(f"broker {end.__name__}: heard again after {connected:.1f} s")
                await until(lambda since=since: delivered(at, ledger, "mqtt", since), "the network server goes on")
            await asyncio.sleep(0.5)
        resumed = await settled(at)
        await arrived(at, ledger)
        await settled(at, values=True)
        found = await verdicts(at, ledger)
        stored, summed, values = await counted_once(at)
        await client.aclose()
        logs = at.machine.log("server") + at.machine.log("worker")
    show(*figures, f"told meanwhile: {sorted(told)}; others: {dict(ledger.others)}",
         f"outbox empty {resumed:.1f} s after the end of the load", *map(str, found),
         f"stored {stored}, in sums {summed}, values {values}")  # fmt: skip
    assert [verdict for verdict in found if not verdict.sound] == []
    assert (summed, values) == (stored, 2 * stored)
    assert not any(answer.startswith("500") for answer in ledger.others)
    assert resumed <= 30
    assert "storage_outage" in logs, "the log says why"


async def _logged(at: Site, words: str) -> bool:
    return words in at.machine.log("worker")


async def _connected(at: Site, before: int) -> bool:
    return at.machine.log("worker").count("mqtt connected") > before
