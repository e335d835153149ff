"""Console pages of codecs, profiles, the radio network, open messages, keys and decoding again."""

import re
from datetime import timedelta
from typing import Any

import pytest

from regiohub.testing import World
from regiohub.testing.console import text_of
from regiohub_lorawan.service import broker
from regiohub_lorawan.testing import CODEC, Sensor, register, send, up

LORA: dict[str, Any] = {
    "txInfo": {"modulation": {"lora": {"bandwidth": 125000, "spreadingFactor": 9, "codeRate": "CR_4_5"}}}
}
SCRIPT = CODEC.strip()
PAGES = (
    "devices", "devices/map", "devices/new", "profiles", "profiles/new", "codecs", "codecs/new", "network",
    "gateways/new", "messages", "intake", "redecoding",
)  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
async def test_every_page_of_an_empty_town_opens_in_both_languages(world_sqlite: World, language: str) -> None:
    client = await world_sqlite.console(roles=["tenant-admin"])
    for page in PAGES:
        response = await client.get(f"lorawan/{page}", headers={"accept-language": language})
        assert response.status_code == 200, page
        assert f'<html lang="{language}">' in response.text


async def test_pages_are_gone_while_the_plugin_is_off(world_sqlite: World) -> None:
    client = await world_sqlite.console(roles=["tenant-admin"])
    await world_sqlite.disable("potsdam", "lorawan")
    assert (await client.get("lorawan/devices")).status_code == 404


async def test_codec_is_made_tried_saved_and_its_payload_kept(world: World) -> None:
    client = await world.console(roles=["editor"])
    address = await client.done("lorawan/codecs/new", {"name": "C", "kind": "javascript", "source": SCRIPT})
    typed = {"source": SCRIPT, "payload": "04 B0 32", "f_port": "1"}
    words = text_of(await client.post(f"{address}/try", typed))
    assert '"temperature": 20' in words
    assert "Nichts davon ist gespeichert." in words
    await client.done(f"{address}/examples", {"name": "Fehlerfall", "payload": "BLAy", "f_port": "9"})
    both = text_of(await client.post(f"{address}/try", typed))
    assert "Der Decoder brach mit einem Fehler ab in Zeile 3. (Error: unknown frame)" in both
    assert "→ 3 if (input.fPort === 9) throw new Error('unknown frame');" in both
    await client.done(address, {"source": SCRIPT + "// neu", "note": "Kommentar", "f_port": "1"})
    shown = text_of(await client.get(address))
    assert "Version 2" in shown
    assert "Kommentar" in shown


async def test_syntax_error_and_bad_payload_are_told_in_the_editor(world: World) -> None:
    client = await world.console(roles=["editor"])
    address = await client.done("lorawan/codecs/new", {"name": "C", "kind": "javascript", "source": SCRIPT})
    source = "function decodeUplink(input) {\n  var a = ;\n}"
    words = text_of(await client.post(f"{address}/try", {"source": source, "payload": "00", "f_port": "1"}))
    assert "in Zeile 2. (SyntaxError" in words
    bad = await client.post(f"{address}/try", {"source": source, "payload": "xyz", "f_port": "1"})
    assert bad.status_code == 422
    assert "weder aus hexadezimalen Ziffern noch ist sie Base64" in text_of(bad)
    assert "var a = ;" in bad.text, "what was typed is not lost"


async def test_profile_is_made_with_a_value_that_is_changed_and_removed(world: World, sensor: Sensor) -> None:
    client = await world.console(roles=["editor"])
    fields = {
        "name": "Neu", "codec_id": str(sensor.codec_id), "path": "t", "title": "Luft", "observed_property": "air",
        "unit": "Cel", "minimum": "-4,5",
    }  # fmt: skip
    wrong = await client.post("lorawan/profiles/new", fields | {"unit": "Grad"})
    assert wrong.status_code == 422
    assert "Unbekannte Einheit" in text_of(wrong)
    address = await client.done("lorawan/profiles/new", fields)
    assert "ab -4,5" in text_of(await client.get(address))
    change = {name: fields[name] for name in ("path", "title", "observed_property")} | {"unit": "Cel", "maximum": "40"}
    await client.done(f"{address}/value?path=t", change)
    assert "bis 40" in text_of(await client.get(address))
    await client.done(f"{address}/value", change | {"path": "h", "unit": "%"})
    await client.done(f"{address}/value/remove", {"path": "t"})
    words = text_of(await client.get(address))
    assert " h " in words
    assert "bis 40" in words


async def test_network_page_counts_and_charts_the_traffic(world: World, sensor: Sensor) -> None:
    now = world.clock.now()
    await send(sensor.scope, *(up(now - timedelta(hours=n), f_cnt=50 - 2 * n, **LORA) for n in range(1, 4)))
    client = await world.console(roles=["auditor"])
    words = text_of(await client.get("lorawan/network"))
    for expected in ("Nachrichten 3", "1 von 1", "2 (40 %)", "3 (100 %)", "SF9", "0016c001f153a14c"):
        assert expected in words, expected
    for address in re.findall(r'data-chart="([^"]+)"', (await client.get("lorawan/network")).text):
        assert (await client.get(address)).status_code == 200, address
    bars = (await client.get("lorawan/network/traffic.json?span=24h")).json()
    assert bars["series"][0]["values"] == [1, 1, 1]
    faults = (await client.get("lorawan/network/faults.json?span=24h")).json()
    assert sum(faults["series"][0]["values"]) == 2
    factors = (await client.get("lorawan/network/factors.json?span=24h")).json()
    assert (factors["labels"], factors["series"][0]["values"]) == (["SF9"], [3])


