"""The sound parts of the sample, by hook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from regiohub.api import (
    Connection,
    Ctx,
    Demo,
    EventHandler,
    GraphQLPart,
    Job,
    NavEntry,
    NotFound,
    Permission,
    RoutePart,
    Task,
    TenantScope,
    bound,
    column,
    many,
    query,
    t,
)
from regiohub.api.console import ConsoleEntry, ConsolePart, TownPage
from regiohub.api.http import read_ctx

from .events import LampLit
from .models import Lamp

TITLE = t("Lampen", "Lamps")
KEEP = Permission("lamps.keep", t("Lampen pflegen", "Keep the lamps"), roles=("editor",))


@bound(Lamp, name="Lamp")
class LampType:
    """A street lamp."""

    slug: str = column("Its name in addresses.")


@query
class LampsQuery:
    """Street lamps."""

    lamps: Connection[LampType] = many("All of them.", order_by=Lamp.slug)


def console(listed: Callable[[Ctx], Any]) -> Sequence[ConsolePart]:
    """Pages that list the rows of a statement."""
    router = APIRouter()

    @router.get("/lamps")
    async def show(page: TownPage) -> Response:
        page.require(KEEP)
        async with page.read() as ctx:
            lamps = (await ctx.session.scalars(listed(ctx))).all()
        return page.show("lamps/lamps.html", lamps=lamps)

    @router.get("/lamps/{lamp_id}")
    async def one(page: TownPage, lamp_id: UUID) -> Response:
        page.require(KEEP)
        async with page.read() as ctx:
            lamp = await ctx.session.find(Lamp, lamp_id)
        if lamp is None:
            raise NotFound
        return page.show("lamps/lamps.html", lamps=[lamp])

    return (ConsolePart(router, "contract_lamps", (ConsoleEntry(TITLE, "lamps", KEEP),)),)


def routes(found: Callable[[Ctx, UUID], Any]) -> Sequence[RoutePart]:
    """A list and a lamp by its id."""
    router = APIRouter()

    @router.get("/list")
    async def everything(ctx: Ctx = Depends(read_ctx)) -> list[str]:
        return list(await ctx.session.scalars(sa.select(Lamp.slug).order_by(Lamp.slug)))

    @router.get("/list/{lamp_id}")
    async def one(lamp_id: UUID, ctx: Ctx = Depends(read_ctx)) -> dict[str, str]:
        lamp = await found(ctx, lamp_id)
        if lamp is None:
            raise NotFound
        return {"slug": str(lamp.slug)}

    return (RoutePart(router),)


async def find(ctx: Ctx, lamp_id: UUID) -> Lamp | None:
    """A lamp of the town."""
    return await ctx.session.find(Lamp, lamp_id)


async def light(scope: TenantScope) -> None:
    """The job: every lamp of the town is lit once more."""
    async with scope.write() as ctx:
        for lamp in await ctx.session.scalars(sa.select(Lamp)):
            lamp.lit += 1
            await ctx.emit(LampLit(lamp.id))


async def load(scope: TenantScope, _folder: Path) -> None:
    """The demo: one lamp."""
    async with scope.write() as ctx:
        await ctx.session.upsert(Lamp, [{"id": UUID(int=1), "slug": "markt", "lit": 0}], key=("slug",))


async def seen(_ctx: Ctx, _fact: LampLit | dict[str, Any]) -> None:
    """The handler and the task have nothing to do."""


PARTS: dict[str, Callable[..., Any]] = {
    "register_graphql": lambda: GraphQLPart(query=LampsQuery),
    "register_console": lambda: console(lambda _ctx: sa.select(Lamp).order_by(Lamp.slug)),
    "register_routes": lambda: routes(find),
    "register_navigation": lambda: (NavEntry(TITLE, "/lamps/list"),),
    "register_jobs": lambda: (Job("lamps.light", timedelta(hours=1), light),),
    "register_tasks": lambda: (Task("lamps.mend", seen),),
    "register_event_handlers": lambda: (EventHandler(LampLit, seen, name="lamps.seen"),),
    "register_demo": lambda: Demo(load=load),
}
