"""`register_health`: whether what the plugin needs is there."""

from regiohub.region.overview import health
from regiohub.testing import World


async def test_register_health_tells_of_the_town_in_which_something_is_wrong(board: World) -> None:
    towns = [board.tenant(slug) for slug in ("potsdam", "bad-belzig", "berlin")]
    found = await health(board.platform, towns)
    (fault,) = found[towns[0].id]
    assert (fault.plugin, fault.check, fault.detail.en) == ("board", "board.space", "The board is full.")
    assert found[towns[1].id] == []
    assert found[towns[2].id] == []
