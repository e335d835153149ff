"""Pages and routes: each answers, to whom it is meant for, and none shows what belongs to another town."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx

from regiohub.db.base import uuid7
from regiohub.testing.console import text_of
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.world import World

from .addresses import Address, pages, routes
from .contents import keys
from .streams import beginnings

HERE, THERE = "potsdam", "bad-belzig"
ADMIN = "tenant-admin"
_MOST_VALUES = 4
"""Rows that a page with a parameter is tried with: the first of as many tables."""

_SHOWN = frozenset({200, 302, 303, 307, 400, 422})
"""Answers to whoever may see a page; the last two where it asks for something in the query of its address."""

Ask = Callable[[str], Awaitable[httpx.Response]]


async def _answer_faults(case: Case) -> list[str]:
    async with case.filled() as world, beginnings(world):
        known = await keys(world, case, HERE)
        return [*await _pages(world, case.id, known), *await _routes(world, case.id, known)]


async def _pages(world: World, plugin: str, known: Sequence[str]) -> list[str]:
    readable = [address for address in pages(world, plugin, HERE) if address.method == "GET"]
    staff = await world.console(HERE, roles=(ADMIN,))
    auditor = await world.console(HERE, roles=("auditor",))
    resident = await world.console(HERE)
    faults: list[str] = []
    for address in readable:
        found = await _met(address, staff.get, known)
        if not address.parameters and found.status_code not in _SHOWN:
            faults.append(f"{address} answers {found.status_code} to an administrator of the town")
        if found.status_code >= 500:
            faults.append(f"{address} answers {found.status_code}: {_reason(found)}")
        if (await auditor.get(address.at())).status_code >= 500:
            faults.append(f"{address} fails for an auditor")
        if (await resident.get(address.at())).status_code not in (403, 404):
            faults.append(f"{address} is shown to a signed-in person who is no staff")
        anonymous = await world.client.get(address.at())
        if anonymous.status_code not in (302, 303, 307, 401, 403, 404):
            faults.append(f"{address} is shown to whoever is not signed in")
    return faults


async def _routes(world: World, plugin: str, known: Sequence[str]) -> list[str]:
    caller, faults = world.caller(HERE), list[str]()
    for address in routes(world, plugin, HERE):
        if address.method != "GET":
            continue
        found = await _met(address, caller.get, known)
        if found.status_code >= 500:
            faults.append(f"{address} answers {found.status_code}: {_reason(found)}")
    return faults


async def _met(address: Address, ask: Ask, known: Sequence[str]) -> httpx.Response:
    """The worst answer to an address: for what is there, and for what is not."""
    values = [str(uuid7()), *known[:: max(1, len(known) // _MOST_VALUES)]] if address.parameters else [""]
    answers = [await ask(address.at(value or None)) for value in values]
    return max(answers, key=lambda answer: answer.status_code)


def _reason(answer: httpx.Response) -> str:
    return text_of(answer)[:200]


PAGES_ANSWER = Promise(
    "pages-answer",
    "each of its pages and routes answers without a server error, and pages of the console answer staff only",
    "raise a DomainError (NotFound, InvalidInput …) for what is not there or not understood; a page of the console"
    " takes its TownPage and asks page.require(permission)",
    _answer_faults,
    engines=False,
)


async def _town_faults(case: Case) -> list[str]:
    async with case.filled(2, HERE) as world, beginnings(world):
        foreign = await keys(world, case, HERE)
        staff, caller = await world.console(THERE, roles=(ADMIN,)), world.caller(THERE, roles=(ADMIN,))
        asked: list[tuple[Address, Any]] = [(page, staff.get) for page in pages(world, case.id, THERE)]
        asked += [(route, caller.get) for route in routes(world, case.id, THERE)]
        found = [await _leak(address, ask, foreign) for address, ask in asked if address.method == "GET"]
        return [fault for faults in found for fault in faults]


async def _leak(address: Address, ask: Ask, foreign: Sequence[str]) -> list[str]:
    """What of another town an address shows: its ids, or another answer than to an id that does not exist."""
    if not address.parameters:
        text = (await ask(address.at())).text
        return [f"{address} of {THERE} shows a row of {HERE}"] if any(key in text for key in foreign) else []
    nothing = (await ask(address.at(str(uuid7())))).status_code
    for key in foreign[:: max(1, len(foreign) // _MOST_VALUES)]:
        answer = await ask(address.at(key))
        if answer.status_code != nothing:
            return [
                f"{address} of {THERE} answers {answer.status_code} to the id of a row of {HERE},"
                f" and {nothing} to one that does not exist"
            ]
    return []


TWO_TOWNS = Promise(
    "two-towns",
    "pages and routes of one town show nothing of another, and a foreign id is like one that does not exist",
    "read with ctx.session of the town in the address (page.read(), scope.read()), never with one that is kept;"
    " find rows by ctx.session.find, which knows the own town only",
    _town_faults,
    engines=False,
)
