"""The town's API of sensors."""

from datetime import timedelta
from typing import Any

import pytest

from regiohub.testing import World
from regiohub_lorawan.service.pipeline import pipeline
from regiohub_lorawan.service.rollups import roll_up
from regiohub_lorawan.testing import CODEC, EUI, Sensor, hours, register, send, up

EDITOR = ("editor",)


async def ok(world: World, document: str, variables: dict[str, Any] | None = None, **caller: Any) -> Any:
    answer = await world.graphql("potsdam", document, variables, **caller)
    assert answer.errors == []
    return answer.data


async def change(world: World, name: str, result: str, input_: dict[str, Any], **caller: Any) -> Any:
    kind = name[0].upper() + name[1:] + "Input"
    document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {result} errors {{ code field message }} }} }}"
    return (await ok(world, document, {"input": input_}, **({"roles": EDITOR} | caller)))[name]


async def test_codec_profile_and_device_are_registered_and_an_uplink_becomes_a_value(world: World) -> None:
    codec = await change(
        world, "createCodec", "codec { id currentVersion }", {"name": "C", "kind": "JAVASCRIPT", "source": CODEC}
    )
    assert codec["errors"] == []
    mapping = {"path": "temperature", "observedProperty": "air_temperature", "title": "Luft", "unit": "Cel"}
    profile = await change(
        world,
        "createDeviceProfile",
        "deviceProfile { id mappings { nodes { path unit } } }",
        {"name": "P", "codecId": codec["codec"]["id"], "mappings": [mapping]},
    )
    assert profile["deviceProfile"]["mappings"]["nodes"] == [{"path": "temperature", "unit": "Cel"}]
    place = {"type": "Point", "coordinates": [13.06, 52.39]}
    device = await change(
        world,
        "registerDevice",
        "device { id devEui thing { place } }",
        {"devEui": "01-02-03-04-05-06-07-08", "name": "D", "profileId": profile["deviceProfile"]["id"], "place": place},
    )
    assert device["device"]["devEui"] == EUI
    assert device["device"]["thing"]["place"] == place
    await send(world.scope("potsdam"), up(world.clock.now(), 18.5))
    data = await ok(
        world, "{ lorawan { datastreams { nodes { unitLabel isSilent device { name } latest { value time } } } } }"
    )
    assert data["lorawan"]["datastreams"]["nodes"] == [
        {
            "unitLabel": "°C",
            "isSilent": False,
            "device": {"name": "D"},
            "latest": {"value": 18.5, "time": "2026-06-01T08:00:00.000Z"},
        }
    ]


@pytest.mark.parametrize(
    ("change_", "code", "field"),
    [
        ({"unit": "°C"}, "UNKNOWN_UNIT", "unit"),
        ({"path": "a..b"}, "INVALID_PATH", "path"),
        ({"minimum": 5, "maximum": 1}, "INVALID_INPUT", "minimum"),
        ({"expectedIntervalS": 0}, "INVALID_INPUT", "expectedIntervalS"),
        ({"title": " "}, "INVALID_INPUT", "title"),
    ],
)
async def test_bad_mapping_is_refused_with_code_and_field(
    world_sqlite: World, change_: dict[str, Any], code: str, field: str
) -> None:
    world = world_sqlite
    codec = await change(world, "createCodec", "codec { id }", {"name": "C", "kind": "CAYENNE_LPP"})
    mapping = {"path": "t", "observedProperty": "p", "title": "T", "unit": "Cel"} | change_
    found = await change(
        world,
        "createDeviceProfile",
        "deviceProfile { id }",
        {"name": "P", "codecId": codec["codec"]["id"], "mappings": [mapping]},
    )
    assert found["deviceProfile"] is None
    assert [(e["code"], e["field"]) for e in found["errors"]] == [(code, field)]


