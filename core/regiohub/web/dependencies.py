"""What plugin routes ask FastAPI for: a unit of work, a scope, a limit."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from regiohub.tenancy.context import Ctx, TenantScope

from .request import client_of, language_of, scope_of, tenant_of
from .state import web_state


async def tenant_scope(request: Request) -> TenantScope:
    """The town of the request, with its caller: ``Annotated[TenantScope, Depends(tenant_scope)]``."""
    return await scope_of(request)


async def town_scope(request: Request) -> TenantScope:
    """The town of the request, whoever calls: for routes that check a credential of their own (ingest keys).

    Nothing is read from the Authorization header here, and the scope acts as the platform itself.
    """
    return web_state(request).platform.scope(tenant_of(request), locale=language_of(request))


async def read_ctx(request: Request) -> AsyncIterator[Ctx]:
    """A reading unit of work that lasts until the answer is sent, streamed answers included."""
    scope = await scope_of(request)
    async with scope.read() as ctx:
        yield ctx


async def _written(request: Request) -> AsyncIterator[Ctx]:
    scope = await scope_of(request)
    async with scope.write() as ctx:
        yield ctx


async def write_ctx(ctx: Annotated[Ctx, Depends(_written, scope="function")]) -> Ctx:
    """A writing unit of work. It is committed before the answer goes out: nobody is told of what then fails."""
    return ctx


def ingest_limit(request: Request) -> None:
    """Counts a request with measured values; ``TooMany`` (429) beyond the limit of the settings."""
    web_state(request).limiter.check("ingest", tenant_of(request).slug, client_of(request))


def search_limit(request: Request) -> None:
    """Counts a search; ``TooMany`` (429) beyond the limit of the settings. More generous than ``public_limit``."""
    web_state(request).limiter.check("search", tenant_of(request).slug, client_of(request))


def public_limit(request: Request) -> None:
    """Counts a request of somebody who need not sign in; ``TooMany`` (429) beyond the limit of the settings."""
    web_state(request).limiter.check("public", tenant_of(request).slug, client_of(request))
