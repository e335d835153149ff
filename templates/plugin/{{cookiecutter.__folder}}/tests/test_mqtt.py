"""A real broker: password and TLS, what arrives, what does not."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr
from regiohub.api import TenantScope
from regiohub.testing import World
from regiohub.testing import Capture
from regiohub.testing import MqttSender
from regiohub_{{ cookiecutter.id }} import mqtt
from regiohub_{{ cookiecutter.id }}.events import Reported
{% if cookiecutter.table %}
from regiohub_{{ cookiecutter.id }}.service import editing
{% endif %}
from regiohub_{{ cookiecutter.id }}.settings import MqttSecurity, {{ cookiecutter.__Prefix }}Settings

pytestmark = pytest.mark.mosquitto
TOPIC = "{{ cookiecutter.id }}/wc/state"


class _Scope(TenantScope):
    """A town whose settings name the test's broker."""

    given: {{ cookiecutter.__Prefix }}Settings

    def settings(self, model: Any) -> Any:
        return self.given


def scope_for(world: World, broker: MqttSender, **changes: Any) -> TenantScope:
    scope = _Scope(world.platform, world.tenant("potsdam"))
    values: dict[str, Any] = {
        "mqtt_host": broker.host,
        "mqtt_port": broker.tls_port,
        "mqtt_ca_file": str(broker.broker.ca_file),
        "mqtt_username": broker.username,
        "mqtt_password": SecretStr(broker.password),
    }
    scope.given = {{ cookiecutter.__Prefix }}Settings(**(values | changes))
    return scope


@asynccontextmanager
async def listening(scope: TenantScope) -> AsyncGenerator[None]:
    task = asyncio.create_task(mqtt.listen(scope))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def told_once(captured: Capture, sender: MqttSender) -> list[Reported]:
    """Send until the listener has subscribed: before that, nobody keeps messages for it."""
    async with asyncio.timeout(20):
        while not (found := await captured.facts(Reported)):
            await sender.send(TOPIC, b"{")
            await sender.send(TOPIC, {"place": "nowhere" * 50, "open": True})
            await sender.send(TOPIC, {"place": "wc", "open": False})
            await asyncio.sleep(0.1)
    return found


@pytest.mark.parametrize("security", list(MqttSecurity))
async def test_reports_arrive_and_broken_ones_stop_nothing(
    world_sqlite: World, mqtt_sender: MqttSender, security: MqttSecurity
) -> None:
    captured = await world_sqlite.capture()
{% if cookiecutter.table %}
    async with world_sqlite.scope("potsdam").write() as ctx:
        await editing.create(ctx, {"name": "WC", "external_id": "wc"})
{% endif %}
    port = mqtt_sender.port if security is MqttSecurity.PLAIN else mqtt_sender.tls_port
    async with listening(scope_for(world_sqlite, mqtt_sender, mqtt_port=port, mqtt_security=security)):
        found = await told_once(captured, mqtt_sender)
    assert {(report.place, report.open) for report in found} == {("wc", False)}


# The MQTT library leaves the socket to the garbage collector when the TLS handshake fails.
@pytest.mark.filterwarnings("ignore:.*SSLSocket:pytest.PytestUnraisableExceptionWarning")
async def test_health_tells_wrong_password_untrusted_certificate_and_absence(
    world_sqlite: World, mqtt_sender: MqttSender
) -> None:
    world = world_sqlite
    assert (await mqtt.check(scope_for(world, mqtt_sender))).ok
    assert (await mqtt.check(world.scope("potsdam"))).ok, "not configured is not a fault"
    assert not (await mqtt.check(scope_for(world, mqtt_sender, mqtt_password=SecretStr("wrong")))).ok
    assert not (await mqtt.check(scope_for(world, mqtt_sender, mqtt_ca_file=None))).ok
    assert not (await mqtt.check(scope_for(world, mqtt_sender, mqtt_port=1))).ok


def test_nothing_runs_for_a_town_without_a_broker() -> None:
    assert not mqtt.is_wanted({{ cookiecutter.__Prefix }}Settings())
    assert mqtt.is_wanted({{ cookiecutter.__Prefix }}Settings(mqtt_host="broker.example"))


def test_the_password_never_shows(mqtt_sender: MqttSender, world_sqlite: World) -> None:
    settings = scope_for(world_sqlite, mqtt_sender).settings({{ cookiecutter.__Prefix }}Settings)
    assert mqtt_sender.password not in repr(settings) + settings.model_dump_json()
