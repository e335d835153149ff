"""`register_navigation`: entries of the town's page."""

from regiohub.testing import World


async def test_register_navigation_stands_on_the_page_of_towns_with_the_plugin(board: World) -> None:
    headers = {"accept": "text/html", "accept-language": "de"}
    there = await board.client.get("/potsdam/", headers=headers)
    assert "Aushänge der Stadt" in there.text
    assert "/potsdam/board/notices.txt" in there.text
    assert "Aushänge der Stadt" not in (await board.client.get("/berlin/", headers=headers)).text
