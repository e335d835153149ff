"""Reading without the ORM: finished statements straight to the driver, for answers that the database writes itself.

Nothing here adds a tenant's predicate: only compiled plans come this way, whose every table was checked for it. On
PostgreSQL row level security stands behind them, announced in the same message that reads.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg
from sqlalchemy.engine import make_url

from regiohub.db.postgresql import SEARCH_PATH
from regiohub.db.scope import Scope, towns_text
from regiohub.db.sqlite import FUNCTIONS, ScopedConnection

ANNOUNCED = "/*announced*/ true"
"""Condition in each statement that becomes true only once the scope is announced, where that is the same message."""

_QUICK = 0.002
"""Seconds up to which a statement on SQLite runs on the event loop: a thread costs more than that."""


class Snapshot(Protocol):
    """One moment of the database; every statement sees the same."""

    async def rows(self, text: str, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of a statement."""
        ...


class Direct(Protocol):
    """Connections of their own for finished statements. `watchers` are told each statement before it runs."""

    watchers: list[Callable[[str], None]]

    async def rows(self, scope: Scope, text: str, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of one statement, which is a snapshot by itself."""
        ...

    def snapshot(self, scope: Scope, *, several: bool = True) -> Any:
        """Context manager of a `Snapshot`, for several statements or for one."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


def settings_of(scope: Scope) -> tuple[str, str]:
    """Values of `app.tenant` and `app.read_tenants`, as row level security reads them."""
    return "" if scope.tenant is None else str(scope.tenant), towns_text(scope.readable)


def fused(text: str, parameters: int) -> str:
    """A statement that announces its scope and reads, in one message: round trips are what isolation costs.

    The reading part depends on the announcing one, so that it cannot be carried out first; both settings are local to
    the transaction that the statement is.
    """
    inner = text.replace(ANNOUNCED, "announced.done IS NOT NULL")
    return (
        f"SELECT asked.* FROM (SELECT set_config('app.tenant', ${parameters + 1}, true)"  # noqa: S608 - numbers only
        f" || set_config('app.read_tenants', ${parameters + 2}, true) AS done OFFSET 0) announced"
        f" CROSS JOIN LATERAL ({inner}) asked"
    )


class PostgresDirect:
    """A pool of asyncpg connections that hand JSON over as bytes."""

    def __init__(self, url: str, *, size: int, statement_timeout: float) -> None:
        address = make_url(url)
        # In an address of SQLAlchemy `ssl` is an argument of the driver; in one of the driver it would be sent to the
        # server as a setting.
        self._ssl = address.query.get("ssl")
        plain = address.set(drivername="postgresql").difference_update_query(["ssl"])
        self._dsn = plain.render_as_string(hide_password=False)
        self._size, self._timeout = size, str(round(statement_timeout * 1000))
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()
        self._fused: dict[str, str] = {}
        self.watchers: list[Callable[[str], None]] = []

    async def rows(self, scope: Scope, text: str, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of one statement, announced and read in one message."""
        for watch in self.watchers:
            watch(text)
        statement = self._fused.get(text)
        if statement is None:
            if len(self._fused) > 2000:
                self._fused.clear()
            statement = self._fused[text] = fused(text, len(values))
        pool = self._pool or await self._open()
        async with pool.acquire() as connection:
            return await connection.fetch(statement, *values, *settings_of(scope))

    @asynccontextmanager
    async def snapshot(self, scope: Scope, *, several: bool = True) -> AsyncGenerator[Snapshot]:
        """A read-only transaction whose scope is announced before anything is planned: the planner guesses by it."""
        pool = self._pool or await self._open()
        tenant, readable = settings_of(scope)
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if several else "BEGIN READ ONLY"
        # Numbers and commas only. What is not announced is empty: each setting ends with its transaction.
        announced = f"app.tenant = '{tenant}'" if tenant else f"app.read_tenants = '{readable}'"
        async with pool.acquire() as connection:
            await connection.execute(f"{begin}; SET LOCAL {announced}")
            try:
                yield _PostgresSnapshot(connection, self.watchers)
            finally:
                await connection.execute("COMMIT")

    async def close(self) -> None:
        """Close all connections."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    async def _open(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._dsn, ssl=self._ssl, min_size=0, max_size=self._size, init=_as_bytes, reset=_tidy,
                    server_settings={
                        "jit": "off", "application_name": "regiohub", "timezone": "UTC",
                        "statement_timeout": self._timeout, "search_path": SEARCH_PATH,
                    },
                )  # fmt: skip
            return self._pool


async def _as_bytes(connection: Any) -> None:
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")


async def _tidy(connection: Any) -> None:
    """All settings are local to transactions, so an idle connection has nothing to reset."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


class _PostgresSnapshot:
    def __init__(self, connection: Any, watchers: Sequence[Callable[[str], None]]) -> None:
        self._connection, self._watchers = connection, watchers

    async def rows(self, text: str, values: Sequence[Any]) -> Sequence[Any]:
        for watch in self._watchers:
            watch(text)
        return await self._connection.fetch(text, *values)


class SqliteDirect:
    """Read-only connections to the file; statements that prove quick run on the event loop, others in threads."""

    def __init__(self, path: str, *, size: int) -> None:
        self._path, self._size = path, size
        self._idle: list[sqlite3.Connection] = []
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="read")
        self._free = asyncio.Semaphore(size)
        self._seconds: dict[str, float] = {}
        self.watchers: list[Callable[[str], None]] = []

    async def rows(self, scope: Scope, text: str, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of one statement; here only its own predicates say whose."""
        async with self._free:
            connection = self._idle.pop() if self._idle else self._connect()
            try:
                return await self.run(connection, text, values)
            finally:
                self._idle.append(connection)

    @asynccontextmanager
    async def snapshot(self, scope: Scope, *, several: bool = True) -> AsyncGenerator[Snapshot]:
        """Several statements in one reading transaction."""
        async with self._free:
            connection = self._idle.pop() if self._idle else self._connect()
            connection.execute("BEGIN")
            try:
                yield _SqliteSnapshot(self, connection)
            finally:
                connection.execute("COMMIT")
                self._idle.append(connection)

    async def close(self) -> None:
        """Close all connections."""
        self._threads.shutdown(wait=True)
        while self._idle:
            self._idle.pop().close()

    async def run(self, connection: sqlite3.Connection, text: str, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of a statement on a connection that nobody else uses meanwhile."""
        for watch in self.watchers:
            watch(text)
        usual = self._seconds.get(text)
        if usual is not None and usual < _QUICK:
            return self._fetch(connection, text, values)
        work = asyncio.get_running_loop().run_in_executor(self._threads, self._fetch, connection, text, values)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # The thread still holds the connection: it is stopped, and only then given back.
            connection.interrupt()
            while not work.done():
                # Cancelled once more: nothing may get at the connection before the thread has let go of it.
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait([work])
            raise

    def _fetch(self, connection: sqlite3.Connection, text: str, values: Sequence[Any]) -> Sequence[Any]:
        started = time.perf_counter()
        found = connection.execute(text, values).fetchall()
        spent = time.perf_counter() - started
        if len(self._seconds) > 2000:
            self._seconds.clear()
        self._seconds[text] = max(spent, self._seconds.get(text, spent) * 0.8)
        return found

    def _connect(self) -> sqlite3.Connection:
        made = sqlite3.connect(
            self._path, check_same_thread=False, cached_statements=256, isolation_level=None, factory=ScopedConnection
        )
        for name, arity, function in FUNCTIONS:
            made.create_function(name, arity, function, deterministic=True)
        for pragma in ("query_only=ON", "busy_timeout=30000", "cache_size=-16000", "temp_store=MEMORY"):
            made.execute(f"PRAGMA {pragma}")
        return made


class _SqliteSnapshot:
    def __init__(self, owner: SqliteDirect, connection: sqlite3.Connection) -> None:
        self._owner, self._connection = owner, connection

    async def rows(self, text: str, values: Sequence[Any]) -> Sequence[Any]:
        return await self._owner.run(self._connection, text, values)
