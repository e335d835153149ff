"""The check that every contender makes: our own, so that it costs all of them the same."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from regiohub.auth.identity import build_identity
from regiohub.auth.permissions import Permission
from regiohub.auth.principal import Principal
from regiohub.auth.resolver import bearer_token
from regiohub.errors import DomainError, Forbidden, NotFound
from regiohub.platform import Platform
from regiohub.settings import Settings


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and in which town."""

    tenant: int
    principal: Principal

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless the caller has the right."""
        if not self.principal.can(permission):
            raise Forbidden


class Gate:
    """Town and caller of a request, by the platform's own registry and token check."""

    def __init__(self) -> None:
        self.settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
        self.platform = Platform(self.settings)
        identity = build_identity(self.settings, self.platform.clock.now)
        self._resolver = identity.resolver(self.platform.permissions)

    async def open(self) -> None:
        """Load the towns."""
        await self.platform.start()

    async def admit(self, town: str, authorization: str | None) -> Caller:
        """Raises the platform's errors for a bad token and an unknown town."""
        tenant = self.platform.tenants.get(town)
        if tenant is None:
            raise NotFound
        return Caller(tenant.id, await self._resolver.resolve(bearer_token(authorization), town))

    async def admit_scope(self, scope: Scope) -> Caller:
        """The same for a bare request under /{town}/…"""
        header = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return await self.admit(scope["path"].split("/", 2)[1], header.decode("latin-1"))


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def respond(send: Send, body: bytes, status: int = 200) -> None:
    """One JSON answer."""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, error: DomainError) -> None:
    """An answer without data."""
    await respond(send, b'{"errors":[{"message":"%s"}]}' % error.code.encode(), error.status)
