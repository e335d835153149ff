"""Listening to a network server's MQTT broker, per town.

A message is acknowledged to the broker when it is stored, not when it is read: if this process dies in between, the
broker sends it again (quality of service 1 and a session that outlives the connection), and the second delivery is
recognised as a duplicate.
"""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog
from aiomqtt import Client, Message, MqttError

from regiohub.api import DomainError, Health, TenantScope, Text, t
from regiohub.api.outgoing import OutgoingRefused, permitted_address, tls_context
from regiohub_lorawan.formats import chirpstack
from regiohub_lorawan.formats.uplink import MessageKind, Source
from regiohub_lorawan.service import broker, intake
from regiohub_lorawan.service.pipeline import pipeline
from regiohub_lorawan.settings import LorawanSettings, MqttSecurity

log = structlog.get_logger()

_LOOK_SECONDS = 5.0
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_BATCH = 200


def is_wanted(settings: LorawanSettings) -> bool:
    """Whether the town has a broker at all: most have none, and nothing runs for them."""
    return settings.mqtt_host is not None


async def listen(scope: TenantScope) -> None:
    """Stay connected as the town's settings say, for ever; follows changes of the settings within seconds."""
    while True:
        settings = scope.settings(LorawanSettings)
        connection = asyncio.create_task(_stay_connected(scope, settings)) if settings.mqtt_host else None
        try:
            while scope.settings(LorawanSettings) == settings:  # noqa: ASYNC110 - settings tell nobody of a change
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            if connection is not None:
                connection.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await connection


async def _stay_connected(scope: TenantScope, settings: LorawanSettings) -> None:
    failures = 0
    while True:
        try:
            async with await client_for(scope, settings) as client:
                for topic in settings.mqtt_topics:
                    await client.subscribe(topic, qos=1)
                failures = 0
                await broker.note(scope, connected=True)
                log.info("mqtt connected", tenant=scope.tenant.slug, host=settings.mqtt_host)
                await _take_all(scope, settings.mqtt_source, client)
        except (MqttError, OSError, OutgoingRefused) as error:
            failures += 1
            if failures == 1:
                await _note_lost(scope, error)
            log.warning("mqtt lost", tenant=scope.tenant.slug, error=str(error)[:200], failures=failures)
        except Exception as error:
            # The database may be away: nothing was acknowledged, so the broker keeps the messages for us.
            failures += 1
            log.exception("mqtt messages were not stored", tenant=scope.tenant.slug, error=type(error).__name__)
        await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])


async def _note_lost(scope: TenantScope, error: Exception) -> None:
    try:
        await broker.note(scope, connected=False, detail=str(error))
    except Exception as fault:
        # The database may be away too; what counts is to go on trying.
        log.warning("mqtt state was not written down", tenant=scope.tenant.slug, error=type(fault).__name__)


async def client_for(scope: TenantScope, settings: LorawanSettings, suffix: str = "") -> Client:
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
        identifier=(settings.mqtt_client_id or f"regiohub-lorawan-{scope.tenant.slug}") + suffix,
        # The broker keeps what arrives while we are away; a mere check must not make it do so.
        clean_session=bool(suffix),
        tls_context=tls,
        timeout=10,
    )
    # Stored before acknowledged; the wrapper has no switch of its own for it. Set before it connects: what the broker
    # has kept for us comes in the same moment, and would be acknowledged unseen.
    made._client.manual_ack_set(True)  # pyright: ignore[reportPrivateUsage]
    return made


async def _take_all(scope: TenantScope, source: Source, client: Client) -> None:
    messages = client.messages
    async for first in messages:
        batch = [first]
        while len(messages) and len(batch) < _BATCH:
            batch.append(await anext(messages))
        await _take(scope, source, client, batch)


async def _take(scope: TenantScope, source: Source, client: Client, batch: Sequence[Message]) -> None:
    results = await asyncio.gather(*(_take_one(scope, source, message) for message in batch), return_exceptions=True)
    for message, result in zip(batch, results, strict=True):
        if isinstance(result, BaseException):
            raise result
        client._client.ack(message.mid, message.qos)  # pyright: ignore[reportPrivateUsage]


async def _take_one(scope: TenantScope, source: Source, message: Message) -> None:
    """Store one message. What can never be stored (malformed, unknown kind) is logged by its code and dropped."""
    try:
        kind = chirpstack.kind_of_topic(message.topic.value) if source is Source.CHIRPSTACK else MessageKind.UP
        received = intake.read(scope, source, bytes(message.payload), kind)
    except DomainError as error:
        log.warning("mqtt message refused", tenant=scope.tenant.slug, topic=message.topic.value, code=error.code)
        return
    await pipeline(scope).take(received)


async def check(scope: TenantScope) -> Health:
    """Whether the town's broker lets us in."""
    settings = scope.settings(LorawanSettings)
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
