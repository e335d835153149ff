"""Values of one request never stay in a plan: arguments, variables, positions, in every order."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from regiohub.testing.oracle.run import Oracle
from regiohub.testing.world import World

IN_TURN: dict[str, tuple[str, list[Any]]] = {
    "compared by identity": (
        "query ($v: ThingKind) { walls { things(filter: {sort: $v}) { totalCount nodes { name } } } }",
        ["TOOL", "TOY", None],
    ),
    "looked up by hash": (
        "query ($v: String) { walls { things(filter: {among: $v}) { totalCount nodes { rank } } } }",
        ["with", "without", None],
    ),
    "order around a point": (
        "query ($v: Float!) { walls { nearby(lon: $v, lat: 52.4, first: 2)"
        " { nodes { name } pageInfo { endCursor } } } }",
        [12.9, 13.06, 14.5],
    ),
    "page size": ("query ($v: Int) { walls { things(first: $v) { nodes { name } } } }", [1, 5, 0, None]),
    "named parameter": (
        "query ($v: Int) { walls { a: things(filter: {limit: $v}) { totalCount } b: things(filter: {limit: 4})"
        " { totalCount } } }",
        [1, 3, 5],
    ),
    "sub-select by a truth value": (
        "query ($v: Boolean) { walls { things(filter: {lent: $v}) { totalCount nodes { name } } } }",
        [True, False, None],
    ),
    "order by name of it": (
        "query ($v: ThingWallOrder) { walls { things(orderBy: $v, first: 3) { nodes { name } } } }",
        ["DOWN", "RANK", None],
    ),
    "switch": (
        "query ($v: Boolean!) { walls { things(first: 1) { nodes { name rank @include(if: $v) } } } }",
        [True, False],
    ),
    "switch of a whole root": (
        "query ($v: Boolean!) { walls { things(first: 1) @skip(if: $v) { nodes { name } } owners { totalCount } } }",
        [True, False],
    ),
    "switch of everything": (
        "query ($v: Boolean!) { walls { ...F @skip(if: $v) } } fragment F on WallsQuery { owners { totalCount } }",
        [True, False],
    ),
    "default of a switch": (
        "query ($v: Boolean = true) { walls { owners @include(if: $v) { totalCount } } tenant { slug } }",
        [True, False, None],
    ),
}  # fmt: skip


async def test_each_value_gets_its_own_answer_in_every_order(walls: World, subtests: pytest.Subtests) -> None:
    for name, (document, values) in IN_TURN.items():
        with subtests.test(name):
            await in_every_order(walls, document, values)


async def in_every_order(walls: World, document: str, values: list[Any]) -> None:
    """Whichever value comes first, the others get what the executor gives them."""
    schema = Oracle(walls).schema("potsdam").schema
    names = [key for key in schema.type_map if key.endswith("Order")]
    document = document.replace("ThingWallOrder", next((key for key in names if "WallsQuery" in key), "ThingWallOrder"))
    for order in itertools.permutations(values):
        oracle = Oracle(walls)  # a schema of its own: no plan yet
        for value in order:
            given: dict[str, Any] = {"v": value}
            await oracle.assert_same("potsdam", document, given)


async def test_what_is_not_given_is_not_null(walls: World) -> None:
    """A variable left out, null, and a value are three different things."""
    oracle = Oracle(walls)
    document = "query ($v: Int = 2) { walls { things(first: $v) { nodes { name } } } }"
    for given in ({}, {"v": None}, {"v": 1}, {}):
        await oracle.assert_same("potsdam", document, given)
