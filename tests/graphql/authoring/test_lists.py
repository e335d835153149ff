"""Lists with arguments of their own and lists of a SELECT: arguments, orders, pages, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLNonNull, GraphQLSchema, build_schema

from regiohub.testing.world import World

NEAR = "lon: 13.05, lat: 52.4"


async def ask(world: World, fields: str, **kwargs: Any) -> Any:
    """What the plugin's namespace answers, without errors."""
    answer = await world.graphql("potsdam", f"{{ figures {{ {fields} }} }}", **kwargs)
    assert answer.errors == []
    return answer.data["figures"]


async def schema(world: World) -> GraphQLSchema:
    """The town's schema as clients see it."""
    return build_schema((await world.client.get("/potsdam/schema.graphql")).text)


async def test_arguments_stand_beside_those_of_the_page(figures: World) -> None:
    found: Any = (await schema(figures)).type_map
    readings = found["ThingFigure"].fields["readings"].args
    assert list(readings) == ["from", "to", "first", "after"]
    assert isinstance(readings["from"].type, GraphQLNonNull)
    assert not isinstance(readings["to"].type, GraphQLNonNull)
    assert readings["first"].ast_node.default_value.value == "5"
    assert readings["first"].description == "How many entries at most; 1000 is the limit."
    assert list(found["FiguresQuery"].fields["nearby"].args) == [
        "lon", "lat", "kind", "first", "after", "filter", "orderBy",
    ]  # fmt: skip
    assert list(found["ThingFigure"].fields["days"].args) == ["from", "limit"]
    assert found["ThingFigure"].fields["days"].args["limit"].ast_node.default_value.value == "3"


async def test_arguments_hold_for_each_parent_and_in_the_count(figures: World) -> None:
    span = 'from: "2026-06-01T07:00:00Z", to: "2026-06-01T08:00:00Z"'
    things = await ask(
        figures, f"things(first: 3) {{ nodes {{ readings({span}) {{ nodes {{ value }} totalCount }} }} }}"
    )
    assert things["things"]["nodes"] == [
        {"readings": {"nodes": [{"value": number + 0.1}], "totalCount": 1}} for number in range(3)
    ]
    assert [
        node["name"] for node in (await ask(figures, 'named(text: "AL") { nodes { name } }'))["named"]["nodes"]
    ] == ["ball"]


async def test_values_that_do_not_go_together_are_refused_at_the_field(figures: World) -> None:
    span = 'from: "2026-06-02T07:00:00Z", to: "2026-06-01T08:00:00Z"'
    answer = await figures.graphql(
        "potsdam", f"{{ figures {{ things(first: 2) {{ nodes {{ readings({span}) {{ totalCount }} }} }} }} }}"
    )
    assert {error["extensions"]["field"] for error in answer.errors} == {"to"}
    assert set(answer.codes) == {"INVALID_INPUT"}


async def test_a_required_argument_is_required(figures: World) -> None:
    answer = await figures.graphql("potsdam", "{ figures { things { nodes { readings { totalCount } } } } }")
    assert (answer.data, answer.codes) == (None, ["BAD_OPERATION"])


@pytest.mark.parametrize(("first", "code"), [(12, None), (13, "PAGE_TOO_LARGE"), (-1, "INVALID_INPUT")])
async def test_a_list_has_the_page_limit_that_it_declares(figures: World, first: int, code: str | None) -> None:
    answer = await figures.graphql("potsdam", f"{{ figures {{ things(first: {first}) {{ nodes {{ name }} }} }} }}")
    assert answer.codes == ([code] if code else [])


async def test_a_series_may_have_a_thousand_entries_a_page(figures: World) -> None:
    document = 'things(first: 1) { nodes { readings(from: "2026-01-01T00:00:00Z", first: 1000) { nodes { value } } } }'
    (thing,) = (await ask(figures, document))["things"]["nodes"]
    assert [node["value"] for node in thing["readings"]["nodes"]] == [0.2, 0.1, 0.0]


async def test_the_order_may_depend_on_the_arguments(figures: World) -> None:
    first = (
        await ask(figures, f"nearby({NEAR}, first: 4) {{ nodes {{ name }} totalCount pageInfo {{ endCursor }} }}")
    )["nearby"]
    after = first["pageInfo"]["endCursor"]
    second = (await ask(figures, f'nearby({NEAR}, first: 4, after: "{after}") {{ nodes {{ name }} }}'))["nearby"]
    names = [node["name"] for node in first["nodes"] + second["nodes"]]
    assert names[0] == "flute"
    assert first["totalCount"] == 11
    assert len(set(names)) == 8
    named = (await ask(figures, f"nearby({NEAR}, orderBy: NAME) {{ nodes {{ name }} }}"))["nearby"]["nodes"]
    assert [node["name"] for node in named] == sorted(node["name"] for node in named)


async def test_a_select_is_narrowed_by_its_arguments_and_the_filter(figures: World) -> None:
    data = await ask(
        figures,
        f"toys: nearby({NEAR}, kind: TOY) {{ totalCount nodes {{ name }} }}"
        f' some: nearby({NEAR}, kind: TOY, filter: {{text: "k"}}) {{ nodes {{ name }} totalCount }}',
    )
    assert data["toys"]["totalCount"] == 4
    assert data["some"] == {"nodes": [{"name": "kite"}], "totalCount": 1}


async def test_a_select_of_a_person_needs_one_and_may_join_and_refuse(figures: World) -> None:
    fields = 'lent(since: "2026-06-09T09:00:00Z", first: 5) { nodes { name } totalCount }'
    document = f"{{ figures {{ {fields} }} }}"
    assert (await figures.graphql("potsdam", document)).codes == ["UNAUTHENTICATED"]
    lent = (await ask(figures, fields, subject="anna"))["lent"]
    assert lent == {"nodes": [{"name": "kite"}, {"name": "ladder"}, {"name": "ladder"}], "totalCount": 3}
    early = await figures.graphql("potsdam", document.replace("2026", "1999"), subject="anna")
    assert early.codes == ["INVALID_INPUT"]
    assert early.data == {"figures": {"lent": None}}


async def test_what_no_select_can_do_is_left_to_a_function(figures: World) -> None:
    fields = "nodes { name loanCount } totalCount pageInfo { hasNextPage }"
    data = await ask(
        figures, f'plain: search(text: "l") {{ {fields} }} ranked: search(text: "l", ranked: true) {{ {fields} }}'
    )
    plain, ranked = data["plain"], data["ranked"]
    names = [node["name"] for node in plain["nodes"]]
    assert names == ["anvil", "ball", "drill", "easel", "flute", "globe", "ladder"]
    assert [node["name"] for node in ranked["nodes"]] == sorted(names, key=lambda name: (len(name), name))
    assert sorted(ranked["nodes"], key=lambda node: node["name"]) == plain["nodes"]
    assert (plain["totalCount"], ranked["totalCount"]) == (7, 7)


async def test_the_region_reads_a_select_over_all_towns(figures: World) -> None:
    answer = await figures.graphql("region", "{ figures { some(kind: TOY) { totalCount nodes { name } } } }")
    assert answer.errors == []
    assert answer.data["figures"]["some"]["totalCount"] == 8


async def test_lists_of_a_select_cost_one_statement(ordinary: World) -> None:
    with ordinary.statements() as seen:
        await ask(ordinary, f"nearby({NEAR}) {{ nodes {{ name words }} }}")
    assert len(seen) == 1
    assert "tenant_id" in seen[0]
