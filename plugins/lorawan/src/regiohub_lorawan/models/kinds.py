"""Closed sets of words that the tables store."""

from enum import IntEnum, StrEnum


class CodecKind(StrEnum):
    """Who turns the payload into values."""

    JAVASCRIPT = "javascript"
    """A script in this platform's sandbox."""
    CAYENNE_LPP = "cayenne_lpp"
    """The built-in Cayenne Low Power Payload decoder."""
    NETWORK_SERVER = "network_server"
    """The network server has decoded already; its object is taken as it is."""


class Origin(StrEnum):
    """Who runs a sensor: an office of the town, or residents (citizen science)."""

    OFFICIAL = "official"
    CITIZEN = "citizen"


class MessageState(StrEnum):
    """What became of a stored message."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN_DEVICE = "unknown_device"
    REFUSED = "refused"


class Step(IntEnum):
    """Length of a rollup's interval; stored as a small number. A day is the town's calendar day."""

    HOUR = 0
    DAY = 1
