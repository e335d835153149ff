"""`register_demo`: content to look at."""

from regiohub.demo.content import demo_parts, load_part
from regiohub.testing import World

from .conftest import Seen


async def test_register_demo_is_loaded_into_towns_with_the_plugin_and_remembered(board: World, seen: Seen) -> None:
    parts = [part for part in await demo_parts(board.platform) if part.plugin == "board"]
    assert sorted(part.tenant.slug for part in parts) == ["bad-belzig", "potsdam"]
    for part in parts:
        assert not part.loaded
        await load_part(board.platform, part)
    assert sorted(seen) == [("demo bad-belzig", "bad-belzig"), ("demo potsdam", "potsdam")]
    assert all(part.loaded for part in await demo_parts(board.platform) if part.plugin == "board")
