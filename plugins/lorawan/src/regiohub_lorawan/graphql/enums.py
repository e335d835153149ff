"""Words of the API. The other modules take the enums from here, so that each is described before it is used."""

from enum import StrEnum

from regiohub.api import enum_type
from regiohub_lorawan.formats.uplink import MessageKind, Source
from regiohub_lorawan.mapping.values import Quality
from regiohub_lorawan.models.kinds import CodecKind, MessageState, Origin, Step


class ObservationQuality(StrEnum):
    """How far a value can be trusted; the API's words for the stored numbers."""

    GOOD = "good"
    IMPLAUSIBLE = "implausible"

    @classmethod
    def of(cls, stored: int) -> "ObservationQuality":
        """From the stored number."""
        return cls.GOOD if stored == Quality.GOOD else cls.IMPLAUSIBLE


class AggregateStep(StrEnum):
    """Length of an interval."""

    HOUR = "hour"
    DAY = "day"

    @property
    def stored(self) -> Step:
        """The stored number."""
        return Step.HOUR if self is AggregateStep.HOUR else Step.DAY


enum_type(
    "How far a value can be trusted.",
    {
        ObservationQuality.GOOD: "Within the plausible range.",
        ObservationQuality.IMPLAUSIBLE: "Outside of it; kept, but not part of any aggregate.",
    },
)(ObservationQuality)
enum_type(
    "Length of the intervals that values are gathered in.",
    {AggregateStep.HOUR: "An hour.", AggregateStep.DAY: "A calendar day of the town."},
)(AggregateStep)
enum_type(
    "Who runs a sensor: an office of the town, or residents.",
    {Origin.OFFICIAL: "An office of the town.", Origin.CITIZEN: "Residents (citizen science)."},
)(Origin)
enum_type(
    "Who turns the payload into values.",
    {
        CodecKind.JAVASCRIPT: "A script in this platform's sandbox.",
        CodecKind.CAYENNE_LPP: "The built-in decoder of Cayenne Low Power Payload.",
        CodecKind.NETWORK_SERVER: "The network server; what it has decoded is taken as it is.",
    },
)(CodecKind)
enum_type(
    "What became of a stored message.",
    {
        MessageState.PENDING: "It waits.",
        MessageState.DONE: "Its values are stored.",
        MessageState.FAILED: "It could not be turned into values; the error says why.",
        MessageState.UNKNOWN_DEVICE: "Nobody has registered the device.",
        MessageState.REFUSED: "It is no message that the platform understands.",
    },
)(MessageState)
enum_type(
    "Network server that a message came from.",
    {Source.CHIRPSTACK: "ChirpStack.", Source.TTN: "The Things Stack."},
)(Source)
enum_type(
    "What a message tells.",
    {
        MessageKind.UP: "Data of the device.",
        MessageKind.JOIN: "The device has joined the network.",
        MessageKind.STATUS: "Battery and link margin of the device.",
        MessageKind.ACK: "Whether the device has confirmed a message to it.",
        MessageKind.TXACK: "A gateway has sent a message to the device.",
        MessageKind.LOG: "A warning or error of the network server.",
        MessageKind.LOCATION: "Where the network has located the device.",
    },
)(MessageKind)

__all__ = [
    "AggregateStep",
    "CodecKind",
    "MessageKind",
    "MessageState",
    "ObservationQuality",
    "Origin",
    "Source",
]
