"""`register_links`: what a measure has brought."""

from regiohub.testing import World
from regiohub.testing.towns import MEASURE

QUERY = "{ measures { nodes { links { plugin kind title count url } } } }"


async def test_register_links_shows_what_the_plugin_holds_at_the_measure_that_switched_it_on(board: World) -> None:
    await board.enable("potsdam", "board", measure=MEASURE)
    answer = await board.graphql("potsdam", QUERY)
    assert answer.errors == []
    (measure,) = answer.data["measures"]["nodes"]
    assert measure["links"] == [
        {"plugin": "board", "kind": "notices", "title": "Notices", "count": 3, "url": "/board/notices.txt"}
    ]
