"""Limits refuse before anything runs, and name limit, actual and allowed value."""

from __future__ import annotations

from typing import Any

import pytest

from regiohub.testing.world import World


def limit(answer: Any) -> dict[str, Any]:
    (error,) = answer.errors
    assert answer.data is None
    assert error["extensions"]["code"] == "OPERATION_TOO_LARGE"
    assert str(error["extensions"]["allowed"]) in error["message"]
    return error["extensions"]


def nested(levels: int) -> str:
    return (
        "{ shop { things(first: 1) { nodes { "
        + "owner { things(first: 1) { nodes { " * levels
        + "name"
        + " } } }" * levels
        + " } } } }"
    )


async def refused(world: World, document: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    """The refusal of an operation that must not have touched the database."""
    with world.statements() as seen:
        answer = await world.graphql("potsdam", document, variables)
    assert seen == []
    return limit(answer)


@pytest.mark.parametrize(
    "document",
    [
        "{ " + "shop { things { totalCount } } " * 200 + "}",
        "{ " + ("shop { things { " + "totalCount " * 20 + "} } ") * 70 + "}",
        "{ shop { " + "... { things { totalCount } } " * 200 + "} }",
        "{ ...f0 }" + "".join(f" fragment f{n} on Query {{ shop {{ things {{ totalCount }} }} }}" for n in range(130)),
    ],
    ids=["roots", "nested", "inline fragments", "fragments"],
)
async def test_repetitions_are_refused_before_validation_compares_each_with_each(
    shop_sqlite: World, document: str
) -> None:
    assert (await refused(shop_sqlite, document))["limit"] == "repeats"


async def test_depth_200_is_refused_before_it_is_parsed(shop_sqlite: World) -> None:
    deep = "{ a " * 200 + "}" * 200
    found = await refused(shop_sqlite, deep)
    assert (found["limit"], found["actual"]) == ("depth", 200)


async def test_depth_counts_through_fragments(shop_sqlite: World) -> None:
    assert (await refused(shop_sqlite, nested(5)))["limit"] == "depth"
    spread = (
        "{ shop { things { nodes { ...f0 } } } }"
        + "".join(
            f" fragment f{n} on Thing {{ owner {{ things(first: 1) {{ nodes {{ ...f{n + 1} }} }} }} }}"
            for n in range(6)
        )
        + " fragment f6 on Thing { name }"
    )
    found = await refused(shop_sqlite, spread)
    assert (found["limit"], found["allowed"]) == ("depth", 15)


async def test_a_thousand_aliases_are_refused(shop_sqlite: World) -> None:
    many = "{ shop { " + " ".join(f"a{n}: __typename" for n in range(1000)) + " } }"
    assert (await refused(shop_sqlite, many))["limit"] == "tokens"
    some = "{ shop { " + " ".join(f"a{n}: __typename" for n in range(100)) + " } }"
    found = await refused(shop_sqlite, some)
    assert (found["limit"], found["actual"], found["allowed"]) == ("aliases", 100, 30)


async def test_aliases_multiplied_by_fragments_are_counted(shop_sqlite: World) -> None:
    spread = (
        "{ shop { ...f0 } }"
        + "".join(
            f" fragment f{n} on ShopQuery {{ ...f{n + 1} ... on ShopQuery {{ ...f{n + 1} }} }}" for n in range(12)
        )
        + " fragment f12 on ShopQuery { a: __typename }"
    )
    found = await refused(shop_sqlite, spread)
    assert (found["limit"], found["actual"]) == ("aliases", 4096)


async def test_directives_and_root_fields_are_counted(shop_sqlite: World) -> None:
    directives = "{ tenant { " + " ".join(["slug @skip(if: false)"] * 40) + " } }"
    assert (await refused(shop_sqlite, directives))["limit"] == "directives"
    roots = "{ " + " ".join(f"a{n}: tenant {{ slug }}" for n in range(25)) + " }"
    assert (await refused(shop_sqlite, roots))["limit"] == "roots"


LOANS = "loans(first: 100) { nodes { thing { loans(first: 5) { nodes { id } } } } }"
NAMED = "loans(first: $n) { nodes { thing { name loans { totalCount nodes { id } } } } }"
EDGES = "things(first: $n) { edges { node { loans { nodes { id } } } } }"
CALLED = 'loansBetween(from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z") { id }'


@pytest.mark.parametrize(
    ("document", "variables", "cost"),
    [
        (f"{{ shop {{ things(first: 100) {{ nodes {{ {LOANS} }} }} }} }}", {}, 70_101),
        (f"query ($n: Int!) {{ shop {{ things(first: $n) {{ nodes {{ {NAMED} }} }} }} }}", {"n": 100}, 220_101),
        (
            f"query ($n: Int! = 100) {{ shop {{ owners(first: $n) {{ edges {{ node {{ {EDGES} }} }} }} }} }}",
            {},
            210_101,
        ),
        (
            f"{{ shop {{ owners(first: 100) {{ nodes {{ things(first: 100) {{ nodes {{ {CALLED} }} }} }} }} }} }}",
            {},
            120_101,
        ),
    ],
)
async def test_page_sizes_multiply_along_the_nesting(
    shop_sqlite: World, document: str, variables: dict[str, Any], cost: int
) -> None:
    found = await refused(shop_sqlite, document, variables)
    assert (found["limit"], found["actual"], found["allowed"]) == ("cost", cost, 20_000)


async def test_what_a_page_needs_in_practice_is_allowed(shop_sqlite: World) -> None:
    document = "{ shop { things(first: 100) { nodes { name owner { name } loans(first: 20) { nodes { id } } } } } }"
    assert (await shop_sqlite.graphql("potsdam", document)).errors == []


async def test_limits_are_settings(shop_sqlite: World) -> None:
    settings = shop_sqlite.platform.settings
    object.__setattr__(shop_sqlite.platform, "settings", settings.model_copy(update={"graphql_max_cost": 100}))
    found = limit(await shop_sqlite.graphql("potsdam", "{ shop { things(first: 100) { nodes { name } } } }"))
    assert (found["actual"], found["allowed"]) == (101, 100)


async def test_a_slow_operation_is_ended(shop_sqlite: World) -> None:
    settings = shop_sqlite.platform.settings
    object.__setattr__(shop_sqlite.platform, "settings", settings.model_copy(update={"graphql_timeout": 1e-4}))
    answer = await shop_sqlite.graphql("potsdam", "{ shop { things { nodes { name loanCount } } } }")
    assert answer.codes == ["TIMEOUT"]


async def test_introspection_is_allowed_and_bounded(shop_sqlite: World) -> None:
    from graphql import get_introspection_query

    answer = await shop_sqlite.graphql("potsdam", get_introspection_query())
    assert answer.errors == []
    assert {"Thing", "Tenant"} <= {entry["name"] for entry in answer.data["__schema"]["types"]}
    circle = "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"
    assert "Maximum introspection depth" in (await shop_sqlite.graphql("potsdam", circle)).errors[0]["message"]


async def test_valid_documents_are_kept_and_bounded_by_their_bytes(shop_sqlite: World) -> None:
    from regiohub.graphql.compose.schemas import Schemas
    from regiohub.graphql.core.parts import TOWN_PART
    from regiohub.graphql.limits.bounds import Limits
    from regiohub.graphql.prepare import Documents, Refused

    schema = Schemas(shop_sqlite.platform.plugins, "register_graphql", TOWN_PART).of(frozenset({"shop"})).schema
    documents = Documents(schema, capacity=1000)
    first = documents.document("{ tenant { slug } }", Limits())
    assert documents.document("{ tenant { slug } }", Limits()) is first
    for number in range(100):
        documents.document(f"{{ tenant {{ a{number}: slug }} }}", Limits())
    assert len(documents) < 50
    with pytest.raises(Refused):
        documents.document("{ wrong }", Limits())
    assert documents.document("{ tenant { slug } }", Limits()) is not first
