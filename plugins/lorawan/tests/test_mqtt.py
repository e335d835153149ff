"""A real broker: TLS and password, lost connections, messages that arrive while we are away."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiomqtt import Client, MqttError
from pydantic import SecretStr
from sqlalchemy import func, select

from regiohub.api import TenantScope
from regiohub.testing import World
from regiohub.testing.services import MosquittoBroker
from regiohub_lorawan import mqtt
from regiohub_lorawan.formats.uplink import Source
from regiohub_lorawan.models import StoredMessage
from regiohub_lorawan.settings import LorawanSettings, MqttSecurity
from regiohub_lorawan.testing import EUI, Sensor, register, up

pytestmark = pytest.mark.mosquitto
TOPIC = f"application/1/device/{EUI}/event/up"


class _Scope(TenantScope):
    """A town whose settings name the test's broker."""

    given: LorawanSettings

    def settings(self, model: Any) -> Any:
        return self.given


def scope_for(world: World, broker: MosquittoBroker, client_id: str, **changes: Any) -> TenantScope:
    scope = _Scope(world.platform, world.tenant("potsdam"))
    values: dict[str, Any] = {
        "mqtt_host": broker.host,
        "mqtt_port": broker.tls_port,
        "mqtt_ca_file": str(broker.ca_file),
        "mqtt_username": broker.username,
        "mqtt_password": SecretStr(broker.password),
        "mqtt_client_id": client_id,
    }
    scope.given = LorawanSettings(**(values | changes))
    return scope


@asynccontextmanager
async def listening(scope: TenantScope) -> AsyncGenerator[None]:
    task = asyncio.create_task(mqtt.listen(scope))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def publish(broker: MosquittoBroker, *bodies: bytes, topic: str = TOPIC) -> None:
    async with Client(broker.host, broker.port, username=broker.username, password=broker.password) as client:
        for body in bodies:
            await client.publish(topic, body, qos=1)


async def stored(scope: TenantScope) -> int:
    async with scope.read() as ctx:
        return await ctx.session.scalar(select(func.count()).select_from(StoredMessage)) or 0


async def until(condition: Callable[[], Any], wanted: object) -> None:
    async with asyncio.timeout(20):
        while await condition() != wanted:  # noqa: ASYNC110 - another process works
            await asyncio.sleep(0.05)


async def connected(broker: MosquittoBroker, scope: TenantScope, start: Any) -> None:
    """Publish until the listener has subscribed: before that, nobody keeps messages for it."""
    number = 0
    while await stored(scope) == 0:
        await publish(broker, up(start - timedelta(days=1), f_cnt=number))
        number += 1
        await asyncio.sleep(0.1)
    await until(lambda: _settled(scope), True)


async def _settled(scope: TenantScope) -> bool:
    before = await stored(scope)
    await asyncio.sleep(0.3)
    return before == await stored(scope)


@pytest.fixture
async def sensor(world_sqlite: World) -> Sensor:
    return await register(world_sqlite.scope("potsdam"))


async def test_messages_arrive_over_tls_and_survive_a_killed_broker_and_our_absence(
    world_sqlite: World, sensor: Sensor, mosquitto_broker: MosquittoBroker
) -> None:
    world, broker = world_sqlite, mosquitto_broker
    scope, now = scope_for(world, broker, "survivor"), world.clock.now()
    async with listening(scope):
        await connected(broker, scope, now)
        base = await stored(scope)
        await publish(broker, up(now, 20, f_cnt=1), up(now, 20, f_cnt=1), b"{", b'{"deviceInfo": {}}')
        await until(lambda: stored(scope), base + 1)
        broker.kill()
        broker.start()
        await publish(broker, up(now - timedelta(minutes=1), 21, f_cnt=2))
        # The session of a killed broker may be lost; the listener comes back by itself and hears what follows.
        number = 100
        async with asyncio.timeout(30):
            while await stored(scope) < base + 3:
                number += 1
                await publish(broker, up(now - timedelta(minutes=number), 22, f_cnt=number))
                await asyncio.sleep(0.2)
        await until(lambda: _settled(scope), True)
    base = await stored(scope)
    await publish(broker, *(up(now - timedelta(hours=5, minutes=n), 23, f_cnt=1000 + n) for n in range(10)))
    assert await stored(scope) == base
    async with listening(scope):
        await until(lambda: stored(scope), base + 10)


