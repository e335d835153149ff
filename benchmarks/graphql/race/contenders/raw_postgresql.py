"""By hand on PostgreSQL: one statement per query (see sql/), in which the database writes the JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.engine import make_url

from regiohub_lorawan.models.moments import to_millis

from .gate import Gate

SQL = {file.stem: file.read_text() for file in (Path(__file__).parent / "sql" / "postgresql").glob("*.sql")}
_moment = datetime.fromisoformat
ARGUMENTS: dict[str, Callable[[dict[str, Any]], tuple[Any, ...]]] = {
    "Q1": lambda _: (),
    "Q2": lambda given: (_moment(given["from"]),),
    "Q3": lambda given: (UUID(given["id"]),),
    "Q4": lambda given: (UUID(given["id"]), to_millis(_moment(given["from"])), to_millis(_moment(given["to"]))),
    "Q5": lambda _: (),
}


class PostgresqlByHand:
    """Answers from a pool of connections of the serving role, each statement in a transaction of the town."""

    async def open(self, gate: Gate) -> None:
        """Connect."""
        url = make_url(gate.settings.database_address)
        size = gate.settings.database_pool_size
        self._pool: Any = await asyncpg.create_pool(
            user=url.username, database=url.database, host=str(url.query["host"]), min_size=size, max_size=size,
            init=_leave_json, reset=_keep, server_settings={"jit": "off", "timezone": "UTC"},
        )  # fmt: skip

    async def answer(self, query: str, tenant: int, variables: dict[str, Any]) -> bytes:
        """The whole answer, as the database wrote it."""
        async with self._pool.acquire() as connection:
            # The town is announced in the same message as the transaction: one trip less.
            await connection.execute(f"BEGIN READ ONLY; SET LOCAL app.tenant = '{tenant:d}'")
            try:
                found: bytes = await connection.fetchval(SQL[query], tenant, *ARGUMENTS[query](variables))
            finally:
                await connection.execute("COMMIT")
            return found


async def _leave_json(connection: Any) -> None:
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")


async def _keep(_connection: Any) -> None:
    """Nothing outlives a transaction here, so that the pool's reset on release is spared."""
