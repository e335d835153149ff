"""Pairs of entries that may be one and the same offer."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, index, reference, relation, unique

if TYPE_CHECKING:
    from .offers import Service


class HealthDuplicateState(StrEnum):
    """What is known about a pair: only a guess yet, or somebody has said that these are two offers."""

    CANDIDATE = "candidate"
    DIFFERENT = "different"


class Duplicate(TenantModel, Timestamps):
    """Two services that look alike; `first_id` is the smaller id, so that a pair stands once."""

    __tablename__ = "health_directory_duplicate"
    first_id: Mapped[UUID] = reference("health_directory_service", ondelete="CASCADE")
    second_id: Mapped[UUID] = reference("health_directory_service", ondelete="CASCADE")
    score: Mapped[float]
    """How alike, from 0 to 1."""
    reasons: Mapped[list[str]]
    """What speaks for it: name, phone, address, position, provider."""
    state: Mapped[HealthDuplicateState]
    decided_at: Mapped[datetime | None]
    first: Mapped["Service"] = relation("Service", by="first_id")
    second: Mapped["Service"] = relation("Service", by="second_id")
    __table_args__ = (unique("first_id", "second_id"), index("health_directory_duplicate", "state", "score"))
