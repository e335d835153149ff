"""Who offers and where: organisations, locations, and the services at them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from regiohub.api import Ctx, InvalidInput, NotFound, check_geometry, t, uuid7
from regiohub_health_directory.models import Location, Organization, Phone, Service, ServiceAtLocation
from regiohub_health_directory.permissions import MANAGE

from .checks import check_location, check_phones, optional, required, web_address
from .drafts import LocationDraft, OrganizationDraft, PlaceDraft
from .parts import add_parts, replace_parts
from .search.index import reindex

_ORGANIZATION_COLUMNS = ("name", "description", "email", "website")
_LOCATION_COLUMNS = (
    "name", "location_type", "address", "postal_code", "city", "district", "transportation", "url", "wheelchair",
    "accessibility", "accessibility_note", "place",
)  # fmt: skip
_PLACE_COLUMNS = ("opening_hours", "description")


def assign(row: Any, columns: Iterable[str], draft: Any) -> bool:
    """Copy columns that differ; tells whether any did, so that an unchanged save touches nothing."""
    changed = False
    for name in columns:
        value = getattr(draft, name)
        if getattr(row, name, None) != value:
            setattr(row, name, value)
            changed = True
    return changed


async def organization_of(ctx: Ctx, draft: OrganizationDraft) -> UUID:
    """The id of the organisation that a draft names; a new one is stored. Raises `NotFound` or `InvalidInput`."""
    if draft.id is not None:
        if await ctx.session.get(Organization, (ctx.session.tenant_id, draft.id)) is None:
            raise NotFound(field="organization.id")
        return draft.id
    row = Organization(id=uuid7(), source_key=None)
    assign(row, _ORGANIZATION_COLUMNS, _checked_organization(draft, "organization."))
    ctx.session.add(row)
    await ctx.session.flush()
    add_parts(ctx, Phone, "organization_id", row.id, draft.phones)
    return row.id


async def update_organization(ctx: Ctx, organization_id: UUID, draft: OrganizationDraft) -> Organization:
    """Change an organisation and bring the index of its services up to date."""
    ctx.require(MANAGE)
    row = await ctx.session.find(Organization, organization_id)
    if row is None:
        raise NotFound(field="id")
    changed = assign(row, _ORGANIZATION_COLUMNS, _checked_organization(draft, ""))
    changed |= await replace_parts(ctx, Phone, "organization_id", row.id, draft.phones)
    if changed:
        ids = await ctx.session.scalars(select(Service.id).where(Service.organization_id == row.id))
        await _touched(ctx, "organization", row.id, ids.all())
    return row


async def update_location(ctx: Ctx, location_id: UUID, draft: LocationDraft) -> Location:
    """Change a location and bring the index of the services there up to date."""
    ctx.require(MANAGE)
    row = await ctx.session.find(Location, location_id)
    if row is None:
        raise NotFound(field="id")
    if assign(row, _LOCATION_COLUMNS, _checked_location(draft, "")):
        ids = await ctx.session.scalars(
            select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id == row.id)
        )
        await _touched(ctx, "location", row.id, ids.all())
    return row


async def readdress(ctx: Ctx, row: Location, *, address: str | None, postal_code: str | None, city: str | None) -> None:
    """Give a location another address; parts that are not said stay. Its position and accessibility stay as well."""
    changed = False
    for name, value in (("address", address), ("postal_code", postal_code), ("city", city)):
        if value is not None and getattr(row, name) != (checked := optional(value, "address")):
            setattr(row, name, checked)
            changed = True
    if changed:
        ids = await ctx.session.scalars(
            select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id == row.id)
        )
        await _touched(ctx, "location", row.id, ids.all())


async def set_places(
    ctx: Ctx, service: Service, drafts: Sequence[PlaceDraft], present: Mapping[UUID, ServiceAtLocation]
) -> bool:
    """Make the drafts the places of the service instead of the `present` ones; tells whether anything changed."""
    changed = False
    kept: set[UUID] = set()
    for number, draft in enumerate(drafts):
        location_id = await _location_of(ctx, service, draft.location, f"places.{number}.location.")
        if location_id in kept:
            message = t("Dieser Ort kommt zweimal vor.", "This place is named twice.")
            raise InvalidInput(message, field=f"places.{number}.location")
        kept.add(location_id)
        row = present.get(location_id)
        if row is None:
            row = ServiceAtLocation(service_id=service.id, location_id=location_id)
            ctx.session.add(row)
            changed = True
        changed |= assign(row, _PLACE_COLUMNS, draft)
    if gone := present.keys() - kept:
        await ctx.session.execute(
            delete(ServiceAtLocation).where(
                ServiceAtLocation.service_id == service.id, ServiceAtLocation.location_id.in_(gone)
            )
        )
        changed = True
    return changed


async def _location_of(ctx: Ctx, service: Service, draft: LocationDraft, path: str) -> UUID:
    if draft.id is not None:
        if await ctx.session.get(Location, (ctx.session.tenant_id, draft.id)) is None:
            raise NotFound(field=f"{path}id")
        return draft.id
    row = Location(id=uuid7(), organization_id=service.organization_id, source_key=None)
    assign(row, _LOCATION_COLUMNS, _checked_location(draft, path))
    ctx.session.add(row)
    await ctx.session.flush()
    return row.id


def _checked_organization(draft: OrganizationDraft, path: str) -> OrganizationDraft:
    draft.name = required(draft.name, f"{path}name")
    draft.description = optional(draft.description, f"{path}description", 5000) or draft.name
    draft.email = optional(draft.email, f"{path}email")
    check_phones(draft.phones, path)
    draft.website = web_address(draft.website, f"{path}website")
    return draft


def _checked_location(draft: LocationDraft, path: str) -> LocationDraft:
    check_location(draft, path)
    # Stored as given, so that the same place compares equal on the next save.
    draft.place = check_geometry(dict(draft.place)) if draft.place else None
    if draft.place and draft.place["type"] != "Point":
        raise InvalidInput(t("Der Ort muss ein Punkt sein.", "The place has to be a point."), field=f"{path}place")
    return draft


async def _touched(ctx: Ctx, kind: str, row_id: UUID, services: Sequence[UUID]) -> None:
    await ctx.audit(f"health_directory.update_{kind}", kind=kind, id=str(row_id))
    for service in await ctx.session.scalars(select(Service).where(Service.id.in_(services))):
        service.revision += 1
    await reindex(ctx.session, services)
