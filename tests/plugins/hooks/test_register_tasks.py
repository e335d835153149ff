"""`register_tasks`: work that is asked for once."""

from regiohub.testing import World

from .conftest import Seen


async def test_register_tasks_does_what_was_asked_for_in_the_same_town(board: World, seen: Seen) -> None:
    async with board.scope("bad-belzig").write() as ctx:
        await ctx.enqueue("board.print", {"text": "Zettel"})
    await board.work()
    assert [entry for entry in seen if entry[0].startswith("task")] == [("task Zettel", "bad-belzig")]
