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
enum_type("Length of the intervals that values are gathered in.")(AggregateStep)
enum_type("Who runs a sensor: an office of the town, or residents.")(Origin)
enum_type("Who turns the payload into values.")(CodecKind)
enum_type("What became of a stored message.")(MessageState)
enum_type("Network server that a message came from.")(Source)
enum_type("What a message tells.")(MessageKind)

__all__ = [
    "AggregateStep",
    "CodecKind",
    "MessageKind",
    "MessageState",
    "ObservationQuality",
    "Origin",
    "Source",
]