async def test_gateway_noticed_in_uplinks_gets_a_name(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now() - timedelta(minutes=5), **LORA))
    client = await world.console(roles=["editor"])
    page = (await client.get("lorawan/network")).text
    found = re.search(r"/lorawan/gateways/([0-9a-f-]{36})", page)
    assert found is not None
    address = f"lorawan/gateways/{found[1]}"
    assert "0016c001f153a14c" in text_of(await client.get(address))
    chart = (await client.get(f"{address}/chart.json?span=24h")).json()
    assert [line["values"] for line in chart["series"]] == [[1], [-71.0]]
    await client.done(f"{address}/edit", {"gateway_id": "egal", "name": "Rathausdach", "place": ""})
    words = text_of(await client.get(address))
    assert "Rathausdach" in words
    assert "0016c001f153a14c" in words, "its identifier stays"


async def test_open_messages_tell_why_and_lead_to_the_registration(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now(), f_port=9), up(world.clock.now(), eui="0" * 15 + "9"))
    client = await world.console(roles=["editor"])
    words = text_of(await client.get("lorawan/messages"))
    assert "nicht dekodierbar" in words
    assert "Gerät unbekannt" in words
    assert "2 Einträge" in words
    unknown = await client.get("lorawan/messages?messages.state=unknown_device")
    found = re.search(r"/lorawan/messages/([0-9a-f-]{36})", unknown.text)
    assert found is not None
    page = await client.get(f"lorawan/messages/{found[1]}")
    assert 'devices/new?eui=0000000000000009"' in page.text
    assert '"fPort": 1' in text_of(page)
    form = await client.get("lorawan/devices/new?eui=0000000000000009")
    assert 'value="0000000000000009"' in form.text


async def test_key_is_shown_once_and_withdrawn_after_a_question(world: World, sensor: Sensor) -> None:
    client = await world.console(roles=["tenant-admin"])
    shown = await client.post("lorawan/intake/keys", {"label": "Stadtwerke"})
    found = re.search(r"rhl\.potsdam\.[0-9a-f]{32}\.[A-Za-z0-9_-]{43}", shown.text)
    assert found is not None
    assert "no-store" in shown.headers["cache-control"]
    page = await client.get("lorawan/intake")
    assert found[0] not in page.text
    address = re.search(r"/lorawan/intake/keys/([0-9a-f-]{36})/revoke", page.text)
    assert address is not None
    path = f"lorawan/intake/keys/{address[1]}/revoke"
    assert "Das lässt sich nicht rückgängig machen." in text_of(await client.post(path))
    await client.done(path, {"confirmed": "yes"})
    response = await world.client.post(
        "/potsdam/lorawan/ingest/chirpstack?event=up", content=b"{}", headers={"authorization": f"Bearer {found[0]}"}
    )
    assert response.status_code == 401


async def test_editor_sees_the_connection_and_no_keys(world_sqlite: World) -> None:
    client = await world_sqlite.console(roles=["editor"])
    words = text_of(await client.get("lorawan/intake"))
    assert "/potsdam/lorawan/ingest/chirpstack" in words
    assert "Zugangsschlüssel" not in words
    assert (await client.post("lorawan/intake/keys", {"label": "x"})).status_code == 403


async def test_connection_is_checked_by_those_who_manage_only(world_sqlite: World) -> None:
    auditor = await world_sqlite.console(roles=["auditor"])
    assert (await auditor.post("lorawan/intake/mqtt/check")).status_code == 403
    editor = await world_sqlite.console(roles=["editor"])
    address = await editor.done("lorawan/intake/mqtt/check")
    assert address == "/console/potsdam/lorawan/intake"


async def test_broker_that_is_away_is_shown_with_its_reason(world: World) -> None:
    scope = world.scope("potsdam")
    client = await world.console(roles=["editor"])
    assert "Kein MQTT-Server ist eingestellt" in text_of(await client.get("lorawan/intake"))
    await broker.note(scope, connected=True)
    await broker.note(scope, connected=False, detail="[Errno 111] Connection refused")
    async with scope.read() as ctx:
        from sqlalchemy import select

        from regiohub_lorawan.models import BrokerLink

        row = (await ctx.session.scalars(select(BrokerLink))).one()
        assert (row.connected, row.detail) == (False, "[Errno 111] Connection refused")


async def test_decoding_again_shows_its_progress(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now()))
    client = await world.console(roles=["editor"])
    assert "Pegel" in text_of(await client.get(f"lorawan/redecoding?device={sensor.device_id}"))
    address = await client.done("lorawan/redecoding", {"device": str(sensor.device_id)})
    assert "0 von 1 erledigt" in text_of(await client.get(address))
    await world.work()
    assert "1 von 1 erledigt" in text_of(await client.get(address))
    nothing = await client.post("lorawan/redecoding", {})
    assert nothing.status_code == 422
    assert "Bitte Decoder, Profil oder Gerät angeben." in text_of(nothing)


async def test_other_towns_profile_codec_and_message_are_not_found(world_sqlite: World) -> None:
    sensor = await register(world_sqlite.scope("bad-belzig"))
    client = await world_sqlite.console(roles=["editor"])
    for path in (f"codecs/{sensor.codec_id}", f"profiles/{sensor.profile_id}", f"redecoding/{sensor.device_id}"):
        assert (await client.get(f"lorawan/{path}")).status_code == 404, path
