"""Facts that others may want to know."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from regiohub.api import Event


@dataclass(frozen=True)
class DatastreamSilent(Event):
    """A datastream has not delivered for several of its expected intervals. ``last_at`` is None if it never did."""

    name: ClassVar[str] = "lorawan.datastream_silent"
    datastream_id: UUID
    last_at: datetime | None


@dataclass(frozen=True)
class DatastreamResumed(Event):
    """A datastream that was silent delivers again."""

    name: ClassVar[str] = "lorawan.datastream_resumed"
    datastream_id: UUID
    at: datetime
