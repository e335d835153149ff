"""`on_tenant_disabled`: the plugin goes off."""

from regiohub.testing import World

from .conftest import Seen


async def test_on_tenant_disabled_is_called_once_for_the_town_that_switched(board: World, seen: Seen) -> None:
    await board.disable("potsdam", "board")
    assert seen == [("disabled", "potsdam")]
    assert "board" in board.tenant("bad-belzig").enabled
