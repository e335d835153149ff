"""Promises about the life of a plugin: kept by a sound one, and each shown to notice a bad one."""

from __future__ import annotations

import asyncio
import importlib
import re
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from types import FunctionType
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import StreamingResponse

from regiohub.api import Ctx, Demo, Job, Link, NotFound, RoutePart, TenantInfo, TenantScope, t, uuid7
from regiohub.api.console import ConsolePart
from regiohub.api.http import read_ctx
from regiohub.plugins.host import Contribution, PluginHost
from regiohub.testing.contract import Breach, Promise
from regiohub.testing.contract.promises.lifecycle import PROMISES
from regiohub.testing.installations import Engine

from .conftest import Lamps

BY_ID = {promise.id: promise for promise in PROMISES}
CASES = [
    pytest.param(promise, engine, marks=[pytest.mark.postgresql] if engine == "postgresql" else [],
                 id=f"{promise.id}-{engine}")
    for promise in PROMISES
    for engine in ("sqlite", "postgresql")
    if engine == "sqlite" or promise.engines
]  # fmt: skip


@pytest.mark.parametrize(("promise", "engine"), CASES)
async def test_a_sound_plugin_keeps_the_promise(promise: Promise, engine: Engine, lamps: Lamps) -> None:
    await promise.hold(lamps(engine=engine))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
def test_each_promise_says_what_to_do(promise: Promise) -> None:
    assert len(promise.remedy) > 60


async def broken(promise: str, lamps: Lamps, *value: str, **hooks: Callable[..., object]) -> tuple[str, ...]:
    """What is said of the sample with other hooks."""
    with pytest.raises(Breach) as breach:
        await BY_ID[promise].hold(lamps(*value, **hooks))
    assert BY_ID[promise].remedy in str(breach.value)
    return breach.value.faults


def model() -> Any:
    """The table of the sample."""
    return importlib.import_module("contract_lamps.models").Lamp


async def test_work_that_a_plugin_starts_by_itself_and_does_not_end_is_found(lamps: Lamps) -> None:
    async def glow() -> None:
        await asyncio.Event().wait()

    # The plugin's own function, as far as the event loop can tell.
    glow = _in_package(glow)
    started: list[asyncio.Task[None]] = []

    def on_tenant_disabled(tenant: TenantInfo) -> None:
        started.append(asyncio.get_running_loop().create_task(glow(), name=tenant.slug))

    faults = await broken("off-means-off", lamps, on_tenant_disabled=on_tenant_disabled)
    assert len(faults) == 1
    assert faults[0].endswith("glow goes on running after the switch")
    assert started[0].cancelled()


def _in_package(function: Callable[..., Any]) -> Any:
    spaces = {**function.__globals__, "__name__": "contract_lamps.work"}
    made = FunctionType(function.__code__, spaces, function.__name__, None, function.__closure__)
    made.__qualname__ = function.__qualname__
    return made


async def test_a_core_that_forgets_to_leave_a_part_out_is_found(lamps: Lamps, monkeypatch: pytest.MonkeyPatch) -> None:
    collect = PluginHost.collect

    def forgetful(self: PluginHost, hook: str, enabled: frozenset[str] | None = None) -> list[Contribution[Any]]:
        return collect(self, hook, None if hook == "register_navigation" else enabled)

    monkeypatch.setattr(PluginHost, "collect", forgetful)
    assert await broken("off-means-off", lamps, register_links=lambda: _no_links) == (
        "the entry 'Lamps' of the town's page is there where the plugin is off",
        "the entry 'Lamps' of the town's page is there right after it was switched off",
    )


async def test_a_declared_part_that_never_shows_is_found(lamps: Lamps, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_arguments: Any) -> list[tuple[str, str]]:
        return []

    monkeypatch.setattr("regiohub.web.pages.routes._navigation", nothing)
    assert await broken("off-means-off", lamps) == (
        "the entry 'Lamps' of the town's page is not there in a town that has the plugin on",
        "after off and on again: the entry 'Lamps' of the town's page is not there in a town that has the plugin on",
    )


