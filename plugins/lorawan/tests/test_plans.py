"""What the sensors' API declares compiles to SQL, and says the same as the ordinary way."""

from datetime import timedelta
from typing import Any

import pytest

from regiohub.testing import World
from regiohub.testing.oracle import Compared, Oracle
from regiohub_lorawan.models.moments import to_millis
from regiohub_lorawan.service.months import ensure_months
from regiohub_lorawan.store.observations import Point, put
from regiohub_lorawan.testing import Sensor, hours, register, send, up

STREAM = "id observedProperty title unit unitLabel minimum maximum origin expectedIntervalS isSilent silentSince"
DEVICE = """id name origin lastSeenAt batteryPercent externalPower
    profile { name manufacturer model codec { name kind currentVersion } mappings { totalCount nodes { path unit } } }
    thing { id name description place }"""
RADIO = "devEui lastJoinedAt linkMarginDb rssiDbm snrDb errorCode errorText errorAt"
LANGUAGES = ("de", "en")
PUBLIC = (
    f"""datastreams(first: 100, orderBy: TITLE) {{ totalCount nodes {{ {STREAM}
        latest {{ time value quality }} device {{ {DEVICE} }} thing {{ name place }} }} }}""",
    "datastreams(filter: {near: {lon: 13.06, lat: 52.39, metres: 100}}) { nodes { title latest { value } } }",
    'datastreams(filter: {silent: false, text: "feuchte"}) { edges { cursor node { isSilent } } }',
    f"devices {{ pageInfo {{ endCursor hasNextPage }} nodes {{ {DEVICE} tenant {{ slug }} }} }}",
    """codecs { nodes { name kind currentVersion } } things { nodes { name place } }
        deviceProfiles { nodes { name mappings { nodes { path minimum maximum expectedIntervalS } } } }
        gateways { nodes { registered place lastSeenAt } }""",
)
STAFF = (
    "messages { nodes { source kind devEui time receivedAt body state codecVersion errorCode errorText } }",
    f"devices {{ nodes {{ {RADIO} }} }} gateways {{ nodes {{ gatewayId name }} }}",
    "codecs { nodes { versions { nodes { version source note createdAt } } } }",
)
SERIES = """query ($from: DateTime!, $to: DateTime!, $first: Int = 50, $after: String) { lorawan {
    datastreams { nodes { title observations(from: $from, to: $to, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { time value quality }
        edges { cursor node { at: time } } } } } } }"""


async def planned(world: World, document: str, variables: dict[str, Any] | None = None, **who: Any) -> Compared:
    """The answer by the plan, which is the ordinary one, and needs no resolver at all."""
    found = await Oracle(world).assert_same("potsdam", document, variables, **who)
    assert found.planned is not None
    assert not found.fell_back
    assert [field for field in found.plan.fields if field.way not in ("json", "rows", "constant")] == []
    assert found.ordinary.errors == []
    return found


async def test_what_everybody_reads_compiles(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now(), 20.25), up(world.clock.now() + timedelta(minutes=1), 99, 9))
    world.clock.advance(timedelta(days=2))
    for selection in PUBLIC:
        for language in LANGUAGES:
            await planned(world, f"{{ lorawan {{ {selection} }} }}", language=language)


async def test_what_staff_read_compiles_in_their_language(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now(), 20, f_port=9))
    for selection in STAFF:
        for language in LANGUAGES:
            await planned(world, f"{{ lorawan {{ {selection} }} }}", roles=("editor",), language=language)
    document = "{ lorawan { devices { nodes { errorText } } messages { nodes { errorText } } } }"
    texts: set[str] = set()
    for language in LANGUAGES:
        found = await planned(world, document, roles=("editor",), language=language)
        texts |= {
            entry["errorText"] for part in found.ordinary.body()["data"]["lorawan"].values() for entry in part["nodes"]
        }
    assert len(texts) == len(LANGUAGES)
    assert None not in texts


async def test_series_compiles_with_its_pages(world: World, sensor: Sensor) -> None:
    start = world.clock.now() - timedelta(days=2)
    await send(
        sensor.scope, *(up(at, n, n) for n, at in enumerate(hours(30, start))), up(start + timedelta(minutes=30), 99, 9)
    )
    await register(sensor.scope, eui="0" * 15 + "2", name="without values")
    variables = {"from": start.isoformat(), "to": world.clock.now().isoformat()}
    whole = await planned(world, SERIES, variables)
    page = whole.ordinary.body()["data"]["lorawan"]["datastreams"]["nodes"][0]["observations"]
    assert (page["totalCount"], len(page["nodes"]), page["pageInfo"]["hasNextPage"]) == (31, 31, False)
    part = await planned(world, SERIES, variables | {"first": 7, "after": page["edges"][19]["cursor"]})
    page = part.ordinary.body()["data"]["lorawan"]["datastreams"]["nodes"][0]["observations"]
    assert [node["value"] for node in page["nodes"]] == list(range(19, 26))


async def test_thousand_values_come_in_one_request_and_no_more(world: World, sensor: Sensor) -> None:
    document = """query ($id: ID!, $to: DateTime!, $first: Int!) { lorawan { datastream(id: $id) {
        observations(from: "2026-01-01T00:00:00Z", to: $to, first: $first) { nodes { time value } } } } }"""
    moments = hours(1000, world.clock.now() - timedelta(hours=1000))
    points = [Point(sensor.temperature.series, to_millis(at), n / 7) for n, at in enumerate(moments)]
    await ensure_months(sensor.scope, points)
    async with sensor.scope.write() as ctx:
        await put(ctx.session, points)
    variables = {"id": str(sensor.temperature.id), "to": world.clock.now().isoformat(), "first": 1000}
    found = await planned(world, document, variables)
    assert len(found.ordinary.body()["data"]["lorawan"]["datastream"]["observations"]["nodes"]) == 1000
    refused = await Oracle(world).assert_same("potsdam", document, variables | {"first": 1001})
    assert refused.ordinary.errors


@pytest.mark.parametrize("to", ["2026-05-01T00:00:00Z", "2026-04-30T00:00:00Z"])
async def test_impossible_span_is_refused_in_both_ways(world_sqlite: World, to: str) -> None:
    await register(world_sqlite.scope("potsdam"))
    found = await Oracle(world_sqlite).assert_same("potsdam", SERIES, {"from": "2026-05-01T00:00:00Z", "to": to})
    assert {error["extensions"]["code"] for error in found.ordinary.body()["errors"]} == {"INVALID_INPUT"}


async def test_region_reads_newest_values_by_a_plan(world: World, sensor: Sensor) -> None:
    await register(world.scope("bad-belzig"))
    await send(sensor.scope, up(world.clock.now(), 11))
    document = (
        "{ lorawan { datastreams { totalCount nodes { title thing { name place } latest { time value quality } } } } }"
    )
    found = await Oracle(world).assert_same("region", document)
    assert not found.fell_back
    assert [str(field.way) for field in found.plan.fields] == ["rows"]
    assert found.ordinary.body()["data"]["lorawan"]["datastreams"]["totalCount"] == 4
