"""What residents suggest, and what staff make of it. Suggestions are seen by the town's own reviewers only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from regiohub.api import Ctx, InvalidInput, NotFound, t
from regiohub_health_directory.errors import AlreadyDecided
from regiohub_health_directory.events import HealthSuggestionDecided, HealthSuggestionReceived
from regiohub_health_directory.models import (
    PUBLIC_STATUSES,
    HealthSuggestionKind,
    HealthSuggestionOrigin,
    HealthSuggestionState,
    Service,
    Suggestion,
)
from regiohub_health_directory.permissions import REVIEW

from .accepting import known_fields, merged_draft, new_draft
from .answering import tell_sender
from .checks import MAX_TEXT, hours, optional, phone_number, required, web_address
from .drafting import bundle_of
from .drafts import ServiceDraft
from .editing import get_service, store_changed, store_new


@dataclass
class Proposal:
    """What should be listed, or what should be changed; everything but the name of a new offer is optional."""

    name: str | None = None
    description: str | None = None
    provider: str | None = None
    address: str | None = None
    phone: str | None = None
    url: str | None = None
    opening_hours: str | None = None


async def suggest_offer(ctx: Ctx, proposal: Proposal, message: str | None, contact: str | None) -> Suggestion:
    """Put a new offer into the queue. Open to everybody; raises `InvalidInput`."""
    proposal.name = required(proposal.name, "name")
    return await _receive(ctx, HealthSuggestionKind.NEW_OFFER, None, proposal, message, contact)


async def suggest_correction(
    ctx: Ctx, service_id: UUID, proposal: Proposal, message: str | None, contact: str | None
) -> Suggestion:
    """Put a correction of a listed service into the queue. Raises `NotFound` for what the public cannot see."""
    service = await ctx.session.find(Service, service_id)
    if service is None or service.status not in PUBLIC_STATUSES:
        raise NotFound(field="serviceId")
    if not optional(message, "message", MAX_TEXT) and not any(_values(proposal).values()):
        raise InvalidInput(t("Bitte sagen, was nicht stimmt.", "Please say what is wrong."), field="message")
    return await _receive(ctx, HealthSuggestionKind.CORRECTION, service_id, proposal, message, contact)


async def correct_by_provider(
    ctx: Ctx, service_id: UUID, proposal: Proposal, message: str | None, contact: str | None
) -> Suggestion:
    """Put what the provider says about an entry into the queue; whoever calls has checked that it is the provider."""
    return await _receive(
        ctx, HealthSuggestionKind.CORRECTION, service_id, proposal, message, contact, HealthSuggestionOrigin.PROVIDER
    )


async def accept_suggestion(ctx: Ctx, suggestion_id: UUID, draft: ServiceDraft, note: str | None) -> Suggestion:
    """Accept with the service as staff want it listed: created for a new offer, replaced for a correction."""
    suggestion = await _open_suggestion(ctx, suggestion_id)
    present = await get_service(ctx, suggestion.service_id) if suggestion.service_id else None
    stored = await (store_changed(ctx, present, draft) if present else store_new(ctx, draft))
    suggestion.service_id = stored.id
    suggestion.accepted_fields = sorted(suggestion.proposal)
    return await _decide(ctx, suggestion, HealthSuggestionState.ACCEPTED, note)


async def apply_suggestion(
    ctx: Ctx,
    suggestion_id: UUID,
    values: Mapping[str, str],
    *,
    categories: Sequence[str] = (),
    note: str | None = None,
    notify: bool = False,
) -> Suggestion:
    """Accept only these fields, as proposed or edited; the rest of the entry stays as it is.

    `values` may be empty for a correction: then it was taken care of in another way. `categories` count for a new
    offer only. With `notify` the sender is told by mail if he left an address.
    """
    suggestion = await _open_suggestion(ctx, suggestion_id)
    chosen = known_fields(values)
    if suggestion.service_id is None:
        stored = await store_new(ctx, await new_draft(ctx, chosen, categories))
        suggestion.service_id = stored.id
    elif chosen:
        bundle = await bundle_of(ctx, suggestion.service_id)
        stored = await store_changed(ctx, bundle.service, await merged_draft(ctx, bundle, chosen))
    suggestion.accepted_fields = sorted(chosen)
    return await _decide(ctx, suggestion, HealthSuggestionState.ACCEPTED, note, notify=notify)


async def reject_suggestion(ctx: Ctx, suggestion_id: UUID, note: str | None, *, notify: bool = False) -> Suggestion:
    """Reject with a reason; the listed service stays as it is. With `notify` the sender is told by mail."""
    suggestion = await _open_suggestion(ctx, suggestion_id)
    reason = required(note, "note")
    suggestion.accepted_fields = []
    return await _decide(ctx, suggestion, HealthSuggestionState.REJECTED, reason, notify=notify)


async def _receive(
    ctx: Ctx,
    kind: HealthSuggestionKind,
    service_id: UUID | None,
    proposal: Proposal,
    message: str | None,
    contact: str | None,
    origin: HealthSuggestionOrigin = HealthSuggestionOrigin.RESIDENT,
) -> Suggestion:
    proposal.opening_hours = hours(proposal.opening_hours, "openingHours")
    proposal.url = web_address(proposal.url, "url")
    proposal.phone = phone_number(proposal.phone, "phone") if proposal.phone and proposal.phone.strip() else None
    for name in ("name", "provider", "address"):
        setattr(proposal, name, optional(getattr(proposal, name), name))
    proposal.description = optional(proposal.description, "description", MAX_TEXT)
    row = Suggestion(
        kind=kind,
        state=HealthSuggestionState.OPEN,
        service_id=service_id,
        proposal={name: value for name, value in _values(proposal).items() if value},
        message=optional(message, "message", MAX_TEXT),
        contact=optional(contact, "contact"),
        decided_at=None,
        decision_note=None,
        origin=origin,
        language=ctx.locale,
        accepted_fields=None,
    )
    ctx.session.add(row)
    await ctx.session.flush()
    await ctx.emit(HealthSuggestionReceived(suggestion_id=row.id))
    return row


def _values(proposal: Proposal) -> dict[str, Any]:
    return {part.name: getattr(proposal, part.name) for part in fields(proposal)}


async def _open_suggestion(ctx: Ctx, suggestion_id: UUID) -> Suggestion:
    ctx.require(REVIEW)
    suggestion = await ctx.session.find(Suggestion, suggestion_id)
    if suggestion is None:
        raise NotFound(field="id")
    if suggestion.state is not HealthSuggestionState.OPEN:
        message = t("Über diesen Vorschlag ist schon entschieden.", "This suggestion has been decided already.")
        raise AlreadyDecided(message, field="id")
    return suggestion


async def _decide(
    ctx: Ctx, suggestion: Suggestion, state: HealthSuggestionState, note: str | None, *, notify: bool = False
) -> Suggestion:
    suggestion.state = state
    suggestion.decided_at = ctx.now()
    suggestion.decision_note = optional(note, "note", MAX_TEXT)
    await ctx.audit(
        f"health_directory.suggestion_{state}",
        kind="suggestion",
        id=str(suggestion.id),
        before={"state": str(HealthSuggestionState.OPEN)},
        after={
            "state": str(state),
            "service_id": str(suggestion.service_id) if suggestion.service_id else None,
            "fields": ", ".join(suggestion.accepted_fields or ()),
        },
    )
    if notify:
        await tell_sender(ctx, suggestion)
    await ctx.emit(
        HealthSuggestionDecided(suggestion_id=suggestion.id, accepted=state is HealthSuggestionState.ACCEPTED)
    )
    return suggestion
