"""From a stored service back to the draft that would store it: what partial changes start from."""

from uuid import UUID

from regiohub.api import Ctx, NotFound

from .adding import COLUMNS
from .bundles import Bundle, load_bundles
from .drafts import ContactDraft, CostDraft, LocationDraft, OrganizationDraft, PhoneDraft, PlaceDraft, ServiceDraft

_MADE_APART = ("name", "description", "example")


def draft_of(bundle: Bundle) -> ServiceDraft:
    """The draft of a service as it stands; saving it changes nothing."""
    service = bundle.service
    return ServiceDraft(
        name=service.name,
        description=service.description,
        example=service.example,
        **{name: getattr(service, name) for name in COLUMNS if name not in _MADE_APART},
        accepting_on=service.accepting_on,
        organization=OrganizationDraft(id=service.organization_id),
        categories=list(bundle.codes),
        languages=list(bundle.languages),
        places=[
            PlaceDraft(LocationDraft(id=location.id), place.opening_hours, place.description)
            for place, location in bundle.places
        ],
        phones=[PhoneDraft(row.number, row.kind, row.description) for row in bundle.phones],
        contacts=[ContactDraft(row.name, row.title, row.email) for row in bundle.contacts],
        costs=[CostDraft(row.option, row.amount, row.currency, row.amount_description) for row in bundle.costs],
    )


async def bundle_of(ctx: Ctx, service_id: UUID) -> Bundle:
    """One service with everything that belongs to it, whatever its status; raises `NotFound`."""
    for bundle in await load_bundles(ctx.session, [service_id]):
        return bundle
    raise NotFound(field="id")
