"""One HTTP request to an endpoint as the endpoint sees it, and the answer as ASGI sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import Receive, Send

from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Language
from regiohub.web.middleware.body import BodyTooLarge

JSON: Final = "application/json"
RESPONSE: Final = "application/graphql-response+json"
NO_STORE: Final = (b"cache-control", b"no-store")
RawHeaders = list[tuple[bytes, bytes]]


class Left(Exception):
    """The client has gone before it said what it wants."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request. `headers`: the first value of each name, in lower case. `body`: empty for GET."""

    method: str
    tenant: TenantInfo | None
    headers: Mapping[bytes, bytes]
    query_string: bytes
    body: bytes
    locale: Language
    client: str
    request_id: str

    def header(self, name: bytes) -> str:
        """The value of a header; empty without one."""
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def media_type(self) -> str:
        """What the answer is sent as: the newer type for those who name it."""
        return RESPONSE if RESPONSE in self.header(b"accept") else JSON


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `headers` are those that are particular to it."""

    status: int
    body: bytes
    media_type: str
    headers: tuple[tuple[bytes, bytes], ...] = (NO_STORE,)

    async def send(self, send: Send, common: tuple[tuple[bytes, bytes], ...], request_id: str) -> None:
        """Send it, with headers that all answers carry."""
        headers: RawHeaders = [
            *self.headers,
            *common,
            (b"x-request-id", request_id.encode()),
        ]
        if self.status != 304:
            headers.append((b"content-type", self.media_type.encode()))
            headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


async def read_body(receive: Receive, most: int) -> bytes:
    """The body of a request. Raises `BodyTooLarge` as soon as it is, and `Left` if the client goes away meanwhile."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Left
        body += message.get("body", b"")
        if len(body) > most:
            raise BodyTooLarge
        if not message.get("more_body", False):
            return body