async def _no_links(_ctx: Ctx) -> Sequence[Link]:
    return ()


async def test_a_hook_that_fails_or_returns_something_else_is_found(lamps: Lamps) -> None:
    faults = await broken(
        "hooks-isolated", lamps,
        register_navigation=lambda: ("/lamps",), register_tasks=lambda: None, register_jobs=lambda: 1 / 0,
        register_demo=lambda: (),
    )  # fmt: skip
    assert sorted(faults) == [
        "register_demo returns a tuple, not Demo",
        "register_jobs fails: ZeroDivisionError: division by zero",
        "register_navigation returns a str among its parts, not NavEntry",
        "register_tasks returns nothing, not a sequence of Task",
    ]


async def test_a_plugin_that_cannot_do_without_another_is_found(lamps: Lamps) -> None:
    async def links(ctx: Ctx) -> Sequence[Link]:
        first = next(part for part in ctx.plugins.collect("register_navigation") if part.plugin == "witness")
        return (Link("lamp", t("Lampen", "Lamps"), 1, first.value.url),)

    faults = await broken("hooks-isolated", lamps, register_links=lambda: links)
    assert faults == ("when the hooks of another plugin fail, this one lacks the links of lamps",)


def route(path: str, answer: Callable[..., Any]) -> Callable[[], Sequence[RoutePart]]:
    """A hook with one route."""
    router = APIRouter()
    router.get(path)(answer)
    return lambda: (RoutePart(router),)


async def test_routes_that_show_rows_of_another_town_are_found(lamps: Lamps) -> None:
    async def everywhere(ctx: Ctx) -> list[Any]:
        found: list[Any] = []
        for tenant in ctx.platform.tenants.all():
            async with ctx.platform.scope(tenant).read() as there:
                found += (await there.session.scalars(sa.select(model()))).all()
        return found

    async def listed(ctx: Ctx = Depends(read_ctx)) -> list[str]:
        return [str(lamp.id) for lamp in await everywhere(ctx)]

    listed.__annotations__ = {"ctx": Ctx, "return": list[str]}
    faults = await broken("two-towns", lamps, register_routes=route("/all", listed))
    assert len(faults) == 1
    assert re.fullmatch(
        r"GET /bad-belzig/lamps/all of bad-belzig shows '[0-9a-f-]{36}', which stands in a row of potsdam", faults[0]
    )

    async def one(lamp_id: UUID, ctx: Ctx = Depends(read_ctx)) -> str:
        found = [str(lamp.slug) for lamp in await everywhere(ctx) if lamp.id == lamp_id]
        if not found:
            raise NotFound
        return "lit"

    one.__annotations__ = {"lamp_id": UUID, "ctx": Ctx, "return": str}
    faults = await broken("two-towns", lamps, register_routes=route("/all/{lamp_id}", one))
    assert faults == (
        "GET /bad-belzig/lamps/all/{lamp_id} of bad-belzig answers 200 to the id of a row of potsdam,"
        " and 404 to one that does not exist",
    )


async def test_what_a_route_keeps_of_another_town_is_found(lamps: Lamps) -> None:
    kept: dict[str, None] = {}

    async def listed(ctx: Ctx = Depends(read_ctx)) -> list[str]:
        kept.update(dict.fromkeys(await ctx.session.scalars(sa.select(model().slug))))
        return list(kept)

    listed.__annotations__ = {"ctx": Ctx, "return": list[str]}
    faults = await broken("two-towns", lamps, register_routes=route("/all", listed))
    assert faults == ("GET /bad-belzig/lamps/all of bad-belzig shows 'slug-1', which stands in a row of potsdam",)


async def test_a_route_that_tells_foreign_rows_by_its_body_is_found(lamps: Lamps) -> None:
    seen: set[UUID] = set()

    async def one(lamp_id: UUID, ctx: Ctx = Depends(read_ctx)) -> str:
        if await ctx.session.find(model(), lamp_id):
            seen.add(lamp_id)
        return "known" if lamp_id in seen else "unknown"

    one.__annotations__ = {"lamp_id": UUID, "ctx": Ctx, "return": str}
    assert await broken("two-towns", lamps, register_routes=route("/is/{lamp_id}", one)) == (
        "GET /bad-belzig/lamps/is/{lamp_id} of bad-belzig tells a row of potsdam from one that does not exist",
    )


