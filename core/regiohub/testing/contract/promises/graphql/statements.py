"""The number of SQL statements of a query does not depend on the number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.world import World

from .callers import OTHER, TOWN
from .operations import Operation, offer
from .running import Runner, text_of, value_of
from .selections import Pick, Tree, reached, whole, without_arguments
from .values import Values, places, replaced, stands, values_for

FEW, MANY = 2, 12
_DEPTH = 2
_PAGE = 50


async def _faults(case: Case) -> Iterable[str]:
    async with case.empty() as world:
        for slug, rows in ((TOWN, FEW), (OTHER, MANY)):
            await case.put(world.scope(slug), rows)
        few = _Town(world, case.id, TOWN, await values_for(world, case, TOWN))
        many = _Town(world, case.id, OTHER, await values_for(world, case, OTHER), few)
        faults: list[str] = []
        for operation in offer(world, case.id).of("query"):
            faults += await _grows(operation, few, many)
        return faults


class _Town:
    """A town in which queries are counted, as its administration. `like`: the town whose arguments are taken over."""

    def __init__(self, world: World, plugin: str, slug: str, values: Values, like: _Town | None = None) -> None:
        self._world, self._values, self._like = world, values, like
        self._runner = Runner(world, offer(world, plugin, slug))
        self._principal = world.principal(slug, roles=["tenant-admin"])
        self._known: dict[str, Mapping[str, Any]] = {}

    def arguments(self, operation: Operation) -> Mapping[str, Any]:
        """The same arguments each time, and in each town, but for what names a row of the town."""
        made = self._known.get(operation.place)
        if made is None:
            made = self._values.of(operation) if self._like is None else self._translated(operation, self._like)
            made |= {"first": _PAGE} if "first" in operation.field.args else {}
            self._known[operation.place] = made
        return made

    def _translated(self, operation: Operation, like: _Town) -> dict[str, Any]:
        made = dict(like.arguments(operation))
        for path, kind in places(operation):
            own = self._values.meant(operation, kind, path[-1], self._values.rows)
            if own and stands(made, path):
                made = replaced(made, path, own[0])
        return made

    async def value(self, operation: Operation, tree: Tree | None) -> Any:
        """What the operation answers."""
        arguments = self.arguments(operation)
        text = text_of(operation, arguments, tree)
        answer = await self._runner.prepared(text, arguments, self._principal).ordinary()
        return value_of(operation, answer.data)

    async def counts(self, operation: Operation, tree: Tree | None) -> dict[str, int]:
        """How many statements it takes by each way; run before, so that nothing is done for the first time."""
        arguments = self.arguments(operation)
        text = text_of(operation, arguments, tree)
        prepared = self._runner.prepared(text, arguments, self._principal)
        ways = {"executor": prepared.ordinary} | ({"plan": prepared.run} if prepared.plan is not None else {})
        counts: dict[str, int] = {}
        for way, run in ways.items():
            await run()
            with self._world.statements() as seen:
                await run()
            counts[way] = len(seen)
        return counts


async def _grows(operation: Operation, few: _Town, many: _Town) -> list[str]:
    """Where a query takes more statements with more rows; only what both towns have rows for is compared."""
    tree = whole(operation.field.type, _DEPTH, without_arguments())
    if tree is not None:
        for town in (few, many):
            value = await town.value(operation, tree)
            if value is None:
                return []
            tree = reached(tree, value)
    told = await _compared(operation, tree, few, many)
    if not told or tree is None:
        return told
    named = [name for part in _each(tree) for name in await _compared(operation, part, few, many)]
    return named or told


async def _compared(operation: Operation, tree: Tree | None, few: _Town, many: _Town) -> list[str]:
    less, more = await few.counts(operation, tree), await many.counts(operation, tree)
    path = ".".join([operation.place, *_path(tree)])
    return [
        f"{path}: {less[way]} statements with {FEW} rows, {count} with {MANY} ({way})"
        for way, count in more.items()
        if way in less and count > less[way]
    ][:1]


def _each(tree: Tree) -> Iterable[Tree]:
    """The selection in parts of which each has one field with something below it, or one leaf, of the entries."""
    for name, pick in tree.items():
        inner = pick.below.get("nodes") if pick.below and "nodes" in pick.below else None
        if inner is not None and inner.below:
            for key, part in inner.below.items():
                yield {name: Pick(name, pick.arguments, {"nodes": Pick("nodes", "", {key: part})})}
        elif name == "nodes" and pick.below:
            for key, part in pick.below.items():
                yield {name: Pick(name, pick.arguments, {key: part})}
        else:
            yield {name: pick}


def _path(tree: Tree | None) -> list[str]:
    if tree is None or len(tree) != 1:
        return []
    (pick,) = tree.values()
    return [pick.name, *_path(pick.below)]


CONSTANT_STATEMENTS = Promise(
    "constant-statements",
    "a query takes the same number of SQL statements however many rows there are",
    "Read what belongs to rows in one statement for all of them: to_one, to_many, count_of, first_of, computed(sql=…) "
    "or batched instead of a field(…) that asks the database for each row.",
    _faults,
)