async def test_broker_keeps_messages_that_could_not_be_stored(
    world_sqlite: World, sensor: Sensor, mosquitto_broker: MosquittoBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regiohub_lorawan.service.pipeline import Pipeline

    world, broker = world_sqlite, mosquitto_broker
    scope, now = scope_for(world, broker, "keeper"), world.clock.now()
    async with listening(scope):
        await connected(broker, scope, now)
        base = await stored(scope)
        good = Pipeline.take
        calls = 0

        async def broken(self: Pipeline, received: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == 1:
                raise ConnectionResetError("the database is away")
            return await good(self, received)

        monkeypatch.setattr(Pipeline, "take", broken)
        await publish(broker, up(now, 20, f_cnt=1))
        await until(lambda: stored(scope), base + 1)
        assert calls >= 2


async def test_uplinks_of_the_things_stack_arrive_over_plain_mqtt(
    world_sqlite: World, sensor: Sensor, mosquitto_broker: MosquittoBroker
) -> None:
    import json

    world, broker = world_sqlite, mosquitto_broker
    changes = {"mqtt_port": broker.port, "mqtt_security": MqttSecurity.PLAIN, "mqtt_source": Source.TTN}
    scope = scope_for(world, broker, "ttn", mqtt_topics=["v3/+/devices/+/up"], **changes)
    at = world.clock.now().isoformat()
    body = {
        "end_device_ids": {"dev_eui": EUI},
        "uplink_message": {"session_key_id": "s", "frm_payload": "BLAy", "f_port": 1, "received_at": at},
    }
    async with listening(scope):
        async with asyncio.timeout(20):
            while await stored(scope) < 1:
                await publish(broker, json.dumps(body).encode(), topic="v3/umwelt@ttn/devices/pegel/up")
                await asyncio.sleep(0.1)
    assert await stored(scope) == 1


# The MQTT library leaves the socket to the garbage collector when the TLS handshake fails.
@pytest.mark.filterwarnings("ignore:.*SSLSocket:pytest.PytestUnraisableExceptionWarning")
async def test_health_tells_wrong_password_untrusted_certificate_and_absence(
    world_sqlite: World, mosquitto_broker: MosquittoBroker
) -> None:
    world, broker = world_sqlite, mosquitto_broker
    assert (await mqtt.check(scope_for(world, broker, "h"))).ok
    assert (await mqtt.check(world.scope("potsdam"))).ok, "not configured is not a fault"
    assert not (await mqtt.check(scope_for(world, broker, "h", mqtt_password=SecretStr("wrong")))).ok
    assert not (await mqtt.check(scope_for(world, broker, "h", mqtt_ca_file=None))).ok
    assert not (await mqtt.check(scope_for(world, broker, "h", mqtt_port=1))).ok


async def test_password_never_shows_in_the_settings(world_sqlite: World, mosquitto_broker: MosquittoBroker) -> None:
    scope = scope_for(world_sqlite, mosquitto_broker, "h")
    assert mosquitto_broker.password not in repr(scope.settings(LorawanSettings))
    assert mosquitto_broker.password not in scope.settings(LorawanSettings).model_dump_json()
    with pytest.raises(MqttError):
        async with Client(mosquitto_broker.host, mosquitto_broker.port):
            pass


async def test_a_broker_inside_the_house_is_not_called_unless_the_operator_lists_it(
    world_sqlite: World, mosquitto_broker: MosquittoBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, broker = world_sqlite, mosquitto_broker
    scope, guard = scope_for(world, broker, "listed"), type(world.platform.outgoing)
    # As in production: tests run in development, where this machine may be called.
    monkeypatch.setattr(world.platform, "outgoing", guard())
    health = await mqtt.check(scope)
    assert not health.ok
    assert "REGIOHUB_OUTGOING_ALLOWED" in health.detail.en
    monkeypatch.setattr(world.platform, "outgoing", guard([f"{broker.host}:{broker.tls_port}"]))
    assert (await mqtt.check(scope)).ok
