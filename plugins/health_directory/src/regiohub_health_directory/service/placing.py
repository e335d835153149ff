"""The places of one entry, one at a time: hours and facts as a form shows them together."""

from uuid import UUID

from regiohub.api import Ctx, NotFound
from regiohub_health_directory.models import Location, Service
from regiohub_health_directory.permissions import MANAGE

from .drafting import bundle_of, draft_of
from .drafts import LocationDraft, PlaceDraft
from .editing import store_changed
from .places import update_location


def location_draft_of(location: Location) -> LocationDraft:
    """The draft of a location as it stands; saving it changes nothing."""
    return LocationDraft(
        name=location.name,
        location_type=location.location_type,
        address=location.address,
        postal_code=location.postal_code,
        city=location.city,
        district=location.district,
        transportation=location.transportation,
        url=location.url,
        place=location.place,
        wheelchair=location.wheelchair,
        accessibility=list(location.accessibility),
        accessibility_note=location.accessibility_note,
    )


async def add_place(ctx: Ctx, service_id: UUID, place: PlaceDraft) -> Service:
    """Offer an entry at one more place, an existing or a new one. Needs the permission to manage."""
    ctx.require(MANAGE)
    bundle = await bundle_of(ctx, service_id)
    draft = draft_of(bundle)
    draft.places.append(place)
    return await store_changed(ctx, bundle.service, draft)


async def change_place(ctx: Ctx, service_id: UUID, location_id: UUID, place: PlaceDraft) -> Service:
    """Change hours and remark of an entry at one of its places, and the place itself for all entries there."""
    ctx.require(MANAGE)
    bundle = await bundle_of(ctx, service_id)
    draft = draft_of(bundle)
    found = next((own for own in draft.places if own.location.id == location_id), None)
    if found is None:
        raise NotFound(field="locationId")
    found.opening_hours, found.description = place.opening_hours, place.description
    service = await store_changed(ctx, bundle.service, draft)
    await update_location(ctx, location_id, place.location)
    return service


async def remove_place(ctx: Ctx, service_id: UUID, location_id: UUID) -> Service:
    """Offer an entry there no more; the place itself stays. Needs the permission to manage."""
    ctx.require(MANAGE)
    bundle = await bundle_of(ctx, service_id)
    draft = draft_of(bundle)
    if location_id not in {place.location.id for place in draft.places}:
        raise NotFound(field="locationId")
    draft.places = [place for place in draft.places if place.location.id != location_id]
    return await store_changed(ctx, bundle.service, draft)
