"""Rows that anybody can change through a route or a page are noticed, and what is meant for everybody can be named."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from regiohub.api import Ctx, NotFound, RoutePart
from regiohub.api.console import ConsolePart, TownPage
from regiohub.api.http import ingest_limit, write_ctx
from regiohub.testing.contract import Breach, Case
from regiohub.testing.contract.promises.lifecycle.writes import WRITES_REFUSED

from .conftest import Lamps

NOBODY = "somebody who is not signed in"


class Proposal(BaseModel, extra="forbid"):
    """What residents send."""

    slug: str = Field(min_length=3)
    lit: int


def model() -> Any:
    """The table of the sample."""
    return importlib.import_module("contract_lamps.models").Lamp


def routes(method: str, path: str, work: Callable[..., Awaitable[Any]], **named: Any) -> Callable[[], Any]:
    """A hook with one route that writes."""
    work.__annotations__ = {"ctx": Ctx, **named}
    router = APIRouter(dependencies=[Depends(ingest_limit)])
    router.add_api_route(path, work, methods=[method])
    return lambda: (RoutePart(router),)


async def faults(case: Case) -> Sequence[str]:
    with pytest.raises(Breach) as breach:
        await WRITES_REFUSED.hold(case)
    return breach.value.faults


async def test_a_route_that_lets_anybody_empty_a_town_is_found(lamps: Lamps) -> None:
    async def wipe(ctx: Ctx = Depends(write_ctx)) -> None:
        await ctx.session.execute(sa.delete(model()))

    assert await faults(lamps(register_routes=routes("POST", "/wipe", wipe))) == (
        f"POST /potsdam/lamps/wipe: {NOBODY} changes lamps_lamp of potsdam without a right to it",
    )


async def test_a_route_that_changes_the_row_in_its_address_is_found(lamps: Lamps) -> None:
    async def dim(lamp_id: UUID, ctx: Ctx = Depends(write_ctx)) -> None:
        lamp = await ctx.session.find(model(), lamp_id)
        if lamp is None:
            raise NotFound
        lamp.lit += 1

    assert await faults(lamps(register_routes=routes("PATCH", "/{lamp_id}", dim, lamp_id=UUID))) == (
        f"PATCH /potsdam/lamps/{{lamp_id}}: {NOBODY} changes lamps_lamp of potsdam without a right to it",
    )


async def test_a_route_for_everybody_is_named_with_its_reason(lamps: Lamps) -> None:
    async def propose(proposal: Proposal, ctx: Ctx = Depends(write_ctx)) -> None:
        ctx.session.add(model()(**proposal.model_dump()))

    case = lamps(register_routes=routes("POST", "/proposals", propose, proposal=Proposal))
    assert await faults(case) == (
        f"POST /potsdam/lamps/proposals: {NOBODY} changes lamps_lamp of potsdam without a right to it",
    )
    await WRITES_REFUSED.hold(replace(case, open_routes={"POST /proposals": "residents propose lamps"}))
    assert await faults(replace(case, open_routes={"POST /proposals": "residents", "POST /gone": "nobody"})) == (
        "open_routes: the plugin has no route POST /gone that could change rows",
    )


async def test_a_page_that_lets_an_auditor_change_rows_is_found(lamps: Lamps) -> None:
    router = APIRouter()

    async def wipe(page: TownPage) -> Response:
        async def work(ctx: Ctx) -> None:
            await ctx.session.execute(sa.delete(model()))

        await page.act(work)
        return Response("done")

    wipe.__annotations__ = {"page": TownPage, "return": Response}
    router.add_api_route("/wipe", wipe, methods=["POST"])
    assert await faults(lamps(register_console=lambda: (ConsolePart(router, "contract_lamps", ()),))) == (
        "POST /console/potsdam/lamps/wipe: an auditor changes lamps_lamp of potsdam without a right to it",
    )