async def test_device_is_refused_twice_with_a_bad_eui_and_outside_the_world(world: World, sensor: Sensor) -> None:
    base = {"name": "D", "profileId": str(sensor.profile_id)}
    for extra, code, field in (
        ({"devEui": EUI}, "ALREADY_THERE", "devEui"),
        ({"devEui": "12"}, "MALFORMED_MESSAGE", "devEui"),
        ({"devEui": "1" * 16, "profileId": str(sensor.device_id)}, "NOT_FOUND", "profileId"),
    ):
        found = await change(world, "registerDevice", "device { id }", base | extra)
        assert [(e["code"], e["field"]) for e in found["errors"]] == [(code, field)]
    outside = base | {"devEui": "1" * 16, "place": {"type": "Point", "coordinates": [200, 95]}}
    document = "mutation ($input: RegisterDeviceInput!) { registerDevice(input: $input) { device { id } } }"
    answer = await world.graphql("potsdam", document, {"input": outside}, roles=EDITOR)
    assert "outside the world" in answer.errors[0]["message"]


async def test_codec_is_tried_out_without_storing_anything(world_sqlite: World) -> None:
    result = "trial { data warnings errorCode errorText }"
    good = await change(world_sqlite, "testCodec", result, {"source": CODEC, "payloadHex": "04 B0 32"})
    assert good["trial"] == {
        "data": {"temperature": 20, "humidity": 50},
        "warnings": [],
        "errorCode": None,
        "errorText": None,
    }
    loop = await change(world_sqlite, "testCodec", result, {"source": "while(true){}", "payloadHex": ""})
    assert loop["trial"]["errorCode"] == "CODEC_TIMEOUT"
    assert loop["trial"]["data"] is None
    lpp = await change(world_sqlite, "testCodec", result, {"kind": "CAYENNE_LPP", "payloadHex": "03670110"})
    assert lpp["trial"]["data"] == {"temperature_3": 27.2}
    odd = await change(world_sqlite, "testCodec", result, {"source": CODEC, "payloadHex": "0g"})
    assert [(e["code"], e["field"]) for e in odd["errors"]] == [("INVALID_INPUT", "payloadHex")]


async def test_changes_need_the_permission(world: World, sensor: Sensor) -> None:
    callers: list[tuple[dict[str, Any], str]] = [
        ({}, "UNAUTHENTICATED"),
        ({"subject": "bob"}, "FORBIDDEN"),
        ({"roles": ("auditor",)}, "FORBIDDEN"),
    ]
    for caller, code in callers:
        for document in (
            'mutation { createCodec(input: {name: "x", kind: CAYENNE_LPP}) { codec { id } } }',
            'mutation { createIngestKey(label: "x") { ingestKey { key } } }',
            f'mutation {{ redecodeHistory(input: {{codecId: "{sensor.codec_id}"}}) {{ redecoding {{ messages }} }} }}',
            'mutation { testCodec(input: {source: "", payloadHex: ""}) { trial { data } } }',
            'mutation { registerGateway(input: {gatewayId: "x", name: "y"}) { gateway { id } } }',
        ):
            answer = await world.graphql("potsdam", document, **caller)
            assert answer.codes == [code], (caller, document)


async def test_radio_identifiers_messages_and_keys_are_not_for_everybody(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now()))
    for selection in ("devices { nodes { devEui } }", "messages { nodes { body } }", "ingestKeys { nodes { label } }"):
        answer = await world.graphql("potsdam", f"{{ lorawan {{ {selection} }} }}")
        assert answer.errors, selection
        assert EUI not in str(answer.data)
    data = await ok(world, "{ lorawan { messages { nodes { body state } } } }", roles=EDITOR)
    assert data["lorawan"]["messages"]["nodes"][0]["state"] == "DONE"


