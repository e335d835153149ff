"""A session bound to exactly one tenant for its whole life."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, TypeVar, cast
from zlib import crc32

import sqlalchemy as sa
from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from regiohub.clock import Clock
from regiohub.db import versions
from regiohub.db.base import TenantModel, TenantTable
from regiohub.db.errors import UnscopedStatement
from regiohub.db.guards import CHECKED, CLOCK, GuardedSession
from regiohub.db.scope import SCOPE, Scope

M = TypeVar("M", bound=TenantModel)


class TenantSession(AsyncSession):
    """An AsyncSession of one tenant: reads see its rows only, writes of other tenants' rows are refused.

    Use it like any AsyncSession with models. What goes beyond (raw SQL, upserts, locks) has a method here that
    fills in the tenant. `gate` serialises statements where several coroutines share the session.
    """

    sync_session_class = GuardedSession

    def __init__(self, engine: Any, scope: Scope, clock: Clock) -> None:
        super().__init__(
            engine, info={SCOPE: scope, CLOCK: clock}, sync_session_class=GuardedSession, expire_on_commit=False
        )
        # One session, one town: nobody gives it another on the way.
        self.sync_session.info = cast("dict[Any, Any]", MappingProxyType(dict(self.sync_session.info)))
        self.gate = asyncio.Lock()

    @property
    def scope(self) -> Scope:
        """Tenant, readable tenants and whether this session may write."""
        return cast(Scope, self.info[SCOPE])

    @property
    def tenant_id(self) -> int:
        """The one tenant of this session; an error in a session over several tenants."""
        if self.scope.tenant is None:
            raise UnscopedStatement("this session belongs to no single tenant")
        return self.scope.tenant

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Name of the database behind this session."""
        return cast(Literal["sqlite", "postgresql"], self.get_bind().dialect.name)

    async def find(self, model: type[M], id: uuid.UUID | str) -> M | None:
        """The row with this id in this tenant, or None: a foreign id looks like a missing one."""
        return (await self.scalars(sa.select(model).where(model.id == id))).one_or_none()

    async def sql(
        self, text: str, params: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run SQL text. It must use `:tenant_id`, which is bound here; text without it is refused."""
        if ":tenant_id" not in text:
            raise UnscopedStatement(f"SQL text must name :tenant_id: {text[:80]}")
        rows = [params or {}] if not isinstance(params, Sequence) else params
        bound = [{**row, "tenant_id": self.tenant_id} for row in rows]
        statement = sa.text(text).execution_options(**{CHECKED: True})
        result = await self.execute(statement, bound[0] if len(bound) == 1 else bound)
        return cast("CursorResult[Any]", result)

    async def upsert(
        self,
        model: type[TenantTable],
        rows: Sequence[Mapping[str, Any]],
        *,
        key: Sequence[str],
        update: Sequence[str] = (),
        chunk: int = 500,
    ) -> int:
        """Insert rows; where `key` (inside the tenant) exists already, set `update` columns, or leave the row alone.

        Returns the number of rows inserted or changed.
        """
        insert = postgresql.insert if self.dialect == "postgresql" else sqlite.insert
        changed = 0
        for start in range(0, len(rows), chunk):
            values = [{**row, "tenant_id": self.tenant_id} for row in rows[start : start + chunk]]
            statement = insert(model.__table__).values(values)  # type: ignore[arg-type]
            target = ["tenant_id", *key]
            if update:
                new = {column: statement.excluded[column] for column in update}
                statement = statement.on_conflict_do_update(index_elements=target, set_=new)
            else:
                statement = statement.on_conflict_do_nothing(index_elements=target)
            result = cast("CursorResult[Any]", await self.execute(statement))
            changed += max(result.rowcount, 0)
        return changed

    async def lock(self, room: str, *keys: object) -> None:
        """Hold locks on the keys until the transaction ends, taken in sorted order so that none deadlocks.

        PostgreSQL: advisory locks. SQLite: nothing to do, a writing transaction holds the whole database.
        """
        if self.dialect != "postgresql":
            return
        numbers = sorted({crc32(f"{self.tenant_id}:{room}:{key}".encode()) for key in keys})
        for number in numbers:
            await self.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.cast(number, sa.BigInteger))))

    async def patient(self) -> None:
        """Have the statements of this transaction take as long as they need: PostgreSQL ends none of them."""
        if self.dialect == "postgresql":
            await (await self.connection()).exec_driver_sql("SET LOCAL statement_timeout = 0")

    async def raw_asyncpg(self, *, writes: Sequence[type[TenantTable]] | None = None) -> Any:
        """The asyncpg connection of this transaction (PostgreSQL only), for bulk paths; the tenant is set already.

        `writes`: the models whose tables will be written by it. Nobody sees what the driver does, so without
        this the transaction counts as having changed every table of the town.
        """
        connection = await self.connection()
        if self.scope.write:
            names = {versions.EVERYTHING} if writes is None else {str(model.__tablename__) for model in writes}
            await connection.run_sync(versions.note, frozenset(names))
        raw = await connection.get_raw_connection()
        return raw.driver_connection
