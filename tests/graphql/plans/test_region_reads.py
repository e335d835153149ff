"""At the region each dataset has towns of its own, and consents decide anew for each question."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from confinement import assert_confined

from regiohub.sharing.service import NewConsent, grant, list_consents, revoke
from regiohub.testing.oracle.run import Oracle
from regiohub.testing.world import World

BOTH = "potsdam", "bad-belzig"
DOCUMENT = (
    "{ walls { things(first: 100) { totalCount nodes { name tenant { slug } owner { name } loanCount last { value }"
    " loans(first: 2) { totalCount nodes { id } } } } owners { totalCount nodes { name tenant { slug } } } } }"
)


async def share(world: World, town: str, dataset: str, *, until: date | None = None) -> None:
    """A town gives a dataset to the region."""
    async with world.scope(town).write() as ctx:
        await grant(
            ctx,
            NewConsent(
                dataset=dataset, reader="region", purpose="Test", legal_basis="Test", valid_from=date(2020, 1, 1),
                valid_until=until,
            ),
        )  # fmt: skip


async def withdraw(world: World, town: str, dataset: str) -> None:
    """And takes it back."""
    async with world.scope(town).write() as ctx:
        (consent,) = [one for one in await list_consents(ctx) if one.dataset == dataset]
        await revoke(ctx, consent.id)


async def towns(world: World) -> tuple[set[str], set[str]]:
    """The towns whose things and whose owners the region sees; each row is whole and of one town."""
    compared = await Oracle(world).assert_same("region", DOCUMENT)
    assert compared.plan is not None
    assert compared.planned is not None
    assert not compared.fell_back
    texts = {text for field in compared.plan.fields for text in field.sql}
    assert assert_confined(texts, world.dialect) == 2
    sent = await world.graphql("region", DOCUMENT)
    assert sent.errors == []
    assert sent.data == compared.planned.data
    found: Any = sent.data["walls"]
    for node in found["things"]["nodes"]:
        town = node["tenant"]["slug"]
        assert town in node["name"]
        assert town in node["owner"]["name"]
        assert (node["last"]["value"] >= 1000) is (town == "bad-belzig")
        assert node["loanCount"] == node["loans"]["totalCount"] <= 11
    assert all(node["tenant"]["slug"] in node["name"] for node in found["owners"]["nodes"])
    return (
        {node["tenant"]["slug"] for node in found["things"]["nodes"]},
        {node["tenant"]["slug"] for node in found["owners"]["nodes"]},
    )


async def test_each_dataset_of_a_document_reads_its_own_towns(walls: World) -> None:
    """Given, given for another dataset, withdrawn, expired: each counts for the next question."""
    assert await towns(walls) == (set(BOTH), set())
    await share(walls, "potsdam", "walls.owners", until=walls.clock.now().date() + timedelta(days=2))
    assert await towns(walls) == (set(BOTH), {"potsdam"})
    await withdraw(walls, "potsdam", "shop.things")
    assert await towns(walls) == ({"bad-belzig"}, {"potsdam"})
    await share(walls, "bad-belzig", "walls.owners")
    assert await towns(walls) == ({"bad-belzig"}, set(BOTH))
    walls.clock.advance(timedelta(days=4))
    assert await towns(walls) == ({"bad-belzig"}, {"bad-belzig"})
    await walls.disable("bad-belzig", "walls")
    assert await towns(walls) == ({"bad-belzig"}, set())
    await withdraw(walls, "bad-belzig", "shop.things")
    assert await towns(walls) == (set(), set())


async def test_a_list_with_a_join_of_its_own_takes_rows_of_the_right_town(walls: World) -> None:
    """Rows are chosen by town and id, not by an id that another town has too."""
    document = "query ($w: String!) { walls { owned(word: $w, first: 100) { totalCount nodes { name } } } }"
    for town in BOTH:
        compared = await Oracle(walls).assert_same("region", document, {"w": town})
        found = (compared.planned or compared.ordinary).data["walls"]["owned"]
        assert found["totalCount"] == 12
        assert all(town in node["name"] for node in found["nodes"])


async def test_counts_that_forget_the_towns_count_no_more_than_what_is_shared(walls: World) -> None:
    await withdraw(walls, "bad-belzig", "shop.things")
    compared = await Oracle(walls).assert_same("region", "{ walls { things(first: 1) { nodes { name allLoans } } } }")
    assert compared.planned is not None
    (node,) = compared.planned.data["walls"]["things"]["nodes"]
    assert node == {"name": "anvil potsdam", "allLoans": 66}
