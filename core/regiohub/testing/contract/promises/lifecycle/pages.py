"""Pages and routes: each answers, to whom it is meant for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import httpx

from regiohub.db.base import uuid7
from regiohub.testing.console import text_of
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.world import World

from .addresses import Address, pages, routes
from .contents import keys
from .streams import beginnings

HERE = "potsdam"
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
