"""The region reads what towns share, and only while they share it."""

from __future__ import annotations

from regiohub.sharing.service import list_consents, revoke
from regiohub.testing.world import World

THINGS = (
    "{ shop { things(first: 100) { totalCount nodes"
    " { name tenant { slug } owner { name } loans(first: 1) { totalCount } } } } }"
)


async def test_region_lists_all_towns_and_their_measures(shop: World) -> None:
    answer = await shop.graphql(
        "region",
        "{ tenants { slug } measures { totalCount nodes { title tenant { slug } } }"
        " programmes { programmeId towns { slug } measures { title } } }",
    )
    assert answer.errors == []
    assert [town["slug"] for town in answer.data["tenants"]] == ["bad-belzig", "berlin", "potsdam"]
    assert answer.data["measures"]["totalCount"] == 3
    assert {node["tenant"]["slug"] for node in answer.data["measures"]["nodes"]} == {"potsdam", "bad-belzig", "berlin"}
    assert [len(group["towns"]) for group in answer.data["programmes"]] == [1, 1, 1]


async def test_region_reads_exactly_the_towns_that_consent(shop: World) -> None:
    answer = await shop.graphql("region", THINGS)
    assert answer.errors == []
    things = answer.data["shop"]["things"]
    assert things["totalCount"] == 24
    assert {node["tenant"]["slug"] for node in things["nodes"]} == {"potsdam", "bad-belzig"}
    for node in things["nodes"]:
        assert node["owner"]["name"].startswith(node["tenant"]["slug"])
    assert sorted(node["loans"]["totalCount"] for node in things["nodes"]) == sorted([*range(12), *range(12)])


async def test_a_withdrawn_consent_counts_at_once(shop: World) -> None:
    async with shop.scope("potsdam").write() as ctx:
        (consent,) = await list_consents(ctx)
        await revoke(ctx, consent.id)
    things = (await shop.graphql("region", THINGS)).data["shop"]["things"]
    assert {node["tenant"]["slug"] for node in things["nodes"]} == {"bad-belzig"}


async def test_a_town_without_the_plugin_shares_nothing(shop: World) -> None:
    await shop.disable("bad-belzig", "shop")
    things = (await shop.graphql("region", THINGS)).data["shop"]["things"]
    assert {node["tenant"]["slug"] for node in things["nodes"]} == {"potsdam"}


async def test_pages_of_the_region_are_stable_across_towns(shop: World) -> None:
    document = (
        "query ($after: String) { shop { things(first: 7, after: $after)"
        " { nodes { id name tenant { slug } } pageInfo { endCursor hasNextPage } } } }"
    )
    seen: list[tuple[str, str]] = []
    after, more = None, True
    while more:
        page = (await shop.graphql("region", document, {"after": after})).data["shop"]["things"]
        seen += [(node["name"], node["tenant"]["slug"]) for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(seen) == len(set(seen)) == 24
    assert [name for name, _ in seen] == sorted(name for name, _ in seen)


async def test_region_has_no_fields_that_were_not_published(shop_sqlite: World) -> None:
    answer = await shop_sqlite.graphql("region", "{ shop { things { nodes { secret } } } }")
    assert "Cannot query field 'secret'" in answer.errors[0]["message"]
    assert (await shop_sqlite.graphql("region", "mutation { crash { errors { code } } }")).codes == ["BAD_OPERATION"]


async def test_number_of_statements_does_not_depend_on_the_number_of_towns(shop: World) -> None:
    with shop.statements() as two:
        await shop.graphql("region", THINGS)
    await shop.disable("bad-belzig", "shop")
    with shop.statements() as one:
        await shop.graphql("region", THINGS)
    assert len(one) == len(two)
