"""Changing devices, profiles and codecs after they were registered."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.testing import World
from regiohub_lorawan.service import trials
from regiohub_lorawan.testing import Sensor, register, send, up

EDITOR = ("editor",)


async def change(world: World, name: str, result: str, input_: dict[str, Any]) -> Any:
    kind = name[0].upper() + name[1:] + "Input"
    document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {result} errors {{ code field }} }} }}"
    answer = await world.graphql("potsdam", document, {"input": input_}, roles=EDITOR)
    assert answer.errors == []
    return answer.data[name]


async def read(world: World, selection: str) -> Any:
    answer = await world.graphql("potsdam", f"{{ lorawan {{ {selection} }} }}", roles=EDITOR)
    assert answer.errors == []
    return answer.data["lorawan"]


async def test_device_is_renamed_and_moved_with_its_thing(world: World, sensor: Sensor) -> None:
    place = {"type": "Point", "coordinates": [13.1, 52.4]}
    input_ = {"deviceId": str(sensor.device_id), "name": " Pegel Nord ", "origin": "CITIZEN", "place": place}
    made = await change(world, "updateDevice", "device { name origin thing { name place } }", input_)
    assert made["device"] == {
        "name": "Pegel Nord",
        "origin": "CITIZEN",
        "thing": {"name": "Pegel Nord", "place": place},
    }
    assert made["errors"] == []
    found = await read(world, "datastreams { nodes { origin } }")
    assert {node["origin"] for node in found["datastreams"]["nodes"]} == {"CITIZEN"}


async def test_removed_device_takes_its_values_along_and_leaves_those_of_others(world: World, sensor: Sensor) -> None:
    other = await register(sensor.scope, eui="0" * 15 + "2", name="Andere")
    await send(sensor.scope, up(world.clock.now()), up(world.clock.now(), eui="0" * 15 + "2"))
    answer = await world.graphql(
        "potsdam",
        "mutation ($id: ID!) { removeDevice(id: $id) { errors { code } } }",
        {"id": str(sensor.device_id)},
        roles=EDITOR,
    )
    assert (answer.errors, answer.data["removeDevice"]["errors"]) == ([], [])
    found = await read(
        world, "devices { nodes { id } } things { totalCount } datastreams { nodes { latest { value } } }"
    )
    assert [node["id"] for node in found["devices"]["nodes"]] == [str(other.device_id)]
    assert found["things"]["totalCount"] == 1
    assert len(found["datastreams"]["nodes"]) == 2
    async with sensor.scope.read() as ctx:
        from sqlalchemy import func, select

        from regiohub_lorawan.models import Observation

        assert await ctx.session.scalar(select(func.count()).select_from(Observation)) == 2


async def test_new_value_of_a_profile_becomes_a_series_of_each_device(world: World, sensor: Sensor) -> None:
    await register(sensor.scope, eui="0" * 15 + "2", name="Andere")
    mapping = {"path": "pressure", "observedProperty": "air_pressure", "title": "Druck", "unit": "hPa"}
    input_ = {"profileId": str(sensor.profile_id), "mapping": mapping | {"expectedIntervalS": 600}}
    made = await change(world, "saveMapping", "mapping { path unit }", input_)
    assert made["mapping"] == {"path": "pressure", "unit": "hPa"}
    found = await read(
        world, 'datastreams(filter: {observedProperty: "air_pressure"}) { nodes { device { id expectedIntervalS } } }'
    )
    assert found["datastreams"]["nodes"] == [{"device": {"id": str(sensor.device_id), "expectedIntervalS": 600}}]


async def test_changed_limits_reach_the_series_and_the_next_value(world: World, sensor: Sensor) -> None:
    mapping = {"path": "temperature", "observedProperty": "air_temperature", "title": "Luft", "unit": "Cel"}
    input_ = {"profileId": str(sensor.profile_id), "mapping": mapping | {"minimum": -5, "maximum": 10}}
    assert (await change(world, "saveMapping", "mapping { maximum }", input_))["mapping"] == {"maximum": 10}
    await send(sensor.scope, up(world.clock.now(), 25))
    found = await read(
        world, 'datastreams(filter: {observedProperty: "air_temperature"}) { nodes { title latest { quality } } }'
    )
    assert found["datastreams"]["nodes"] == [{"title": "Luft", "latest": {"quality": "IMPLAUSIBLE"}}]


async def test_unit_of_stored_values_cannot_change_and_their_mapping_stays(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now(), 25))
    mapping = {"path": "temperature", "observedProperty": "air_temperature", "title": "Luft", "unit": "K"}
    profile = {"profileId": str(sensor.profile_id)}
    refused = await change(world, "saveMapping", "mapping { unit }", profile | {"mapping": mapping})
    assert refused["errors"] == [{"code": "CONFLICT", "field": "unit"}]
    refused = await change(world, "removeMapping", "deviceProfile { id }", profile | {"path": "temperature"})
    assert refused["errors"] == [{"code": "CONFLICT", "field": "path"}]
    unknown = await change(world, "removeMapping", "deviceProfile { id }", profile | {"path": "nothing"})
    assert unknown["errors"] == [{"code": "NOT_FOUND", "field": "path"}]


async def test_profile_gets_another_name_and_codec(world: World, sensor: Sensor) -> None:
    other = await register(sensor.scope, eui="0" * 15 + "2", name="Andere")
    input_ = {"profileId": str(sensor.profile_id), "name": "Neu", "codecId": str(other.codec_id), "model": "M1"}
    made = await change(world, "updateDeviceProfile", "deviceProfile { name model codec { name } }", input_)
    assert made["deviceProfile"] == {"name": "Neu", "model": "M1", "codec": {"name": "Andere-Codec"}}
    taken = await change(world, "updateDeviceProfile", "deviceProfile { id }", input_ | {"name": "Andere-Profil"})
    assert taken["errors"] == [{"code": "ALREADY_THERE", "field": "name"}]


async def test_payloads_are_kept_with_a_codec_and_forgotten(world: World, sensor: Sensor) -> None:
    input_ = {"codecId": str(sensor.codec_id), "name": "Sommer", "payload": "04 B0-32", "fPort": 1}
    made = await change(world, "addCodecExample", "example { id payloadHex fPort }", input_)
    assert made["example"] | {"id": ""} == {"id": "", "payloadHex": "04b032", "fPort": 1}
    again = await change(world, "addCodecExample", "example { id }", input_)
    assert again["errors"] == [{"code": "ALREADY_THERE", "field": "name"}]
    found = await read(world, "codecs { nodes { examples { nodes { name } } } }")
    assert found["codecs"]["nodes"][0]["examples"]["nodes"] == [{"name": "Sommer"}]
    document = "mutation ($id: ID!) { removeCodecExample(id: $id) { errors { code } } }"
    gone = await world.graphql("potsdam", document, {"id": made["example"]["id"]}, roles=EDITOR)
    assert gone.data["removeCodecExample"]["errors"] == []


async def test_trial_tells_its_time_and_stores_nothing(world: World, sensor: Sensor) -> None:
    input_ = {"payloadHex": "BLAy", "source": "function decodeUplink(i) { return { data: { n: i.bytes.length } } }"}
    made = await change(world, "testCodec", "trial { data errorCode milliseconds }", input_)
    assert made["trial"]["data"] == {"n": 3}
    assert 0 < made["trial"]["milliseconds"] < 10_000
    wrong = await change(world, "testCodec", "trial { data }", input_ | {"payloadHex": "???"})
    assert wrong["errors"] == [{"code": "INVALID_INPUT", "field": "payloadHex"}]
    beyond = await change(world, "testCodec", "trial { data }", input_ | {"fPort": 256})
    assert beyond["errors"] == [{"code": "INVALID_INPUT", "field": "fPort"}]
    assert (await read(world, "messages { totalCount }"))["messages"]["totalCount"] == 0


@pytest.mark.parametrize("role", ["caretaker", "auditor", "citizen"])
async def test_only_editors_change_anything(world_sqlite: World, role: str) -> None:
    sensor = await register(world_sqlite.scope("potsdam"))
    documents = (
        "mutation ($id: ID!) { removeDevice(id: $id) { errors { code } } }",
        "mutation ($id: ID!) { removeCodecExample(id: $id) { errors { code } } }",
        'mutation ($id: ID!) { removeMapping(input: {profileId: $id, path: "x"}) { errors { code } } }',
    )
    for document in documents:
        answer = await world_sqlite.graphql("potsdam", document, {"id": str(sensor.device_id)}, roles=(role,))
        assert answer.codes == ["FORBIDDEN"]


@given(st.binary(min_size=1, max_size=60))
def test_payload_is_read_however_a_network_server_shows_it(payload: bytes) -> None:
    spaced = " ".join(f"{byte:02X}" for byte in payload)
    assert trials.payload_of(spaced) == trials.payload_of(payload.hex()) == trials.payload_of("0x" + spaced) == payload
