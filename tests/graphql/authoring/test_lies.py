"""A plugin that promises what does not hold breaks its own field, and nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest

from regiohub.testing.world import World

BESIDE = "owners(first: 1) { nodes { name } }"


async def broken(world: World, fields: str) -> tuple[Any, list[Any]]:
    """What is answered in spite of the errors, and where these are."""
    answer = await world.graphql("potsdam", f"{{ figures {{ {fields} {BESIDE} }} shop {{ things {{ totalCount }} }} }}")
    assert answer.data["shop"] == {"things": {"totalCount": 11}}
    assert set(answer.codes) == {"INTERNAL"}
    assert "no_such_function" not in str(answer)
    return answer.data["figures"], [error["path"] for error in answer.errors]


async def test_a_wrong_expression_is_an_error_of_its_field_alone(figures: World, faults: dict[str, bool]) -> None:
    faults["sql"] = True
    answer = await figures.graphql(
        "potsdam",
        "{ figures { things(first: 2) { edges { cursor node { name cheap dear } } } } shop { things { totalCount } } }",
    )
    # Which of the rows is named first, and that it takes the object with it, is GraphQL's rule for what cannot be null.
    assert {tuple(error["path"][-2:]) for error in answer.errors} == {("node", "dear")}


@pytest.mark.parametrize(
    "fields",
    [
        "things(first: 2) { nodes { name cheap MAYBE } }",
        "owners { nodes { things(first: 2) { nodes { name cheap MAYBE } } } }",
        "things(first: 4) { nodes { loans { nodes { thing { name cheap MAYBE } } } } }",
        "nearby(lon: 13, lat: 52, first: 2) { nodes { name cheap MAYBE } pageInfo { endCursor } }",
    ],
)
async def test_the_other_fields_of_the_row_are_right(figures: World, faults: dict[str, bool], fields: str) -> None:
    """Where the expression may be null, all that stands beside it is answered as if it had not been asked for."""
    faults["sql"] = True
    found, paths = await broken(figures, f"it: {fields.replace('MAYBE', 'maybeDear')}")
    faults["sql"] = False
    right = await figures.graphql("potsdam", f"{{ figures {{ it: {fields.replace('MAYBE', '')} {BESIDE} }} }}")
    assert right.errors == []
    assert without(found, "maybeDear") == right.data["figures"]
    assert {path[-1] for path in paths} == {"maybeDear"}


def without(value: Any, key: str) -> Any:
    """A tree without one key, which is null everywhere."""
    if isinstance(value, list):
        return [without(entry, key) for entry in value]
    if isinstance(value, dict):
        assert value.get(key) is None
        return {name: without(entry, key) for name, entry in value.items() if name != key}
    return value


async def test_a_function_that_reads_more_than_it_says_is_an_error_of_its_field(
    figures: World, faults: dict[str, bool], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    faults["python"] = True
    answer = await figures.graphql("potsdam", "{ figures { things(first: 1) { nodes { name words } } } }")
    assert [error["path"][-1] for error in answer.errors] == ["words"]
    said = capsys.readouterr().out + caplog.text
    assert "_words asks its row for 'price', but reads= names name, kind: add 'price' to reads=" in said


async def test_a_select_without_a_label_is_an_error_of_its_field(
    figures: World, faults: dict[str, bool], capsys: pytest.CaptureFixture[str]
) -> None:
    faults["labels"] = True
    document = "{ figures { things(first: 1) { nodes { name summary { count newest } } } } }"
    answer = await figures.graphql("potsdam", document)
    assert {error["path"][-1] for error in answer.errors} == {"summary"}
    assert "_summary selects count, mean, wrong; label a column 'newest' too" in capsys.readouterr().out


async def test_a_list_whose_function_returns_no_select_is_an_error_of_that_list(
    figures: World, faults: dict[str, bool], capsys: pytest.CaptureFixture[str]
) -> None:
    faults["select"] = True
    answer = await figures.graphql(
        "potsdam", "{ figures { nearby(lon: 13, lat: 52) { totalCount } } shop { things { totalCount } } }"
    )
    assert [error["path"] for error in answer.errors] == [["figures", "nearby"]]
    assert "_near returned str" in capsys.readouterr().out
