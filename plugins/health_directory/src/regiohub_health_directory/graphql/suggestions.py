"""Suggestions, as reviewers and senders see them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from regiohub.api import JSON, Ctx, bound, column, value
from regiohub_health_directory.models import HealthSuggestionKind, HealthSuggestionState, Suggestion
from regiohub_health_directory.permissions import REVIEW


@value
class HealthSuggestionReceiptType:
    """What a sender gets back: no more than what he needs to ask about it."""

    id: UUID = column("Identifier to quote.")
    kind: HealthSuggestionKind = column("New offer or correction.")
    state: HealthSuggestionState = column("Where it stands.")


def reviewable(ctx: Ctx) -> Any:
    """Rows for reviewers only; nobody else reads the queue along any relation."""
    return None if ctx.can(REVIEW) else Suggestion.id.is_(None)


@bound(Suggestion, rows=reviewable)
class HealthSuggestionType:
    """What a resident suggested."""

    id: UUID = column("Identifier.")
    kind: HealthSuggestionKind = column("New offer or correction.")
    state: HealthSuggestionState = column("Where it stands.")
    created_at: datetime = column("When it came in.")
    service_id: UUID | None = column("The service that it is about.")
    proposal: JSON | None = column("What should be listed or changed.")
    message: str | None = column("What the sender wrote.")
    contact: str | None = column("How to reach the sender, if given.")
    decided_at: datetime | None = column("When it was decided.")
    decision_note: str | None = column("Why.")
