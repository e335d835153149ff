"""Engines and sessions: one place that opens connections."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import structlog
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from regiohub.clock import Clock
from regiohub.db import postgresql, sqlite, versions
from regiohub.db.direct import Direct, PostgresDirect, SqliteDirect
from regiohub.db.guards import last_net, second_net
from regiohub.db.scope import Scope
from regiohub.db.session import TenantSession

log = structlog.get_logger()


def _dumps(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


class Database:
    """The platform's database: reading and writing engines of the serving role, and one for migrations.

    `url`: SQLAlchemy URL of the serving role (`sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`).
    `owner_url`: URL of the role that owns the tables; migrations run with it. Default: `url`.
    `statement_timeout`: seconds after which PostgreSQL ends a statement of the serving role.
    `survives_power_cut`: whether SQLite waits at each commit for the disk; PostgreSQL does so by its own settings.
    """

    def __init__(
        self,
        url: str,
        owner_url: str | None = None,
        *,
        pool_size: int = 10,
        statement_timeout: float = 30.0,
        survives_power_cut: bool = False,
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.url, self.owner_url = url, owner_url or url
        self.dialect = make_url(url).get_backend_name()
        self._size, self._timeout = pool_size, statement_timeout
        self._direct: Direct | None = None
        # Neither errors nor debug logs may show search words or persons: parameters stay out of them.
        common: dict[str, Any] = {
            "json_serializer": _dumps, "json_deserializer": orjson.loads, "hide_parameters": True
        }  # fmt: skip
        if self.dialect == "sqlite":
            path = make_url(url).database
            if path:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            # One writing connection: writers queue in memory instead of polling the file's lock.
            common["connect_args"] = {"factory": sqlite.ScopedConnection}
            self.writing = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=60, **common)
            self.reading = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=60, **common)
            for engine, write in ((self.writing.sync_engine, True), (self.reading.sync_engine, False)):
                sqlite.prepare(engine, write=write, survives_power_cut=survives_power_cut)
                event.listen(engine, "before_execute", second_net)
                event.listen(engine, "before_cursor_execute", last_net)
        else:
            timeout = str(round(statement_timeout * 1000))
            settings = {"jit": "off", "application_name": "regiohub", "statement_timeout": timeout}
            args = {"server_settings": settings | {"search_path": postgresql.SEARCH_PATH}}
            self.writing = create_async_engine(
                url, pool_size=pool_size, max_overflow=0, pool_timeout=60, connect_args=args, **common
            )
            # One snapshot for all statements of a reading session.
            self.reading = self.writing.execution_options(isolation_level="REPEATABLE READ")
            event.listen(self.writing.sync_engine, "before_cursor_execute", last_net)
        versions.listen(self.writing.sync_engine)

    @property
    def direct(self) -> Direct:
        """Connections for finished statements of plans, opened when first asked for."""
        if self._direct is None:
            if self.dialect == "sqlite":
                made: Direct = SqliteDirect(str(make_url(self.url).database), size=self._size)
            else:
                made = PostgresDirect(self.url, size=self._size, statement_timeout=self._timeout)
            self._direct = made
            return made
        return self._direct

    def migrating(self) -> AsyncEngine:
        """A fresh engine of the owning role, without the serving guards; dispose of it after use."""
        # Documents are read as when serving: what is compared must not differ by the reader.
        engine = create_async_engine(
            self.owner_url, poolclass=NullPool, hide_parameters=True, json_deserializer=orjson.loads
        )
        if self.dialect == "sqlite":
            sqlite.prepare(engine.sync_engine, write=True, migrating=True)
        return engine

    def read(self, tenant: int) -> TenantSession:
        """A reading session of one tenant."""
        return TenantSession(self.reading, Scope(tenant=tenant), self.clock)

    def write(self, tenant: int) -> TenantSession:
        """A writing session of one tenant. On SQLite it holds the write lock from its first statement on."""
        return TenantSession(self.writing, Scope(tenant=tenant, write=True), self.clock)

    def read_across(self, tenants: Sequence[int], *, reason: str) -> TenantSession:
        """A reading session over exactly these tenants; the reason is logged."""
        log.debug("read across tenants", tenants=len(tenants), reason=reason)
        # An empty list must see nothing, not everything: id 0 is no tenant.
        return TenantSession(self.reading, Scope(readable=tuple(tenants) or (0,), reason=reason), self.clock)

    def platform(self, *, write: bool = False) -> TenantSession:
        """A session for the platform's own tables (towns, programmes); it sees no tenant's rows."""
        return TenantSession(self.writing if write else self.reading, Scope(write=write), self.clock)

    def empty_log(self) -> None:
        """Leave no deleted rows in SQLite's log, as far as nobody is reading now; nothing to do on PostgreSQL.

        PostgreSQL keeps old versions of rows until `regiohub db compact`, or its own vacuum, has gone over the table.
        """
        if self.dialect == "sqlite" and not sqlite.empty_log(str(make_url(self.url).database)):
            log.info("sqlite_log_in_use")

    async def close(self) -> None:
        """Return all connections."""
        if self._direct is not None:
            await self._direct.close()
            self._direct = None
        await self.reading.dispose()
        await self.writing.dispose()
