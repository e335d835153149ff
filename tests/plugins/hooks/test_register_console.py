"""`register_console`: pages for staff."""

from regiohub.testing import World
from regiohub.testing.console import text_of


async def test_register_console_shows_a_page_and_its_entry_to_whoever_has_the_right(board: World) -> None:
    editor = await board.console("potsdam", roles=["editor"])
    page = await editor.get("board/notices")
    assert "Drei Zettel hängen hier." in text_of(page)
    assert "Schwarzes Brett" in text_of(page)
    caretaker = await board.console("potsdam", roles=["caretaker"])
    assert (await caretaker.get("board/notices")).status_code == 403


async def test_register_console_has_no_page_where_the_plugin_is_off(board: World) -> None:
    editor = await board.console("berlin", roles=["editor"])
    assert (await editor.get("board/notices")).status_code == 404
