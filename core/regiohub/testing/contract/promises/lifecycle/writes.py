"""Nobody changes rows through a route or a page without a right to it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx

from regiohub.auth.permissions import PLUGIN_ADMIN, STAFF_ROLES
from regiohub.plugins.manifest import Plugin
from regiohub.testing.console import ORIGIN
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.contract.promises.graphql.rows import Content, changed, content, fingerprints
from regiohub.testing.world import World
from regiohub.web.limits import Rate, RateLimiter

from .addresses import Address, pages, routes
from .bodies import Fields, as_form, body_for, fields_of, query_for
from .streams import beginnings
from .targets import targets

HERE, THERE = "potsdam", "bad-belzig"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_WRITES = re.compile(r"\b(insert|update|delete|replace|truncate|merge|copy)\b", re.IGNORECASE)

Send = Callable[..., Awaitable[httpx.Response]]
"""Sends `(method, path, **options of httpx)`."""


@dataclass(frozen=True)
class _Knocker:
    """Somebody without a right to change rows: over the API, and with a browser in the console."""

    name: str
    api: Send
    console: Send


async def _faults(case: Case) -> list[str]:
    async with case.filled() as world, beginnings(world):
        _unlimited(world)
        writing = [address for address in routes(world, case.id, HERE) if address.method not in _READING]
        unknown = sorted(case.open_routes.keys() - {address.local for address in writing})
        closed = [address for address in writing if address.local not in case.open_routes]
        closed += [address for address in pages(world, case.id, HERE) if address.method not in _READING]
        known = await fields_of(world, case.plugin, HERE)
        doors = _Doors(world, case.plugin, await content(world, HERE, case.plugin), known)
        return [
            *(f"open_routes: the plugin has no route {name} that could change rows" for name in unknown),
            *await doors.faults(closed),
        ]


def _unlimited(world: World) -> None:
    """Let nobody be turned away for having asked too often: what lies behind a limit counts too."""
    state = world.app.state.web
    limits = {kind: Rate(1e6, 1_000_000) for kind in ("public", "search", "ingest")}
    world.app.state.web = replace(state, limiter=RateLimiter(limits))


class _Doors:
    """The addresses through which rows can be changed, and all that is known for knocking at them."""

    def __init__(self, world: World, plugin: Plugin, rows: Content, known: Fields) -> None:
        self._world, self._plugin, self._rows, self._known = world, plugin, rows, known

    async def faults(self, addresses: list[Address]) -> list[str]:
        """Let everybody knock at each of them; an address that lets one in is not tried by the next."""
        faults: dict[Address, str] = {}
        before = await fingerprints(self._world, self._plugin)
        for knocker in await _knockers(self._world, self._plugin.id) if addresses else ():
            for address in addresses:
                if address in faults:
                    continue
                with self._world.statements() as seen:
                    await self._knock(knocker, address)
                if not any(self._may_write(statement) for statement in seen):
                    continue
                after = await fingerprints(self._world, self._plugin)
                if changed(before, after):
                    tables = ", ".join(changed(before, after))
                    faults[address] = f"{address}: {knocker.name} changes {tables} without a right to it"
                before = after
        return list(faults.values())

    def _may_write(self, statement: str) -> bool:
        return bool(_WRITES.search(statement)) and f"{self._plugin.id}_" in statement

    async def _knock(self, knocker: _Knocker, address: Address) -> None:
        body, query = body_for(address, self._known), query_for(address, self._known)
        for target in targets(address, self._rows):
            path = address.at(target)
            if _is_page(address):
                await knocker.console(address.method, path, params=query, data={})
                await knocker.console(address.method, path, params=query, data=as_form(body))
                continue
            await knocker.api(address.method, path)
            await knocker.api(address.method, path, params=query, json=body)
            await knocker.api(address.method, path, params=query, data=as_form(body))


def _is_page(address: Address) -> bool:
    return address.path.startswith("/console/")


async def _knockers(world: World, plugin: str) -> list[_Knocker]:
    """Whoever has no right to change rows here, all of whom may well come by."""
    everything = (*sorted(STAFF_ROLES), f"{PLUGIN_ADMIN}{plugin}")
    return [
        _Knocker("somebody who is not signed in", world.caller(HERE).request, _browser(world, {}, "")),
        await _person(world, "a signed-in resident", HERE, "resident", ()),
        await _person(world, "an auditor", HERE, "auditor", ("auditor",)),
        await _person(world, "staff of another town", THERE, "neighbour", everything),
    ]


async def _person(world: World, name: str, town: str, subject: str, roles: tuple[str, ...]) -> _Knocker:
    session = await world.console(town, roles=roles, subject=subject)
    token = world.token(town if roles else None, roles=roles, subject=subject)
    return _Knocker(name, world.caller(HERE, token=token).request, _browser(world, session.cookie, session.csrf))


def _browser(world: World, cookies: Mapping[str, str], csrf: str) -> Send:
    """A form as a page of the console would send it."""

    async def send(method: str, path: str, *, data: Mapping[str, str], **options: Any) -> httpx.Response:
        headers = {"accept": "text/html", "origin": ORIGIN, "sec-fetch-site": "same-origin"}
        headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return await world.client.request(method, path, data={**data, "csrf": csrf}, headers=headers, **options)

    return send


WRITES_REFUSED = Promise(
    "writes-refused",
    "whoever has no right to it changes no row through a route or a page of the console",
    "begin the service function behind it with ctx.require(permission), the page with page.require(permission), and"
    " write nothing before. A route that is meant for everybody is named with its reason:"
    ' contract(…, open_routes={"POST /suggestions": "residents propose places"})',
    _faults,
    engines=False,
)
