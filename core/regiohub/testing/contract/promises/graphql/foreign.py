"""Identifiers of another town: the same answer as for what does not exist, for everybody, and nothing happens there."""

from __future__ import annotations

import random
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from regiohub.db.base import uuid7
from regiohub.graphql.answer import Answer
from regiohub.plugins.manifest import Plugin
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.depth import is_full
from regiohub.testing.world import World

from .callers import OTHER, TOWN, Caller, callers, distinct
from .operations import Offer, Operation, offer
from .rows import Content, changed, content, fingerprints
from .running import Runner, codes, text_of
from .selections import OUTCOME, Tree, whole, without_arguments
from .values import Path, Values, places, replaced, stands, values_for

_FEW = 3
"""Rows of the other town that are tried at each place, unless everything is to be tried."""


async def _faults(case: Case) -> Iterable[str]:
    async with case.filled() as world:
        plugin = case.plugin_of(world)
        values = await values_for(world, case, TOWN)
        walls = _Walls(world, plugin, offer(world, case.id), values, await content(world, OTHER, plugin))
        before = await fingerprints(world, plugin)
        faults = await walls.faults()
        touched = changed(before, await fingerprints(world, plugin))
        return [*faults, *(await walls.culprits() if touched else ())]


class _Walls:
    """The operations of Potsdam, asked for rows of Bad Belzig."""

    def __init__(self, world: World, plugin: Plugin, found: Offer, values: Values, other: Content) -> None:
        self._world, self._plugin, self._values, self._other = world, plugin, values, other
        self._runner = Runner(world, found)
        self._operations = found.of("query", "mutation")
        everybody = callers(world, plugin.id)
        neighbour = next(caller for caller in everybody if caller.name == "staff of another town")
        self._callers = [neighbour, *distinct(everybody, plugin.permissions)]

    async def faults(self) -> list[str]:
        """Where the two answers differ."""
        faults: list[str] = []
        for caller in self._callers:
            principal = await caller.principal(self._world, TOWN)
            for operation in self._operations:
                if caller.may(operation.permission):
                    for path, kind in places(operation):
                        faults += await self._compared(caller, principal, operation, path, kind)
        return faults

    async def culprits(self) -> list[str]:
        """Ask once more, one after the other, to name what changed something."""
        faults: list[str] = []
        before = await fingerprints(self._world, self._plugin)
        for caller in self._callers:
            principal = await caller.principal(self._world, TOWN)
            for operation in self._operations:
                for path, kind in places(operation) if caller.may(operation.permission) else ():
                    await self._compared(caller, principal, operation, path, kind)
                after = await fingerprints(self._world, self._plugin)
                if changed(before, after):
                    tables = ", ".join(changed(before, after))
                    faults.append(f"{operation.place}: {caller.name} changes {tables} with an identifier of {OTHER}")
                before = after
        return faults or ["rows of a town change in the background while operations are asked and taken back"]

    async def _compared(self, caller: Caller, principal: Any, operation: Operation, path: Path, kind: str) -> list[str]:
        foreign = self._foreign(operation, path[-1], kind)
        if not foreign:
            return []
        arguments = self._values.of(operation, path)
        if not stands(arguments, path):
            return []
        missing = _missing(foreign[0], kind)
        expected = await self._answers(operation, replaced(arguments, path, missing), principal)
        place = f"{operation.place}({'.'.join(path)})"
        if any("INTERNAL" in codes(answer) for answer in expected):
            return [f"{place}: what does not exist is a fault of the program (INTERNAL) for {caller.name}"]
        for value in foreign:
            found = await self._answers(operation, replaced(arguments, path, value), principal)
            wanted = _plain(expected[0], missing)
            for answer in found:
                given = _plain(answer, value)
                if wanted != given:
                    return [
                        f"{place}: {caller.name} is told {_told(given)} of a row of {OTHER}, {_told(wanted)} of none"
                    ]
        return []

    def _foreign(self, operation: Operation, key: str, kind: str) -> Sequence[str]:
        own = set(self._values.meant(operation, kind, key, self._values.rows))
        found = [v for v in self._values.meant(operation, kind, key, self._other) if v not in own]
        if is_full() or len(found) <= _FEW:
            return found
        # Spread over the tables that may be meant: their rows stand one after the other.
        return found[:: max(1, len(found) // _FEW)][:_FEW]

    async def _answers(self, operation: Operation, arguments: Mapping[str, Any], principal: Any) -> list[Answer]:
        tree: Tree | None = OUTCOME
        if operation.kind == "query":
            tree = whole(operation.field.type, 1, without_arguments())
        text = text_of(operation, arguments, tree)
        return await self._runner.answers(text, arguments, principal, plans=is_full() or len(principal.roles) > 1)


def _missing(like: str, kind: str) -> str:
    """A value of the same form that nothing has."""
    if kind == "ID":
        return str(uuid7())
    rng = random.Random(like)  # noqa: S311 - for variety, not for secrets
    return "".join(_other(rng, letter) for letter in like)


def _other(rng: random.Random, letter: str) -> str:
    for letters in (string.digits, "abcdef", "ABCDEF", string.ascii_lowercase, string.ascii_uppercase):
        if letter in letters:
            return rng.choice(letters)
    return letter


def _plain(answer: Answer, value: str) -> str:
    body = orjson.dumps({"data": answer.data, "errors": [_without_number(error) for error in answer.errors]})
    return body.decode().replace(value, "…")


def _without_number(error: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: part for name, part in error.items() if name != "locations"}


def _told(body: str) -> str:
    return " and ".join(_codes(orjson.loads(body))) or f"{body[:120]}{'…' if len(body) > 120 else ''}"


def _codes(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        if isinstance(body.get("code"), str):
            yield body["code"]
        for part in body.values():
            yield from _codes(part)
    elif isinstance(body, list):
        for part in body:
            yield from _codes(part)


FOREIGN_LIKE_MISSING = Promise(
    "foreign-like-missing",
    "a row of another town is like a row that does not exist",
    "Look rows up with ctx.session of the unit of work (find, select) and nothing else, raise NotFound where there "
    "is none, never Forbidden, and keep no rows or identifiers in variables of the module.",
    _faults,
)
