"""`register_region_graphql`: the region's schema."""

from regiohub.testing import World


async def test_register_region_graphql_adds_a_field_to_the_region(board: World) -> None:
    assert (await board.graphql("region", "{ board { notices } }")).data == {"board": {"notices": 3}}
