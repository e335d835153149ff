"""`register_graphql`: the schema of a town."""

from regiohub.testing import World


async def test_register_graphql_adds_a_field_where_the_plugin_is_on(board: World) -> None:
    assert (await board.graphql("potsdam", "{ board { notices } }")).data == {"board": {"notices": 3}}


async def test_register_graphql_adds_nothing_where_it_is_off(board: World) -> None:
    refused = await board.graphql("berlin", "{ board { notices } }")
    assert refused.data is None
    assert "Cannot query field" in refused.errors[0]["message"]
    await board.enable("berlin", "board")
    assert (await board.graphql("berlin", "{ board { notices } }")).errors == []
