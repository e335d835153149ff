"""Tables of the plugin."""

from regiohub_lorawan.models.devices import Device, Gateway, Thing
from regiohub_lorawan.models.messages import IngestCredential, StoredMessage
from regiohub_lorawan.models.profiles import Codec, CodecVersion, Mapping, Profile
from regiohub_lorawan.models.streams import Datastream, DirtyHour, Observation, Rollup

MODELS = (
    Codec,
    CodecVersion,
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
)
"""All tables, parents first."""

__all__ = [
    "MODELS",
    "Codec",
    "CodecVersion",
    "Datastream",
    "Device",
    "DirtyHour",
    "Gateway",
    "IngestCredential",
    "Mapping",
    "Observation",
    "Profile",
    "Rollup",
    "StoredMessage",
    "Thing",
]
