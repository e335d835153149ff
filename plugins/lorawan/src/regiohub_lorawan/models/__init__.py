"""Tables of the plugin."""

from regiohub_lorawan.models.devices import Device, Gateway, Thing
from regiohub_lorawan.models.messages import IngestCredential, StoredMessage
from regiohub_lorawan.models.profiles import Codec, CodecExample, CodecVersion, Mapping, Profile
from regiohub_lorawan.models.radio import BrokerLink, GatewayHour, RadioHour
from regiohub_lorawan.models.streams import Datastream, DirtyHour, Observation, Rollup

MODELS = (
    Codec,
    CodecVersion,
    CodecExample,
    Profile,
    Mapping,
    Gateway,
    Thing,
    Device,
    Datastream,
    IngestCredential,
    StoredMessage,
    Observation,
    Rollup,
    DirtyHour,
    RadioHour,
    GatewayHour,
    BrokerLink,
)
"""All tables, parents first."""

__all__ = [
    "MODELS",
    "BrokerLink",
    "Codec",
    "CodecExample",
    "CodecVersion",
    "Datastream",
    "Device",
    "DirtyHour",
    "Gateway",
    "GatewayHour",
    "IngestCredential",
    "Mapping",
    "Observation",
    "Profile",
    "RadioHour",
    "Rollup",
    "StoredMessage",
    "Thing",
]
