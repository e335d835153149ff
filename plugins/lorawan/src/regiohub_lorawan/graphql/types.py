"""Types bound to the tables of devices and what belongs to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from regiohub.api import Connection, Ctx, GeoJSON, Permission, bound, column, computed, to_many, to_one
from regiohub_lorawan.graphql.enums import CodecKind, MessageKind, MessageState, Origin, Source
from regiohub_lorawan.models import (
    BrokerLink,
    Codec,
    CodecExample,
    CodecVersion,
    Device,
    Gateway,
    IngestCredential,
    Mapping,
    Profile,
    StoredMessage,
    Thing,
)
from regiohub_lorawan.permissions import MANAGE, VIEW


def _error_text(row: Any, ctx: Ctx) -> str | None:
    return row.error_en if ctx.locale == "en" else row.error_de


def _payload_hex(row: Any, _ctx: Ctx) -> str:
    return row.payload.hex()


def _error_text_of(model: type[Device] | type[StoredMessage], permission: Permission | None = None) -> str | None:
    def in_sql(ctx: Ctx) -> Any:
        return _error_text(model, ctx)

    return computed(
        "The same in words.",
        sql=in_sql,
        python=_error_text,
        reads=(model.error_de, model.error_en),
        permission=permission,
    )


@bound(CodecVersion, cacheable=True)
class CodecVersionType:
    """One state of a codec's source; never changed."""

    id: UUID = column("Identifier.")
    version: int = column("Number, counted from 1.")
    source: str = column("The script.")
    note: str | None = column("What was changed.")
    created_at: datetime = column("When it was added.")


@bound(CodecExample, cacheable=True)
class CodecExampleType:
    """A payload kept to try a codec with."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    payload_hex: str = computed(
        "The payload as hexadecimal digits.", python=_payload_hex, reads=(CodecExample.payload,), cacheable=True
    )
    f_port: int = column("LoRaWAN port.")


@bound(Codec, cacheable=True)
class CodecType:
    """Decodes payloads."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    kind: CodecKind = column("Who decodes.")
    current_version: int = column("Version in use; 0 for kinds without source.")
    versions: Connection[CodecVersionType] | None = to_many(
        "All versions, newest first.", Codec.versions, order_by=CodecVersion.version.desc(), permission=MANAGE
    )
    examples: Connection[CodecExampleType] | None = to_many(
        "Payloads kept to try it with.", Codec.examples, order_by=CodecExample.name, permission=MANAGE
    )


@bound(Mapping, cacheable=True)
class MappingType:
    """What a decoded path means."""

    id: UUID = column("Identifier.")
    path: str = column("Path into the decoded object, such as `temperature` or `probes[0].value`.")
    observed_property: str = column("The property observed, a stable word such as `air_temperature`.")
    title: str = column("Its name for readers.")
    unit: str = column("Unit as a UCUM symbol.")
    minimum: float | None = column("Smallest plausible value.")
    maximum: float | None = column("Largest plausible value.")
    expected_interval_s: int | None = column("Seconds between two values, if they come regularly.")


@bound(Profile, cacheable=True)
class DeviceProfileType:
    """A kind of device."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    manufacturer: str | None = column("Maker.")
    model: str | None = column("The maker's name for it.")
    codec: CodecType = to_one("How its payloads are decoded.", Profile.codec)
    mappings: Connection[MappingType] = to_many("What its values mean.", Profile.mappings, order_by=Mapping.path)


@bound(Thing, cacheable=True)
class ThingType:
    """What is observed: a place, a building, a river gauge."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    description: str | None = column("What is observed here.")
    place: GeoJSON | None = column("Where it is.")


@bound(Gateway)
class GatewayType:
    """A radio gateway."""

    id: UUID = column("Identifier.")
    gateway_id: str | None = column("Its identifier in the radio network.", permission=VIEW)
    name: str | None = column("Name; the identifier as long as nobody has named it.", permission=VIEW)
    registered: bool = column("False: noticed in an uplink only.")
    place: GeoJSON | None = column("Where it is.")
    last_seen_at: datetime | None = column("When it last passed on an uplink.")


@bound(Device)
class DeviceType:
    """A sensor with a radio."""

    id: UUID = column("Identifier.")
    dev_eui: str | None = column("Its identifier in the radio network (EUI-64).", permission=VIEW)
    name: str = column("Name.")
    origin: Origin = column("Who runs it.")
    profile: DeviceProfileType = to_one("What kind of device it is.", Device.profile)
    thing: ThingType = to_one("What it observes.", Device.thing)
    last_seen_at: datetime | None = column("When it was last heard.")
    last_joined_at: datetime | None = column("When it last joined the network.", permission=VIEW)
    battery_percent: float | None = column("State of its battery, if it says.")
    external_power: bool | None = column("Whether it runs on external power, if it says.")
    link_margin_db: int | None = column("Reserve of the radio link in decibels, if it says.", permission=VIEW)
    rssi_dbm: float | None = column("Strength of its last signal in dBm.", permission=VIEW)
    snr_db: float | None = column("Signal to noise ratio of its last signal in dB.", permission=VIEW)
    spreading_factor: int | None = column("Spreading factor of its last uplink.", permission=VIEW)
    f_cnt: int | None = column("Frame counter of its last uplink.", permission=VIEW)
    battery_volts: float | None = column("Voltage of its battery, if it says.")
    expected_interval_s: int | None = column("Seconds after which its next uplink is expected at the latest.")
    silent_since: datetime | None = column("When it was noticed that one of its series is silent.")
    error_code: str | None = column("Code of what is wrong with its newest message, if anything.", permission=VIEW)
    error_text: str | None = _error_text_of(Device, VIEW)
    error_at: datetime | None = column("When that message came.", permission=VIEW)


@bound(StoredMessage)
class MessageType:
    """A message of a network server, kept as it came."""

    id: UUID = column("Identifier.")
    source: Source = column("Which network server sent it.")
    kind: MessageKind = column("What it tells.")
    dev_eui: str = column("Device that it is about (EUI-64).")
    time: datetime = column("When the network received the radio frame.")
    received_at: datetime = column("When it came here.")
    body: str = column("Exactly what was received.")
    state: MessageState = column("What became of it.")
    codec_version: int | None = column("Version of the codec that decoded it.")
    error_code: str | None = column("Code of what was wrong, if anything.")
    error_text: str | None = _error_text_of(StoredMessage)


@bound(IngestCredential)
class IngestKeyType:
    """A key with which a network server may send messages; the key itself is shown only when it is made."""

    id: UUID = column("Identifier.")
    label: str = column("What it is for.")
    created_at: datetime = column("When it was made.")
    revoked_at: datetime | None = column("When it was withdrawn.")


@bound(BrokerLink)
class BrokerLinkType:
    """The connection to the town's message broker as the process that keeps it sees it."""

    name: str = column("Kind of connection: `mqtt`.")
    connected: bool = column("Whether it stands.")
    changed_at: datetime = column("Since when.")
    detail: str | None = column("Why it does not stand, in the words of the connection.")
