"""Listening to the town's MQTT broker.

A message is acknowledged to the broker when it is stored, not when it is read: if this process dies in between, the
broker sends it again (quality of service 1 and a session that outlives the connection).
"""

import asyncio

import structlog
from aiomqtt import Client, Message, MqttError
from regiohub.api import DomainError, Health, TenantScope, Text, t
from regiohub.api.outgoing import OutgoingRefused, permitted_address, tls_context
from regiohub_{{ cookiecutter.id }}.formats.report import MOST_BYTES, read_report
from regiohub_{{ cookiecutter.id }}.service.reports import take
from regiohub_{{ cookiecutter.id }}.settings import MqttSecurity, {{ cookiecutter.__Prefix }}Settings

log = structlog.get_logger()

_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


def is_wanted(settings: {{ cookiecutter.__Prefix }}Settings) -> bool:
    """Whether the town has a broker at all: where not, nothing runs."""
    return bool(settings.mqtt_host)


async def listen(scope: TenantScope) -> None:
    """Stay connected as the town's settings say; the platform starts it anew when they change."""
    await _stay_connected(scope, scope.settings({{ cookiecutter.__Prefix }}Settings))


async def check(scope: TenantScope) -> Health:
    """Whether the town's broker lets us in."""
    settings = scope.settings({{ cookiecutter.__Prefix }}Settings)
    if not settings.mqtt_host:
        return Health(True, t("Kein MQTT-Server eingestellt.", "No MQTT broker is configured."))
    try:
        async with await client_for(scope, settings, "-check"):
            return Health(True, t("Der MQTT-Server antwortet.", "The MQTT broker answers."))
    except OutgoingRefused as error:
        return Health(False, error.message)
    except (MqttError, OSError) as error:
        told = str(error)[:200]
        return Health(False, Text(f"Der MQTT-Server ist nicht erreichbar: {told}", f"No MQTT connection: {told}"))


async def client_for(scope: TenantScope, settings: {{ cookiecutter.__Prefix }}Settings, suffix: str = "") -> Client:
    """A client with the town's credentials. TLS checks certificate and host name; there is no way around it.

    :raises OutgoingRefused: the platform does not call this broker.
    """
    assert settings.mqtt_host is not None
    address = await permitted_address(scope, settings.mqtt_host, settings.mqtt_port)
    tls = None
    if settings.mqtt_security is MqttSecurity.TLS:
        tls = tls_context(settings.mqtt_host, cafile=settings.mqtt_ca_file)
    made = Client(
        # The very address that was looked at; the certificate has to be that of the name.
        address,
        settings.mqtt_port,
        username=settings.mqtt_username,
        password=settings.mqtt_password.get_secret_value() if settings.mqtt_password else None,
        identifier=f"regiohub-{{ cookiecutter.id }}-{scope.tenant.slug}{suffix}",
        # The broker keeps what arrives while we are away; a mere check must not make it do so.
        clean_session=bool(suffix),
        tls_context=tls,
        timeout=10,
    )
    # Stored before acknowledged; the wrapper has no switch of its own for it. Set before it connects: what the broker
    # has kept for us comes in the same moment, and would be acknowledged unseen.
    made._client.manual_ack_set(True)  # pyright: ignore[reportPrivateUsage]
    return made


async def _stay_connected(scope: TenantScope, settings: {{ cookiecutter.__Prefix }}Settings) -> None:
    failures = 0
    while True:
        try:
            async with await client_for(scope, settings) as client:
                await client.subscribe(settings.mqtt_topic, qos=1)
                failures = 0
                log.info("mqtt connected", tenant=scope.tenant.slug, host=settings.mqtt_host)
                async for message in client.messages:
                    await _take(scope, message)
                    client._client.ack(message.mid, message.qos)  # pyright: ignore[reportPrivateUsage]
        except (MqttError, OSError, OutgoingRefused) as error:
            failures += 1
            log.warning("mqtt lost", tenant=scope.tenant.slug, error=str(error)[:200], failures=failures)
        except Exception as error:
            # The database may be away: nothing was acknowledged, so the broker keeps the messages for us.
            failures += 1
            log.exception("mqtt messages were not stored", tenant=scope.tenant.slug, error=type(error).__name__)
        await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])


async def _take(scope: TenantScope, message: Message) -> None:
    """Store one message. What can never be stored (malformed, of an unknown place) is logged by its code and dropped."""
    try:
        report = read_report(bytes(message.payload)[: MOST_BYTES + 1], scope.now())
        await scope.run(lambda ctx: take(ctx, report))
    except DomainError as error:
        log.warning("mqtt message refused", tenant=scope.tenant.slug, topic=message.topic.value, code=error.code)
