"""Live fan-out between processes: PostgreSQL's LISTEN and NOTIFY on a connection of its own."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from uuid import uuid4

import orjson
import structlog
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from regiohub.events.backoff import BACKGROUND

from .hub import Hub, Message

CHANNEL = "regiohub_live"
MOST_PAYLOAD = 7900
"""PostgreSQL refuses payloads of 8,000 bytes and more."""
COALESCE_SECONDS = 0.02
"""NOTIFY takes a lock shared by the whole server at commit: many messages go out as one."""

log = structlog.get_logger(__name__)


class PostgresBridge:
    """Carries messages and wake-ups of one process to all others; reconnects by itself.

    While it is not connected, listeners in other processes hear nothing and workers fall back to polling: nothing
    is lost, since live messages only announce what the database holds.
    """

    def __init__(self, address: str, hub: Hub) -> None:
        self._address = address
        self._hub = hub
        self._origin = uuid4().hex
        self._messages: list[tuple[int, str, Message]] = []
        self._wake = False
        self._pending = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.connected = asyncio.Event()

    def send(self, tenant_id: int, topic: str, message: Message) -> None:
        """Queue a message for the other processes."""
        if self.connected.is_set():
            self._messages.append((tenant_id, topic, message))
            self._pending.set()

    def send_wake(self) -> None:
        """Queue a wake-up for the workers of the other processes."""
        if self.connected.is_set():
            self._wake = True
            self._pending.set()

    def start(self) -> None:
        """Begin to connect, in the background."""
        self._task = asyncio.create_task(self._run(), name="regiohub-live")

    async def stop(self) -> None:
        """Send what is queued, then disconnect."""
        if self._task is None:
            return
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task = None

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await self._connected()
                failures = 0
            except Exception as error:
                # One that worked until now begins anew: else each restart of the server would lengthen the pause.
                failures = 1 if self.connected.is_set() else failures + 1
                log.warning("live_bridge_lost", error=type(error).__name__, failures=failures)
            finally:
                self.connected.clear()
                self._messages.clear()
            await asyncio.sleep(BACKGROUND.pause(failures).total_seconds() if failures else 0)

    async def _connected(self) -> None:
        """One connection from its beginning to its end."""
        engine = create_async_engine(self._address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            async with engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                lost = asyncio.Event()

                def ended(_connection: object) -> None:
                    lost.set()
                    self._pending.set()

                driver.add_termination_listener(ended)
                await driver.add_listener(CHANNEL, self._receive)
                self.connected.set()
                # What happened while nobody listened may have left work.
                self._hub.wake()
                try:
                    while not lost.is_set():
                        await self._pending.wait()
                        await asyncio.sleep(COALESCE_SECONDS)
                        await self._flush(driver)
                finally:
                    if not driver.is_closed():
                        await self._flush(driver)
                        await driver.remove_listener(CHANNEL, self._receive)
        finally:
            await engine.dispose()

    async def _flush(self, driver: Any) -> None:
        self._pending.clear()
        messages, self._messages = self._messages, []
        wake, self._wake = self._wake, False
        for payload in packed(self._origin, messages, wake=wake):
            await driver.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)

    def _receive(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        content = orjson.loads(payload)
        if content["from"] == self._origin:
            return
        for tenant_id, topic, message in content["messages"]:
            self._hub.deliver(tenant_id, topic, message)
        if content["wake"]:
            self._hub.wake()


def packed(origin: str, messages: list[tuple[int, str, Message]], *, wake: bool) -> list[str]:
    """Messages as few NOTIFY payloads, each below the limit, in their order; the first carries the wake-up."""
    if not messages and not wake:
        return []
    payloads: list[str] = []
    batch: list[bytes] = []
    size = 0
    for entry in (orjson.dumps(message) for message in messages):
        if batch and size + len(entry) > MOST_PAYLOAD - 200:
            payloads.append(_payload(origin, batch, wake=wake and not payloads))
            batch, size = [], 0
        batch.append(entry)
        size += len(entry) + 1
    payloads.append(_payload(origin, batch, wake=wake and not payloads))
    return payloads


def _payload(origin: str, batch: list[bytes], *, wake: bool) -> str:
    flag = b"true" if wake else b"false"
    return (b'{"from":"%b","wake":%b,"messages":[%b]}' % (origin.encode(), flag, b",".join(batch))).decode()
