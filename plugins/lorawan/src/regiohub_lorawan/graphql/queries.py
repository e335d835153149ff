"""What can be asked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement

from regiohub.api import Connection, Ctx, field, filters, many, one, query, where
from regiohub_lorawan.graphql.enums import AggregateStep, MessageState, Origin
from regiohub_lorawan.graphql.streams import DatastreamFilter, DatastreamType
from regiohub_lorawan.graphql.traffic import GatewayHourTraffic, RadioTraffic, SpreadingFactorShare
from regiohub_lorawan.graphql.types import (
    BrokerLinkType,
    CodecType,
    DeviceProfileType,
    DeviceType,
    GatewayType,
    IngestKeyType,
    MessageType,
    ThingType,
)
from regiohub_lorawan.models import (
    BrokerLink,
    Codec,
    Datastream,
    Device,
    Gateway,
    IngestCredential,
    Profile,
    StoredMessage,
    Thing,
)
from regiohub_lorawan.permissions import KEYS, VIEW
from regiohub_lorawan.service import operation


def _named(part: str) -> ColumnElement[bool]:
    return Device.name.icontains(part, autoescape=True)


def _silent(silent: bool) -> ColumnElement[bool]:
    return Device.silent_since.is_not(None) if silent else Device.silent_since.is_(None)


def _faulty(faulty: bool) -> ColumnElement[bool]:
    return Device.error_code.is_not(None) if faulty else Device.error_code.is_(None)


def _about(dev_eui: str) -> ColumnElement[bool]:
    return StoredMessage.dev_eui == dev_eui.lower()


@filters(Device)
class DeviceFilter:
    """Which devices are wanted."""

    origin: Origin | None = where("Only official ones, or only residents' own.", Device.origin)
    profile_id: UUID | None = where("Only those of this profile.", Device.profile_id)
    silent: bool | None = where("Only those with a silent series, or only the others.", _silent)
    faulty: bool | None = where("Only those whose newest message failed, or only the others.", _faulty)
    text: str | None = where("Part of the name.", _named)


@filters(StoredMessage)
class MessageFilter:
    """Which messages are wanted."""

    state: MessageState | None = where("Only those in this state.", StoredMessage.state)
    dev_eui: str | None = where("Only those about this device.", _about)


@query
class LorawanQuery:
    """Sensors of the town and what they measure."""

    # Devices, gateways and datastreams change with each uplink: counting that would cost more than it ever saved.
    devices: Connection[DeviceType] = many(
        "Sensors.",
        filter=DeviceFilter,
        order_by=(Device.name,),
        orders={
            "NAME": Device.name,
            "SILENT_FIRST": (Device.silent_since.is_(None), Device.last_seen_at),
            "LAST_SEEN": Device.last_seen_at,
        },
    )
    device: DeviceType | None = one("One sensor by id.")
    device_profiles: Connection[DeviceProfileType] = many("Kinds of devices.", order_by=(Profile.name,), cacheable=True)
    codecs: Connection[CodecType] = many("Decoders of payloads.", order_by=(Codec.name,), cacheable=True)
    gateways: Connection[GatewayType] = many("Radio gateways.", order_by=(Gateway.name,))
    things: Connection[ThingType] = many("What is observed.", order_by=(Thing.name,), cacheable=True)
    thing: ThingType | None = one("One observed thing by id.", cacheable=True)
    datastreams: Connection[DatastreamType] = many(
        "Series of values.",
        filter=DatastreamFilter,
        order_by=(Datastream.series,),
        orders={"SERIES": Datastream.series, "TITLE": Datastream.title, "PROPERTY": Datastream.observed_property},
    )
    datastream: DatastreamType | None = one("One series by id.")
    messages: Connection[MessageType] | None = many(
        "Messages as they came, newest first.",
        filter=MessageFilter,
        order_by=(StoredMessage.received_at.desc(),),
        permission=VIEW,
    )
    ingest_keys: Connection[IngestKeyType] | None = many(
        "Keys of the network servers.", order_by=(IngestCredential.label,), permission=KEYS
    )
    broker_links: Connection[BrokerLinkType] | None = many(
        "Connections to message brokers.", order_by=(BrokerLink.name,), permission=VIEW
    )

    @field(
        "Traffic of the radio network per hour or local day, in order; intervals without traffic are left out.",
        permission=VIEW,
        args={"step": "Length of the intervals.", "from_": "First moment.", "to": "First moment after the span."},
        items=200,
    )
    @staticmethod
    async def traffic(ctx: Ctx, step: AggregateStep, from_: datetime, to: datetime) -> list[RadioTraffic] | None:
        """Of registered devices."""
        found = await operation.traffic(ctx, from_, to, step.stored)
        return [
            RadioTraffic(**{name: getattr(item, name) for name in item.__slots__})  # pyright: ignore[reportCallIssue]
            for item in found
        ]

    @field(
        "How the uplinks of a span spread over the spreading factors.",
        permission=VIEW,
        args={"from_": "First moment.", "to": "First moment after the span."},
    )
    @staticmethod
    async def spreading_factors(ctx: Ctx, from_: datetime, to: datetime) -> list[SpreadingFactorShare] | None:
        """High factors mean far or badly placed devices."""
        return [
            SpreadingFactorShare(**{name: getattr(item, name) for name in item.__slots__})  # pyright: ignore[reportCallIssue]
            for item in await operation.factors(ctx, from_, to)
        ]

    @field(
        "What a gateway heard per hour, in order; hours without uplinks are left out.",
        permission=VIEW,
        args={
            "gateway_id": "Its identifier in the radio network.",
            "from_": "First moment.",
            "to": "First moment after the span.",
        },
        items=200,
    )
    @staticmethod
    async def gateway_traffic(
        ctx: Ctx, gateway_id: str, from_: datetime, to: datetime
    ) -> list[GatewayHourTraffic] | None:
        """Uplinks of registered devices only."""
        return [
            GatewayHourTraffic(**{name: getattr(item, name) for name in item.__slots__})  # pyright: ignore[reportCallIssue]
            for item in await operation.gateway_traffic(ctx, gateway_id.lower(), from_, to)
        ]
