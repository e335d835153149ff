"""Services with everything that belongs to them, read with a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from regiohub.api import TenantSession
from regiohub_health_directory.models import (
    PUBLIC_STATUSES,
    Contact,
    CostOption,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    ServiceLanguage,
    ServiceTerm,
)


@dataclass
class Bundle:
    """One service and its parts, each list in a stable order."""

    service: Service
    organization: Organization
    places: list[tuple[ServiceAtLocation, Location]] = field(default_factory=list[tuple[ServiceAtLocation, Location]])
    phones: list[Phone] = field(default_factory=list[Phone])
    contacts: list[Contact] = field(default_factory=list[Contact])
    costs: list[CostOption] = field(default_factory=list[CostOption])
    languages: list[str] = field(default_factory=list[str])
    codes: list[str] = field(default_factory=list[str])


async def load_bundles(session: TenantSession, ids: Sequence[UUID]) -> list[Bundle]:
    """The bundles of the given services, in the order of `ids`; unknown ids are left out."""
    if not ids:
        return []
    services = {row.id: row for row in await session.scalars(select(Service).where(Service.id.in_(ids)))}
    owners = {row.organization_id for row in services.values()}
    organizations = {
        row.id: row for row in await session.scalars(select(Organization).where(Organization.id.in_(owners)))
    }
    bundles = {
        identifier: Bundle(services[identifier], organizations[services[identifier].organization_id])
        for identifier in ids
        if identifier in services
    }
    for place, location in await _places(session, ids):
        bundles[place.service_id].places.append((place, location))
    for phone in await _parts(session, Phone, ids):
        bundles[phone.service_id].phones.append(phone)
    for contact in await _parts(session, Contact, ids):
        bundles[contact.service_id].contacts.append(contact)
    for cost in await _parts(session, CostOption, ids):
        bundles[cost.service_id].costs.append(cost)
    for spoken in await _parts(session, ServiceLanguage, ids):
        bundles[spoken.service_id].languages.append(spoken.code)
    for term in await _parts(session, ServiceTerm, ids):
        bundles[term.service_id].codes.append(term.code)
    for bundle in bundles.values():
        bundle.languages.sort()
        bundle.codes.sort()
    return list(bundles.values())


async def _places(session: TenantSession, ids: Sequence[UUID]) -> Sequence[tuple[ServiceAtLocation, Location]]:
    rows = await session.execute(
        select(ServiceAtLocation, Location)
        .join(
            Location,
            (Location.id == ServiceAtLocation.location_id) & (Location.tenant_id == ServiceAtLocation.tenant_id),
        )
        .where(ServiceAtLocation.service_id.in_(ids))
        .order_by(ServiceAtLocation.id)
    )
    return [(place, location) for place, location in rows]


async def _parts(session: TenantSession, model: type[Any], ids: Sequence[UUID]) -> Sequence[Any]:
    return (await session.scalars(select(model).where(model.service_id.in_(ids)).order_by(model.id))).all()


@dataclass
class OrganizationBundle:
    """An organisation with what hangs on it; `service_ids` are the services that the public sees."""

    organization: Organization
    phones: list[Phone] = field(default_factory=list[Phone])
    locations: list[Location] = field(default_factory=list[Location])
    service_ids: list[UUID] = field(default_factory=list[UUID])


async def load_organizations(session: TenantSession, ids: Sequence[UUID]) -> list[OrganizationBundle]:
    """The bundles of the given organisations, in the order of `ids`, by four statements; unknown ids are left out."""
    rows = {row.id: row for row in await session.scalars(select(Organization).where(Organization.id.in_(ids)))}
    found = {identifier: OrganizationBundle(rows[identifier]) for identifier in ids if identifier in rows}
    for phone in await session.scalars(select(Phone).where(Phone.organization_id.in_(ids)).order_by(Phone.id)):
        if phone.organization_id:
            found[phone.organization_id].phones.append(phone)
    for place in await session.scalars(select(Location).where(Location.organization_id.in_(ids)).order_by(Location.id)):
        if place.organization_id:
            found[place.organization_id].locations.append(place)
    services = await session.execute(
        select(Service.id, Service.organization_id)
        .where(Service.organization_id.in_(ids), Service.status.in_(PUBLIC_STATUSES))
        .order_by(Service.id)
    )
    for service_id, owner in services:
        found[owner].service_ids.append(service_id)
    return list(found.values())
