"""By hand: bare Starlette, our token check, one statement, its bytes."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import orjson
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from regiohub.errors import DomainError
from regiohub_lorawan.permissions import VIEW

from .gate import Gate, read_body, refuse, respond
from .raw_postgresql import PostgresqlByHand
from .raw_sqlite import SqliteByHand


class ByHand(Protocol):
    """What answers a query."""

    async def open(self, gate: Gate) -> None:
        """Connect."""
        ...

    async def answer(self, query: str, tenant: int, variables: dict[str, Any]) -> bytes:
        """The JSON of an answer."""
        ...


class Endpoint:
    """POST /{town}/raw/{query} with the same body as everybody gets."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._by_hand: ByHand = SqliteByHand() if gate.settings.is_sqlite else PostgresqlByHand()

    async def open(self) -> None:
        """Load the towns and connect."""
        await self._gate.open()
        await self._by_hand.open(self._gate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = orjson.loads(await read_body(receive))
        query = scope["path"].rpartition("/")[2]
        try:
            caller = await self._gate.admit_scope(scope)
            if query == "Q4":
                caller.require(VIEW)
            await respond(send, await self._by_hand.answer(query, caller.tenant, body["variables"]))
        except DomainError as error:
            await refuse(send, error)


def app() -> ASGIApp:
    """The application."""
    endpoint = Endpoint(Gate())

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        await endpoint.open()
        yield

    return Starlette(routes=[Route("/{town}/raw/{query}", endpoint)], lifespan=lifespan)
