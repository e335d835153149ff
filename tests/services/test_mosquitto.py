"""The private MQTT broker."""

import asyncio
import ssl
from typing import Any

import aiomqtt
import pytest

from regiohub.testing.services import MosquittoBroker

pytestmark = pytest.mark.mosquitto


def _client(broker: MosquittoBroker, **options: Any) -> aiomqtt.Client:
    settings: dict[str, Any] = {
        "hostname": broker.host,
        "port": broker.port,
        "username": broker.username,
        "password": broker.password,
    }
    return aiomqtt.Client(**(settings | options))


async def _send(broker: MosquittoBroker, payload: str) -> None:
    async with _client(broker) as client:
        await client.publish("town/up", payload, qos=1)


async def test_a_message_arrives_over_tls(mosquitto_broker: MosquittoBroker) -> None:
    trusted = ssl.create_default_context(cafile=str(mosquitto_broker.ca_file))
    async with _client(mosquitto_broker, port=mosquitto_broker.tls_port, tls_context=trusted) as client:
        await client.subscribe("town/up", qos=1)
        await _send(mosquitto_broker, "23.5")
        message = await asyncio.wait_for(anext(client.messages), 10)
    assert message.payload == b"23.5"


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": None, "password": None}])
async def test_nobody_enters_without_the_password(mosquitto_broker: MosquittoBroker, wrong: dict[str, Any]) -> None:
    with pytest.raises(aiomqtt.MqttError, match=r"(?i)not authori"):
        async with _client(mosquitto_broker, **wrong):
            pass


async def test_the_certificate_is_trusted_through_its_own_authority_only(mosquitto_broker: MosquittoBroker) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.open_connection(
            mosquitto_broker.host, mosquitto_broker.tls_port, ssl=ssl.create_default_context()
        )


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_a_broker_that_ended_serves_again_on_the_same_port(mosquitto_broker: MosquittoBroker, end: str) -> None:
    await asyncio.to_thread(getattr(mosquitto_broker, end))
    with pytest.raises(aiomqtt.MqttError):
        await _send(mosquitto_broker, "lost")
    await asyncio.to_thread(mosquitto_broker.start)
    async with _client(mosquitto_broker) as client:
        await client.subscribe("town/up", qos=1)
        await _send(mosquitto_broker, "again")
        assert (await asyncio.wait_for(anext(client.messages), 10)).payload == b"again"


async def test_a_message_for_an_absent_session_survives_an_orderly_restart(mosquitto_broker: MosquittoBroker) -> None:
    lasting = {"identifier": "lasting", "clean_session": False}
    async with _client(mosquitto_broker, **lasting) as client:
        await client.subscribe("town/up", qos=1)
    await _send(mosquitto_broker, "meanwhile")
    await asyncio.to_thread(mosquitto_broker.restart)
    async with _client(mosquitto_broker, **lasting) as client:
        assert (await asyncio.wait_for(anext(client.messages), 10)).payload == b"meanwhile"
