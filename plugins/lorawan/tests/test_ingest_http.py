"""The ingest routes: credentials, answers, refusals; nothing that was sent is lost."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from regiohub.testing import World
from regiohub_lorawan.models import IngestCredential, StoredMessage
from regiohub_lorawan.service import credentials
from regiohub_lorawan.service.pipeline import pipeline
from regiohub_lorawan.testing import EUI, Sensor, up


async def key_of(world: World, slug: str = "potsdam", label: str = "ChirpStack") -> str:
    made = await world.scope(slug).run(lambda ctx: credentials.create_key(ctx, label))
    return made.key


async def post(
    world: World, body: bytes, key: str | None, path: str = "chirpstack?event=up", slug: str = "potsdam"
) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return await world.client.post(f"/{slug}/lorawan/ingest/{path}", content=body, headers=headers)


async def stored(world: World, slug: str = "potsdam") -> int:
    async with world.scope(slug).read() as ctx:
        return len((await ctx.session.scalars(select(StoredMessage.id))).all())


def refused(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    body: dict[str, Any] = response.json()
    assert body["code"] == code
    assert "Traceback" not in response.text
    return body


async def test_uplink_is_acknowledged_when_stored_and_visible_moments_later(world: World, sensor: Sensor) -> None:
    key = await key_of(world)
    body = up(world.clock.now(), 21.5)
    first = await post(world, body, key)
    assert (first.status_code, first.json()["duplicate"]) == (202, False)
    second = await post(world, body, key)
    assert (second.status_code, second.json()["duplicate"]) == (202, True)
    assert await stored(world) == 1
    await pipeline(sensor.scope).idle()
    answer = await world.graphql(
        "potsdam", "{ lorawan { datastreams { nodes { observedProperty unit latest { value quality } } } } }"
    )
    assert answer.data["lorawan"]["datastreams"]["nodes"] == [
        {"observedProperty": "relative_humidity", "unit": "%", "latest": {"value": 50, "quality": "GOOD"}},
        {"observedProperty": "air_temperature", "unit": "Cel", "latest": {"value": 21.5, "quality": "GOOD"}},
    ]


async def test_uplink_of_the_things_stack_is_taken(world: World, sensor: Sensor) -> None:
    at = world.clock.now().isoformat()
    body = {
        "end_device_ids": {"dev_eui": EUI.upper(), "device_id": "x"},
        "received_at": at,
        "uplink_message": {"session_key_id": "s", "f_port": 1, "frm_payload": "BLAy", "received_at": at},
    }
    response = await post(world, json.dumps(body).encode(), await key_of(world), "ttn")
    assert response.status_code == 202
    await pipeline(sensor.scope).idle()
    async with sensor.scope.read() as ctx:
        stream = await ctx.session.find(type(sensor.temperature), sensor.temperature.id)
    assert stream is not None
    assert stream.latest_value == 20.0


async def test_status_event_is_taken_by_its_query_parameter(world: World, sensor: Sensor) -> None:
    body = json.dumps({"deviceInfo": {"devEui": EUI}, "deduplicationId": "s", "batteryLevel": 50}).encode()
    assert (await post(world, body, await key_of(world), "chirpstack?event=status")).status_code == 202


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[1]", b'{"data": NaN}', b"\xff", b"[" * 60_000])
async def test_malformed_json_is_refused(world_sqlite: World, body: bytes) -> None:
    refused(await post(world_sqlite, body, await key_of(world_sqlite)), 400, "MALFORMED_MESSAGE")


async def test_fault_names_the_field_in_the_caller_s_language(world_sqlite: World) -> None:
    key = await key_of(world_sqlite)
    url = "/potsdam/lorawan/ingest/chirpstack?event=up"
    headers = {"authorization": f"Bearer {key}", "accept-language": "de"}
    response = await world_sqlite.client.post(url, content=b'{"deviceInfo": {"devEui": "x"}}', headers=headers)
    body = refused(response, 400, "MALFORMED_MESSAGE")
    assert body["field"] == "devEui"
    assert "hexadezimal" in body["detail"]


async def test_unknown_event_is_refused(world_sqlite: World) -> None:
    key = await key_of(world_sqlite)
    for path in ("chirpstack", "chirpstack?event=integration"):
        refused(await post(world_sqlite, up(world_sqlite.clock.now()), key, path), 422, "UNKNOWN_EVENT")
    refused(await post(world_sqlite, b'{"downlink_ack": {}}', key, "ttn"), 422, "UNKNOWN_EVENT")


async def test_unknown_device_is_told_and_its_message_kept(world: World) -> None:
    response = await post(world, up(world.clock.now()), await key_of(world))
    assert refused(response, 404, "UNKNOWN_DEVICE")["devEui"] == EUI
    assert await stored(world) == 1


async def test_far_future_is_told_and_its_message_kept(world: World, sensor: Sensor) -> None:
    response = await post(world, up(world.clock.now() + timedelta(days=365)), await key_of(world))
    refused(response, 422, "TIME_OUT_OF_RANGE")
    assert await stored(world) == 1


async def test_wrong_credentials_are_refused_and_store_nothing(world: World, sensor: Sensor) -> None:
    key = await key_of(world)
    body = up(world.clock.now())
    bad_secret = key[:-1] + ("A" if key[-1] != "A" else "B")
    other_id = key.replace(key.split(".")[2], "0" * 32)
    for wrong in (None, "", "x", "rhl.potsdam.x.y", bad_secret, other_id, world.token("potsdam", roles=("editor",))):
        refused(await post(world, body, wrong), 401, "WRONG_CREDENTIAL")
    assert await stored(world) == 0


async def test_credential_of_another_town_is_refused_there_and_here(world: World, sensor: Sensor) -> None:
    foreign = await key_of(world, "bad-belzig")
    body = up(world.clock.now())
    refused(await post(world, body, foreign), 403, "FOREIGN_CREDENTIAL")
    renamed = foreign.replace("bad-belzig", "potsdam")
    refused(await post(world, body, renamed), 401, "WRONG_CREDENTIAL")
    assert await stored(world) == await stored(world, "bad-belzig") == 0
    # The owner of the key is not hindered by the attempt.
    assert (await post(world, body, foreign, slug="bad-belzig")).status_code == 404


async def test_withdrawn_credential_stops_working(world: World, sensor: Sensor) -> None:
    made = await sensor.scope.run(lambda ctx: credentials.create_key(ctx, "alt"))
    await sensor.scope.run(lambda ctx: credentials.revoke_key(ctx, made.credential.id))
    refused(await post(world, up(world.clock.now()), made.key), 401, "WRONG_CREDENTIAL")


async def test_only_a_hash_of_the_credential_is_stored(world: World) -> None:
    key = await key_of(world)
    async with world.scope("potsdam").read() as ctx:
        (row,) = await ctx.session.scalars(select(IngestCredential))
    assert len(row.secret_hash) == 32
    assert key.rsplit(".", 1)[1].encode() not in row.secret_hash


async def test_oversized_body_is_refused_at_the_configured_limit(world_sqlite: World) -> None:
    key = await key_of(world_sqlite)
    body = up(world_sqlite.clock.now(), object={"x": "y" * 70_000})
    assert refused(await post(world_sqlite, body, key), 413, "BODY_TOO_LARGE")["limit"] == 65_536
    assert await stored(world_sqlite) == 0


async def test_town_without_the_plugin_has_no_ingest(world_sqlite: World) -> None:
    key = await key_of(world_sqlite)
    assert (await post(world_sqlite, up(world_sqlite.clock.now()), key, slug="berlin")).status_code == 404
    await world_sqlite.disable("potsdam", "lorawan")
    assert (await post(world_sqlite, up(world_sqlite.clock.now()), key)).status_code == 404


async def test_unknown_town_is_404(world_sqlite: World) -> None:
    key = await key_of(world_sqlite)
    assert (await post(world_sqlite, up(world_sqlite.clock.now()), key, slug="atlantis")).status_code == 404
