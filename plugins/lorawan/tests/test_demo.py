"""Example sensors: a year of values with gaps and late ones, alive afterwards, repeatable."""

import asyncio
import itertools
import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from regiohub.testing import World
from regiohub_lorawan.demo import DEMO, content
from regiohub_lorawan.demo.kinds import KINDS
from regiohub_lorawan.demo.live import message
from regiohub_lorawan.demo.signal import Signal, past_hours
from regiohub_lorawan.models import Datastream, Device, DirtyHour, GatewayHour, Observation, RadioHour, Rollup
from regiohub_lorawan.service.pipeline import pipeline

CONTENT = """
[[sensors]]
dev_eui = "de30000000099001"
name = "Klimasensor (Beispiel)"
kind = "climate"
at = [13.06, 52.39]

[[sensors]]
dev_eui = "de30000000099002"
name = "Pegel (Beispiel)"
kind = "noise"
at = [13.06, 52.39]
silent_days = 3
"""


async def counts(world: World) -> tuple[int, int, int]:
    async with world.scope("potsdam").read() as ctx:
        found = [
            await ctx.session.scalar(select(func.count()).select_from(m)) or 0 for m in (Device, Observation, Rollup)
        ]
        return found[0], found[1], found[2]


async def traffic(world: World) -> tuple[int, int]:
    async with world.scope("potsdam").read() as ctx:
        hours = await ctx.session.scalar(select(func.count()).select_from(GatewayHour))
        uplinks = await ctx.session.scalar(select(func.sum(RadioHour.uplinks)))
        return hours or 0, uplinks or 0


async def test_demo_loads_a_year_and_loading_again_changes_nothing(world: World, tmp_path: Path) -> None:
    (tmp_path / "lorawan.toml").write_text(CONTENT)
    scope = world.scope("potsdam")
    await DEMO.load(scope, tmp_path)
    first, hours = await counts(world), await traffic(world)
    await DEMO.load(scope, tmp_path)
    assert await counts(world) == first
    assert await traffic(world) == hours
    assert hours[0] > 29 * 24 * 2
    devices, values, _ = first
    assert devices == 2
    assert 3 * 8760 * 0.9 < values < 3 * 8760, "a year of hours with gaps"
    async with scope.read() as ctx:
        assert await ctx.session.scalar(select(func.count()).select_from(DirtyHour)) == 0
        streams = {row.observed_property: row for row in await ctx.session.scalars(select(Datastream))}
    now = world.clock.now()
    latest = streams["air_temperature"].latest_at
    assert latest is not None
    assert latest > now - timedelta(days=3)
    quiet = streams["sound_level"].latest_at
    assert quiet is not None
    assert quiet < now - timedelta(days=3)


async def test_command_of_the_hint_is_an_uplink_that_is_accepted(world_sqlite: World, tmp_path: Path) -> None:
    (tmp_path / "lorawan.toml").write_text(CONTENT)
    scope = world_sqlite.scope("potsdam")
    await DEMO.load(scope, tmp_path)
    assert DEMO.hints is not None
    (hint,) = await DEMO.hints(scope)
    address = hint.command.split("'")[1].replace("{town}", "/potsdam")
    key = hint.command.split("Authorization: ")[1].split("'")[0]
    body = hint.command.split(' -d "')[1][:-1].replace("\\", "").replace("$RANDOM", "7")
    response: httpx.Response = await world_sqlite.client.post(address, content=body, headers={"authorization": key})
    assert response.status_code == 202
    await pipeline(scope).idle()
    data = await world_sqlite.graphql(
        "potsdam",
        '{ lorawan { datastreams(filter: {observedProperty: "air_temperature"}) { nodes { latest { value } } } } }',
    )
    assert data.data["lorawan"]["datastreams"]["nodes"] == [{"latest": {"value": 25.5}}]
    assert (scope.data_dir / "lorawan-demo.key").stat().st_mode & 0o077 == 0


async def test_live_generator_sends_for_all_but_the_silent_sensors(world_sqlite: World, tmp_path: Path) -> None:
    (tmp_path / "lorawan.toml").write_text(CONTENT)
    scope = world_sqlite.scope("potsdam")
    await DEMO.load(scope, tmp_path)
    assert DEMO.live is not None
    heard = scope.listen("lorawan.observation")
    task = asyncio.ensure_future(DEMO.live(scope))
    try:
        told = await asyncio.wait_for(anext(heard), 20)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert len(told["points"]) == 2
    await pipeline(scope).idle()
    async with scope.read() as ctx:
        devices = await ctx.session.scalars(select(Device))
        seen = {device.dev_eui: device.last_seen_at for device in devices}
    assert seen["de30000000099001"] == world_sqlite.clock.now()
    assert seen["de30000000099002"] == world_sqlite.clock.now() - timedelta(days=3)


async def test_town_without_a_file_has_one_sensor_at_its_centre(tmp_path: Path) -> None:
    found = content.read(tmp_path, "potsdam", (13.0, 52.0))
    assert [(sensor.kind, sensor.at) for sensor in found.sensors] == [("climate", (13.0, 52.0))]
    (tmp_path / "lorawan.toml").write_text('[[sensors]]\nname = "x"')
    with pytest.raises(ValidationError):
        content.read(tmp_path, "potsdam", (13.0, 52.0))


async def test_towns_of_this_repository_have_sound_sensor_files() -> None:
    folders = Path(__file__).parents[3] / "tenants"
    euis = [
        s.dev_eui for f in sorted(folders.glob("*/lorawan.toml")) for s in content.read(f.parent, "x", (0, 0)).sensors
    ]
    assert len(euis) == len(set(euis)) >= 4


def test_signal_is_repeatable_and_stays_within_its_range() -> None:
    for kind in KINDS.values():
        for quantity in kind.quantities:
            signal = Signal.of(quantity.curve, "x")
            values = [signal.at(ts) for ts in range(0, 366 * 86_400_000, 3_600_000 * 7)]
            assert values == [Signal.of(quantity.curve, "x").at(ts) for ts in range(0, 366 * 86_400_000, 3_600_000 * 7)]
            assert quantity.curve.floor <= min(values) < max(values) <= quantity.curve.ceiling


def test_past_has_gaps_and_late_hours() -> None:
    hours = list(past_hours("x", 0, 8760 * 3_600_000))
    assert sum(hour.late for hour in hours) > 50
    assert max(b.ts - a.ts for a, b in itertools.pairwise(hours)) > 6 * 3_600_000


async def test_message_of_an_example_sensor_is_an_uplink(world_sqlite: World) -> None:
    body = json.loads(message(world_sqlite.scope("potsdam"), "de30000000099001", KINDS["climate"]))
    assert body["deviceInfo"]["devEui"] == "de30000000099001"
