"""The region reads what towns publish and share, and nothing else."""

from pathlib import Path

from regiohub.testing import World
from regiohub_atlas.demo import load_demo

TENANTS = Path(__file__).parents[3] / "tenants"
DOCUMENT = """query($f: RegionProcedureFilter) { atlas { procedures(filter: $f, first: 50) { totalCount nodes {
  title status kind tenant { slug } } } } }"""


async def filled(world: World) -> None:
    await load_demo(world.scope("potsdam"), TENANTS / "potsdam")
    await load_demo(world.scope("bad-belzig"), TENANTS / "bad-belzig")
    await world.enable("berlin", "atlas")  # switched on, but nothing shared
    await load_demo(world.scope("berlin"), TENANTS / "berlin")


async def test_the_region_sees_the_published_procedures_of_towns_that_share_them(world: World) -> None:
    await filled(world)
    hide = """{ atlas { procedureBySlug(slug: "app-werkstatt") { id } } }"""
    hidden = (await world.graphql("bad-belzig", hide)).data["atlas"]["procedureBySlug"]["id"]
    withdraw = "mutation($id: ID!) { withdrawProcedure(id: $id) { errors { code } } }"
    await world.graphql("bad-belzig", withdraw, {"id": hidden}, roles=("editor",))
    answer = await world.graphql("region", DOCUMENT)
    assert answer.errors == []
    nodes = answer.data["atlas"]["procedures"]["nodes"]
    towns = [node["tenant"]["slug"] for node in nodes]
    assert set(towns) == {"potsdam", "bad-belzig"}
    assert towns.count("bad-belzig") == 2
    assert answer.data["atlas"]["procedures"]["totalCount"] == len(nodes)


async def test_the_region_filters_by_status_words_and_place(world: World) -> None:
    await filled(world)
    for wanted, expected in (
        ({"status": ["RUNNING"], "text": "verkehrsversuch"}, ["bad-belzig"]),
        ({"status": ["FINISHED"], "kind": ["YOUTH_WORKSHOP"]}, ["potsdam"]),
        ({"near": {"lon": 12.5935, "lat": 52.1421, "metres": 100}, "kind": ["TRIAL"]}, ["bad-belzig"]),
        ({"bbox": {"west": 13.3, "south": 52.4, "east": 13.5, "north": 52.6}}, []),
    ):
        answer = await world.graphql("region", DOCUMENT, {"f": wanted})
        assert answer.errors == [], answer.errors
        assert [node["tenant"]["slug"] for node in answer.data["atlas"]["procedures"]["nodes"]] == expected, wanted
