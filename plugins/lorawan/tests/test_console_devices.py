"""Console pages of devices: silent ones first, one device with its values, changing and removing."""

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest

from regiohub.testing import World
from regiohub.testing.console import text_of
from regiohub_lorawan.service import silence
from regiohub_lorawan.testing import Sensor, register, send, up

OTHER = "0" * 15 + "2"
LORA: dict[str, Any] = {
    "txInfo": {"modulation": {"lora": {"bandwidth": 125000, "spreadingFactor": 9, "codeRate": "CR_4_5"}}}
}


async def test_silent_devices_stand_first_with_signal_and_last_seen(world: World, sensor: Sensor) -> None:
    await register(sensor.scope, eui=OTHER, name="Wetter")
    await send(sensor.scope, up(world.clock.now(), **LORA))
    world.clock.advance(timedelta(hours=4))
    await send(sensor.scope, up(world.clock.now(), eui=OTHER, **LORA))
    await sensor.scope.run(silence.detect)
    client = await world.console(roles=["editor"])
    words = text_of(await client.get("lorawan/devices"))
    assert words.index("Pegel") < words.index("Wetter"), "the silent one is first"
    assert "still" in words
    assert "-71 dBm, SNR 8 dB, SF9" in words
    assert "2 Einträge" in words


async def test_list_filters_by_name_state_and_profile_and_exports_what_it_shows(world: World, sensor: Sensor) -> None:
    other = await register(sensor.scope, eui=OTHER, name="Wetter")
    await send(sensor.scope, up(world.clock.now()))
    client = await world.console(roles=["auditor"])
    for query, shown, hidden in (
        ("devices.q=wett", "Wetter", "Pegel"),
        (f"devices.q={OTHER[:12]}", "Wetter", "Pegel-Profil"),
        ("devices.state=unheard", "Wetter", "Pegel-Profil\n"),
        (f"devices.profile={other.profile_id}", "Wetter", "Pegel"),
    ):
        response = await client.get(f"lorawan/devices?{query}&format=csv&list=devices")
        assert response.headers["content-type"].startswith("text/csv")
        rows = list(csv.reader(io.StringIO(response.text.lstrip("\ufeff"))))
        assert len(rows) == 2, (query, rows)
        assert shown in rows[1][0]
        assert hidden not in rows[1][0]


async def test_device_page_shows_values_uplinks_and_hearing_gateways(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now(), 21.5, 40, f_cnt=7, **LORA))
    await send(sensor.scope, up(world.clock.now() + timedelta(minutes=1), 99, 41, f_cnt=8))
    client = await world.console(roles=["caretaker"])
    words = text_of(await client.get(f"lorawan/devices/{sensor.device_id}"))
    for expected in ("Lufttemperatur: 21,5 °C", "unplausibel", "0016c001f153a14c", "SF9", "04bf28", "0102030405060708"):
        assert expected in words, expected
    assert "Ändern" not in words, "a caretaker looks only"


async def test_device_page_tells_why_the_last_message_failed(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now(), f_port=9))
    client = await world.console(roles=["editor"])
    words = text_of(await client.get(f"lorawan/devices/{sensor.device_id}"))
    assert "Der Decoder brach mit einem Fehler ab in Zeile 4. (Error: unknown frame)" in words


@pytest.mark.parametrize(
    ("query", "grain", "count"),
    [
        ("span=24h", "raw", 24),
        ("span=30d", "hour", 25),
        ("span=1y", "day", 2),
        ("from=2026-05-31&to=2026-06-01", "raw", 25),
    ],
)
async def test_chart_gives_any_span_with_its_doubtful_values(
    world: World, sensor: Sensor, query: str, grain: str, count: int
) -> None:
    now = world.clock.now()
    await send(sensor.scope, *(up(now - timedelta(hours=n), 99 if n == 3 else 20, f_cnt=100 - n) for n in range(25)))
    client = await world.console(roles=["editor"])
    address = f"lorawan/devices/{sensor.device_id}/chart.json?stream={sensor.temperature.id}&{query}"
    found = (await client.get(address)).json()
    assert sum(found["quality"]) == 1
    assert (found["series"][0]["unit"], "low" in found["series"][0]) == ("°C", grain != "raw")
    doubtful = found["quality"].index(1)
    assert found["series"][0]["values"][doubtful] == 99
    assert len(found["times"]) == len(found["series"][0]["values"])
    assert abs(len(found["times"]) - count) <= 1
    page = await client.get(f"lorawan/devices/{sensor.device_id}?stream={sensor.temperature.id}&{query}")
    address = re.search(r'data-chart="([^"]+)"', page.text)
    assert address is not None
    assert (await client.get(html.unescape(address[1]))).json() == found
    words = text_of(page)
    assert "unplausibel" in words, "the table beside the chart says the same"


