"""Suggestions, as reviewers and senders see them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from regiohub.api import JSON, Ctx, bound, column, computed, value
from regiohub_health_directory.models import (
    HealthSuggestionKind,
    HealthSuggestionOrigin,
    HealthSuggestionState,
    Suggestion,
)
from regiohub_health_directory.permissions import REVIEW
from regiohub_health_directory.service.comparing import TITLES, Review


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
    origin: HealthSuggestionOrigin = column("Who told it: a resident, or the provider by the link in a mail.")
    accepted_fields: list[str] | None = computed(
        "Which proposed fields were taken over; null while nothing is decided.",
        python=lambda row, _: row.accepted_fields,
        reads=(Suggestion.accepted_fields,),
    )


@value
class HealthFieldChangeType:
    """One proposed field beside what the entry says now."""

    field: str = column("Name of the field, as a decision takes it.")
    title: str = column("Its title in the caller's language.")
    current: str | None = column("What the entry says; null if it says nothing, or for a new offer.")
    proposed: str = column("What is proposed.")
    same: bool = column("Whether both say the same.")
    obstacle: str | None = column("Why the field cannot be taken over by itself; null if it can.")


@value
class HealthSuggestionReviewType:
    """A suggestion as reviewers decide on it."""

    suggestion_id: UUID = column("Identifier of the suggestion.")
    service_id: UUID | None = column("The entry that it is about; null for a new offer.")
    changes: list[HealthFieldChangeType] = column("What is proposed, field by field.")


def review_value(review: Review, ctx: Ctx) -> HealthSuggestionReviewType:
    """The value of a review in the caller's language."""
    changes = [
        HealthFieldChangeType(
            field=change.field,
            title=TITLES[change.field].get(ctx.locale),
            current=change.current,
            proposed=change.proposed,
            same=change.same,
            obstacle=change.obstacle.get(ctx.locale) if change.obstacle else None,
        )
        for change in review.fields
    ]
    suggestion = review.suggestion
    return HealthSuggestionReviewType(suggestion_id=suggestion.id, service_id=suggestion.service_id, changes=changes)