async def test_events_that_say_too_little_are_named(lamps: Lamps) -> None:
    faults = await broken("events-described", lamps, "contract_dim_lamps.plugin:plugin")
    assert [fault.partition(":")[0].partition(" (")[0] for fault in faults] == [
        "NotFrozen",
        "Foreign has the name wells.dried_up; it must begin with lamps.",
        "Wordless",
        "Empty",
        "Twin has the name lamps.empty, as Empty has",
        "Unstorable",
    ]


async def test_a_job_that_works_in_other_towns_or_fails_is_found(lamps: Lamps) -> None:
    async def everywhere(scope: TenantScope) -> None:
        for tenant in scope.platform.tenants.all():
            async with scope.platform.scope(tenant).write() as ctx:
                for lamp in await ctx.session.scalars(sa.select(model())):
                    lamp.lit += 1
                await ctx.enqueue("lamps.mend", {})

    async def failing(_scope: TenantScope) -> None:
        raise RuntimeError("no current")

    hour = timedelta(hours=1)
    jobs = (Job("lamps.all", hour, everywhere), Job("lamps.dark", hour, failing))
    faults = await broken("jobs-in-towns", lamps, register_jobs=lambda: jobs)
    assert faults == (
        "lamps.all, run for potsdam, changes rows of bad-belzig: lamps_lamp (2 rows new or changed, 2 gone or as they"
        " were before)",
        "lamps.all, run for potsdam, sets off work in bad-belzig",
        "lamps.dark fails: RuntimeError: no current",
    )


async def test_a_demo_that_loads_twice_or_nothing_is_found(lamps: Lamps) -> None:
    async def again(scope: TenantScope, _folder: Path) -> None:
        async with scope.write() as ctx:
            ctx.session.add(model()(slug=str(uuid7()), lit=0))

    async def nothing(_scope: TenantScope, _folder: Path) -> None:
        """Forgot to load."""

    faults = await broken("demo-repeatable", lamps, register_demo=lambda: Demo(load=again))
    assert faults == ("loading it again changes lamps_lamp (1 rows new or changed, 0 gone or as they were before)",)
    faults = await broken("demo-repeatable", lamps, register_demo=lambda: Demo(load=nothing))
    assert "the demo puts nothing into the tables" in faults[0]


async def test_pages_that_fail_or_are_open_to_all_are_found(lamps: Lamps) -> None:
    async def fails() -> str:
        raise RuntimeError("dark")

    async def open_to_all() -> str:
        return "everybody sees this"

    router = APIRouter()
    router.get("/fails")(fails)
    router.get("/open")(open_to_all)
    faults = await broken(
        "pages-answer", lamps,
        register_console=lambda: (ConsolePart(router, "contract_lamps"),),
        register_routes=route("/broken/{lamp_id}", fails),
    )  # fmt: skip
    assert "GET /console/potsdam/lamps/fails answers 500 to an administrator of the town" in faults
    assert "GET /console/potsdam/lamps/open is shown to a signed-in person who is no staff" in faults
    assert "GET /console/potsdam/lamps/open is shown to whoever is not signed in" in faults
    assert any(fault.startswith("GET /potsdam/lamps/broken/{lamp_id} answers 500") for fault in faults)


@pytest.mark.timeout(60)
async def test_a_live_page_that_never_ends_is_no_fault(lamps: Lamps) -> None:
    async def words() -> AsyncIterator[str]:
        yield "data: lit\n\n"
        await asyncio.Event().wait()

    async def live() -> StreamingResponse:
        return StreamingResponse(words(), media_type="text/event-stream")

    for promise in ("pages-answer", "two-towns"):
        await BY_ID[promise].hold(lamps(register_routes=route("/live", live)))