async def test_ingest_key_is_shown_once_and_can_be_withdrawn(world: World) -> None:
    admin: dict[str, Any] = {"roles": ("tenant-admin",)}
    data = await ok(
        world,
        'mutation { createIngestKey(label: "TTN") { ingestKey { key entry { id label } } errors { code } } }',
        **admin,
    )
    made = data["createIngestKey"]["ingestKey"]
    assert made["key"].startswith("rhl.potsdam.")
    again = await ok(world, 'mutation { createIngestKey(label: "TTN") { ingestKey { key } errors { code } } }', **admin)
    assert again["createIngestKey"]["errors"] == [{"code": "ALREADY_THERE"}]
    gone = await ok(
        world,
        f'mutation {{ revokeIngestKey(id: "{made["entry"]["id"]}") {{ ingestKey {{ revokedAt }} }} }}',
        **admin,
    )
    assert gone["revokeIngestKey"]["ingestKey"]["revokedAt"]
    listed = await ok(world, "{ lorawan { ingestKeys { nodes { label revokedAt } } } }", **admin)
    assert listed["lorawan"]["ingestKeys"]["nodes"][0]["label"] == "TTN"


SERIES = """
query ($id: ID!, $from: DateTime!, $to: DateTime!, $step: AggregateStep!, $first: Int, $after: String) {
  lorawan { datastream(id: $id) {
    observations(from: $from, to: $to, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { time value quality } }
    aggregates(step: $step, from: $from, to: $to) { startsAt endsAt count mean minimum maximum last }
  } }
}
"""


async def test_series_is_read_raw_in_pages_and_aggregated(world: World, sensor: Sensor) -> None:
    start = world.clock.now() - timedelta(days=2)
    await send(
        sensor.scope, *(up(at, n, n) for n, at in enumerate(hours(30, start))), up(start + timedelta(minutes=30), 99, 9)
    )
    variables = {
        "id": str(sensor.temperature.id),
        "from": start.isoformat(),
        "to": world.clock.now().isoformat(),
        "step": "HOUR",
        "first": 20,
    }
    for rolled in (False, True):
        if rolled:
            await roll_up(sensor.scope)
        stream = (await ok(world, SERIES, variables))["lorawan"]["datastream"]
        assert stream["observations"]["totalCount"] == 31
        assert stream["observations"]["nodes"][1] == {
            "time": "2026-05-30T08:30:00.000Z",
            "value": 99,
            "quality": "IMPLAUSIBLE",
        }
        assert len(stream["aggregates"]) == 30
        assert stream["aggregates"][7] == {
            "startsAt": "2026-05-30T15:00:00.000Z", "endsAt": "2026-05-30T16:00:00.000Z",
            "count": 1, "mean": 7, "minimum": 7, "maximum": 7, "last": 7,
        }  # fmt: skip
        page = stream["observations"]["pageInfo"]
        assert page["hasNextPage"]
        rest = (await ok(world, SERIES, variables | {"after": page["endCursor"]}))["lorawan"]["datastream"][
            "observations"
        ]
        assert [node["value"] for node in rest["nodes"]] == list(range(19, 30))
        days = (await ok(world, SERIES, variables | {"step": "DAY"}))["lorawan"]["datastream"]["aggregates"]
        assert [(d["startsAt"], d["count"], d["minimum"], d["maximum"], d["last"]) for d in days] == [
            ("2026-05-29T22:00:00.000Z", 14, 0, 13, 13),
            ("2026-05-30T22:00:00.000Z", 16, 14, 29, 29),
        ]


async def test_span_without_length_or_beyond_the_limit_is_refused(world_sqlite: World) -> None:
    sensor = await register(world_sqlite.scope("potsdam"))
    now = world_sqlite.clock.now()
    base = {"id": str(sensor.temperature.id), "to": now.isoformat(), "step": "HOUR"}
    for start in (now, now + timedelta(days=1), now - timedelta(days=500)):
        answer = await world_sqlite.graphql("potsdam", SERIES, base | {"from": start.isoformat()})
        assert "INVALID_INPUT" in answer.codes


