"""From message to value: stored first, idempotent, right under late data, honest about failures."""

import asyncio
import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from regiohub.api import TenantScope, WorkState, work_of
from regiohub.testing import World
from regiohub_lorawan.formats.uplink import MessageKind, Source
from regiohub_lorawan.models import Datastream, Device, Gateway, Observation, StoredMessage, Thing
from regiohub_lorawan.models.kinds import MessageState, Step
from regiohub_lorawan.models.radio import RadioHour
from regiohub_lorawan.service import catalogue, intake, reading, redecoding
from regiohub_lorawan.service.pipeline import codec_pool, pipeline
from regiohub_lorawan.service.processing import Work, process
from regiohub_lorawan.service.redecoding import Selection
from regiohub_lorawan.service.rollups import roll_up
from regiohub_lorawan.testing import CODEC, EUI, Sensor, hours, register, send, up


async def values(scope: TenantScope, stream: Datastream) -> list[tuple[datetime, float, int]]:
    async with scope.read() as ctx:
        rows = await ctx.session.scalars(
            select(Observation).where(Observation.series == stream.series).order_by(Observation.ts)
        )
        return [(row.ts, row.value, row.quality) for row in rows]


async def messages(scope: TenantScope) -> list[StoredMessage]:
    async with scope.read() as ctx:
        return list(await ctx.session.scalars(select(StoredMessage).order_by(StoredMessage.id)))


async def one(scope: TenantScope, model: Any, id_: Any) -> Any:
    async with scope.read() as ctx:
        return await ctx.session.find(model, id_)


async def test_uplink_becomes_values_with_quality(world: World, sensor: Sensor) -> None:
    now = world.clock.now()
    await send(sensor.scope, up(now, 21.5, 40), up(now - timedelta(hours=1), 99.0, 255))
    assert await values(sensor.scope, sensor.temperature) == [(now - timedelta(hours=1), 99.0, 1), (now, 21.5, 0)]
    assert await values(sensor.scope, sensor.humidity) == [(now, 40.0, 0)], "NaN is no value"
    stream = await one(sensor.scope, Datastream, sensor.temperature.id)
    assert (stream.latest_at, stream.latest_value, stream.latest_quality) == (now, 21.5, 0)
    device = await one(sensor.scope, Device, sensor.device_id)
    assert (device.last_seen_at, device.rssi_dbm, device.snr_db, device.error_code) == (now, -71, 8.5, None)
    assert [row.state for row in await messages(sensor.scope)] == [MessageState.DONE] * 2


async def test_every_message_twice_and_shuffled_gives_the_same_rows_as_once_in_order(world: World) -> None:
    start = world.clock.now() - timedelta(hours=60)
    bodies = [up(at, 20 + n % 7, n, f_cnt=n) for n, at in enumerate(hours(50, start))]
    tidy = await register(world.scope("potsdam"))
    messy = await register(world.scope("bad-belzig"))
    await send(tidy.scope, *bodies)
    twice = bodies * 2
    random.Random(7).shuffle(twice)
    receipts = await send(messy.scope, *twice)
    assert sum(receipt.duplicate for receipt in receipts) == 50
    for stream in ("temperature", "humidity"):
        expected = await values(tidy.scope, getattr(tidy, stream))
        assert len(expected) == 50
        assert await values(messy.scope, getattr(messy, stream)) == expected
    assert len(await messages(messy.scope)) == 50
    left = await one(tidy.scope, Datastream, tidy.temperature.id)
    right = await one(messy.scope, Datastream, messy.temperature.id)
    assert (left.latest_at, left.latest_value) == (right.latest_at, right.latest_value)


async def test_late_uplink_enters_the_series_and_leaves_the_latest_value_alone(world: World, sensor: Sensor) -> None:
    now = world.clock.now()
    await send(sensor.scope, up(now, 20))
    await send(sensor.scope, up(now - timedelta(days=3), 5))
    stream = await one(sensor.scope, Datastream, sensor.temperature.id)
    assert (stream.latest_at, stream.latest_value) == (now, 20)
    assert [value for _, value, _ in await values(sensor.scope, sensor.temperature)] == [5, 20]


async def test_failing_codec_keeps_the_message_and_shows_the_error(world: World, sensor: Sensor) -> None:
    now = world.clock.now()
    await send(sensor.scope, up(now, 20, f_port=9))
    (message,) = await messages(sensor.scope)
    assert (message.state, message.error_code) == (MessageState.FAILED, "CODEC_EXCEPTION")
    assert "unknown frame" in (message.error_de or "")
    assert "unknown frame" in (message.error_en or "")
    assert f'"devEui": "{EUI}"' in message.body
    device = await one(sensor.scope, Device, sensor.device_id)
    assert (device.error_code, device.error_at) == ("CODEC_EXCEPTION", now)
    await send(sensor.scope, up(now + timedelta(minutes=1), 20))
    assert (await one(sensor.scope, Device, sensor.device_id)).error_code is None


