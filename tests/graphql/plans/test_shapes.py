"""Two towns with equal ids in every table: each shape of a question finds one town's rows, by plan and without one."""

from __future__ import annotations

import pytest
from confinement import assert_confined
from wall_shapes import SHAPES

from regiohub.testing.oracle.run import Compared, Oracle
from regiohub.testing.world import World

REFUSED = {"namedLikeOurs", "twoDeep"}
"""Expressions that plans leave to the executor, since they could not tell whose table is whose."""
TOWNS = {"potsdam": "bad-belzig", "bad-belzig": "potsdam"}


def confined(compared: Compared, dialect: str, *, other: str) -> None:
    """The plan answered, each of its statements is confined, and nothing of the other town is in the answer."""
    assert compared.plan is not None
    assert compared.planned is not None
    assert compared.planned.errors == []
    assert not compared.fell_back
    texts = {text for field in compared.plan.fields for text in field.sql}
    if texts:
        assert {field.way for field in compared.plan.fields} <= {"json", "rows"}
        assert_confined(texts, dialect)
    assert other not in compared.planned.dump().decode()


async def test_every_shape_finds_the_rows_of_one_town(walls: World, subtests: pytest.Subtests) -> None:
    """Three times in turn, so that a plan made for one town answers the other."""
    oracle = Oracle(walls)
    for name, fields in SHAPES.items():
        with subtests.test(name):
            answers: dict[str, list[bytes]] = {}
            for town in (*TOWNS, "potsdam"):
                compared = await oracle.assert_same(town, f"{{ walls {{ {fields} }} }}")
                confined(compared, walls.dialect, other=TOWNS[town])
                assert compared.plan is not None
                assert any(field.sql for field in compared.plan.fields) is (name not in REFUSED)
                answers.setdefault(town, []).append(compared.planned.dump())  # type: ignore[union-attr]
            assert answers["potsdam"][0] == answers["potsdam"][1]
            if town_shows(fields):
                assert answers["potsdam"][0] != answers["bad-belzig"][0]


def town_shows(fields: str) -> bool:
    """Whether the answer must differ between the towns: it holds texts or readings."""
    return "name" in fields.replace("names", "") and "first: 0" not in fields


async def test_one_by_id_finds_the_own_row_under_an_id_that_both_have(walls: World) -> None:
    oracle = Oracle(walls)
    document = "query ($id: ID!) { walls { thing(id: $id) { name owner { name } last { value } loanCount } } }"
    listed = await walls.graphql("potsdam", "{ walls { things { nodes { id } } } }")
    for node in listed.data["walls"]["things"]["nodes"]:
        for town, other in TOWNS.items():
            compared = await oracle.assert_same(town, document, {"id": node["id"]})
            confined(compared, walls.dialect, other=other)
            assert compared.planned is not None
            assert town in compared.planned.data["walls"]["thing"]["name"]


async def test_one_by_a_value_of_the_other_town_finds_nothing(walls: World) -> None:
    document = "query ($n: String!) { walls { thingNamed(name: $n) { name } } }"
    for town, other in TOWNS.items():
        for name, found in ((f"drill {town}", True), (f"drill {other}", False)):
            compared = await Oracle(walls).assert_same(town, document, {"n": name})
            assert compared.planned is not None
            assert (compared.planned.data["walls"]["thingNamed"] is not None) is found


async def test_a_cursor_of_the_other_town_is_a_place_in_the_own_list(walls: World) -> None:
    """It names values to stand behind, never rows: what comes is the town's own."""
    oracle = Oracle(walls)
    document = "query ($a: String) { walls { things(first: 4, after: $a) { nodes { name } pageInfo { endCursor } } } }"
    for town, other in TOWNS.items():
        theirs = await oracle.assert_same(other, document)
        assert theirs.planned is not None
        cursor = theirs.planned.data["walls"]["things"]["pageInfo"]["endCursor"]
        compared = await oracle.assert_same(town, document, {"a": cursor})
        confined(compared, walls.dialect, other=other)


PAIRS: dict[str, tuple[str, str]] = {
    "nodes twice": (
        "things(first: 3) { a: nodes { x: loans(first: 1) { nodes { id } } }"
        " b: nodes { x: hidden(first: 1) { nodes { id } } } }",
        "b",
    ),
    "edges and nodes": (
        "things(first: 3) { x: edges { node { y: loans { nodes { id } } } }"
        " nodes { x: owner { y: things { nodes { name } } } } }",
        "",
    ),
    "node twice": (
        "things(first: 3) { edges { a: node { x: loanCount } b: node { x: hiddenCount } } }",
        "",
    ),
    "other arguments": (
        "things(first: 9) { a: nodes { x: loans(first: 1) { nodes { id } } }"
        " b: nodes { x: loans(first: 5) { nodes { id } } } }",
        "",
    ),
    "other expressions": ("things(first: 3) { a: nodes { x: twin } b: nodes { x: ofOwner } }", ""),
    "below a to-one": (
        "things { a: nodes { x: owner { y: things(first: 1) { nodes { name } } } }"
        " b: nodes { x: owner { y: things(first: 2, filter: {sort: TOY}) { nodes { name } } } } }",
        "",
    ),
}  # fmt: skip


async def test_the_same_alias_at_two_places_never_shares_anything(walls: World, subtests: pytest.Subtests) -> None:
    """Callers choose aliases; conditions, rights and arguments must not follow them."""
    for name, (fields, hidden) in PAIRS.items():
        with subtests.test(name):
            compared = await Oracle(walls).assert_same("potsdam", f"{{ walls {{ {fields} }} }}")
            assert compared.planned is not None
            assert compared.plan is not None
            if hidden:
                nodes = compared.planned.data["walls"]["things"][hidden]
                assert all(node["x"]["nodes"] == [] for node in nodes)


async def test_a_hidden_row_stays_hidden_whatever_stands_beside_it(walls: World) -> None:
    """Each way to a type carries that type's predicate on rows."""
    fields = (
        "hidden { totalCount nodes { id } }"
        " things { nodes { hiddenCount loanCount hidden { totalCount nodes { id } } } }"
    )
    oracle = Oracle(walls)
    anonymous = await oracle.assert_same("potsdam", f"{{ walls {{ {fields} }} }}")
    editor = await oracle.assert_same("potsdam", f"{{ walls {{ {fields} }} }}", roles=("editor",))
    again = await oracle.assert_same("potsdam", f"{{ walls {{ {fields} }} }}")
    assert anonymous.planned is not None
    assert editor.planned is not None
    assert again.planned is not None
    for compared, most in ((anonymous, 0), (again, 0), (editor, 66)):
        found = compared.planned.data["walls"]  # type: ignore[union-attr]
        assert found["hidden"]["totalCount"] == most
        assert sum(node["hiddenCount"] for node in found["things"]["nodes"]) == most
        assert sum(node["loanCount"] for node in found["things"]["nodes"]) == 66
