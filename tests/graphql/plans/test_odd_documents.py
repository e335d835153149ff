"""Documents that nobody writes by hand: both ways answer them alike, or refuse them alike."""

# ruff: noqa: E501 - each document is easier to read on one line

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from regiohub.testing.oracle.run import Oracle
from regiohub.testing.world import World

LONG = "a" * 63
ODD: dict[str, tuple[str, dict[str, Any]]] = {
    "keys that differ after 63 letters": (
        f"{{ walls {{ things(first: 2) {{ nodes {{ {LONG}x: name {LONG}y: rank {LONG}z: id }} }} }} }}", {},
    ),
    "long keys of lists, rows and relations": (
        f"{{ walls {{ {LONG}x: things(first: 1) {{ {LONG}n: nodes {{ {LONG}o: owner {{ {LONG}p: name {LONG}q: id }} "
        f"{LONG}l: loans {{ {LONG}t: totalCount {LONG}u: nodes {{ id }} }} }} }} {LONG}y: things {{ totalCount }} }} }}", {},
    ),
    "60 keys in an object": (
        "{ walls { things(first: 2) { nodes { owner { " + " ".join(f"k{n}: name" for n in range(60)) + " } } } } }", {},
    ),
    "60 keys with a list below": (
        "{ walls { owners { nodes { things(first: 1) { nodes { "
        + " ".join(f"k{n}: name" for n in range(60)) + " } } } } } }", {},
    ),
    "keys with the names of SQL": (
        "{ select: walls { from: things(first: 1) { order: nodes { where: name c0: rank q1: id t1: initial tenant_id: name } } } }",
        {},
    ),
    "an empty namespace": ("query ($v: Boolean!) { walls { things @skip(if: $v) { totalCount } } }", {"v": True}),
    "an empty object": ("query ($v: Boolean!) { walls { things { nodes { name @skip(if: $v) } } } }", {"v": True}),
    "an empty object below": (
        "query ($v: Boolean!) { walls { things { nodes { owner { name @skip(if: $v) } } } } }", {"v": True},
    ),
    "an empty list below": (
        "query ($v: Boolean!) { walls { owners { nodes { things { totalCount @skip(if: $v) } } } } }", {"v": True},
    ),
    "an empty page": (
        "query ($v: Boolean!) { walls { things { pageInfo { hasNextPage @skip(if: $v) } nodes { name } } } }", {"v": True},
    ),
    "nothing at all": ("query ($v: Boolean!) { walls @skip(if: $v) { things { totalCount } } }", {"v": True}),
    "names of types everywhere": (
        "{ __typename walls { __typename things(first: 1) { __typename edges { __typename node { __typename owner"
        " { __typename } loans(first: 1) { __typename pageInfo { __typename } nodes { __typename } } } } } } }", {},
    ),
    "the same field from many sides": (
        "{ walls { things(first: 1) { nodes { ...A ...B name } } ... { things(first: 1) { nodes { owner { id } } } } } }"
        " fragment A on ThingWall { owner { name } ...B } fragment B on ThingWall { owner { name } rank }", {},
    ),
    "deep": (
        "{ walls { things(first: 1) { nodes { owner { things(first: 1) { nodes { owner { name } } } } } } } }", {},
    ),
    "no rows": ("{ walls { things(filter: {named: \"nobody\"}) { totalCount nodes { owner { name } } } } }", {}),
    "quotes": ("query ($v: String) { walls { things(filter: {named: $v}) { totalCount } } }", {"v": "'; DROP TABLE x --"}),
    "a number beyond 32 bits": ("query ($v: Int) { walls { things(first: $v) { totalCount } } }", {"v": 2**40}),
    "a negative page": ("query ($v: Int) { walls { things(first: $v) { totalCount nodes { name } } } }", {"v": -1}),
    "a page beyond the limit": ("query ($v: Int) { walls { things(first: $v) { totalCount nodes { name } } } }", {"v": 101}),
    "an unknown member": ("query ($v: ThingKind) { walls { things(filter: {sort: $v}) { totalCount } } }", {"v": "tool"}),
    "a text for a truth value": ("query ($v: Boolean!) { walls { things { totalCount @skip(if: $v) } } }", {"v": "true"}),
    "an id that is none": ("query ($v: ID!) { walls { thing(id: $v) { name } } }", {"v": "1 OR 1=1"}),
    "a null for a list": ("query ($v: ThingWallFilter) { walls { things(filter: $v) { totalCount } } }", {"v": None}),
    "an infinite number": ("query ($v: Float!) { walls { nearby(lon: $v, lat: 52) { totalCount } } }", {"v": float("inf")}),
    "no number": ("query ($v: Float!) { walls { nearby(lon: $v, lat: 52) { totalCount } } }", {"v": float("nan")}),
}  # fmt: skip