async def test_history_decoded_again_after_a_codec_fix_replaces_and_removes_values(
    world: World, sensor: Sensor
) -> None:
    now = world.clock.now()
    await send(sensor.scope, up(now - timedelta(hours=2), 20, 50), up(now - timedelta(hours=1), 21, 51, f_port=9))
    fixed = CODEC.replace("/ 10", "/ 10 + 1").replace("throw", "if (false) throw").replace("humidity:", "dampness:")

    async def fix(ctx: Any) -> int:
        await catalogue.update_codec(ctx, sensor.codec_id, fixed, "offset")
        return (await redecoding.begin(ctx, Selection(codec_id=sensor.codec_id))).total

    assert await sensor.scope.run(fix) == 2
    await world.work()
    assert [value for _, value, _ in await values(sensor.scope, sensor.temperature)] == [21, 22]
    assert await values(sensor.scope, sensor.humidity) == []
    assert {(row.state, row.codec_version) for row in await messages(sensor.scope)} == {(MessageState.DONE, 2)}
    temperature = await one(sensor.scope, Datastream, sensor.temperature.id)
    humidity = await one(sensor.scope, Datastream, sensor.humidity.id)
    assert (temperature.latest_value, humidity.latest_value, humidity.latest_at) == (22, None, None)
    async with sensor.scope.read() as ctx:
        found = await reading.aggregates(ctx, sensor.humidity.series, Step.HOUR, now - timedelta(days=1), now)
    assert found == []


async def test_only_failed_messages_are_decoded_again_when_asked_so(world: World, sensor: Sensor) -> None:
    now = world.clock.now()
    await send(sensor.scope, up(now - timedelta(hours=2)), up(now - timedelta(hours=1), f_port=9))
    wanted = Selection(codec_id=sensor.codec_id, only_failed=True)
    work = await sensor.scope.run(lambda ctx: redecoding.begin(ctx, wanted))
    assert work.total == 1
    await world.work()
    async with sensor.scope.read() as ctx:
        found = await work_of(ctx, work.id)
    assert found is not None
    assert (found.state, found.done, found.failed) == (WorkState.DONE, 0, 1)


async def test_message_of_an_unknown_device_is_kept_and_evaluated_after_registration(world: World) -> None:
    scope, now = world.scope("potsdam"), world.clock.now()
    (receipt,) = await send(scope, up(now, 12))
    assert receipt.state is MessageState.UNKNOWN_DEVICE
    (message,) = await messages(scope)
    assert (message.state, message.error_code) == (MessageState.UNKNOWN_DEVICE, "UNKNOWN_DEVICE")
    sensor = await register(scope)
    await pipeline(scope).idle()
    assert [value for _, value, _ in await values(scope, sensor.temperature)] == [12]
    assert [(row.state, row.error_code) for row in await messages(scope)] == [(MessageState.DONE, None)]


@pytest.mark.parametrize("offset", [timedelta(minutes=6), timedelta(days=4000), timedelta(days=-12_000)])
async def test_message_from_the_far_future_or_past_is_kept_but_not_evaluated(
    world: World, sensor: Sensor, offset: timedelta
) -> None:
    (receipt,) = await send(sensor.scope, up(world.clock.now() + offset))
    assert receipt.state is MessageState.REFUSED
    (message,) = await messages(sensor.scope)
    assert (message.state, message.error_code) == (MessageState.REFUSED, "TIME_OUT_OF_RANGE")
    assert await values(sensor.scope, sensor.temperature) == []


async def test_pending_messages_of_a_dead_process_are_taken_up_by_the_job(world: World, sensor: Sensor) -> None:
    from regiohub_lorawan.formats.uplink import Source
    from regiohub_lorawan.service import intake

    now = world.clock.now()
    await intake.store_batch(sensor.scope, [intake.read(sensor.scope, Source.CHIRPSTACK, up(now, 17))])
    assert await values(sensor.scope, sensor.temperature) == []
    world.clock.advance(timedelta(minutes=1))
    assert await pipeline(sensor.scope).catch_up() == 1
    assert [value for _, value, _ in await values(sensor.scope, sensor.temperature)] == [17]
    assert await pipeline(sensor.scope).catch_up() == 0


