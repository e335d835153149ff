"""`register_jobs`: work that is repeated."""

from regiohub.testing import World

from .conftest import Seen


async def test_register_jobs_runs_once_per_period_in_each_town_that_has_the_plugin_on(board: World, seen: Seen) -> None:
    await board.work()
    seen.clear()
    await board.later(hours=1)
    assert sorted(seen) == [("job", "bad-belzig"), ("job", "potsdam")]
    await board.work()
    assert len(seen) == 2
