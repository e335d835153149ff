"""What can be asked."""

from sqlalchemy import ColumnElement

from regiohub.api import Connection, filters, many, one, query, where
from regiohub_lorawan.graphql.enums import MessageState, Origin
from regiohub_lorawan.graphql.streams import DatastreamFilter, DatastreamType
from regiohub_lorawan.graphql.types import (
    CodecType,
    DeviceProfileType,
    DeviceType,
    GatewayType,
    IngestKeyType,
    MessageType,
    ThingType,
)
from regiohub_lorawan.models import (
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


def _named(part: str) -> ColumnElement[bool]:
    return Device.name.icontains(part, autoescape=True)


def _about(dev_eui: str) -> ColumnElement[bool]:
    return StoredMessage.dev_eui == dev_eui.lower()


@filters(Device)
class DeviceFilter:
    """Which devices are wanted."""

    origin: Origin | None = where("Only official ones, or only residents' own.", Device.origin)
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
    devices: Connection[DeviceType] = many("Sensors.", filter=DeviceFilter, order_by=(Device.name,))
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