async def test_message_that_two_processes_take_up_counts_once(world: World, sensor: Sensor) -> None:
    scope = sensor.scope
    received = [
        intake.read(scope, Source.CHIRPSTACK, up(at, f_cnt=n))
        for n, at in enumerate(hours(4, world.clock.now() - timedelta(hours=9)))
    ]
    receipts = await intake.store_batch(scope, received)
    batch = [Work(receipt.id, receipt.message) for receipt in receipts]
    pool = codec_pool(scope)
    await asyncio.gather(
        process(scope, pool, batch), process(scope, pool, batch[::-1]), process(scope, pool, batch[:2])
    )
    async with scope.read() as ctx:
        assert await ctx.session.scalar(select(func.sum(RadioHour.uplinks))) == 4
    assert len(await values(scope, sensor.temperature)) == 4


async def test_words_of_a_codec_that_no_database_holds_do_not_stop_the_others(world: World) -> None:
    codec = CODEC.replace("unknown frame", "\\u0000\\ud800")
    sensor, now = await register(world.scope("potsdam"), codec=codec), world.clock.now()
    await send(sensor.scope, up(now, 20, f_port=9), up(now - timedelta(hours=1), 21))
    assert [value for _, value, _ in await values(sensor.scope, sensor.temperature)] == [21]
    assert {row.state for row in await messages(sensor.scope)} == {MessageState.DONE, MessageState.FAILED}


async def test_one_message_that_cannot_be_written_leaves_only_itself_behind(
    world: World, sensor: Sensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import DataError

    from regiohub_lorawan.store import observations

    good = observations.put

    async def picky(session: Any, points: Any) -> None:
        if any(point.value == 13 for point in points):
            raise DataError("statement", {}, Exception("cannot be stored"))
        await good(session, points)

    monkeypatch.setattr(observations, "put", picky)
    now = world.clock.now()
    await send(sensor.scope, *(up(now - timedelta(hours=n), n, f_cnt=n) for n in range(10, 18)))
    states = [row.state for row in await messages(sensor.scope)]
    assert sorted(states) == [MessageState.DONE] * 7 + [MessageState.PENDING]
    assert [value for _, value, _ in await values(sensor.scope, sensor.temperature)] == [17, 16, 15, 14, 12, 11, 10]


async def test_other_events_change_the_device(world: World, sensor: Sensor) -> None:
    import json

    now = world.clock.now()
    base = {"time": now.isoformat(), "deviceInfo": {"devEui": EUI}}
    await send(sensor.scope, json.dumps(base | {"deduplicationId": "j"}).encode(), kind=MessageKind.JOIN)
    status = base | {"deduplicationId": "s", "margin": 7, "batteryLevel": 83.5}
    await send(sensor.scope, json.dumps(status).encode(), kind=MessageKind.STATUS)
    location = base | {"deduplicationId": "l", "location": {"latitude": 52.1, "longitude": 12.6}}
    await send(sensor.scope, json.dumps(location).encode(), kind=MessageKind.LOCATION)
    log = base | {"level": "ERROR", "code": "UPLINK_MIC", "description": "bad key"}
    await send(sensor.scope, json.dumps(log).encode(), kind=MessageKind.LOG)
    for kind in (MessageKind.ACK, MessageKind.TXACK):
        await send(sensor.scope, json.dumps(base).encode(), kind=kind)
    device = await one(sensor.scope, Device, sensor.device_id)
    assert (device.last_joined_at, device.battery_percent, device.external_power) == (now, 83.5, False)
    assert (device.link_margin_db, device.error_code) == (7, "NETWORK_SERVER")
    thing = await one(sensor.scope, Thing, device.thing_id)
    assert thing.place["coordinates"] == [12.6, 52.1]
    assert {row.state for row in await messages(sensor.scope)} == {MessageState.DONE}
    assert len(await messages(sensor.scope)) == 6


async def test_gateways_that_hear_a_device_are_noticed(world: World, sensor: Sensor) -> None:
    now = world.clock.now()
    await send(sensor.scope, up(now - timedelta(hours=1)))
    await send(sensor.scope, up(now))
    async with sensor.scope.read() as ctx:
        (gateway,) = await ctx.session.scalars(select(Gateway))
    assert (gateway.gateway_id, gateway.registered, gateway.last_seen_at) == ("0016c001f153a14c", False, now)


async def test_messages_of_one_town_never_touch_another(world: World, sensor: Sensor) -> None:
    other = await register(world.scope("bad-belzig"))
    await send(other.scope, up(world.clock.now(), 3))
    assert await values(sensor.scope, sensor.temperature) == []
    assert await messages(sensor.scope) == []
    assert [value for _, value, _ in await values(other.scope, other.temperature)] == [3]


async def test_old_messages_are_forgotten_and_their_values_stay(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now(), 3))
    await world.later(days=400)
    assert len(await messages(sensor.scope)) == 1
    await world.later(days=1)
    assert await messages(sensor.scope) == []
    assert len(await values(sensor.scope, sensor.temperature)) == 1
    await roll_up(sensor.scope)
