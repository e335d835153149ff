"""A plugin of the tests: routes that show what a request carries, and routes that fail."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, WebSocket
from pydantic import BaseModel
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.responses import StreamingResponse

from regiohub.api import (
    Conflict,
    Ctx,
    Forbidden,
    Link,
    LinkProvider,
    NavEntry,
    Permission,
    Plugin,
    RoutePart,
    TenantScope,
    t,
)  # fmt: skip
from regiohub.api.http import ingest_limit, public_limit, read_ctx, search_limit, tenant_of, tenant_scope, write_ctx
from regiohub.tenancy.models import PluginSetting

APPROVE = Permission("probe.approve", t("Freigeben", "Approve"), roles=("editor",))
plugin = Plugin(
    id="probe", title=t("Prüfung", "Probe"), description=t("Für Tests.", "For tests."), permissions=(APPROVE,)
)
router = APIRouter()


class Item(BaseModel):
    """Something that can be sent."""

    name: str
    amount: int


class Taken(Conflict):
    """Something is taken."""

    code = "TAKEN"


@router.get("/")
async def who(ctx: Annotated[Ctx, Depends(read_ctx)], request: Request) -> dict[str, Any]:
    """What the unit of work knows."""
    caller = ctx.principal
    return {
        "tenant": ctx.tenant.slug,
        "kind": caller.kind,
        "subject": caller.subject,
        "can": ctx.can(APPROVE),
        "locale": ctx.locale,
        "path": request.url.path,
    }


@router.get("/items/{key}")
async def item(key: str) -> str:
    """A route with a parameter."""
    return key


@router.post("/items")
async def receive(item: Item) -> Item:
    """Takes JSON."""
    return item


@router.post("/raw")
async def raw(request: Request) -> int:
    """Takes any bytes, piece by piece."""
    return sum([len(piece) async for piece in request.stream()])


@router.post("/written/{key}")
async def written(key: str, ctx: Annotated[Ctx, Depends(write_ctx)], fail: bool = False) -> str:
    """Writes a row, and may fail after it."""
    ctx.session.add(PluginSetting(plugin=key, origin="local", values={}))
    await ctx.session.flush()
    if fail:
        raise Taken(t("Belegt bis zwölf.", "Taken until twelve."), field="starts_at", until="12:00")
    return "ok"


@router.get("/scope")
async def scope(scope: Annotated[TenantScope, Depends(tenant_scope)]) -> str:
    """Opens a unit of work of its own."""
    async with scope.read() as ctx:
        ctx.require(APPROVE)
        return ctx.tenant.slug


@router.get("/crash")
async def crash() -> None:
    """A fault of the program."""
    raise RuntimeError("secret detail")


@router.get("/overrun")
async def overrun() -> None:
    """The database has no connection left."""
    raise PoolTimeoutError("QueuePool limit of size 10 reached")


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """Says which town it is for."""
    await socket.accept()
    await socket.send_text(tenant_of(socket).slug)
    await socket.close()


@router.get("/late")
async def late() -> StreamingResponse:
    """Fails after the answer has begun."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.sleep(0)
        raise RuntimeError("late")

    return StreamingResponse(pieces())


@router.get("/forbidden")
async def forbidden() -> None:
    """Somebody who may not."""
    raise Forbidden


@router.get("/public", dependencies=[Depends(public_limit)])
async def public() -> str:
    """Counts against the public limit."""
    return "ok"


@router.get("/search", dependencies=[Depends(search_limit)])
async def search() -> str:
    """Counts against the search limit."""
    return "ok"


@router.post("/ingest", dependencies=[Depends(ingest_limit)])
async def ingest() -> str:
    """Counts against the ingest limit."""
    return "ok"


async def _links(_ctx: Ctx) -> Sequence[Link]:
    return [
        Link("item", t("Dinge", "Things"), 1234, "/probe/items/1"),
        Link("bad", t("Böse", "Evil"), 1, "javascript:alert(1)"),
    ]


async def _broken_links(_ctx: Ctx) -> Sequence[Link]:
    raise RuntimeError("no links today")


@plugin.hook
def register_routes() -> Sequence[RoutePart]:
    """The routes above."""
    return [RoutePart(router)]


@plugin.hook
def register_links() -> LinkProvider:
    """Two links, one of them hostile."""
    return _links


@plugin.hook
def register_navigation() -> Sequence[NavEntry]:
    """One entry."""
    return [NavEntry(t("Dinge ansehen", "See things"), "/probe/items/1")]


def _rival_routes() -> Sequence[RoutePart]:
    return [RoutePart(APIRouter(), prefix="probe")]


rival = Plugin(
    id="rival",
    title=t("Rivale", "Rival"),
    description=t("Nimmt ein Präfix, und seine Links scheitern.", "Takes a prefix, and its links fail."),
    hooks={"register_routes": _rival_routes},
)
broken = Plugin(
    id="broken",
    title=t("Kaputt", "Broken"),
    description=t("Seine Links scheitern.", "Its links fail."),
    hooks={"register_links": lambda: _broken_links},
)
