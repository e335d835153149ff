"""Sensors that go silent: noticed once, told once, over when they speak again."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from regiohub.testing import World
from regiohub_lorawan.models import Datastream
from regiohub_lorawan.service import silence
from regiohub_lorawan.testing import Sensor, send, up


async def silent(sensor: Sensor) -> set[str]:
    async with sensor.scope.read() as ctx:
        rows = await ctx.session.scalars(select(Datastream).where(Datastream.silent_since.is_not(None)))
        return {row.observed_property for row in rows}


async def field(world: World) -> list[bool]:
    answer = await world.graphql("potsdam", "{ lorawan { datastreams { nodes { isSilent silentSince } } } }")
    nodes: list[dict[str, Any]] = answer.data["lorawan"]["datastreams"]["nodes"]
    return [node["isSilent"] for node in nodes]


async def test_sensor_is_silent_after_three_missed_intervals_and_told_once(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now()))
    world.clock.advance(timedelta(hours=3))
    assert await sensor.scope.run(silence.detect) == 0
    assert await field(world) == [False, False]
    world.clock.advance(timedelta(seconds=1))
    assert await field(world) == [True, True], "the field needs no job"
    assert await sensor.scope.run(silence.detect) == 2
    assert await sensor.scope.run(silence.detect) == 0
    assert await silent(sensor) == {"air_temperature", "relative_humidity"}


async def test_sensor_that_never_sent_is_silent_too(world: World, sensor: Sensor) -> None:
    world.clock.advance(timedelta(hours=4))
    assert await sensor.scope.run(silence.detect) == 2


async def test_only_the_datastream_that_stopped_is_silent(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now()))
    world.clock.advance(timedelta(hours=4))
    await send(sensor.scope, up(world.clock.now(), 20, 255))
    assert await sensor.scope.run(silence.detect) == 1
    assert await silent(sensor) == {"relative_humidity"}


async def test_fresh_value_ends_silence_and_a_late_one_does_not(world: World, sensor: Sensor) -> None:
    start = world.clock.now()
    await send(sensor.scope, up(start))
    world.clock.advance(timedelta(hours=10))
    await sensor.scope.run(silence.detect)
    await send(sensor.scope, up(start + timedelta(hours=1), f_cnt=1))
    assert len(await silent(sensor)) == 2
    await send(sensor.scope, up(world.clock.now(), f_cnt=2))
    assert await silent(sensor) == set()
    assert await field(world) == [False, False]


async def test_silence_and_its_end_are_events(world: World, sensor: Sensor) -> None:
    from regiohub_lorawan.events import DatastreamResumed, DatastreamSilent

    seen: list[str] = []
    emit = type(await _ctx(sensor)).emit

    async def listen(self: Any, event: Any) -> None:
        seen.append(type(event).name)
        await emit(self, event)

    import pytest

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("regiohub.api.Ctx.emit", listen)
        await send(sensor.scope, up(world.clock.now()))
        world.clock.advance(timedelta(hours=10))
        await world.work()
        await send(sensor.scope, up(world.clock.now(), f_cnt=1))
    assert seen == [DatastreamSilent.name] * 2 + [DatastreamResumed.name] * 2


async def _ctx(sensor: Sensor) -> Any:
    async with sensor.scope.read() as ctx:
        return ctx
