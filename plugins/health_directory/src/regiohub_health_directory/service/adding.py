"""New services, one or many at once: the number of statements does not depend on how many."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from regiohub.api import Ctx, InvalidInput, t, uuid7
from regiohub_health_directory.models import (
    AcceptingPatients,
    Contact,
    CostOption,
    Phone,
    Service,
    ServiceLanguage,
    ServiceTerm,
)

from .drafts import ServiceDraft
from .freshness import today
from .parts import Part, add_parts
from .places import assign, organization_of, set_places
from .search.index import reindex
from .search.words import sort_key

COLUMNS = (
    "name", "alternate_name", "description", "summary_easy", "status", "url", "email", "alert", "application_process",
    "fees_description", "eligibility_description", "minimum_age", "maximum_age", "opening_hours",
    "appointment_required", "appointment_url", "telehealth", "telehealth_url", "accepting", "accepting_note", "example",
)  # fmt: skip


async def add_services(ctx: Ctx, drafts: Sequence[ServiceDraft]) -> list[Service]:
    """Store checked drafts as new services and index their words. Raises `NotFound` or `InvalidInput`."""
    services: list[Service] = []
    for draft in drafts:
        service = Service(id=uuid7(), revision=1, verified_on=draft.verified_on, source_key=draft.source_key)
        service.organization_id = await organization_of(ctx, draft.organization)
        assign(service, COLUMNS, draft)
        service.sort_name = sort_key(draft.name)
        service.accepting_on = accepting_day(ctx, draft, None)
        services.append(service)
    ctx.session.add_all(services)
    # The parts refer to the services, which therefore have to be there first.
    await ctx.session.flush()
    for service, draft in zip(services, drafts, strict=True):
        ctx.session.add_all(ServiceTerm(service_id=service.id, code=code) for code in draft.categories)
        ctx.session.add_all(ServiceLanguage(service_id=service.id, code=code) for code in draft.languages)
        for model, parts in part_lists(draft):
            add_parts(ctx, model, "service_id", service.id, parts)
        await set_places(ctx, service, draft.places, {})
    await reindex(ctx.session, [service.id for service in services])
    return services


def accepting_day(ctx: Ctx, draft: ServiceDraft, service: Service | None) -> date | None:
    """The day of the answer on new patients: as given, else kept while the answer stays, else today."""
    if draft.accepting is AcceptingPatients.UNKNOWN:
        return None
    if draft.accepting_on is not None:
        if draft.accepting_on > today(ctx):
            message = t("Der Tag liegt in der Zukunft.", "This day is in the future.")
            raise InvalidInput(message, field="acceptingOn")
        return draft.accepting_on
    unchanged = service is not None and service.accepting is draft.accepting
    return service.accepting_on if unchanged and service else today(ctx)


def part_lists(draft: ServiceDraft) -> tuple[tuple[Part, Sequence[Any]], ...]:
    """The draft's parts that have no identity of their own, with their tables."""
    return (Phone, draft.phones), (Contact, draft.contacts), (CostOption, draft.costs)
