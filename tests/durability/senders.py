"""Clients that send without end and write down each acknowledgement."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from aiomqtt import Client, MqttError

from regiohub.testing.depth import is_full
from regiohub.testing.services import MosquittoBroker
from regiohub_lorawan.testing import EUI, up

from .ledger import Ledger
from .town import Site, Town

PAUSE = 0.05 if is_full() else 0.1
"""Seconds between two requests of a client: a load, not a flood."""
BASE = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=2)
BOOK = """mutation ($input: CreateBookingInput!) { createBooking(input: $input) { booking { id } errors { code } } }"""
TOPIC = f"application/1/device/{EUI}/event/up"


def uplink(number: int) -> bytes:
    """An uplink of ChirpStack; each has a moment of its own."""
    return up(BASE + timedelta(seconds=number), 20 + number % 10, f_cnt=number, deduplicationId=f"up-{number}")


def uplink_of_the_things_stack(number: int) -> bytes:
    """The same sensor at another network server."""
    at = (BASE + timedelta(seconds=number)).isoformat()
    body = {
        "end_device_ids": {"dev_eui": EUI.upper(), "device_id": "x"}, "received_at": at,
        "uplink_message": {
            "session_key_id": f"up-{number}", "f_port": 1, "f_cnt": number, "frm_payload": "BLAy", "received_at": at,
        },
    }  # fmt: skip
    return json.dumps(body).encode()


class Senders:
    """Clients of one site. What they may not know (no answer came) counts as tried, not as acknowledged."""

    def __init__(self, site: Site, ledger: Ledger, seed: int) -> None:
        self._site, self._ledger, self._random = site, ledger, random.Random(seed)
        self._client = httpx.AsyncClient(base_url=site.machine.url, timeout=40)
        self._stop = asyncio.Event()
        self._numbers = itertools.count()

    async def uplinks(self, town: Town) -> None:
        """A network server that sends again until it is told that a message is safe, and sometimes once more."""
        for turn in itertools.count():
            if self._stop.is_set():
                return
            number = next(self._numbers)
            ttn = turn % 3 == 2
            body = uplink_of_the_things_stack(number) if ttn else uplink(number)
            path = f"/{town.slug}/lorawan/ingest/{'ttn' if ttn else 'chirpstack?event=up'}"
            key = f"{town.slug}:up-{number}"
            self._ledger.tried["uplink"].add(key)
            while not await self._post("uplink", key, path, body, {"authorization": f"Bearer {town.key}"}):  # noqa: ASYNC110
                await asyncio.sleep(PAUSE)
            if self._random.random() < 0.2:
                self._ledger.repeats += 1
                await self._post("uplink", key, path, body, {"authorization": f"Bearer {town.key}"})
            await asyncio.sleep(PAUSE)

    async def numbers(self, town: Town, path: str = "numbers") -> None:
        """A client that never repeats itself: what is not acknowledged is given up."""
        while not self._stop.is_set():
            number = next(self._numbers)
            key = f"{town.slug}:{number}"
            self._ledger.tried["number"].add(key)
            await self._post("number", key, f"/{town.slug}/probe/{path}/{number}", b"", {})
            await asyncio.sleep(PAUSE)

    async def bookings(self, town: Town) -> None:
        """Residents who each book an hour of their own, and do not try again."""
        for number in itertools.count():
            if self._stop.is_set():
                return
            day = datetime.now(UTC).date() + timedelta(days=2 + number // 52)
            hour = 8 + number // 4 % 13
            wish = {
                "resourceId": town.rooms[number % 4], "day": day.isoformat(), "startTime": f"{hour:02}:00",
                "endTime": f"{hour + 1:02}:00",
            }  # fmt: skip
            subject = f"person-{number}"
            # Tokens live for minutes, the clock of the test's own platform stands still.
            self._site.world.clock.set(datetime.now(UTC))
            token = self._site.world.token(subject=subject, email=f"{subject}@example.org")
            body = json.dumps({"query": BOOK, "variables": {"input": wish}}).encode()
            headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
            self._ledger.tried["booking"].add(f"{town.slug}:{number}")
            await self._post("booking", town.slug, f"/{town.slug}/graphql", body, headers)
            await asyncio.sleep(PAUSE)

    async def mqtt(self, broker: MosquittoBroker) -> None:
        """A network server that publishes with quality of service 1: done when the broker has said so."""
        number = next(self._numbers)
        while not self._stop.is_set():
            try:
                async with Client(
                    broker.host, broker.port, username=broker.username, password=broker.password, timeout=5
                ) as client:
                    while not self._stop.is_set():
                        key = f"potsdam:up-{number}"
                        self._ledger.tried["mqtt"].add(key)
                        await client.publish(TOPIC, uplink(number), qos=1)
                        self._ledger.acknowledge("mqtt", key)
                        number = next(self._numbers)
                        await asyncio.sleep(PAUSE)
            except MqttError:
                await asyncio.sleep(PAUSE)

    async def _post(self, kind: str, key: str, path: str, body: bytes, headers: dict[str, str]) -> bool:
        try:
            response = await self._client.post(path, content=body, headers=headers)
        except httpx.TransportError as error:
            self._ledger.others[type(error).__name__] += 1
            return False
        if response.status_code == 202:
            self._ledger.acknowledge(kind, key)
            return True
        answer: dict[str, Any] = response.json()
        booked = (answer.get("data") or {}).get("createBooking")
        if response.status_code == 200 and booked is not None and booked["booking"] is not None:
            self._ledger.acknowledge(kind, f"{key}:{booked['booking']['id']}")
            return True
        self._ledger.others[refusal(response)] += 1
        return False

    @asynccontextmanager
    async def sending(self, *work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncGenerator[None]:
        """Send while the block runs; then what is under way comes to its end."""
        tasks = [asyncio.create_task(start()) for start in work]
        try:
            yield
        finally:
            self._stop.set()
            await _all(tasks)
            await self._client.aclose()


async def _all(tasks: list[asyncio.Task[None]]) -> None:
    waiting: Awaitable[Any] = asyncio.gather(*tasks)
    await waiting


def refusal(response: httpx.Response) -> str:
    """Status and code of an answer that is no acknowledgement; an answer that shows our insides is no answer.

    :raises AssertionError: it holds a stack trace, or no code.
    """
    assert "Traceback" not in response.text, response.text
    answer: dict[str, Any] = response.json()
    errors = answer.get("errors") or ((answer.get("data") or {}).get("createBooking") or {}).get("errors") or []
    code = answer.get("code") or next((e.get("code") or e["extensions"]["code"] for e in errors), None)
    assert code, response.text
    again = response.headers.get("retry-after")
    return f"{response.status_code} {code}" + (f" retry after {again}" if again else "")
