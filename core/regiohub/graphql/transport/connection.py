"""One client's websocket: its messages, its operations, and the watch that ends them in time."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, cast

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from regiohub.auth.principal import ANONYMOUS, Principal
from regiohub.auth.resolver import bearer_token
from regiohub.errors import DomainError, TooMany, Unauthenticated
from regiohub.graphql.answer import shown_domain
from regiohub.texts import t
from regiohub.web.request import TENANT, caller, language_of

from .operation import Operation
from .reading import BadRequest, read
from .service import DocumentUnknown, GraphQLService

INIT_SECONDS = 10.0
PING_SECONDS = 25.0
RIGHTS_SECONDS = 30.0
"""How often the token is looked at anew: a withdrawn right ends a subscription after at most this time."""


class Closed(Exception):
    """The connection ends with a code of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Connection:
    """The state of one websocket."""

    def __init__(self, service: GraphQLService, socket: WebSocket, period: float) -> None:
        self.service = service
        self.socket = socket
        self.principal: Principal = ANONYMOUS
        self._token: str | None = None
        self._ready = False
        self._period = period
        self._operations: dict[str, Operation] = {}
        self._sending = asyncio.Lock()

    async def serve(self) -> None:
        """Read messages until the client leaves or breaks the protocol."""
        watch = asyncio.create_task(self._watch())
        reader = asyncio.create_task(self._read())
        try:
            done, _ = await asyncio.wait({watch, reader}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except Closed as end:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await self.socket.close(end.code, end.reason)
        except WebSocketDisconnect:
            pass
        finally:
            tasks = [watch, reader, *(operation.task for operation in self._operations.values())]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def send(self, kind: str, id_: str | None = None, payload: Any = None) -> None:
        """Send one message; a client that has left is noticed by the reader."""
        message: dict[str, Any] = {"type": kind}
        if id_ is not None:
            message["id"] = id_
        if payload is not None:
            message["payload"] = payload
        async with self._sending:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await self.socket.send_text(orjson.dumps(message).decode())

    def forget(self, id_: str) -> None:
        """An operation has ended by itself."""
        self._operations.pop(id_, None)

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(INIT_SECONDS):
                await self._handle(await self._message())
        except TimeoutError:
            raise Closed(4408, "Connection initialisation timeout") from None
        while True:
            await self._handle(await self._message())

    async def _message(self) -> dict[str, Any]:
        text = await self.socket.receive_text()
        if len(text) > self.service.platform.settings.body_max_bytes:
            raise Closed(1009, "Message too large")
        try:
            content = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise Closed(4400, "Invalid message") from None
        if not isinstance(content, dict) or not isinstance(content.get("type"), str):
            raise Closed(4400, "Invalid message")
        return cast("dict[str, Any]", content)

    async def _handle(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "connection_init":
                await self._init(message.get("payload"))
            case "ping":
                await self.send("pong")
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                operation = self._operations.pop(str(message.get("id")), None)
                if operation is not None:
                    operation.task.cancel()
            case _:
                raise Closed(4400, "Invalid message")

    async def _init(self, payload: Any) -> None:
        if self._ready:
            raise Closed(4429, "Too many initialisation requests")
        given = {str(key).lower(): value for key, value in payload.items()} if isinstance(payload, dict) else {}
        header = given.get("authorization")
        try:
            self._token = bearer_token(header) if isinstance(header, str) and header.strip() else None
            self.principal = await self._caller()
        except DomainError as error:
            raise Closed(4403, error.code) from None
        self._ready = True
        await self.send("connection_ack")

    async def _caller(self) -> Principal:
        return await caller(self.socket, self._token)

    async def _subscribe(self, message: dict[str, Any]) -> None:
        if not self._ready:
            raise Closed(4401, "Unauthorized")
        id_ = message.get("id")
        if not isinstance(id_, str) or not id_:
            raise Closed(4400, "Invalid message")
        if id_ in self._operations:
            raise Closed(4409, f"Subscriber for {id_} already exists")
        language = language_of(self.socket)
        try:
            if len(self._operations) >= self.service.platform.settings.graphql_subscriptions_per_client:
                raise TooMany(t("Zu viele Abonnements.", "Too many subscriptions."))
            request = await self.service.request(self.socket.scope.get(TENANT), read(message.get("payload")))
        except (TooMany, BadRequest, DocumentUnknown) as error:
            await self.send("error", id_, [shown_domain(error, language)])
            return
        self._operations[id_] = Operation(self, id_, request)

    async def _watch(self) -> None:
        """End what may not go on: the token has ended, a right is gone, a plugin is off. And keep the line alive."""
        quiet = fresh = 0.0
        while True:
            await asyncio.sleep(self._period)
            quiet, fresh = quiet + self._period, fresh + self._period
            if self.principal.is_expired(self.service.platform.clock.now()):
                await self._end_all(Unauthenticated(t("Die Anmeldung ist abgelaufen.", "The token has ended.")))
                raise Closed(4403, "The token has ended")
            if fresh >= RIGHTS_SECONDS:
                fresh = 0.0
                await self._look_again()
            for operation in list(self._operations.values()):
                refusal = operation.refusal()
                if refusal is not None:
                    await self._end(operation, refusal)
            if quiet >= PING_SECONDS:
                quiet = 0.0
                await self.send("ping")

    async def _look_again(self) -> None:
        try:
            self.principal = await self._caller()
        except DomainError as error:
            # An issuer that does not answer takes nobody's right away; a refused token does.
            if error.status in (401, 403):
                await self._end_all(error)
                raise Closed(4403, error.code) from None

    async def _end_all(self, error: DomainError) -> None:
        for operation in list(self._operations.values()):
            await self._end(operation, error)

    async def _end(self, operation: Operation, error: DomainError) -> None:
        self.forget(operation.id)
        operation.task.cancel()
        await self.send("error", operation.id, [shown_domain(error, language_of(self.socket))])
