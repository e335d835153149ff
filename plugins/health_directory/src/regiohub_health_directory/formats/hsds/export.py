"""The lists and records of the interface: found by the service layer, written as HSDS."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi.responses import JSONResponse, RedirectResponse, Response

from regiohub.api import Ctx, InvalidInput, NotFound, t
from regiohub_health_directory.models import PUBLIC_STATUSES, ServiceAtLocation
from regiohub_health_directory.service import listing
from regiohub_health_directory.service.bundles import Bundle, load_bundles
from regiohub_health_directory.service.conditions import ServiceSearch
from regiohub_health_directory.service.finding import find_services
from regiohub_health_directory.service.freshness import current_accepting, today
from regiohub_health_directory.service.merging import replacement_of
from regiohub_health_directory.taxonomy import TAXONOMY_ID, load_taxonomy

from .answer import answer
from .params import PlaceQuery, ServiceQuery, TaxonomyQuery, TermQuery
from .parts import HsdsContext
from .services import (
    service_at_location_full,
    service_at_location_row,
    service_basic,
    service_full,
    service_minimal,
)
from .taxonomies import taxonomy_record, taxonomy_term_record

Write = Callable[[Sequence[UUID]], Awaitable[Sequence[dict[str, Any]]]]


def context_of(ctx: Ctx) -> HsdsContext:
    """What records need of the town."""
    return HsdsContext(today(ctx), ctx.tenant.subdivision, ctx.tenant.country, load_taxonomy())


async def services(ctx: Ctx, query: ServiceQuery) -> Response:
    """The list of services."""
    search = _search(query)
    found = [hit.id for hit in await find_services(ctx, search)] if search else []
    if query.minimal:
        return await answer(query, found, _minimal(ctx), one_page="per_page" not in query.model_fields_set)
    return await answer(query, found, write_services(ctx, full=query.full))


async def service(ctx: Ctx, service_id: UUID) -> Response:
    """One whole service, or the way to the one that took its place; `NotFound` for one that the public does not see."""
    if (instead := await replacement_of(ctx, service_id)) is not None:
        # Relative, so that it holds under the town's own host name too.
        return RedirectResponse(str(instead), 308)
    return JSONResponse(_full(await _public_bundle(ctx, service_id), ctx))


async def service_at_locations(ctx: Ctx, query: PlaceQuery) -> Response:
    """The list of services at locations."""
    search = _search(query)
    if query.proximity is not None and not query.postcode:
        message = t("Ein Umkreis braucht eine Postleitzahl.", "A radius needs a postal code.")
        raise InvalidInput(message, field="postcode")
    rows: list[tuple[UUID, UUID]] = []
    if search:
        around = None
        if query.postcode and query.proximity:
            around = await listing.around_postcode(ctx, query.postcode, query.proximity)
        elif query.postcode:
            search = replace(search, postal_code=query.postcode)
        rows = await listing.find_places(ctx, search, around)

    async def write(keys: Sequence[tuple[UUID, UUID]]) -> Sequence[dict[str, Any]]:
        bundles = {bundle.service.id: bundle for bundle in await load_bundles(ctx.session, list({k[1] for k in keys}))}
        return [_place(bundles[service_id], place_id, ctx, full=query.full) for place_id, service_id in keys]

    return await answer(query, rows, write)


async def service_at_location(ctx: Ctx, place_id: UUID) -> Response:
    """One whole service at its location."""
    place = await ctx.session.find(ServiceAtLocation, place_id)
    if place is None:
        raise NotFound(field="id")
    return JSONResponse(_place(await _public_bundle(ctx, place.service_id), place_id, ctx, full=True))


async def taxonomies(query: TaxonomyQuery) -> Response:
    """The list of taxonomies: the one that there is."""
    return await answer(query, [TAXONOMY_ID], _taxonomies)


async def taxonomy(taxonomy_id: UUID) -> Response:
    """The taxonomy by its identifier."""
    if taxonomy_id != TAXONOMY_ID:
        raise NotFound(field="id")
    return JSONResponse(taxonomy_record(load_taxonomy()))


async def taxonomy_terms(query: TermQuery) -> Response:
    """The list of terms."""
    terms = listing.find_terms(
        query.search, taxonomy_id=query.taxonomy_id, parent_id=query.parent_id, top_only=query.top_only
    )
    return await answer(query, [term.id for term in terms], _terms)


async def taxonomy_term(term_id: UUID) -> Response:
    """One term."""
    term = load_taxonomy().by_id(term_id)
    if term is None:
        raise NotFound(field="id")
    return JSONResponse(taxonomy_term_record(term, load_taxonomy()))


def write_services(ctx: Ctx, *, full: bool) -> Write:
    """A writer of services: whole ones, or rows."""

    async def write(keys: Sequence[UUID]) -> Sequence[dict[str, Any]]:
        bundles = await load_bundles(ctx.session, keys)
        return [_full(bundle, ctx) if full else service_basic(bundle) for bundle in bundles]

    return write


def _minimal(ctx: Ctx) -> Write:
    async def write(keys: Sequence[UUID]) -> Sequence[dict[str, Any]]:
        changed = await listing.times_of_change(ctx)
        return [service_minimal(key, changed[key]) for key in keys]

    return write


def _full(bundle: Bundle, ctx: Ctx) -> dict[str, Any]:
    return service_full(bundle, context_of(ctx), current_accepting(bundle.service, ctx))


def _place(bundle: Bundle, place_id: UUID, ctx: Ctx, *, full: bool) -> dict[str, Any]:
    place, location = next(pair for pair in bundle.places if pair[0].id == place_id)
    if full:
        accepting = current_accepting(bundle.service, ctx)
        return service_at_location_full(bundle, place, location, context_of(ctx), accepting)
    return service_at_location_row(bundle, place, location, context_of(ctx))


async def _public_bundle(ctx: Ctx, service_id: UUID) -> Bundle:
    bundles = await load_bundles(ctx.session, [service_id])
    if not bundles or bundles[0].service.status not in PUBLIC_STATUSES:
        raise NotFound(field="id")
    return bundles[0]


def _search(query: ServiceQuery | PlaceQuery) -> ServiceSearch | None:
    """The search behind the parameters; None when nothing can be found."""
    categories = listing.categories_of(query.taxonomy_term_id, query.taxonomy_id)
    if categories is None:
        return None
    return ServiceSearch(
        text=query.search,
        categories=categories,
        organization_id=query.organization_id,
        modified_after=query.modified_after,
    )


async def _taxonomies(keys: Sequence[UUID]) -> Sequence[dict[str, Any]]:
    return [taxonomy_record(load_taxonomy()) for _ in keys]


async def _terms(keys: Sequence[UUID]) -> Sequence[dict[str, Any]]:
    taxonomy_ = load_taxonomy()
    found = (taxonomy_.by_id(key) for key in keys)
    return [taxonomy_term_record(term, taxonomy_) for term in found if term]
