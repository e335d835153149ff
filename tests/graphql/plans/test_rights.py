"""Plans are kept by rights, never by persons: the same document in turn by everybody, in every order."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from regiohub.testing.oracle.run import Oracle
from regiohub.testing.world import World

DOCUMENT = (
    "{ walls { things(first: 2) { nodes { name secret counted hiddenCount } } hidden { totalCount }"
    " lent(first: 1) { nodes { name } } } tenant { slug } }"
)
CALLERS: dict[str, tuple[str, dict[str, Any]]] = {
    "anonymous": ("potsdam", {}),
    "citizen": ("potsdam", {"subject": "anna"}),
    "staff": ("potsdam", {"subject": "bert", "roles": ("editor",)}),
    "other staff": ("potsdam", {"subject": "carl", "roles": ("coordinator",)}),
    "all rights": ("potsdam", {"subject": "dora", "roles": ("tenant-admin",)}),
    "staff next door": ("bad-belzig", {"subject": "emil", "roles": ("editor",)}),
    "anonymous next door": ("bad-belzig", {}),
}


def rights(data: Any, errors: list[dict[str, Any]], town: str) -> tuple[bool, bool, bool, bool]:
    """What somebody saw: notes, counts, hidden rows, things that persons may see."""
    found = data["walls"]
    first = found["things"]["nodes"][1]
    assert data["tenant"]["slug"] == town
    assert all(town in node["name"] for node in found["things"]["nodes"])
    assert first["secret"] in (None, f"secret of {town}")
    seen = (
        first["secret"] is not None, first["counted"] is not None, found["hidden"]["totalCount"] > 0,
        found["lent"] is not None,
    )  # fmt: skip
    assert (found["hidden"]["totalCount"] > 0) is (first["hiddenCount"] > 0)
    # What is withheld is said, once each.
    assert len(errors) == 3 - sum((seen[0], seen[1], seen[3]))
    return seen


EXPECTED = {
    "anonymous": (False, False, False, False),
    "citizen": (False, False, False, True),
    "staff": (True, False, True, True),
    "other staff": (False, True, False, True),
    "all rights": (True, True, True, True),
    "staff next door": (True, False, True, True),
    "anonymous next door": (False, False, False, False),
}


async def seen_by(world: World, who: str) -> tuple[bool, bool, bool, bool]:
    """What a caller sees through the whole application."""
    town, caller = CALLERS[who]
    answer = await world.graphql(town, DOCUMENT, **caller)
    return rights(answer.data, answer.errors, town)


async def test_each_caller_sees_his_part_whoever_asked_before(walls: World) -> None:
    """Every caller directly after every other one."""
    pairs = list(itertools.permutations(CALLERS, 2))
    for first, second in pairs:
        assert (first, await seen_by(walls, first)) == (first, EXPECTED[first])
        assert (second, await seen_by(walls, second)) == (second, EXPECTED[second])


async def test_each_caller_sees_his_part_while_all_ask_at_once(walls: World) -> None:
    callers = [who for _ in range(6) for who in CALLERS]
    found = await asyncio.gather(*(seen_by(walls, who) for who in callers))
    assert [(who, seen) for who, seen in zip(callers, found, strict=True)] == [(who, EXPECTED[who]) for who in callers]


async def test_regional_rights_open_no_towns_data(walls: World) -> None:
    token = walls.token(None, subject="regina", regional_roles=("regional-admin",))
    for town in ("potsdam", "bad-belzig"):
        await walls.graphql(town, DOCUMENT, roles=("tenant-admin",))
        answer = await walls.graphql(town, DOCUMENT, token=token)
        assert rights(answer.data, answer.errors, town)[:3] == (False, False, False)


async def test_a_right_withdrawn_counts_for_the_next_question(walls: World) -> None:
    assert await seen_by(walls, "staff") == EXPECTED["staff"]
    assert rights_of(await walls.graphql("potsdam", DOCUMENT, subject="bert")) == EXPECTED["citizen"]
    assert (
        rights_of(await walls.graphql("potsdam", DOCUMENT, subject="bert", roles=("coordinator",)))
        == (EXPECTED["other staff"])
    )
    assert await seen_by(walls, "staff") == EXPECTED["staff"]


def rights_of(answer: Any) -> tuple[bool, bool, bool, bool]:
    """Of an answer of Potsdam."""
    return rights(answer.data, answer.errors, "potsdam")


async def test_a_plugin_switched_off_takes_its_fields_along_and_back(walls: World) -> None:
    before = await walls.graphql("potsdam", DOCUMENT)
    await walls.disable("potsdam", "walls")
    off = await walls.graphql("potsdam", DOCUMENT)
    assert off.data is None
    assert "Cannot query field 'walls'" in off.errors[0]["message"]
    assert await seen_by(walls, "anonymous next door") == EXPECTED["anonymous next door"]
    await walls.enable("potsdam", "walls")
    assert (await walls.graphql("potsdam", DOCUMENT)).data == before.data


async def test_what_is_one_persons_own_never_goes_to_the_next(walls: World) -> None:
    """The rule looks the person up in a way that no stand-in can see; each order of callers."""
    document = "{ walls { ofPerson { totalCount nodes { name } } } }"
    for order in itertools.permutations(("anna", "chief", "bert")):
        oracle = Oracle(walls)
        for subject in order:
            compared = await oracle.assert_same("potsdam", document, subject=subject)
            found = (compared.planned or compared.ordinary).data["walls"]["ofPerson"]["totalCount"]
            assert found == (12 if subject == "chief" else 0), order


async def test_a_rule_about_the_town_is_asked_for_each_town(walls: World) -> None:
    for order in itertools.permutations(("potsdam", "bad-belzig")):
        await in_order(walls, order)


async def in_order(walls: World, order: tuple[str, ...]) -> None:
    """No plan is there yet, whichever town comes first."""
    document = "{ walls { ofTown { totalCount nodes { rank } } } }"
    oracle = Oracle(walls)
    for town in (*order, *order):
        compared = await oracle.assert_same(town, document)
        found = (compared.planned or compared.ordinary).data["walls"]["ofTown"]["totalCount"]
        assert found == (9 if town == "potsdam" else 3)
