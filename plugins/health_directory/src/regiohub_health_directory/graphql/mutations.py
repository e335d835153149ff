"""The directory's mutations."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from regiohub.api import PUBLIC, Ctx, mutation
from regiohub_health_directory.models import HealthServiceStatus, Suggestion
from regiohub_health_directory.permissions import MANAGE, REVIEW
from regiohub_health_directory.service import editing, places, suggestions

from .inputs import (
    HealthLocationInput,
    HealthOrganizationInput,
    HealthProposalInput,
    HealthServiceInput,
    location_draft,
    organization_draft,
    proposal,
    service_draft,
)
from .places import HealthLocationNode
from .services import HealthOrganizationType, HealthServiceType
from .suggestions import HealthSuggestionReceiptType, HealthSuggestionType

_MESSAGE = "In the sender's own words."
_CONTACT = "Mail address or phone number for questions; deleted some time after the decision."


@mutation("Adds a service.", permission=MANAGE, returns="service")
async def create_health_service(ctx: Ctx, input: HealthServiceInput) -> "HealthServiceType":
    return _row(await editing.create_service(ctx, service_draft(input)))


@mutation("Replaces a service; saving it unchanged changes nothing.", permission=MANAGE, returns="service")
async def update_health_service(ctx: Ctx, id: UUID, input: HealthServiceInput) -> "HealthServiceType":
    return _row(await editing.update_service(ctx, id, service_draft(input)))


@mutation("Records that an entry was checked today.", permission=MANAGE, returns="service")
async def verify_health_service(ctx: Ctx, id: UUID) -> "HealthServiceType":
    return _row(await editing.verify_service(ctx, id))


@mutation(
    "Publishes or withdraws a service.",
    permission=MANAGE,
    returns="service",
    args={"status": "Active and temporarily closed services are public."},
)
async def set_health_service_status(ctx: Ctx, id: UUID, status: HealthServiceStatus) -> "HealthServiceType":
    return _row(await editing.set_status(ctx, id, status))


@mutation("Removes a service.", permission=MANAGE)
async def delete_health_service(ctx: Ctx, id: UUID) -> None:
    await editing.delete_service(ctx, id)


@mutation("Changes an organisation.", permission=MANAGE, returns="organization")
async def update_health_organization(
    ctx: Ctx,
    id: UUID,
    input: HealthOrganizationInput,
) -> "HealthOrganizationType":
    return _row(await places.update_organization(ctx, id, organization_draft(input)))


@mutation("Changes a location.", permission=MANAGE, returns="location")
async def update_health_location(ctx: Ctx, id: UUID, input: HealthLocationInput) -> "HealthLocationNode":
    return _row(await places.update_location(ctx, id, location_draft(input)))


@mutation(
    "Suggests an offer that is missing.",
    permission=PUBLIC,
    returns="suggestion",
    args={"message": _MESSAGE, "contact": _CONTACT},
)
async def suggest_health_offer(
    ctx: Ctx,
    input: HealthProposalInput,
    message: str | None = None,
    contact: str | None = None,
) -> HealthSuggestionReceiptType:
    return _receipt(await suggestions.suggest_offer(ctx, proposal(input), message, contact))


@mutation(
    "Suggests a correction of a listed service.",
    permission=PUBLIC,
    returns="suggestion",
    args={"service_id": "The service.", "message": _MESSAGE, "contact": _CONTACT},
)
async def suggest_health_correction(
    ctx: Ctx,
    service_id: UUID,
    input: HealthProposalInput | None = None,
    message: str | None = None,
    contact: str | None = None,
) -> HealthSuggestionReceiptType:
    changes = proposal(input or HealthProposalInput())
    return _receipt(await suggestions.suggest_correction(ctx, service_id, changes, message, contact))


@mutation(
    "Accepts a suggestion with the service as it is to be listed.",
    permission=REVIEW,
    returns="suggestion",
    args={"note": "Why."},
)
async def accept_health_suggestion(
    ctx: Ctx,
    id: UUID,
    input: HealthServiceInput,
    note: str | None = None,
) -> "HealthSuggestionType":
    return _row(await suggestions.accept_suggestion(ctx, id, service_draft(input), note))


@mutation(
    "Takes over single fields of a suggestion, as proposed or edited; the rest of the entry stays as it is.",
    permission=REVIEW,
    returns="suggestion",
    args={
        "categories": "Codes of the taxonomy, for a new offer.",
        "note": "Remark for the sender and for the record.",
        "notify": "Whether the sender is told by mail, if he left an address.",
    },
)
async def apply_health_suggestion(
    ctx: Ctx,
    id: UUID,
    input: HealthProposalInput,
    categories: list[str] | None = None,
    note: str | None = None,
    notify: bool = False,
) -> "HealthSuggestionType":
    chosen = {name: text for name, text in asdict(proposal(input)).items() if text}
    return _row(
        await suggestions.apply_suggestion(ctx, id, chosen, categories=categories or (), note=note, notify=notify)
    )


@mutation(
    "Rejects a suggestion with a reason.",
    permission=REVIEW,
    returns="suggestion",
    args={"note": "Why.", "notify": "Whether the sender is told by mail, if he left an address."},
)
async def reject_health_suggestion(
    ctx: Ctx, id: UUID, note: str | None = None, notify: bool = False
) -> "HealthSuggestionType":
    return _row(await suggestions.reject_suggestion(ctx, id, note, notify=notify))


def _row(row: Any) -> Any:
    """Resolvers of bound types hand back rows of the model."""
    return row


def _receipt(row: Suggestion) -> HealthSuggestionReceiptType:
    return HealthSuggestionReceiptType(id=row.id, kind=row.kind, state=row.state)


MUTATIONS = (
    create_health_service,
    update_health_service,
    verify_health_service,
    set_health_service_status,
    delete_health_service,
    update_health_organization,
    update_health_location,
    suggest_health_offer,
    suggest_health_correction,
    accept_health_suggestion,
    apply_health_suggestion,
    reject_health_suggestion,
)
