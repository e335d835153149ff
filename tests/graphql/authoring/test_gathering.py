"""Counts, first rows and nested values: right on both databases, in a constant number of statements."""

from __future__ import annotations

from typing import Any

import pytest
from gq_shop.models import Loan, Thing
from sqlalchemy import select

from regiohub.testing.world import World


async def ask(world: World, fields: str, *, slug: str = "potsdam", **kwargs: Any) -> Any:
    """What a plugin's namespace answers, without errors."""
    answer = await world.graphql(slug, f"{{ figures {{ {fields} }} }}", **kwargs)
    assert answer.errors == []
    return answer.data["figures"]


async def test_counts_leave_out_what_the_caller_may_not_see(figures: World) -> None:
    fields = "things { nodes { name loanCount coming loans { totalCount } } }"
    public = (await ask(figures, fields))["things"]["nodes"]
    staff = (await ask(figures, fields, roles=("editor",)))["things"]["nodes"]
    assert [node["loanCount"] for node in staff] == list(range(12))
    assert [node["loanCount"] for node in public] == [max(number - 1, 0) for number in range(12)]
    assert all(node["loanCount"] == node["loans"]["totalCount"] for node in public + staff)
    assert [node["coming"] for node in staff] == [max(number - 1, 0) for number in range(12)]


async def test_counts_take_filters_and_arguments(figures: World) -> None:
    data = await ask(
        figures,
        'things { nodes { later: loanCount(filter: {after: "2026-06-08T10:00:00+02:00"}) '
        'values: valuesIn(from: "2026-06-01T07:00:00Z") all: valuesIn(from: "2026-01-01T00:00:00Z") } }',
    )
    nodes = data["things"]["nodes"]
    assert [node["later"] for node in nodes] == [0] * 9 + [1, 2, 3]
    assert {(node["values"], node["all"]) for node in nodes} == {(2, 3)}


async def test_a_count_may_need_a_permission(figures: World) -> None:
    document = "{ figures { things(first: 1) { nodes { name counted } } } }"
    public = await figures.graphql("potsdam", document)
    assert (public.data["figures"]["things"]["nodes"], public.codes) == (
        [{"name": "anvil", "counted": None}], ["UNAUTHENTICATED"],
    )  # fmt: skip
    assert (await ask(figures, "things(first: 2) { nodes { counted } }", roles=("editor",)))["things"]["nodes"] == [
        {"counted": 0},
        {"counted": 1},
    ]


async def test_the_first_row_is_that_of_the_order_or_null(figures: World) -> None:
    nodes = (await ask(figures, "things { nodes { name last { at value } nextLoan { startsAt thing { name } } } }"))[
        "things"
    ]["nodes"]
    assert [node["last"] for node in nodes] == [
        {"at": "2026-06-01T08:00:00.000Z", "value": float(number)} for number in range(12)
    ]
    assert [node["nextLoan"] for node in nodes[:2]] == [None, None]
    assert nodes[2]["nextLoan"] == {"startsAt": "2026-06-02T08:00:00.000Z", "thing": {"name": "cart"}}


async def test_nested_values_bring_one_or_many_for_each_row(figures: World) -> None:
    fields = (
        "things { nodes { id summary { count mean newest rounded } "
        'days(from: "2026-06-03T00:00:00Z", limit: 2) { first loans price third thingId } } }'
    )
    nodes = (await ask(figures, fields))["things"]["nodes"]
    assert [node["summary"]["count"] for node in nodes] == [3] * 12
    assert nodes[5]["summary"] == {
        "count": 3, "mean": pytest.approx(5.1), "newest": "2026-06-01T08:00:00.000Z", "rounded": "5.1",
    }  # fmt: skip
    assert [len(node["days"]) for node in nodes] == [0, 0, 0, 1] + [2] * 8
    assert nodes[5]["days"] == [
        {"first": f"2026-06-0{day}T08:00:00.000Z", "loans": 1, "price": "1.250000", "third": 1 / 3,
         "thingId": nodes[5]["id"]}
        for day in (5, 4)
    ]  # fmt: skip


async def test_rows_of_a_select_come_in_its_order_as_far_as_the_caller_may_see_them(figures: World) -> None:
    fields = (
        "things { nodes { name firstLoans { startsAt } one: firstLoans(most: 1) { thing { name } } holder { name } } }"
    )
    public = (await ask(figures, fields))["things"]["nodes"]
    staff = (await ask(figures, fields, roles=("editor",)))["things"]["nodes"]
    assert [loan["startsAt"][:10] for loan in staff[11]["firstLoans"]] == ["2026-06-01", "2026-06-02"]
    assert [loan["startsAt"][:10] for loan in public[11]["firstLoans"]] == ["2026-06-02", "2026-06-03"]
    assert [len(node["firstLoans"]) for node in staff] == [0, 1] + [2] * 10
    assert [len(node["firstLoans"]) for node in public] == [0, 0, 1] + [2] * 9
    assert staff[5]["one"] == [{"thing": {"name": "flute"}}]
    assert {node["holder"]["name"] for node in public} == {f"potsdam owner {number}" for number in range(3)}


