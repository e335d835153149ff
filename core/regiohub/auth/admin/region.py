"""Towns and their organizations at the login server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from regiohub.auth.permissions import REGION_READ
from regiohub.auth.principal import Principal
from regiohub.errors import DomainError, Forbidden, Unauthenticated
from regiohub.platform import Platform
from regiohub.tenancy.info import TenantInfo

from .access import has_identity_admin, identity_admin

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TownPeople:
    """A town and how many people belong to it. ``members`` is ``None`` if the login server does not know the town;
    ``is_town`` is false for an organization that is no town of this platform."""

    slug: str
    name: str
    members: int | None
    is_town: bool


async def people_of_towns(platform: Platform, principal: Principal) -> Sequence[TownPeople]:
    """All towns and all organizations by name. Nobody's name is in it.

    :raises Forbidden: without ``REGION_READ`` (or ``Unauthenticated``), or the faults of the login server.
    """
    if not principal.can(REGION_READ):
        raise Unauthenticated() if principal.subject is None else Forbidden()
    known = {found.slug: found for found in await identity_admin(platform).list_tenants()}
    towns = {town.slug: town.short_name for town in platform.tenants.all()}
    rows = [
        TownPeople(slug, name, known[slug].members if slug in known else None, True) for slug, name in towns.items()
    ]
    rows += [TownPeople(slug, found.name, found.members, False) for slug, found in known.items() if slug not in towns]
    return sorted(rows, key=lambda row: row.name.casefold())


async def make_organization(platform: Platform, town: TenantInfo) -> DomainError | None:
    """Let the login server know a town that was added or renamed; nothing to do where none is administered.

    A town does not wait for its login server: what goes wrong is returned and logged. ``regiohub identity bootstrap``
    makes up for it.
    """
    if not has_identity_admin(platform.settings):
        return None
    try:
        await identity_admin(platform).ensure_tenant(town.slug, town.name, town.ags)
    except DomainError as error:
        log.warning("organization_not_made", tenant=town.slug, code=error.code)
        return error
    return None
