"""Pages and routes of one town show nothing of another: no row, no text, and no trace of what was asked there."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

import httpx

from regiohub.db.base import uuid7
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.contract.promises.graphql.rows import Content, content
from regiohub.testing.world import World

from .addresses import Address, pages, routes
from .streams import beginnings
from .targets import targets

HERE, THERE = "potsdam", "bad-belzig"
"""The town whose rows are to stay there, and the one that is asked for them."""
ADMIN = "tenant-admin"
_SHORTEST = 6
"""Shorter texts may well be the same in two towns."""
_CHANGING = re.compile(r'name="csrf" value="[^"]*"|content="[^"]*" name="csrf"|nonce="[^"]*"|"csrf":\s*"[^"]*"')
"""What a page says anew each time."""
_ID = re.compile("[0-9a-f-]{36}|")

Ask = Callable[..., Awaitable[httpx.Response]]
Values = Mapping[str, str]


async def _faults(case: Case) -> list[str]:
    async with case.filled() as world, beginnings(world):
        own, foreign = await content(world, THERE, case.plugin), await content(world, HERE, case.plugin)
        here, there = await _asked(world, case, HERE), await _asked(world, case, THERE)
        # Whatever the plugin keeps in memory, it has seen the owning town first.
        for address, ask in here:
            for values in targets(address, foreign):
                await ask(address.at(values))
        looking = _Looking(foreign, own)
        found = [await looking.leak(address, ask) for address, ask in there]
        return [fault for fault in found if fault]


async def _asked(world: World, case: Case, slug: str) -> list[tuple[Address, Ask]]:
    """What can be read in a town, and by whom it is asked here."""
    staff, caller = await world.console(slug, roles=(ADMIN,)), world.caller(slug, roles=(ADMIN,))
    asked: list[tuple[Address, Any]] = [(page, staff.get) for page in pages(world, case.id, slug)]
    asked += [(route, caller.get) for route in routes(world, case.id, slug)]
    return [(address, ask) for address, ask in asked if address.method == "GET"]


class _Looking:
    """Looks for one town's words in the answers of the other."""

    def __init__(self, foreign: Content, own: Content) -> None:
        self._foreign, self._own = foreign, own
        words = foreign.words(_SHORTEST) - own.words(_SHORTEST)
        self._written = {form: word for word in sorted(words) for form in _forms(word)}

    async def leak(self, address: Address, ask: Ask) -> str | None:
        """What an address shows of the owning town, or tells of its rows and not of those that do not exist."""
        missing: Values = dict.fromkeys(address.parameters, str(uuid7()))
        nothing = await _answer(address, ask, missing)
        asked: list[tuple[httpx.Response, Values]] = [(nothing, missing)]
        for values in (
            (*targets(address, self._own)[:1], *targets(address, self._foreign)) if address.parameters else ()
        ):
            asked.append((await _answer(address, ask, values), values))  # noqa: PERF401 - one after the other
        for answer, values in asked:
            word = self._word(answer.text, values)
            if word is not None:
                return f"{address} of {THERE} shows {word!r}, which stands in a row of {HERE}"
        for answer, values in asked[2:]:
            if not all(_ID.fullmatch(value) for value in values.values()):
                missing = {name: _like(value) for name, value in values.items()}
                nothing = await _answer(address, ask, missing)
            if answer.status_code != nothing.status_code:
                return (
                    f"{address} of {THERE} answers {answer.status_code} to the id of a row of {HERE},"
                    f" and {nothing.status_code} to one that does not exist"
                )
            if _plain(answer, values) != _plain(nothing, missing):
                return f"{address} of {THERE} tells a row of {HERE} from one that does not exist"
        return None

    def _word(self, text: str, given: Values) -> str | None:
        """The first of the words that stands in a text, but for those that were asked for."""
        for form, word in self._written.items():
            if form in text and word not in given.values() and re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text):
                return word
        return None


async def _answer(address: Address, ask: Ask, values: Values) -> httpx.Response:
    return await ask(address.at(values), headers={"x-request-id": "two-towns"})


def _forms(word: str) -> list[str]:
    """A word as JSON and texts, as pages, and as addresses write it."""
    return [word, html.escape(word), quote(word)]


def _like(value: str) -> str:
    """What nothing has, of the same form."""
    return str(uuid7()) if _ID.fullmatch(value) else f"{value[:-1]}{'0' if value.endswith('9') else '9'}9"


def _plain(answer: httpx.Response, values: Values) -> str:
    """The whole body without what was asked for and what changes each time."""
    text = _CHANGING.sub("", answer.text)
    for form in sorted({form for value in values.values() for form in _forms(value) if form}, key=len, reverse=True):
        text = text.replace(form, "…")
    return text


TWO_TOWNS = Promise(
    "two-towns",
    "pages and routes of one town show nothing of another, and a foreign id is like one that does not exist",
    "read with ctx.session of the town in the address (page.read(), scope.read()), and keep nothing in variables of a"
    " module or class; find rows by ctx.session.find, which knows the own town only",
    _faults,
    engines=False,
)
