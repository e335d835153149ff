"""Creating, changing and verifying services."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from regiohub.api import Ctx, InvalidInput, NotFound, t, uuid7
from regiohub_health_directory.events import HealthServiceSaved, HealthServiceVerified
from regiohub_health_directory.models import (
    AcceptingPatients,
    CostOption,
    Phone,
    Service,
    ServiceLanguage,
    ServiceTerm,
)
from regiohub_health_directory.permissions import MANAGE

from .drafts import ServiceDraft, checked
from .freshness import today
from .places import assign, organization_of, set_places
from .search.index import forget_service, reindex

_COLUMNS = (
    "name", "alternate_name", "description", "summary_easy", "status", "url", "email", "alert", "application_process",
    "fees_description", "eligibility_description", "minimum_age", "maximum_age", "opening_hours",
    "appointment_required", "appointment_url", "telehealth", "telehealth_url", "accepting", "accepting_note", "example",
)  # fmt: skip


async def create_service(ctx: Ctx, draft: ServiceDraft) -> Service:
    """A new service. Needs the permission to manage; raises `InvalidInput` with the field that is wrong."""
    ctx.require(MANAGE)
    return await store_service(ctx, checked(draft), None)


async def update_service(ctx: Ctx, service_id: UUID, draft: ServiceDraft) -> Service:
    """Replace a service by the draft. An unchanged draft leaves revision, time of change and verification alone."""
    ctx.require(MANAGE)
    return await store_service(ctx, checked(draft), await get_service(ctx, service_id))


async def verify_service(ctx: Ctx, service_id: UUID) -> Service:
    """Record that somebody checked the entry today; this is no change of the entry."""
    ctx.require(MANAGE)
    service = await get_service(ctx, service_id)
    before = service.verified_on
    checked_on = today(ctx)
    service.verified_on = checked_on
    await ctx.audit(
        "health_directory.verify",
        kind="service",
        id=str(service.id),
        before={"verified_on": before.isoformat() if before else None},
        after={"verified_on": checked_on.isoformat()},
    )
    await ctx.emit(HealthServiceVerified(service_id=service.id))
    return service


async def delete_service(ctx: Ctx, service_id: UUID) -> None:
    """Remove a service with its parts and its words; the organisation and its locations stay."""
    ctx.require(MANAGE)
    service = await get_service(ctx, service_id)
    await forget_service(ctx.session, service.id)
    await ctx.audit("health_directory.delete", kind="service", id=str(service.id), before={"name": service.name})
    await ctx.session.execute(delete(Service).where(Service.id == service.id))


async def get_service(ctx: Ctx, service_id: UUID) -> Service:
    """The service, whatever its status; raises `NotFound`."""
    service = await ctx.session.find(Service, service_id)
    if service is None:
        raise NotFound(field="id")
    return service


async def store_service(ctx: Ctx, draft: ServiceDraft, service: Service | None) -> Service:
    """Write a checked draft; used by staff's edits, accepted suggestions and demo content alike."""
    owner = await organization_of(ctx, draft.organization)
    created = service is None
    if service is None:
        service = Service(id=uuid7(), revision=0, verified_on=None, accepting_on=None, source_key=draft.source_key)
        service.organization_id = owner
        assign(service, _COLUMNS, draft)
        service.accepting_on = _accepting_day(ctx, draft, None)
        ctx.session.add(service)
        await ctx.session.flush()
        changed = True
    else:
        # Decided before the columns change, since an answer keeps its day while it stays the same.
        day = _accepting_day(ctx, draft, service)
        changed = assign(service, _COLUMNS, draft)
        if service.organization_id != owner or service.accepting_on != day:
            service.organization_id, service.accepting_on, changed = owner, day, True
    changed |= await _codes(ctx, ServiceTerm, service.id, draft.categories)
    changed |= await _codes(ctx, ServiceLanguage, service.id, draft.languages)
    changed |= await _replace(ctx, Phone, service.id, _rows(draft.phones, ("number", "kind", "description")))
    costs = _rows(draft.costs, ("option", "amount", "currency", "amount_description"))
    changed |= await _replace(ctx, CostOption, service.id, costs)
    changed |= await set_places(ctx, service, draft.places)
    if changed:
        service.revision += 1
        await reindex(ctx.session, [service.id])
        await ctx.audit(
            "health_directory.create" if created else "health_directory.update",
            kind="service",
            id=str(service.id),
            after={"name": service.name, "status": str(service.status), "revision": service.revision},
        )
        await ctx.emit(HealthServiceSaved(service_id=service.id, revision=service.revision))
    return service


def _accepting_day(ctx: Ctx, draft: ServiceDraft, service: Service | None) -> date | None:
    if draft.accepting is AcceptingPatients.UNKNOWN:
        return None
    if draft.accepting_on is not None:
        if draft.accepting_on > today(ctx):
            message = t("Der Tag liegt in der Zukunft.", "This day is in the future.")
            raise InvalidInput(message, field="acceptingOn")
        return draft.accepting_on
    unchanged = service is not None and service.accepting is draft.accepting
    return service.accepting_on if unchanged and service else today(ctx)


def _rows(parts: Sequence[Any], columns: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: getattr(part, name) for name in columns} for part in parts]


async def _codes(
    ctx: Ctx, model: type[ServiceTerm] | type[ServiceLanguage], service_id: UUID, codes: Sequence[str]
) -> bool:
    present = set(await ctx.session.scalars(select(model.code).where(model.service_id == service_id)))
    wanted = set(codes)
    if present == wanted:
        return False
    await ctx.session.execute(delete(model).where(model.service_id == service_id, model.code.in_(present - wanted)))
    ctx.session.add_all(model(service_id=service_id, code=code) for code in sorted(wanted - present))
    return True


async def _replace(
    ctx: Ctx, model: type[Phone] | type[CostOption], service_id: UUID, wanted: Sequence[dict[str, Any]]
) -> bool:
    """Parts without an identity of their own: replaced as a whole, and only when they differ."""
    present = (await ctx.session.scalars(select(model).where(model.service_id == service_id).order_by(model.id))).all()
    columns = list(wanted[0]) if wanted else []
    if len(present) == len(wanted) and _rows(present, columns) == list(wanted):
        return False
    await ctx.session.execute(delete(model).where(model.service_id == service_id))
    ctx.session.add_all(model(service_id=service_id, **row) for row in wanted)
    await ctx.session.flush()
    return True
