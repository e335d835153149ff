"""Letters to providers: are these entries still right?"""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, index, reference, relation

if TYPE_CHECKING:
    from .offers import Organization


class HealthVerificationState(StrEnum):
    """Where a letter stands; only an open one can be answered."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class VerificationRequest(TenantModel, Timestamps):
    """One letter with a one-time link. The link's secret is worked out of the town's key and stands nowhere."""

    __tablename__ = "health_directory_verification"
    organization_id: Mapped[UUID] = reference("health_directory_organization", ondelete="CASCADE")
    email: Mapped[str | None]
    """Where it was sent; forgotten some time after the letter is closed."""
    language: Mapped[str]
    state: Mapped[HealthVerificationState]
    service_ids: Mapped[list[str]]
    """The entries asked about, as they stood when the letter was sent."""
    expires_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    confirmed: Mapped[int]
    """How many entries the answer confirmed."""
    corrected: Mapped[int]
    """How many entries the answer wants changed; each of them became a suggestion."""
    organization: Mapped["Organization"] = relation("Organization", by="organization_id")
    __table_args__ = (index("health_directory_verification", "state", "expires_at"),)
