"""`register_event_handlers`: what follows an event."""

from importlib import import_module

from regiohub.testing import World

from .conftest import Seen


async def test_register_event_handlers_runs_the_handler_once_in_the_town_of_the_event(board: World, seen: Seen) -> None:
    posted = import_module("regiohub_board.plugin").NoticePosted
    async with board.scope("potsdam").write() as ctx:
        await ctx.emit(posted("Schirm"))
    assert ("event Schirm", "potsdam") not in seen
    await board.work()
    await board.work()
    assert [entry for entry in seen if entry[0].startswith("event")] == [("event Schirm", "potsdam")]
