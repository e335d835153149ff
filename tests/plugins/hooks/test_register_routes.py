"""`register_routes`: addresses below a town."""

from regiohub.testing import World


async def test_register_routes_answers_below_the_town_and_not_where_the_plugin_is_off(board: World) -> None:
    there = await board.client.get("/potsdam/board/notices.txt")
    assert (there.status_code, there.text) == (200, "Fundsachen")
    assert (await board.client.get("/berlin/board/notices.txt")).status_code == 404
    await board.disable("potsdam", "board")
    assert (await board.client.get("/potsdam/board/notices.txt")).status_code == 404
