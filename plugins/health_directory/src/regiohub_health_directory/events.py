"""What happened in the directory, for other plugins and for the town's own jobs."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from regiohub.api import Event


@dataclass(frozen=True)
class HealthServiceSaved(Event):
    """A service was created or really changed."""

    name: ClassVar[str] = "health_directory.service_saved"
    service_id: UUID
    revision: int


@dataclass(frozen=True)
class HealthServiceVerified(Event):
    """Somebody confirmed that an entry is right."""

    name: ClassVar[str] = "health_directory.service_verified"
    service_id: UUID


@dataclass(frozen=True)
class HealthSuggestionReceived(Event):
    """A resident suggested a new offer or a correction."""

    name: ClassVar[str] = "health_directory.suggestion_received"
    suggestion_id: UUID


@dataclass(frozen=True)
class HealthSuggestionDecided(Event):
    """Staff accepted or rejected a suggestion."""

    name: ClassVar[str] = "health_directory.suggestion_decided"
    suggestion_id: UUID
    accepted: bool
