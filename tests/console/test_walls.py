"""Every page of the console, found by its routes: closed to residents and other towns, read-only for auditors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from regiohub.console.access import access_router
from regiohub.console.region import region_router
from regiohub.console.town import town_router
from regiohub.plugins.host import PluginHost
from regiohub.plugins.parts import ConsolePart
from regiohub.testing import World
from regiohub.testing.console import ConsoleClient, text_of

PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")


def routes_of(router: APIRouter, prefix: str) -> Iterator[tuple[str, str]]:
    """Method and address of each route, with a made-up identifier for each parameter."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            path = PARAMETER.sub(str(uuid4()), prefix + route.path)
            yield from ((method, path) for method in sorted((route.methods or set()) & {"GET", "POST"}))
            continue
        inner = getattr(route, "original_router", None)
        context = getattr(route, "include_context", None)
        if isinstance(inner, APIRouter):
            yield from routes_of(inner, prefix + str(getattr(context, "prefix", "")))


def town_pages() -> list[tuple[str, str]]:
    """All pages of a town: the core's, and those of the four plugins."""
    found = [*routes_of(town_router, "/console/potsdam"), *routes_of(access_router, "/console/potsdam")]
    for contribution in PluginHost().collect("register_console"):
        part: ConsolePart = contribution.value
        found += routes_of(part.router, f"/console/potsdam/{contribution.plugin}")
    return found


TOWN_PAGES = town_pages()


def test_the_pages_are_found() -> None:
    for part in ("measures", "settings", "access", "lorawan", "booking", "health_directory", "atlas"):
        assert sum(f"/console/potsdam/{part}" in path for _, path in TOWN_PAGES) >= 5, part
    assert len(TOWN_PAGES) > 150


async def asked(client: ConsoleClient, method: str, path: str) -> tuple[int, str]:
    response = await (client.get(path) if method == "GET" else client.post(path))
    return response.status_code, text_of(response) if "html" in response.headers.get("content-type", "") else ""


async def open_for(world: World, client: ConsoleClient, pages: list[tuple[str, str]], allowed: set[int]) -> list[str]:
    """Pages that answer with another status than these."""
    wrong: list[str] = []
    for method, path in pages:
        status, words = await asked(client, method, path)
        if status not in allowed:
            wrong.append(f"{method} {path}: {status} {words[:200]}")
    return wrong


@pytest.fixture
async def full(world_sqlite: World) -> World:
    """Potsdam with all plugins on."""
    for plugin in world_sqlite.platform.plugins.healthy:
        await world_sqlite.enable("potsdam", plugin)
    return world_sqlite


async def test_no_page_of_a_town_opens_for_a_resident(full: World) -> None:
    client = await full.console("potsdam")
    assert await open_for(full, client, TOWN_PAGES, {403, 404}) == []


async def test_no_page_of_a_town_opens_for_staff_of_another_town(full: World) -> None:
    client = await full.console("bad-belzig", roles=["tenant-admin"])
    assert await open_for(full, client, TOWN_PAGES, {403, 404}) == []


async def test_nothing_is_changed_without_proof_that_the_request_comes_from_a_page(full: World) -> None:
    client = await full.console("potsdam", roles=["tenant-admin"])
    posts = [path for method, path in TOWN_PAGES if method == "POST"]
    statuses = {path: (await client.post(path, forged=True)).status_code for path in posts}
    assert {path for path, status in statuses.items() if status != 403} == set()


async def test_an_auditor_changes_nothing_and_meets_no_fault(full: World) -> None:
    client = await full.console("potsdam", roles=["auditor"])
    # Having the log checked is what auditors are for.
    posts = [(method, path) for method, path in TOWN_PAGES if method == "POST" and not path.endswith("/audit/check")]
    assert await open_for(full, client, posts, {403, 404, 422}) == []


async def test_administrators_meet_no_fault_on_any_page(full: World) -> None:
    client = await full.console("potsdam", roles=["tenant-admin"])
    assert await open_for(full, client, TOWN_PAGES, {200, 303, 307, 400, 404, 409, 422, 503}) == []


async def test_regional_staff_see_no_data_of_a_town(full: World) -> None:
    client = await full.console(None, regional=["regional-admin"])
    plugins = tuple(f"/console/potsdam/{plugin}/" for plugin in full.platform.plugins.healthy)
    pages = [(method, path) for method, path in TOWN_PAGES if path.startswith((*plugins, "/console/potsdam/access"))]
    assert await open_for(full, client, pages, {403, 404, 422}) == []


async def test_the_region_meets_no_fault(full: World) -> None:
    client = await full.console(None, regional=["regional-admin"])
    pages = list(routes_of(region_router, "/console/region"))
    assert len(pages) > 10
    assert await open_for(full, client, pages, {200, 303, 404, 422, 503}) == []
