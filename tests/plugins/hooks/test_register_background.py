"""`register_background`: work that goes on."""

from regiohub.events.catalogue import catalogue_of
from regiohub.events.supervisor import Supervisor
from regiohub.testing import World


async def test_register_background_runs_per_town_until_the_plugin_is_switched_off(board: World) -> None:
    supervisor = Supervisor(board.platform, catalogue_of(board.platform.plugins))
    try:
        await supervisor.reconcile(leads=True)
        towns = {board.tenant(slug).id for slug in ("potsdam", "bad-belzig")}
        assert supervisor.running == {(town, "board.listen") for town in towns}
        await board.disable("potsdam", "board")
        await supervisor.reconcile(leads=True)
        assert supervisor.running == {(board.tenant("bad-belzig").id, "board.listen")}
    finally:
        await supervisor.stop()
