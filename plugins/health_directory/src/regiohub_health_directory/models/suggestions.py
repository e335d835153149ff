"""What residents tell: new offers and corrections, waiting for the town's staff."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from regiohub.api import TenantModel, Timestamps, index, reference


class HealthSuggestionKind(StrEnum):
    """What a suggestion is about."""

    NEW_OFFER = "new_offer"
    CORRECTION = "correction"


class HealthSuggestionState(StrEnum):
    """Where it stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class HealthSuggestionOrigin(StrEnum):
    """Who told it: anybody, or the provider by the link in a verification mail."""

    RESIDENT = "resident"
    PROVIDER = "provider"


class Suggestion(TenantModel, Timestamps):
    """One suggestion. `contact` is personal data, seen by the town's reviewers only and deleted after a time."""

    __tablename__ = "health_directory_suggestion"
    kind: Mapped[HealthSuggestionKind]
    state: Mapped[HealthSuggestionState]
    service_id: Mapped[UUID | None] = reference("health_directory_service", ondelete="CASCADE", nullable=True)
    proposal: Mapped[dict[str, Any]]
    message: Mapped[str | None]
    contact: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]
    origin: Mapped[HealthSuggestionOrigin] = mapped_column(default=HealthSuggestionOrigin.RESIDENT)
    language: Mapped[str] = mapped_column(default="de")
    """In which language the sender wrote, for the answer by mail."""
    accepted_fields: Mapped[list[str] | None]
    """Which proposed fields were taken over; null while nothing is decided."""
    __table_args__ = (index("health_directory_suggestion", "state"),)
