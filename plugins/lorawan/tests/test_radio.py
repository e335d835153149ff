"""The radio network as its operator sees it: airtime, traffic, lost frames, gateways, signal and battery of devices."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from regiohub.api import Ctx
from regiohub.testing import World
from regiohub_lorawan.formats import chirpstack, ttn
from regiohub_lorawan.formats.airtime import airtime_ms
from regiohub_lorawan.formats.uplink import MessageKind
from regiohub_lorawan.models import Device
from regiohub_lorawan.models.kinds import Step
from regiohub_lorawan.service import backfill, operation, profiles, silence
from regiohub_lorawan.service.catalogue import MappingPlan
from regiohub_lorawan.store.observations import Point
from regiohub_lorawan.testing import Sensor, send, up

LORA: dict[str, Any] = {
    "txInfo": {"modulation": {"lora": {"bandwidth": 125000, "spreadingFactor": 7, "codeRate": "CR_4_5"}}}
}
TWO_GATEWAYS: dict[str, Any] = {
    "rxInfo": [{"gatewayId": "AA", "rssi": -110, "snr": -2}, {"gatewayId": "bb", "rssi": -80, "snr": 7}]
}


async def device_of(sensor: Sensor) -> Device:
    async with sensor.scope.read() as ctx:
        found = await ctx.session.find(Device, sensor.device_id)
        assert found is not None
        return found


async def total(sensor: Sensor) -> operation.Traffic:
    async with sensor.scope.read() as ctx:
        now = ctx.now()
        return await operation.total(ctx, now - timedelta(days=30), now + timedelta(days=1))


@pytest.mark.parametrize(
    ("payload", "factor", "bandwidth", "milliseconds"),
    [(10, 7, 125_000, 61.7), (51, 12, 125_000, 2793.5), (0, 9, 125_000, 164.9), (20, 7, 250_000, 36.0)],
)
def test_airtime_is_that_of_the_radios_data_sheet(
    payload: int, factor: int, bandwidth: int, milliseconds: float
) -> None:
    assert airtime_ms(payload, factor, bandwidth) == pytest.approx(milliseconds, abs=0.1)


def test_both_network_servers_tell_the_spreading_factor(world_sqlite: World) -> None:
    now = world_sqlite.clock.now()
    message = chirpstack.parse(up(now, **LORA), MessageKind.UP, now)
    assert message.radio is not None
    assert (message.radio.spreading_factor, round(message.radio.airtime_ms)) == (7, 51)
    body = b"""{"end_device_ids": {"dev_eui": "0102030405060708"}, "uplink_message": {"frm_payload": "AQID",
        "settings": {"data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 7, "coding_rate": "4/5"}}}}}"""
    assert ttn.parse(body, now).radio == message.radio


def test_impossible_radio_settings_are_none(world_sqlite: World) -> None:
    now = world_sqlite.clock.now()
    for lora in ({}, {"bandwidth": 0, "spreadingFactor": 7}, {"bandwidth": 125000, "spreadingFactor": 99}):
        assert chirpstack.parse(up(now, txInfo={"modulation": {"lora": lora}}), MessageKind.UP, now).radio is None


async def test_traffic_counts_each_uplink_once_and_its_repetitions_apart(world: World, sensor: Sensor) -> None:
    at = world.clock.now()
    await send(sensor.scope, up(at, f_cnt=1, **LORA), up(at + timedelta(minutes=1), f_cnt=2, **LORA, **TWO_GATEWAYS))
    await send(sensor.scope, up(at, f_cnt=1, **LORA))
    await send(sensor.scope, up(at + timedelta(minutes=2), f_cnt=3, f_port=9, **LORA))
    found = await total(sensor)
    assert (found.uplinks, found.alone, found.repeated, found.failed, found.lost) == (3, 2, 1, 1, 0)
    assert found.airtime_ms == pytest.approx(3 * airtime_ms(3, 7, 125_000))
    async with sensor.scope.read() as ctx:
        shares = await operation.factors(ctx, at - timedelta(hours=1), at + timedelta(hours=1))
        assert [(share.spreading_factor, share.uplinks) for share in shares] == [(7, 3)]
        heard = await operation.gateway_traffic(ctx, "bb", at - timedelta(hours=1), at + timedelta(hours=1))
        assert [(hour.uplinks, hour.rssi_best, hour.snr_mean) for hour in heard] == [(1, -80, 7)]


async def test_gap_of_the_counter_counts_as_lost_until_the_late_frame_comes(world: World, sensor: Sensor) -> None:
    at = world.clock.now()
    await send(sensor.scope, up(at, f_cnt=5))
    await send(sensor.scope, up(at + timedelta(minutes=3), f_cnt=8))
    assert (await total(sensor)).lost == 2
    await send(sensor.scope, up(at + timedelta(minutes=1), f_cnt=6))
    assert (await total(sensor)).lost == 1
    assert (await device_of(sensor)).f_cnt == 8, "a late frame does not turn the counter back"


async def test_counter_that_starts_again_is_no_loss(world: World, sensor: Sensor) -> None:
    at = world.clock.now()
    await send(sensor.scope, up(at, f_cnt=500), up(at + timedelta(minutes=1), f_cnt=0))
    await send(sensor.scope, up(at + timedelta(minutes=2), f_cnt=40_000))
    assert (await total(sensor)).lost == 0


async def test_decoding_again_counts_nothing_twice(world: World, sensor: Sensor) -> None:
    from regiohub_lorawan.service import redecoding

    await send(sensor.scope, up(world.clock.now(), f_cnt=1, **LORA))
    before = await total(sensor)
    wanted = redecoding.Selection(device_id=sensor.device_id)
    await sensor.scope.run(lambda ctx: redecoding.begin(ctx, wanted))
    await world.work()
    assert await total(sensor) == before


async def test_days_of_traffic_are_the_towns_days(world: World, sensor: Sensor) -> None:
    evening = world.clock.now().replace(hour=21, minute=30) - timedelta(days=1)
    await send(sensor.scope, up(evening, f_cnt=1), up(evening + timedelta(hours=1), f_cnt=2))
    async with sensor.scope.read() as ctx:
        days = await operation.traffic(ctx, evening - timedelta(days=2), evening + timedelta(days=1), Step.DAY)
        hours = await operation.traffic(ctx, evening - timedelta(days=2), evening + timedelta(days=1), Step.HOUR)
    assert [day.uplinks for day in days] == [1, 1], "22:30 UTC is the next day in Potsdam"
    assert [hour.uplinks for hour in hours] == [1, 1]


async def test_device_shows_signal_and_battery_of_its_last_uplink(world: World, sensor: Sensor) -> None:
    battery = MappingPlan("humidity", "battery_voltage", "Batterie", "mV", None, None, None)
    await sensor.scope.run(lambda ctx: profiles.remove_mapping(ctx, sensor.profile_id, "humidity"))
    await sensor.scope.run(lambda ctx: profiles.save_mapping(ctx, sensor.profile_id, battery))
    await send(sensor.scope, up(world.clock.now(), 20, 250, f_cnt=7, **LORA, **TWO_GATEWAYS))
    found = await device_of(sensor)
    assert (found.spreading_factor, found.f_cnt, found.rssi_dbm, found.snr_db) == (7, 7, -80, 7)
    assert found.battery_volts == 0.25
    assert found.expected_interval_s == 3600


async def test_device_is_silent_while_one_of_its_series_is(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now()))
    world.clock.advance(timedelta(hours=4))
    await sensor.scope.run(silence.detect)
    assert (await device_of(sensor)).silent_since == world.clock.now()
    await send(sensor.scope, up(world.clock.now(), 20, 255, f_cnt=1))
    assert (await device_of(sensor)).silent_since is not None, "humidity is still missing"
    await send(sensor.scope, up(world.clock.now(), 20, 50, f_cnt=2))
    assert (await device_of(sensor)).silent_since is None


async def test_loaded_history_that_reaches_the_present_ends_silence(world: World, sensor: Sensor) -> None:
    from regiohub_lorawan.models.moments import to_millis

    world.clock.advance(timedelta(hours=4))
    await sensor.scope.run(silence.detect)
    now = to_millis(world.clock.now())
    await backfill.load(sensor.scope, [Point(s.series, now, 1.0) for s in (sensor.temperature, sensor.humidity)])
    assert (await device_of(sensor)).silent_since is None


async def test_operator_asks_for_traffic_by_graphql(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now(), f_cnt=1, **LORA, **TWO_GATEWAYS))
    document = """query ($from: DateTime!, $to: DateTime!) { lorawan {
        traffic(step: HOUR, from: $from, to: $to) { startsAt uplinks alone lost repeated failed airtimeMs }
        spreadingFactors(from: $from, to: $to) { spreadingFactor uplinks }
        gatewayTraffic(gatewayId: "AA", from: $from, to: $to) { uplinks rssiBest }
        devices(orderBy: SILENT_FIRST, filter: {silent: false, faulty: false}) { nodes { spreadingFactor fCnt } }
        brokerLinks { totalCount } } }"""
    now = world.clock.now()
    span = {"from": (now - timedelta(days=1)).isoformat(), "to": (now + timedelta(hours=1)).isoformat()}
    answer = await world.graphql("potsdam", document, span, roles=("editor",))
    assert answer.errors == []
    found = answer.data["lorawan"]
    assert found["traffic"][0]["uplinks"] == 1
    assert found["spreadingFactors"] == [{"spreadingFactor": 7, "uplinks": 1}]
    assert found["gatewayTraffic"] == [{"uplinks": 1, "rssiBest": -110}]
    assert found["devices"]["nodes"] == [{"spreadingFactor": 7, "fCnt": 1}]
    stranger = await world.graphql("potsdam", document, span)
    assert set(stranger.codes) == {"UNAUTHENTICATED"}


async def test_span_of_more_than_two_years_is_refused(world_sqlite: World) -> None:
    from regiohub.api import InvalidInput

    async with world_sqlite.scope("potsdam").read() as ctx:
        with pytest.raises(InvalidInput):
            await operation.traffic(ctx, ctx.now() - timedelta(days=800), ctx.now(), Step.DAY)


async def test_two_processes_count_into_the_same_hour(world: World, sensor: Sensor) -> None:
    from regiohub_lorawan.models import RadioHour
    from regiohub_lorawan.store.traffic import Tally, add

    async def count(ctx: Ctx) -> None:
        tally = Tally()
        tally.radio[3_600_000, 7].uplinks += 2
        tally.gateways[3_600_000, "a"].hear(-90, 3)
        await add(ctx.session, tally)

    for _ in range(2):
        await sensor.scope.run(count)
    async with sensor.scope.read() as ctx:
        row = (await ctx.session.scalars(select(RadioHour))).one()
        assert row.uplinks == 4
