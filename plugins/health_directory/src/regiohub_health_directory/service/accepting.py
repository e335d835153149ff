"""Taking over what was suggested: single fields or all, as they are or edited."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from regiohub.api import Ctx, InvalidInput, t
from regiohub_health_directory.models import Organization, ServiceAtLocation

from .bundles import Bundle
from .checks import phone_number, required
from .comparing import TITLES, compared
from .drafting import draft_of
from .drafts import LocationDraft, OrganizationDraft, PhoneDraft, PlaceDraft, ServiceDraft
from .places import readdress

_TOWN = re.compile(r"(?P<code>\d{5})\s+(?P<city>.+)")


async def merged_draft(ctx: Ctx, bundle: Bundle, values: Mapping[str, str]) -> ServiceDraft:
    """The entry with these fields changed; raises `InvalidInput` for a field that cannot be changed by itself."""
    for change in compared(values, bundle):
        if change.obstacle:
            raise InvalidInput(change.obstacle, field=change.field)
    draft = draft_of(bundle)
    for name in ("name", "description", "url"):
        if name in values:
            setattr(draft, name, values[name])
    if "phone" in values:
        _set_phone(draft, values["phone"])
    if "opening_hours" in values:
        own = [place for place in draft.places if place.opening_hours]
        (own[0] if own else draft).opening_hours = values["opening_hours"]
    if "provider" in values:
        draft.organization = await provider_named(ctx, values["provider"])
    if "address" in values:
        draft.places = [await _moved(ctx, bundle, draft, values["address"])]
    return draft


async def new_draft(ctx: Ctx, values: Mapping[str, str], categories: Sequence[str]) -> ServiceDraft:
    """A new entry of these fields."""
    name = required(values.get("name"), "name")
    address = values.get("address")
    draft = ServiceDraft(
        name=name,
        organization=await provider_named(ctx, values.get("provider") or name),
        categories=list(categories),
        description=values.get("description") or "",
        url=values.get("url"),
        opening_hours=values.get("opening_hours"),
        places=[PlaceDraft(_location(name, address))] if address else [],
    )
    if values.get("phone"):
        _set_phone(draft, values["phone"])
    return draft


def known_fields(values: Mapping[str, str]) -> dict[str, str]:
    """The values that say something; raises `InvalidInput` for a field that no proposal has."""
    for name in values:
        if name not in TITLES:
            message = t("Dieses Feld gibt es nicht: {name}.", "There is no such field: {name}.")
            raise InvalidInput(message.format(name=name[:40]), field="values")
    return {name: value.strip() for name, value in values.items() if value and value.strip()}


async def provider_named(ctx: Ctx, name: str) -> OrganizationDraft:
    """The known organisation of this name, else a new one."""
    wanted = required(name, "provider")
    same = select(Organization.id).where(func.lower(Organization.name) == wanted.lower()).order_by(Organization.id)
    found = (await ctx.session.scalars(same.limit(1))).first()
    return OrganizationDraft(id=found) if found else OrganizationDraft(name=wanted)


def _set_phone(draft: ServiceDraft, number: str) -> None:
    wanted = phone_number(number, "phone")
    for phone in draft.phones:
        if phone.kind == "voice":
            phone.number = wanted
            return
    draft.phones.append(PhoneDraft(wanted))


async def _moved(ctx: Ctx, bundle: Bundle, draft: ServiceDraft, address: str) -> PlaceDraft:
    """The service at another address.

    A place that other entries use stays as it is for them, and nothing is known yet of how accessible the new one is.
    """
    if not bundle.places:
        return PlaceDraft(_location(draft.name, address))
    kept, (_, location) = draft.places[0], bundle.places[0]
    users = select(func.count()).select_from(ServiceAtLocation).where(ServiceAtLocation.location_id == location.id)
    if await ctx.session.scalar(users) == 1:
        street, code, city = _parts(address)
        await readdress(ctx, location, address=street, postal_code=code, city=city)
        return kept
    return PlaceDraft(_location(location.name, address), kept.opening_hours, kept.description)


def _location(name: str, address: str) -> LocationDraft:
    street, code, city = _parts(address)
    return LocationDraft(name=name, address=street, postal_code=code, city=city)


def _parts(address: str) -> tuple[str | None, str | None, str | None]:
    """``Beispielweg 1, 14806 Bad Belzig`` as street, postal code and town; all street without a code."""
    found = _TOWN.search(address)
    if found is None:
        return address, None, None
    street = address[: found.start()].strip(" ,;\n")
    return street or None, found["code"], found["city"].strip(" ,;")