async def test_history_is_decoded_again_by_mutation(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now(), 20, f_port=9))
    fixed = CODEC.replace("throw", "if (false) throw")
    updated = await change(
        world, "updateCodec", "codec { currentVersion }", {"codecId": str(sensor.codec_id), "source": fixed}
    )
    assert updated["codec"]["currentVersion"] == 2
    found = await change(
        world, "redecodeHistory", "redecoding { messages }", {"codecId": str(sensor.codec_id), "onlyFailed": True}
    )
    assert found["redecoding"]["messages"] == 1
    await world.work()
    data = await ok(world, f'{{ lorawan {{ datastream(id: "{sensor.temperature.id}") {{ latest {{ value }} }} }} }}')
    assert data["lorawan"]["datastream"]["latest"]["value"] == 20


async def test_number_of_statements_does_not_grow_with_the_list(world: World) -> None:
    document = """{ lorawan { datastreams(first: 100) { nodes {
        title latest { value } isSilent device { name profile { name codec { name } } } thing { name place } } } } }"""
    scope = world.scope("potsdam")
    counts: list[int] = []
    for eui in range(4):
        await register(scope, eui=f"{eui + 1:016x}", name=f"D{eui}")
        await pipeline(scope).idle()
        with world.statements() as seen:
            await ok(world, document)
        counts.append(len(seen))
    assert counts[0] == counts[-1]


@pytest.mark.parametrize("near", ["{lon: 999, lat: 1}", "{lon: 13, lat: -91}", "{lon: 13, lat: 52, metres: -1}"])
async def test_circle_outside_the_world_is_refused(world: World, near: str) -> None:
    answer = await world.graphql(
        "potsdam", f"{{ lorawan {{ datastreams(filter: {{near: {near}}}) {{ totalCount }} }} }}"
    )
    assert answer.codes == ["INVALID_INPUT"]


async def test_filters_narrow_the_list(world: World, sensor: Sensor) -> None:
    async def titles(filter_: str) -> list[str]:
        data = await ok(world, f"{{ lorawan {{ datastreams(filter: {filter_}) {{ nodes {{ title }} }} }} }}")
        return [node["title"] for node in data["lorawan"]["datastreams"]["nodes"]]

    assert await titles('{observedProperty: "air_temperature"}') == ["Lufttemperatur"]
    assert await titles('{text: "feuchte"}') == ["Luftfeuchte"]
    assert len(await titles("{near: {lon: 13.06, lat: 52.39, metres: 100}}")) == 2
    assert await titles("{near: {lon: 13.2, lat: 52.39, metres: 100}}") == []
    assert len(await titles("{bbox: {west: 13, south: 52, east: 14, north: 53}, origin: OFFICIAL, silent: false}")) == 2
    assert await titles("{origin: CITIZEN}") == []


async def test_region_reads_series_of_the_towns_that_share_them(world: World, sensor: Sensor) -> None:
    await register(world.scope("bad-belzig"))
    await send(sensor.scope, up(world.clock.now(), 11))
    answer = await world.graphql(
        "region",
        "{ lorawan { datastreams { totalCount nodes { title tenant { slug } thing { name } latest { value } } } } }",
    )
    assert answer.errors == []
    nodes = answer.data["lorawan"]["datastreams"]["nodes"]
    assert {node["tenant"]["slug"] for node in nodes} == {"potsdam", "bad-belzig"}
    assert {node["latest"]["value"] for node in nodes if node["latest"]} == {11, 50}


async def test_observation_added_follows_one_series(world: World, sensor: Sensor) -> None:
    from regiohub_lorawan.service import live

    seen: list[float] = []
    stream = live.follow(sensor.scope, sensor.temperature.id)

    import asyncio

    task = asyncio.ensure_future(anext(aiter(stream)))
    await asyncio.sleep(0.05)
    await send(sensor.scope, up(world.clock.now(), 7))
    seen.append((await asyncio.wait_for(task, 10)).value)
    assert seen == [7]
    await stream.aclose()  # type: ignore[attr-defined]
