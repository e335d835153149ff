"""A suggestion beside the entry that it is about, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from regiohub.api import Ctx, NotFound, Text, t
from regiohub_health_directory.models import Location, Suggestion
from regiohub_health_directory.permissions import REVIEW

from .bundles import Bundle, load_bundles

TITLES: Mapping[str, Text] = {
    "name": t("Name", "Name"),
    "provider": t("Anbieter", "Provider"),
    "description": t("Beschreibung", "Description"),
    "address": t("Anschrift", "Address"),
    "phone": t("Telefon", "Phone"),
    "url": t("Webseite", "Web page"),
    "opening_hours": t("Öffnungszeiten", "Opening hours"),
}
"""What a proposal can speak of, in the order of a page."""

_SEVERAL = t(
    "Der Eintrag hat mehrere Orte: bitte am Eintrag selbst ändern.",
    "The entry has several places: please change it at the entry itself.",
)


@dataclass(frozen=True)
class FieldReview:
    """One proposed field. `obstacle` says why it cannot be taken over by itself; `None` if it can."""

    field: str
    current: str | None
    proposed: str
    obstacle: Text | None = None

    @property
    def same(self) -> bool:
        """Whether the entry says so already."""
        return (self.current or "").strip() == self.proposed.strip()


@dataclass(frozen=True)
class Review:
    """A suggestion, the entry it is about (none: a new offer, or one deleted since), and what differs."""

    suggestion: Suggestion
    bundle: Bundle | None
    fields: tuple[FieldReview, ...]


async def review_of(ctx: Ctx, suggestion_id: UUID) -> Review:
    """What reviewers decide on. Raises `NotFound`; needs the permission to review."""
    ctx.require(REVIEW)
    suggestion = await ctx.session.find(Suggestion, suggestion_id)
    if suggestion is None:
        raise NotFound(field="id")
    found = await load_bundles(ctx.session, [suggestion.service_id]) if suggestion.service_id else []
    bundle = found[0] if found else None
    return Review(suggestion, bundle, compared(suggestion.proposal, bundle))


def compared(proposal: Mapping[str, str], bundle: Bundle | None) -> tuple[FieldReview, ...]:
    """The proposed fields beside what stands there now."""
    current = current_values(bundle) if bundle else {}
    return tuple(
        FieldReview(name, current.get(name), proposal[name], _obstacle(name, bundle))
        for name in TITLES
        if proposal.get(name)
    )


def current_values(bundle: Bundle) -> dict[str, str | None]:
    """What an entry says in the words of a proposal."""
    own = [place.opening_hours for place, _ in bundle.places if place.opening_hours]
    phones = [phone.number for phone in bundle.phones if phone.kind == "voice"]
    return {
        "name": bundle.service.name,
        "provider": bundle.organization.name,
        "description": bundle.service.description or None,
        "address": "; ".join(filter(None, (address_line(location) for _, location in bundle.places))) or None,
        "phone": phones[0] if phones else None,
        "url": bundle.service.url,
        "opening_hours": own[0] if own else bundle.service.opening_hours,
    }


def address_line(location: Location) -> str:
    """The address of a place in one line."""
    town = " ".join(filter(None, (location.postal_code, location.city)))
    return ", ".join(filter(None, (location.address, town)))


def _obstacle(name: str, bundle: Bundle | None) -> Text | None:
    if bundle is None:
        return None
    several = {
        "address": len(bundle.places) > 1,
        "opening_hours": sum(bool(place.opening_hours) for place, _ in bundle.places) > 1,
    }
    return _SEVERAL if several.get(name) else None
