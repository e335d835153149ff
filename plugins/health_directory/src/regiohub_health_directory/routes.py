"""The HSDS 3.0 interface under `/{tenant}/hsds/`: read only, open to everybody.

Each list can be asked by GET as the standard says, and by POST with the same members in a JSON body: then search
words stand in no address.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response

from regiohub.api import Ctx
from regiohub.api.http import read_ctx, search_limit

from .formats.hsds import export, export_organizations
from .formats.hsds.params import OrganizationQuery, PlaceQuery, ServiceQuery, TaxonomyQuery, TermQuery
from .formats.hsds.profile import PROFILE, VERSION

router = APIRouter()
Reading = Annotated[Ctx, Depends(read_ctx)]
LIMITED = [Depends(search_limit)]


@router.get("/")
async def about(request: Request) -> dict[str, str]:
    """Version of the standard, profile and description of this interface."""
    base = str(request.url.replace(query="")).rstrip("/")
    return {"version": VERSION, "profile": f"{base}/profile", "openapi_url": f"{base}/openapi.json"}


@router.get("/profile")
async def profile() -> dict[str, Any]:
    """What this directory says beyond the standard, and where."""
    return PROFILE


@router.get("/openapi.json", include_in_schema=False)
async def description(request: Request) -> dict[str, Any]:
    """This interface as an OpenAPI document."""
    server = str(request.url.replace(query="")).removesuffix("/openapi.json")
    return get_openapi(title=PROFILE["title"], version=VERSION, routes=router.routes, servers=[{"url": server}])


@router.get("/services")
async def services(ctx: Reading, query: Annotated[ServiceQuery, Query()]) -> Response:
    """Services, page by page or as lines of JSON."""
    return await export.services(ctx, query)


@router.post("/services", dependencies=LIMITED)
async def services_by_post(ctx: Reading, query: Annotated[ServiceQuery, Body()]) -> Response:
    """The same list; the search words stand in the body."""
    return await export.services(ctx, query)


@router.get("/services/{id}")
async def service(ctx: Reading, id: UUID) -> Response:
    """One whole service."""
    return await export.service(ctx, id)


@router.get("/organizations")
async def organizations(ctx: Reading, query: Annotated[OrganizationQuery, Query()]) -> Response:
    """Organisations, page by page or as lines of JSON."""
    return await export_organizations.organizations(ctx, query)


@router.post("/organizations", dependencies=LIMITED)
async def organizations_by_post(ctx: Reading, query: Annotated[OrganizationQuery, Body()]) -> Response:
    """The same list; the search words stand in the body."""
    return await export_organizations.organizations(ctx, query)


@router.get("/organizations/{id}")
async def organization(ctx: Reading, id: UUID, full_service: bool = False) -> Response:
    """One whole organisation."""
    return await export_organizations.organization(ctx, id, full_service=full_service)


@router.get("/service_at_locations")
async def service_at_locations(ctx: Reading, query: Annotated[PlaceQuery, Query()]) -> Response:
    """Services at their locations, page by page or as lines of JSON."""
    return await export.service_at_locations(ctx, query)


@router.post("/service_at_locations", dependencies=LIMITED)
async def service_at_locations_by_post(ctx: Reading, query: Annotated[PlaceQuery, Body()]) -> Response:
    """The same list; the search words stand in the body."""
    return await export.service_at_locations(ctx, query)


@router.get("/service_at_locations/{id}")
async def service_at_location(ctx: Reading, id: UUID) -> Response:
    """One whole service at its location."""
    return await export.service_at_location(ctx, id)


@router.get("/taxonomies")
async def taxonomies(query: Annotated[TaxonomyQuery, Query()]) -> Response:
    """The directory's own taxonomy."""
    return await export.taxonomies(query)


@router.get("/taxonomies/{id}")
async def taxonomy(id: UUID) -> Response:
    """One taxonomy."""
    return await export.taxonomy(id)


@router.get("/taxonomy_terms")
async def taxonomy_terms(query: Annotated[TermQuery, Query()]) -> Response:
    """Terms of the taxonomy, page by page or as lines of JSON."""
    return await export.taxonomy_terms(query)


@router.post("/taxonomy_terms", dependencies=LIMITED)
async def taxonomy_terms_by_post(query: Annotated[TermQuery, Body()]) -> Response:
    """The same list; the search words stand in the body."""
    return await export.taxonomy_terms(query)


@router.get("/taxonomy_terms/{id}")
async def taxonomy_term(id: UUID) -> Response:
    """One term."""
    return await export.taxonomy_term(id)
