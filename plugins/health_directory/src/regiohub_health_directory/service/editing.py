"""Creating, changing and verifying services."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, update

from regiohub.api import Ctx, NotFound
from regiohub_health_directory.events import HealthServiceSaved, HealthServiceVerified
from regiohub_health_directory.models import (
    PUBLIC_STATUSES,
    HealthServiceStatus,
    Service,
    ServiceAtLocation,
    ServiceLanguage,
    ServiceTerm,
)
from regiohub_health_directory.permissions import MANAGE

from .adding import COLUMNS, accepting_day, add_services, part_lists
from .checks import checked
from .drafts import ServiceDraft
from .freshness import today
from .parts import replace_parts
from .places import assign, organization_of, set_places
from .search.index import forget_service, reindex
from .search.words import sort_key


async def create_service(ctx: Ctx, draft: ServiceDraft) -> Service:
    """A new service. Needs the permission to manage; raises `InvalidInput` with the field that is wrong."""
    ctx.require(MANAGE)
    return await store_new(ctx, draft)


async def update_service(ctx: Ctx, service_id: UUID, draft: ServiceDraft) -> Service:
    """Replace a service by the draft. An unchanged draft leaves revision, time of change and verification alone."""
    ctx.require(MANAGE)
    return await store_changed(ctx, await get_service(ctx, service_id), draft)


async def verify_service(ctx: Ctx, service_id: UUID) -> Service:
    """Record that somebody checked the entry today; this is no change of the entry."""
    ctx.require(MANAGE)
    service = await get_service(ctx, service_id)
    before, checked_on = service.verified_on, today(ctx)
    # Not through the object: that would count as an edit and move the time of change.
    await ctx.session.execute(update(Service).where(Service.id == service.id).values(verified_on=checked_on))
    await ctx.audit(
        "health_directory.verify",
        kind="service",
        id=str(service.id),
        before={"verified_on": before.isoformat() if before else None},
        after={"verified_on": checked_on.isoformat()},
    )
    await ctx.emit(HealthServiceVerified(service_id=service.id))
    return service


async def set_status(ctx: Ctx, service_id: UUID, status: HealthServiceStatus) -> Service:
    """Publish or withdraw an entry. A merged one that is published again stands for itself from then on."""
    ctx.require(MANAGE)
    service = await get_service(ctx, service_id)
    if service.status is status:
        return service
    before = service.status
    service.status = status
    if status in PUBLIC_STATUSES:
        service.merged_into_id = None
    service.revision += 1
    await ctx.audit(
        "health_directory.set_status",
        kind="service",
        id=str(service.id),
        before={"status": str(before)},
        after={"status": str(status)},
    )
    await ctx.emit(HealthServiceSaved(service_id=service.id, revision=service.revision))
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


async def store_new(ctx: Ctx, draft: ServiceDraft) -> Service:
    """Check and store a draft as a new service, for staff's entries and accepted suggestions alike."""
    (service,) = await add_services(ctx, [checked(draft)])
    await _report(ctx, "health_directory.create", service)
    return service


async def store_changed(ctx: Ctx, service: Service, draft: ServiceDraft) -> Service:
    """Check a draft and store what differs from it; nothing is written when nothing does."""
    draft = checked(draft)
    owner = await organization_of(ctx, draft.organization)
    # Decided before the columns change, since an answer keeps its day while it stays the same.
    day = accepting_day(ctx, draft, service)
    changed = assign(service, COLUMNS, draft)
    if service.sort_name != sort_key(draft.name):
        service.sort_name = sort_key(draft.name)
    if service.organization_id != owner or service.accepting_on != day:
        service.organization_id, service.accepting_on, changed = owner, day, True
    changed |= await _codes(ctx, ServiceTerm, service.id, draft.categories)
    changed |= await _codes(ctx, ServiceLanguage, service.id, draft.languages)
    for model, parts in part_lists(draft):
        changed |= await replace_parts(ctx, model, "service_id", service.id, parts)
    present = await ctx.session.scalars(select(ServiceAtLocation).where(ServiceAtLocation.service_id == service.id))
    changed |= await set_places(ctx, service, draft.places, {row.location_id: row for row in present})
    if changed:
        service.revision += 1
        await reindex(ctx.session, [service.id])
        await _report(ctx, "health_directory.update", service)
    return service


async def _report(ctx: Ctx, action: str, service: Service) -> None:
    after = {"name": service.name, "status": str(service.status), "revision": service.revision}
    await ctx.audit(action, kind="service", id=str(service.id), after=after)
    await ctx.emit(HealthServiceSaved(service_id=service.id, revision=service.revision))


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
