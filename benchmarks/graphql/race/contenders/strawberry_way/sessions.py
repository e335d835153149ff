"""Sessions of the serving role that announce their town to row level security, as any such application needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from strawberry.fastapi import BaseContext

from regiohub.db import sqlite

from ..gate import Caller, Gate

_ANNOUNCE = sa.text("SELECT set_config('app.tenant', :tenant, true)")


@dataclass
class Access(BaseContext):
    """What resolvers find in their context: the caller, his town's sessions, and room for loaders."""

    caller: Caller
    engine: AsyncEngine
    loaders: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def tenant(self) -> int:
        """The town; every statement names it."""
        return self.caller.tenant

    async def scalars(self, statement: Any) -> list[Any]:
        """Instances from a session of its own: resolvers run side by side."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            await self._announce(session)
            return list((await session.scalars(statement)).all())

    async def rows(self, statement: Any, **values: Any) -> list[Any]:
        """Rows from a connection of its own."""
        async with self.engine.connect() as connection:
            await self._announce(connection)
            return list((await connection.execute(statement, {"tenant": self.tenant, **values})).all())

    async def _announce(self, holder: Any) -> None:
        if self.engine.dialect.name == "postgresql":
            await holder.execute(_ANNOUNCE, {"tenant": str(self.tenant)})


def engine_of(gate: Gate) -> AsyncEngine:
    """One pool per process, as large as the platform's own."""
    settings = gate.settings
    options: dict[str, Any] = {"pool_size": settings.database_pool_size, "max_overflow": 0}
    if not settings.is_sqlite:
        options["connect_args"] = {"server_settings": {"jit": "off", "timezone": "UTC"}}
    engine = create_async_engine(settings.database_address, **options)
    if settings.is_sqlite:
        sqlite.prepare(engine.sync_engine, write=False)
    return engine