async def test_missing_values_are_a_gap_in_the_line(world: World, sensor: Sensor) -> None:
    now = world.clock.now()
    await send(sensor.scope, *(up(now - timedelta(hours=n), f_cnt=100 - n) for n in (1, 2, 8, 9)))
    client = await world.console(roles=["editor"])
    for span in ("24h", "30d"):
        address = f"lorawan/devices/{sensor.device_id}/chart.json?stream={sensor.temperature.id}&span={span}"
        found = (await client.get(address)).json()
        assert found["series"][0]["values"] == [20, 20, None, 20, 20]
        assert found["times"] == sorted(found["times"])


async def test_live_rows_come_as_events(world: World, sensor: Sensor) -> None:
    import asyncio

    from regiohub_lorawan.service import live, uplinks

    following = live.follow_uplinks(sensor.scope, sensor.device_id)
    waiting = asyncio.ensure_future(anext(following))
    await asyncio.sleep(0)
    await send(sensor.scope, up(world.clock.now(), 12.5))
    message_id = await asyncio.wait_for(waiting, 10)
    async with sensor.scope.read() as ctx:
        found = await uplinks.one(ctx, message_id, [sensor.temperature])
    assert found is not None
    assert [one.value for one in found.values] == [12.5]


async def test_device_is_registered_changed_and_removed_by_forms(world: World, sensor: Sensor) -> None:
    client = await world.console(roles=["editor"])
    fields = {"dev_eui": "00-00-00-00-00-00-00-02", "name": "Neu", "profile_id": str(sensor.profile_id)}
    place = '{"type": "Point", "coordinates": [13.06, 52.4]}'
    address = await client.done("lorawan/devices/new", fields | {"origin": "official", "place": place})
    assert "Neu" in text_of(await client.get(address))
    again = await client.post("lorawan/devices/new", fields | {"origin": "official"})
    assert again.status_code == 422
    assert "Dieses Gerät ist schon angemeldet." in text_of(again)
    await client.done(
        f"{address}/edit", {"name": "Anders", "origin": "citizen", "variables": "offset=3\n", "place": ""}
    )
    assert "Anders" in text_of(await client.get(address))
    assert "offset=3" in (await client.get(f"{address}/edit")).text
    question = text_of(await client.post(f"{address}/remove"))
    assert "2 Messreihen mit allen Messwerten werden gelöscht." in question
    await client.done(f"{address}/remove", {"confirmed": "yes"})
    assert (await client.get(address)).status_code == 404


async def test_map_has_features_and_a_list_of_the_same(world: World, sensor: Sensor) -> None:
    client = await world.console(roles=["editor"])
    await client.done(
        "lorawan/gateways/new",
        {"gateway_id": "AA", "name": "Dach", "place": '{"type": "Point", "coordinates": [13.1, 52.4]}'},
    )
    found = (await client.get("lorawan/devices.geojson")).json()
    assert [(f["properties"]["title"], f["properties"]["kind"]) for f in found["features"]] == [
        ("Pegel", "plain"), ("Dach", "info"),
    ]  # fmt: skip
    words = text_of(await client.get("lorawan/devices/map"))
    assert "Pegel" in words
    assert "52.39000, 13.06000" in words
    assert "Dach" in words


@pytest.mark.parametrize("path", ["new", "{id}/edit"])
async def test_pages_that_change_are_forbidden_to_those_who_look(world_sqlite: World, path: str) -> None:
    sensor = await register(world_sqlite.scope("potsdam"))
    client = await world_sqlite.console(roles=["auditor"])
    response = await client.get(f"lorawan/devices/{path.format(id=sensor.device_id)}")
    assert response.status_code == 403


async def test_device_of_another_town_is_not_found(world_sqlite: World) -> None:
    sensor = await register(world_sqlite.scope("bad-belzig"))
    client = await world_sqlite.console(roles=["editor"])
    for path in ("", "/edit", "/live", f"/chart.json?stream={sensor.temperature.id}"):
        assert (await client.get(f"lorawan/devices/{sensor.device_id}{path}")).status_code == 404


async def test_number_of_statements_does_not_grow_with_the_devices(world: World) -> None:
    scope = world.scope("potsdam")
    client = await world.console(roles=["editor"])
    counts: list[int] = []
    for number in (1, 2, 6):
        for more in range(number):
            await register(scope, eui=f"{number:08x}{more:08x}", name=f"S{number}-{more}")
        await send(scope, up(world.clock.now() + timedelta(seconds=number), eui=f"{number:08x}{0:08x}"))
        with world.statements() as seen:
            assert (await client.get("lorawan/devices")).status_code == 200
        counts.append(len(seen))
    assert len(set(counts)) == 1
