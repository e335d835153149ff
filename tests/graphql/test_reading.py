"""Lists, objects, relations: what is read, in which order, with how many statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from gq_shop.graphql import CALLS
from gq_shop.plugin import FAULTS
from gq_shop.stock import NAMES

from regiohub.testing.world import World

SHOWN = [name for name in NAMES if name != "ladder"]


async def ask(world: World, document: str, variables: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    """The data of an answer without errors."""
    answer = await world.graphql("potsdam", document, variables, **kwargs)
    assert answer.errors == []
    return answer.data


async def test_every_town_has_its_own_facts_measures_and_plugins(shop: World) -> None:
    data = await ask(
        shop,
        "{ tenant { slug name timezone centre } plugins { id title } "
        "measures { totalCount nodes { title plugins links { plugin kind count url } tenant { slug } } } }",
    )
    assert data["tenant"] == {
        "slug": "potsdam", "name": "Stadt potsdam", "timezone": "Europe/Berlin",
        "centre": {"type": "Point", "coordinates": [13.0591, 52.3906]},
    }  # fmt: skip
    assert data["plugins"] == [{"id": "shop", "title": "Lending shop"}]
    (measure,) = data["measures"]["nodes"]
    assert (measure["title"], measure["tenant"], data["measures"]["totalCount"]) == (
        "Modellvorhaben", {"slug": "potsdam"}, 1,
    )  # fmt: skip


async def test_links_of_a_measure_come_from_its_plugins(shop_sqlite: World) -> None:
    await shop_sqlite.enable("potsdam", "shop", measure="modellvorhaben")
    data = await ask(shop_sqlite, "{ measures { nodes { plugins links { plugin kind title count url } } } }")
    assert data["measures"]["nodes"] == [
        {
            "plugins": ["shop"],
            "links": [{"plugin": "shop", "kind": "thing", "title": "Things", "count": 3, "url": "/potsdam/shop"}],
        }
    ]


async def test_links_that_fail_take_nothing_else_away(shop: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.enable("potsdam", "shop", measure="modellvorhaben")
    monkeypatch.setitem(FAULTS, "links", True)
    data = await ask(shop, "{ measures { nodes { links { plugin } plugins } } shop { things { totalCount } } }")
    assert data["measures"]["nodes"] == [{"links": [], "plugins": ["shop"]}]
    assert data["shop"]["things"]["totalCount"] == len(SHOWN)


async def test_scalars_are_written_in_one_form(shop: World) -> None:
    data = await ask(
        shop,
        "{ shop { things(first: 2) { nodes { name title label kind rank price place loanCount isLent hasRank "
        "size { letters } "
        "loans { nodes { startsAt } } readings(first: 1) { nodes { at value } } } } } }",
    )
    anvil, ball = data["shop"]["things"]["nodes"]
    assert anvil["rank"] is None
    assert anvil["place"] is None
    assert ball == {
        "name": "ball", "title": "ball", "label": "BALL", "kind": "TOY", "rank": 0, "price": "0.250000",
        "place": {"type": "Point", "coordinates": [13.01, 52.4]}, "loanCount": 1, "isLent": True, "hasRank": True,
        "size": {"letters": 4},
        "loans": {"nodes": [{"startsAt": "2026-06-01T08:00:00.000Z"}]},
        "readings": {"nodes": [{"at": "2026-06-01T08:00:00.000Z", "value": 1.0}]},
    }  # fmt: skip


async def test_rows_predicate_hides_in_lists_by_id_and_along_relations(shop: World) -> None:
    document = (
        '{ shop { things(first: 100) { nodes { id name } totalCount } thingNamed(name: "ladder") { name }'
        " owners { nodes { things { nodes { name } totalCount } } } } }"
    )
    public = (await ask(shop, document))["shop"]
    staff = (await ask(shop, document, roles=("editor",)))["shop"]
    assert [node["name"] for node in public["things"]["nodes"]] == SHOWN
    assert (public["things"]["totalCount"], staff["things"]["totalCount"]) == (11, 12)
    assert (public["thingNamed"], staff["thingNamed"]) == (None, {"name": "ladder"})
    assert sum(owner["things"]["totalCount"] for owner in public["owners"]["nodes"]) == 11
    assert "ladder" not in str(public["owners"])
    ladder = next(node["id"] for node in staff["things"]["nodes"] if node["name"] == "ladder")
    by_id = "query ($id: ID!) { shop { thing(id: $id) { name } } }"
    assert (await ask(shop, by_id, {"id": ladder}))["shop"]["thing"] is None


async def test_foreign_and_missing_ids_look_the_same(shop: World) -> None:
    other = await shop.graphql("bad-belzig", '{ shop { thingNamed(name: "ball") { id } } }')
    foreign = other.data["shop"]["thingNamed"]["id"]
    document = "query ($id: ID!) { shop { thing(id: $id) { name } } }"
    missing = "01900000-0000-7000-8000-000000000000"
    answers = [await shop.graphql("potsdam", document, {"id": id_}) for id_ in (foreign, missing)]
    assert answers[0] == answers[1]
    assert answers[0].data == {"shop": {"thing": None}}


@pytest.mark.parametrize("order", ["NAME", "RANK", "RANK_DOWN", "PRICE"])
async def test_paging_visits_each_entry_once_in_every_order(shop: World, order: str) -> None:
    chosen = "" if order == "NAME" else f", orderBy: {order}"
    document = (
        f"query ($after: String) {{ shop {{ things(first: 2, after: $after{chosen})"
        " { edges { cursor node { name rank price } } totalCount pageInfo { hasNextPage hasPreviousPage startCursor"
        " endCursor } } } }"
    )
    seen: list[dict[str, Any]] = []
    after: str | None = None
    for page_number in range(20):
        page = (await ask(shop, document, {"after": after}))["shop"]["things"]
        assert page["totalCount"] == 11
        assert page["pageInfo"]["hasPreviousPage"] is (page_number > 0)
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        seen += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sorted(node["name"] for node in seen) == SHOWN
    ranks = [node["rank"] for node in seen]
    if order == "RANK":
        assert ranks == sorted(ranks, key=lambda rank: (rank is None, rank))
    if order == "RANK_DOWN":
        assert ranks == sorted(ranks, key=lambda rank: (rank is None, -(rank or 0)))
    if order == "PRICE":
        assert [float(node["price"]) for node in seen] == sorted((float(n["price"]) for n in seen), reverse=True)


async def test_each_parent_has_its_own_page(shop: World) -> None:
    document = (
        "query ($after: String) { shop { things(first: 11) { nodes { loanCount loans(first: 3, after: $after)"
        " { nodes { startsAt } edges { cursor } totalCount pageInfo { hasNextPage } } } } } }"
    )
    first = (await ask(shop, document))["shop"]["things"]["nodes"]
    for number, node in enumerate(first):
        loans = node["loans"]
        assert node["loanCount"] == number == loans["totalCount"]
        assert len(loans["nodes"]) == min(number, 3)
        assert loans["pageInfo"]["hasNextPage"] is (number > 3)
        starts = [loan["startsAt"] for loan in loans["nodes"]]
        assert starts == sorted(starts)
    cursor = first[10]["loans"]["edges"][2]["cursor"]
    second = (await ask(shop, document, {"after": cursor}))["shop"]["things"]["nodes"]
    assert [loan["startsAt"][:10] for loan in second[10]["loans"]["nodes"]] == [
        "2026-06-04",
        "2026-06-05",
        "2026-06-06",
    ]
    assert second[10]["loans"]["totalCount"] == 10


async def test_edges_that_are_not_looked_into_are_as_many_as_the_page_has(shop: World) -> None:
    document = (
        "query ($no: Boolean = false) { shop { things(first: 3) { edges { __typename cursor @include(if: $no) } }"
        " owners { nodes { things(first: 1) { edges { __typename } } } }"
        ' search(text: "a", first: 2) { edges { __typename } } } }'
    )
    shown = (await ask(shop, document))["shop"]
    assert [len(shown[name]["edges"]) for name in ("things", "search")] == [3, 2]
    assert {len(owner["things"]["edges"]) for owner in shown["owners"]["nodes"]} == {1}


async def test_nested_lists_take_filters_and_orders(shop: World) -> None:
    moment = (shop.clock.now() + timedelta(days=8)).isoformat()
    data = await ask(
        shop,
        "query ($moment: DateTime!) { shop { things(first: 11) { nodes { late: loans(filter: {after: $moment}) "
        "{ totalCount } last: loans(first: 1, orderBy: LATEST) { nodes { startsAt } } } } } }",
        {"moment": moment},
    )
    nodes = data["shop"]["things"]["nodes"]
    assert [node["late"]["totalCount"] for node in nodes] == [0] * 9 + [1, 2]
    assert nodes[10]["last"]["nodes"] == [{"startsAt": "2026-06-10T08:00:00.000Z"}]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("{kind: TOY}", ["ball", "easel", "hammer", "kite"]),
        ("{kinds: [TOY, TOOL]}", SHOWN),
        ("{kinds: []}", []),
        ('{text: "AL"}', ["ball"]),
        ('{text: "%"}', []),
        ("{near: {lon: 13.01, lat: 52.4, metres: 1000}}", ["ball", "cart"]),
        ('{kind: TOY, text: "kit"}', ["kite"]),
        ("{lentNow: false}", ["anvil"]),
        ("{kind: null}", SHOWN),
    ],
)
async def test_filters_hold_together(shop: World, given: str, names: list[str]) -> None:
    data = await ask(shop, f"{{ shop {{ things(first: 50, filter: {given}) {{ nodes {{ name }} totalCount }} }} }}")
    assert [node["name"] for node in data["shop"]["things"]["nodes"]] == names
    assert data["shop"]["things"]["totalCount"] == len(names)


async def test_an_order_may_be_an_expression(shop: World) -> None:
    document = (
        "query ($after: String) { shop { nearest(lon: 13.05, lat: 52.4, first: 4, after: $after)"
        " { nodes { name } totalCount pageInfo { endCursor } } } }"
    )
    first = (await ask(shop, document))["shop"]["nearest"]
    second = (await ask(shop, document, {"after": first["pageInfo"]["endCursor"]}))["shop"]["nearest"]
    assert first["nodes"][0]["name"] == "flute"
    assert {node["name"] for node in first["nodes"][1:3]} == {"easel", "globe"}
    assert first["totalCount"] == 10
    assert not {node["name"] for node in first["nodes"]} & {node["name"] for node in second["nodes"]}


async def test_a_select_of_the_plugin_may_join(shop: World) -> None:
    shop.clock.advance(timedelta(hours=1))
    document = "{ shop { lentBefore(first: 3) { nodes { name owner { name } } totalCount } } }"
    data = await ask(shop, document, subject="anna", token=shop.token("potsdam", lifetime=timedelta(hours=5)))
    assert data["shop"]["lentBefore"]["totalCount"] == 10
    assert len(data["shop"]["lentBefore"]["nodes"]) == 3


async def test_ready_sequences_are_paged_by_place(shop: World) -> None:
    document = (
        'query ($after: String) { shop { search(text: "a", first: 2, after: $after) { totalCount edges { cursor node'
        " { score double thing { name owner { name } loanCount } } } pageInfo { hasNextPage endCursor } } } }"
    )
    first = (await ask(shop, document))["shop"]["search"]
    second = (await ask(shop, document, {"after": first["pageInfo"]["endCursor"]}))["shop"]["search"]
    assert [edge["node"]["thing"]["name"] for edge in first["edges"]] == ["anvil", "ball"]
    assert [edge["node"]["thing"]["name"] for edge in second["edges"]] == ["cart", "easel"]
    assert first["edges"][1]["node"]["double"] == 0.5
    assert first["edges"][1]["node"]["thing"]["owner"]["name"] == "potsdam owner 1"
    ranked = (await ask(shop, "{ shop { ranked(first: 2) { nodes { name kind } totalCount } } }"))["shop"]["ranked"]
    assert [node["name"] for node in ranked["nodes"]] == ["kite"]


async def test_batched_fields_are_called_once_per_level(shop: World) -> None:
    CALLS.clear()
    data = await ask(shop, "{ shop { things { nodes { name lastReading { value at } } } } }")
    assert CALLS == [11]
    assert [node["lastReading"]["value"] for node in data["shop"]["things"]["nodes"]] == [float(n) for n in range(11)]


async def test_ordinary_resolvers_work_with_arguments(shop: World) -> None:
    document = (
        "query ($from: DateTime!, $to: DateTime!) { shop { things { nodes { name"
        " loansBetween(from: $from, to: $to) { startsAt thing { name loans(first: 1) { totalCount } } } } } } }"
    )
    window = {"from": "2026-06-02T00:00:00+02:00", "to": "2026-06-03T00:00:00Z"}
    nodes = (await ask(shop, document, window))["shop"]["things"]["nodes"]
    assert [len(node["loansBetween"]) for node in nodes] == [0, 0] + [1] * 9
    assert nodes[5]["loansBetween"][0]["thing"] == {"name": "flute", "loans": {"totalCount": 5}}


async def test_fragments_aliases_and_directives_are_merged(shop: World) -> None:
    data = await ask(
        shop,
        "query ($no: Boolean = false) { shop { ...names a: things(first: 1) { __typename nodes { n: name } } } }"
        " fragment names on ShopQuery { __typename things(first: 2) { nodes { ...one id @include(if: $no)"
        " owner { name } } nodes { owner { id @skip(if: true) tenant { slug } } } } }"
        " fragment one on Thing { name kind }",
    )
    assert data["shop"]["__typename"] == "ShopQuery"
    assert data["shop"]["a"] == {"__typename": "ThingConnection", "nodes": [{"n": "anvil"}]}
    assert data["shop"]["things"]["nodes"][1] == {
        "name": "ball", "kind": "TOY", "owner": {"name": "potsdam owner 1", "tenant": {"slug": "potsdam"}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "most"),
    [
        ("nodes { name }", 1),
        ("nodes { name owner { name } }", 2),
        ("totalCount nodes { name owner { name things(first: 2) { totalCount nodes { name } } } }", 5),
        ("nodes { name loanCount isLent loans(first: 5) { nodes { startsAt thing { name } } } }", 3),
        ("nodes { lastReading { value } owner { name } }", 3),
        ("edges { cursor node { readings(first: 2) { edges { cursor node { value } } totalCount } } }", 3),
    ],
)
async def test_number_of_statements_does_not_depend_on_the_number_of_rows(
    ordinary_shop: World, fields: str, most: int
) -> None:
    counts: list[int] = []
    for first in (1, 11):
        with ordinary_shop.statements() as seen:
            await ask(ordinary_shop, f"{{ shop {{ things(first: {first}) {{ {fields} }} }} }}")
        assert all("tenant_id" in statement for statement in seen)
        counts.append(len(seen))
    # One row may have nothing below it; what counts is that more rows cost no more statements.
    assert counts[0] <= counts[1] == most


async def test_total_is_counted_only_when_asked_for(ordinary_shop: World) -> None:
    with ordinary_shop.statements() as without:
        await ask(ordinary_shop, "{ shop { things { nodes { name } } } }")
    with ordinary_shop.statements() as counting:
        await ask(ordinary_shop, "{ shop { things(first: 0) { totalCount } } }")
    assert not any("count(" in statement for statement in without)
    assert len(counting) == 1


async def test_only_selected_columns_are_read(ordinary_shop: World) -> None:
    with ordinary_shop.statements() as seen:
        await ask(ordinary_shop, "{ shop { things { nodes { name } } } }")
    assert "secret" not in seen[0]
    assert "price" not in seen[0]