async def test_odd_documents_get_the_same_answer_on_both_ways(walls: World, subtests: pytest.Subtests) -> None:
    """Twice: with a plan that is made, and with one that is there."""
    oracle = Oracle(walls)
    for name, (document, variables) in ODD.items():
        with subtests.test(name):
            for _ in range(2):
                await oracle.assert_same("potsdam", document, variables)


def cursor(*content: Any) -> str:
    """Something that looks like one."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


async def test_cursors_that_this_list_never_gave_are_refused_on_both_ways(
    walls: World, subtests: pytest.Subtests
) -> None:
    oracle = Oracle(walls)
    document = "query ($a: String) { walls { things(first: 2, after: $a) { nodes { name } pageInfo { endCursor } } } }"
    page = await oracle.assert_same("potsdam", document)
    assert page.planned is not None
    good = page.planned.data["walls"]["things"]["pageInfo"]["endCursor"]
    loans = await oracle.assert_same("potsdam", "{ walls { loans(first: 1) { pageInfo { endCursor } } } }")
    assert loans.planned is not None
    other = loans.planned.data["walls"]["loans"]["pageInfo"]["endCursor"]
    (mark, *_) = json.loads(base64.urlsafe_b64decode(good + "=="))
    forged = [
        other, "x", "", good[:-3], good + "AA", cursor(), cursor(mark), cursor(mark, None, None), cursor(mark, 1, 2),
        cursor(mark, {"a": 1}, []), cursor(mark, "a\u0000", "b"), cursor(mark, "x" * 5000, "y"), "\u00e4", "null", "W10",
    ]  # fmt: skip
    for value in forged:
        with subtests.test(value[:40]):
            compared = await oracle.assert_same("potsdam", document, {"a": value})
            answer = compared.planned or compared.ordinary
            assert "bad-belzig" not in answer.dump().decode()
            assert {error["extensions"]["code"] for error in answer.errors} <= {"INVALID_CURSOR", "INVALID_INPUT"}


BODIES = {
    "a lone surrogate": b'{"query": "query ($v: String) { walls { things(filter: {named: $v}) { totalCount } } }",'
    b' "variables": {"v": "\\ud800"}}',
    "a lone surrogate in the document": b'{"query": "{ walls { things(filter: {named: \\"\\\\uD800\\"}) { totalCount } } }"}',
    "a NUL": b'{"query": "query ($v: String) { walls { things(filter: {named: $v}) { totalCount } } }",'
    b' "variables": {"v": "a\\u0000b"}}',
    "no numbers": b'{"query": "query ($v: Float!) { walls { nearby(lon: $v, lat: 52) { totalCount } } }",'
    b' "variables": {"v": NaN}}',
    "a huge number": b'{"query": "query ($v: Float!) { walls { nearby(lon: $v, lat: 52) { totalCount } } }",'
    b' "variables": {"v": 1e400}}',
}  # fmt: skip
TOO_LARGE = {
    "aliases": "{ walls { " + " ".join(f"a{n}: things {{ totalCount }}" for n in range(2000)) + " } }",
    "depth": "{ walls { owners { nodes " + "{ things { nodes { owner " * 30 + "{ id }" + " } } }" * 30 + " } } }",
    "pages": "{ walls { owners(first: 100) { nodes { things(first: 100) { nodes { loans(first: 100) { nodes { id } } } } } } } }",
    "repeats": "{ walls { things { nodes { " + "name " * 3000 + "} } } }",
}


async def test_bodies_and_documents_that_are_refused_are_refused_alike(walls: World, subtests: pytest.Subtests) -> None:
    """With plans and without: the same status, the same error, and no statement."""
    bodies = BODIES | {name: json.dumps({"query": document}).encode() for name, document in TOO_LARGE.items()}
    settings = walls.platform.settings
    headers = {"content-type": "application/json"}
    for name, body in bodies.items():
        with subtests.test(name):
            found: list[tuple[int, Any]] = []
            for plans in (True, False):
                walls.platform.settings = settings.model_copy(update={"graphql_plans": plans})
                with walls.statements() as seen:
                    answer = await walls.client.post("/potsdam/graphql", content=body, headers=headers)
                assert not [text for text in seen if "shop_" in text]
                found.append((answer.status_code, answer.json()))
            assert found[0] == found[1]
            assert found[0][0] < 500
            assert found[0][1]["errors"]
