"""`on_tenant_enabled`: the plugin goes on."""

from regiohub.testing import World

from .conftest import Seen


async def test_on_tenant_enabled_is_called_once_for_the_town_that_switched(board: World, seen: Seen) -> None:
    await board.enable("berlin", "board")
    assert seen == [("enabled", "berlin")]
    assert "board" in board.tenant("berlin").enabled
