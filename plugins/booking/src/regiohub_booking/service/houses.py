"""Houses and owners: made and changed by staff."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Conflict, Ctx, InvalidInput, Mail, NotFound, check_geometry, t, uuid7
from regiohub_booking.models import Owner, Place
from regiohub_booking.permissions import MANAGE

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 300
PLACE_DEFAULTS: Mapping[str, Any] = {
    "address": "",
    "position": None,
    "wheelchair": None,
    "contact": None,
    "caretaker_email": None,
    "example": False,
}


async def create_place(ctx: Ctx, given: Mapping[str, Any]) -> Place:
    """A new house or pick-up point. Raises Forbidden, InvalidInput, Conflict."""
    ctx.require(MANAGE)
    place = Place(id=uuid7(), **{**PLACE_DEFAULTS, **given})
    if not SLUG.fullmatch(place.slug) or len(place.slug) > 80:
        raise InvalidInput(t("Nur a-z, 0-9 und Bindestriche.", "Only a-z, 0-9 and hyphens."), field="slug")
    if await ctx.session.scalar(select(Place.id).where(Place.slug == place.slug)) is not None:
        raise Conflict(t("Dieses Kürzel ist vergeben.", "This short name is taken."), field="slug")
    _check(place)
    ctx.session.add(place)
    await ctx.session.flush()
    await ctx.audit("booking.create_place", kind="place", id=str(place.id), after={"slug": place.slug})
    return place


async def update_place(ctx: Ctx, place_id: UUID, changes: Mapping[str, Any]) -> Place:
    """Change a house. Raises Forbidden, NotFound, InvalidInput."""
    ctx.require(MANAGE)
    place = await ctx.session.find(Place, place_id)
    if place is None:
        raise NotFound(t("Dieses Haus gibt es nicht.", "There is no such house."), field="id")
    before = {key: getattr(place, key) for key in changes}
    with ctx.session.no_autoflush:
        for key, value in changes.items():
            setattr(place, key, value)
        _check(place)
    await ctx.session.flush()
    # Addresses of caretakers are personal: the log says that they changed, not what they are.
    shown = [key for key in changes if key not in ("caretaker_email", "contact") and before[key] != getattr(place, key)]
    await ctx.audit(
        "booking.update_place",
        kind="place",
        id=str(place.id),
        before={key: before[key] for key in shown},
        after={key: getattr(place, key) for key in shown},
    )
    return place


async def create_owner(ctx: Ctx, slug: str, name: str, contact: str | None = None) -> Owner:
    """A new institution or club that lends things. Raises Forbidden, InvalidInput, Conflict."""
    ctx.require(MANAGE)
    if not SLUG.fullmatch(slug) or len(slug) > 80:
        raise InvalidInput(t("Nur a-z, 0-9 und Bindestriche.", "Only a-z, 0-9 and hyphens."), field="slug")
    if await ctx.session.scalar(select(Owner.id).where(Owner.slug == slug)) is not None:
        raise Conflict(t("Dieses Kürzel ist vergeben.", "This short name is taken."), field="slug")
    owner = Owner(
        id=uuid7(), slug=slug, name=_words(name, "name", required=True), contact=_words(contact, "contact") or None,
        example=False,
    )  # fmt: skip
    ctx.session.add(owner)
    await ctx.session.flush()
    await ctx.audit("booking.create_owner", kind="owner", id=str(owner.id), after={"slug": slug})
    return owner


def _check(place: Place) -> None:
    place.name = _words(place.name, "name", required=True)
    place.address = _words(place.address, "address")
    place.contact = _words(place.contact, "contact") or None
    email = _words(place.caretaker_email, "caretakerEmail")
    place.caretaker_email = email or None
    if email:
        try:
            Mail(to=email, template="booking/lock_silent").check()
        except InvalidInput as error:
            raise InvalidInput(error.message, field="caretakerEmail") from None
    if place.position is not None:
        check_geometry(place.position, field="position")
        if place.position.get("type") != "Point":
            raise InvalidInput(t("Bitte einen Punkt angeben.", "Please give a point."), field="position")


def _words(text: str | None, field: str, *, required: bool = False) -> str:
    said = (text or "").strip()
    if (required and not said) or len(said) > LONGEST:
        raise InvalidInput(t(f"Bitte 1 bis {LONGEST} Zeichen.", f"1 to {LONGEST} characters, please."), field=field)
    return said
