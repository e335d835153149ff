"""Organisations of the interface."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi.responses import JSONResponse, Response

from regiohub.api import Ctx, NotFound
from regiohub_health_directory.service import listing
from regiohub_health_directory.service.bundles import load_organizations

from .answer import answer
from .export import context_of, write_services
from .organizations import organization_basic, organization_full
from .params import OrganizationQuery


async def organizations(ctx: Ctx, query: OrganizationQuery) -> Response:
    """The list of organisations."""
    found = await listing.find_organizations(ctx, query.search)

    async def write(keys: Sequence[UUID]) -> Sequence[dict[str, Any]]:
        if query.full or query.full_service:
            return await _whole(ctx, keys, full_service=query.full_service)
        return [organization_basic(bundle.organization) for bundle in await load_organizations(ctx.session, keys)]

    return await answer(query, found, write)


async def organization(ctx: Ctx, organization_id: UUID, *, full_service: bool) -> Response:
    """One whole organisation with its services, short or whole."""
    found = await _whole(ctx, [organization_id], full_service=full_service)
    if not found:
        raise NotFound(field="id")
    return JSONResponse(found[0])


async def _whole(ctx: Ctx, keys: Sequence[UUID], *, full_service: bool) -> list[dict[str, Any]]:
    bundles = await load_organizations(ctx.session, keys)
    every = [service_id for bundle in bundles for service_id in bundle.service_ids]
    written = await write_services(ctx, full=full_service)(every)
    services = {record["id"]: record for record in written}
    return [
        organization_full(
            bundle.organization,
            bundle.phones,
            bundle.locations,
            [services[str(service_id)] for service_id in bundle.service_ids],
            context_of(ctx),
        )
        for bundle in bundles
    ]