async def test_an_expression_may_take_arguments_each_time_others(figures: World) -> None:
    fields = (
        "things(first: 3) { nodes { name near: metres(lon: 13.01, lat: 52.4) far: metres(lon: 13.02, lat: 52.4) "
        "double: times(factor: 2) } edges { node { double: times(factor: 3) } } }"
    )
    things = (await ask(figures, fields))["things"]
    assert [(node["near"], node["double"]) for node in things["nodes"][:2]] == [(None, 10), (0, 8)]
    assert things["nodes"][2]["far"] == 0 < things["nodes"][2]["near"] < 1000
    assert [edge["node"]["double"] for edge in things["edges"]] == [15, 12, 12]


async def test_an_expression_may_refuse_its_arguments_at_its_own_field(figures: World) -> None:
    document = "{ figures { things(first: 2) { nodes { name metres(lon: 1, lat: 91) dear } } } }"
    answer = await figures.graphql("potsdam", document)
    assert {(code, error["path"][-1]) for code, error in zip(answer.codes, answer.errors, strict=True)} == {
        ("INVALID_INPUT", "metres")
    }
    assert [node["name"] for node in answer.data["figures"]["things"]["nodes"]] == ["anvil", "ball"]


async def test_real_numbers_of_nested_values_lose_no_digit(figures: World) -> None:
    days = (await ask(figures, 'things { nodes { days(from: "2026-06-01T00:00:00Z") { third } } }'))["things"]["nodes"]
    assert {day["third"] for node in days for day in node["days"]} == {1 / 3}


@pytest.mark.parametrize(
    ("fields", "most"),
    [
        ("loanCount coming", 3),
        ("last { value } nextLoan { startsAt thing { name } }", 4),
        ("summary { count }", 2),
        ('days(from: "2026-06-01T00:00:00Z") { loans }', 2),
        ('readings(from: "2026-06-01T00:00:00Z") { nodes { value } }', 2),
        ("words fixed doubled dear times(factor: 2)", 1),
        ("firstLoans { startsAt thing { name } } holder { name }", 6),
        ("owner { name thingCount things { nodes { loanCount summary { count } } } }", 6),
    ],
)
async def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    ordinary: World, fields: str, most: int
) -> None:
    counts: list[int] = []
    for first in (1, 12):
        with ordinary.statements() as seen:
            await ask(ordinary, f"things(first: {first}) {{ nodes {{ {fields} }} }}")
        assert all("tenant_id" in statement for statement in seen)
        counts.append(len(seen))
    assert counts[0] <= counts[1] == most


async def test_only_the_columns_that_a_function_reads_are_read(ordinary: World) -> None:
    with ordinary.statements() as seen:
        data = await ask(ordinary, "things(first: 2) { nodes { words fixed doubled } }", language="de")
    assert data["things"]["nodes"] == [
        {"words": "anvil (tool)", "fixed": "de", "doubled": 10}, {"words": "ball (toy)", "fixed": "de", "doubled": 8},
    ]  # fmt: skip
    assert "price" not in seen[0]
    assert "secret" not in seen[0]


async def test_the_region_gathers_each_towns_own_rows_even_where_ids_are_equal(figures: World) -> None:
    """The same ids and other values in a second town: nothing of one town counts for the other."""
    async with figures.scope("potsdam").read() as ctx:
        things = list(await ctx.session.scalars(select(Thing).order_by(Thing.name)))
    async with figures.scope("bad-belzig").write() as ctx:
        owner = (await ctx.session.scalars(select(Thing.owner_id).limit(1))).one()
        for thing in things:
            columns = {name: getattr(thing, name) for name in ("id", "kind", "rank", "price", "hidden")}
            ctx.session.add(Thing(name=f"{thing.name} twin", owner_id=owner, **columns))
    answer = await figures.graphql(
        "region",
        "{ figures { things(first: 100) { nodes { name tenant { slug } readingCount last { value } summary { count } }"
        " } } }",
    )
    assert answer.errors == []
    nodes = answer.data["figures"]["things"]["nodes"]
    twins = [node for node in nodes if node["name"].endswith("twin")]
    assert (len(nodes), len(twins)) == (36, 12)
    for node in nodes:
        expected = 0 if node in twins else 3
        assert (node["readingCount"], node["summary"]["count"]) == (expected, expected)
        assert (node["last"] is None) is (node in twins)


async def test_a_town_gathers_its_own_rows_only(figures: World) -> None:
    async with figures.scope("bad-belzig").write() as ctx:
        for loan in await ctx.session.scalars(select(Loan)):
            await ctx.session.delete(loan)
    nodes = (await ask(figures, "things { nodes { loanCount nextLoan { id } days(from: \"2026-01-01T00:00:00Z\") "
                                "{ loans } } }", slug="bad-belzig"))["things"]["nodes"]  # fmt: skip
    assert nodes == [{"loanCount": 0, "nextLoan": None, "days": []}] * 12
