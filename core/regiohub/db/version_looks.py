"""Looking at the counters of changed tables, as cheaply as each database allows and never at an old state.

A look that begins after a writer's commit has returned sees that writer's counters: nothing is remembered between
looks that the database has not confirmed.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3
from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from regiohub.db.versions import EVERYTHING, EVERYWHERE

log = structlog.get_logger(__name__)

PLATFORM = "platform_state"
"""Name under which a look carries the number of the platform's state: towns, switches, settings."""
Look = Mapping[str, int]
"""Counters of one town and those that concern all towns, by table; a table that never changed has none."""

_SECONDS = 5.0
_POSTGRESQL = (
    "SELECT town, name, sum(version)::bigint FROM core_data_version WHERE town = ANY($1::int[])"
    " GROUP BY town, name UNION ALL SELECT 0, 'platform_state', version FROM platform_state"
)
_SQLITE = (
    "SELECT town, name, sum(version) FROM core_data_version WHERE town IN (0, ?)"
    " GROUP BY town, name UNION ALL SELECT 0, 'platform_state', version FROM platform_state"
)


class LookFailed(Exception):
    """The counters could not be read: what is kept may not be used."""


class Looks(Protocol):
    """Reads counters. Belongs to one event loop."""

    async def look(self, tenant: int) -> Look:
        """The counters of a town as they are now, or later. Raises `LookFailed`."""
        ...

    async def close(self) -> None:
        """End the connection."""
        ...


def looks_at(url: str) -> Looks:
    """The way to look at the counters of a database. Raises ValueError for one that lives in memory only."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return PostgresLooks(url)
    if not address.database or address.database == ":memory:":
        raise ValueError("a database in memory is seen by one connection only")
    return SqliteLooks(address.database)


def stamp(found: Look, names: tuple[str, ...]) -> tuple[int, ...]:
    """What has to be the same for an answer from these tables to be still true."""
    return (*(found.get(name, 0) for name in names), *(found.get(name, 0) for name in _ALWAYS))


_ALL = f"{EVERYWHERE}/"
_ALWAYS = (EVERYTHING, _ALL + EVERYTHING, PLATFORM)


def _gather(rows: Any) -> dict[int, dict[str, int]]:
    towns: dict[int, dict[str, int]] = {}
    for tenant, name, version in rows:
        towns.setdefault(tenant, {})[name] = version
    return towns


def _merged(towns: Mapping[int, Mapping[str, int]], tenant: int) -> Look:
    everywhere = towns.get(EVERYWHERE, {})
    shared = {_ALL + name if name == EVERYTHING else name: version for name, version in everywhere.items()}
    return {**shared, **towns.get(tenant, {})} if tenant != EVERYWHERE else shared


class SqliteLooks:
    """A connection of its own, used on the event loop: a look takes microseconds and waits for no writer (WAL).

    `PRAGMA data_version` tells this connection whether anybody has written at all, in this process or another.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._data_version = -1
        self._known: dict[int, Look] = {}

    async def look(self, tenant: int) -> Look:
        """The counters of a town as they are now. Raises `LookFailed`."""
        try:
            return self._look(tenant)
        except sqlite3.Error as error:
            await self.close()
            raise LookFailed(str(error)) from error

    async def close(self) -> None:
        """End the connection."""
        self._known.clear()
        self._data_version = -1
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _look(self, tenant: int) -> Look:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=0.05)
            self._connection.execute("PRAGMA query_only = ON")
        # First the file's number, then the counters: a change in between makes the number old, never the counters.
        (data_version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if data_version != self._data_version:
            self._known.clear()
            self._data_version = data_version
        known = self._known.get(tenant)
        if known is None:
            rows = self._connection.execute(_SQLITE, (tenant,)).fetchall()
            known = self._known[tenant] = _merged(_gather(rows), tenant)
        return known


class PostgresLooks:
    """A connection of its own in autocommit; callers that come while a look is under way share the next one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine: AsyncEngine | None = None
        self._connection: AsyncConnection | None = None
        self._driver: Any = None
        self._waiting: dict[int, list[asyncio.Future[Look]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def look(self, tenant: int) -> Look:
        """The counters of a town, read after this call. Raises `LookFailed`."""
        # One for each caller: whoever gives up must not take the answer from the others.
        future: asyncio.Future[Look] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant, []).append(future)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._serve(), name="regiohub-looks")
        return await future

    async def close(self) -> None:
        """End the connection."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        left, self._waiting = self._waiting, {}
        _fail(left, LookFailed("closed"))
        await self._disconnect()

    async def _serve(self) -> None:
        while self._waiting:
            # Taken before the statement is sent: whoever comes later waits for the next one.
            asked, self._waiting = self._waiting, {}
            try:
                async with asyncio.timeout(_SECONDS):
                    driver = self._driver or await self._connect()
                    towns = _gather(await driver.fetch(_POSTGRESQL, [EVERYWHERE, *asked]))
            except BaseException as error:
                _fail(asked, LookFailed(type(error).__name__))
                await self._disconnect()
                if not isinstance(error, Exception):
                    raise
                log.warning("looks_lost", error=type(error).__name__)
            else:
                for tenant, futures in asked.items():
                    found = _merged(towns, tenant)
                    for future in futures:
                        if not future.done():
                            future.set_result(found)

    async def _connect(self) -> Any:
        self._engine = create_async_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection = await self._engine.connect()
        self._driver = (await self._connection.get_raw_connection()).driver_connection
        return self._driver

    async def _disconnect(self) -> None:
        engine, connection = self._engine, self._connection
        self._engine = self._connection = self._driver = None
        with contextlib.suppress(Exception):
            if connection is not None:
                await connection.close()
        if engine is not None:
            await engine.dispose()


def _fail(waiting: Mapping[int, list[asyncio.Future[Look]]], error: LookFailed) -> None:
    for future in itertools.chain.from_iterable(waiting.values()):
        if not future.done():
            future.set_exception(error)
