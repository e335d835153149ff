"""Every registered address of the platform with every role, in the own town and in another: none is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

from regiohub.auth.permissions import PLUGIN_ADMIN, STAFF_ROLES
from regiohub.testing import World
from regiohub.testing.console import ConsoleClient
from regiohub.testing.contract.promises.graphql.rows import content
from regiohub.testing.contract.promises.graphql.rows import tables as tables_of

from .filling import fill_plugins

HERE, THERE = "potsdam", "bad-belzig"
PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
CLOSED = frozenset({302, 303, 307, 401, 403, 404, 405, 422})
"""Answers that tell and change nothing; a redirect leads to the sign-in."""
OF_NO_TOWN: Mapping[str, str] = {
    "/": "the list of towns, public", "/healthz": "whether the process lives", "/readyz": "whether it is ready",
    "/metrics": "figures for the operator, closed from outside; tests/web/test_operation.py",
    "/robots.txt": "public", "/.well-known/security.txt": "public",
    "/auth/": "signing in and out; tests/auth/login", "/region/": "what towns share; test_region_reads.py",
    "/static/": "files of the product", "/assets/": "files of the product",
    "/console/account": "the caller's own sign-ins, by person and not by town; tests/auth/login",
    "/console/region": "the region's own pages, which hold no town's data; tests/console/test_walls.py",
}  # fmt: skip
"""Addresses outside towns, by their beginning, with what they are or where they are tried."""
PUBLIC: Mapping[str, str] = {
    "/{tenant}/graphql": "the interface; test_core_operations.py and the plugins' contracts",
    "/{tenant}/": "pages for residents, which show what is published; the plugins' contracts (two-towns-pages)",
}
"""Addresses of towns that are open to everybody."""


class Route(NamedTuple):
    """One way in."""

    method: str
    path: str


def routes(world: World) -> list[Route]:
    """All that the application has registered, however deep."""
    return sorted(set(_below(world.app.routes, "")))


def _below(found: Sequence[Any], prefix: str) -> Iterator[Route]:
    for route in found:
        inner, context = getattr(route, "original_router", None), getattr(route, "include_context", None)
        if inner is not None:
            yield from _below(inner.routes, prefix + str(getattr(context, "prefix", "")))
        elif isinstance(route, APIRoute) or getattr(route, "methods", None):
            methods = set(route.methods or ()) - {"HEAD", "OPTIONS"}
            yield from (Route(method, prefix + route.path) for method in methods)
        elif getattr(route, "routes", None):
            yield from _below(route.routes, prefix + route.path)
        elif getattr(route, "path", ""):
            yield Route("*", prefix + route.path)


@pytest.fixture
async def full(world_sqlite: World) -> World:
    """Two towns with all plugins on, and rows in their tables."""
    for slug in (HERE, THERE):
        await fill_plugins(world_sqlite.scope(slug), world_sqlite.platform.plugins.healthy)
    return world_sqlite


def of_town(found: Sequence[Route]) -> list[Route]:
    """The pages for a town's staff."""
    return [route for route in found if route.path.startswith("/console/{tenant}")]


async def test_every_address_is_a_page_of_a_town_or_on_the_list(world_sqlite: World) -> None:
    found = routes(world_sqlite)
    staff = set(of_town(found))
    assert len(staff) > 150
    left = [
        route
        for route in found
        if route not in staff
        and route.path.rstrip("/") not in ("/console", "/region")
        and not any(route.path == one or (one != "/" and route.path.startswith(one)) for one in OF_NO_TOWN)
        and not any(route.path.startswith(one) for one in PUBLIC)
    ]
    assert left == []


async def test_no_page_of_a_town_opens_for_anybody_from_elsewhere(
    full: World, record_property: Callable[[str, object], None]
) -> None:
    pages = of_town(routes(full))
    plugins = [f"{PLUGIN_ADMIN}{plugin}" for plugin in full.platform.plugins.healthy]
    everything = [*sorted(STAFF_ROLES), *plugins]
    strangers = {
        "staff of another town": await full.console(THERE, roles=everything, subject="neighbour"),
        "a resident": await full.console(HERE, subject="resident"),
    }
    opened: list[str] = []
    asked = 0
    for route in pages:
        path = _filled(route.path)
        answers = {name: await _ask(client, route, path) for name, client in strangers.items()}
        answers["nobody"] = (await full.client.request(route.method, path)).status_code
        asked += len(answers)
        opened += [f"{who}: {route.method} {path} {status}" for who, status in answers.items() if status not in CLOSED]
    record_property("isolation", f"{len(pages)} pages, {asked} requests from elsewhere, {len(opened)} opened")
    assert opened == []


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
async def test_staff_gets_the_same_answer_for_rows_of_another_town_as_for_none(full: World, role: str) -> None:
    foreign = await _identifiers(full, THERE)
    client = await full.console(HERE, roles=[role], subject=role)
    different: list[str] = []
    for route in of_town(routes(full)):
        names = PARAMETER.findall(route.path.replace("{tenant}", ""))
        if not names:
            continue
        plugin = route.path.split("/")[3]
        for identifier in foreign.get(plugin, [])[:3] if route.method == "GET" else foreign.get(plugin, [])[:1]:
            missing = await _ask(client, route, _filled(route.path))
            found = await _ask(client, route, _filled(route.path, identifier))
            if missing != found:
                different.append(f"{role}: {route.method} {route.path} {missing} for none, {found} for a foreign one")
    assert different == []


async def _identifiers(world: World, slug: str) -> dict[str, list[str]]:
    """One identifier from each table, by plugin."""
    found: dict[str, list[str]] = {}
    for id_, plugin in world.platform.plugins.healthy.items():
        rows = await content(world, slug, plugin)
        found[id_] = [ids[0] for model in tables_of(plugin) if (ids := rows.ids(str(model.__tablename__)))]
    return found


def _filled(path: str, identifier: str | None = None) -> str:
    return PARAMETER.sub(lambda _: identifier or str(uuid4()), path.replace("{tenant}", HERE))


async def _ask(client: ConsoleClient, route: Route, path: str) -> int:
    answer = await (client.post(path) if route.method == "POST" else client.get(path))
    return answer.status_code
