"""The town full of sensors that benchmarks use is a sound one."""

from regiohub.testing import World
from regiohub.testing.console import text_of
from regiohub_lorawan.bulk import fill


async def test_filled_town_opens_with_silent_devices_first_and_its_traffic(world: World) -> None:
    await fill(world.scope("potsdam"), 120, gateways=3, days=2)
    client = await world.console(roles=["editor"])
    words = text_of(await client.get("lorawan/devices"))
    assert "120 Einträge" in words
    assert words.count(" still ") >= 3
    assert "Gateway 02" in text_of(await client.get("lorawan/network"))
    assert "2 Einträge" in text_of(await client.get("lorawan/messages"))
    assert len((await client.get("lorawan/devices.geojson")).json()["features"]) == 123
    data = await world.graphql("potsdam", "{ lorawan { datastreams { totalCount } } }")
    assert data.data["lorawan"]["datastreams"]["totalCount"] == 240
