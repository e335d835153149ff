"""Making one entry of two: the kept one gains what the other has, the other stays behind as a pointer to it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from regiohub.api import Ctx, InvalidInput, t
from regiohub_health_directory.events import HealthServiceSaved
from regiohub_health_directory.models import Duplicate, HealthServiceStatus, Location, Service, Suggestion
from regiohub_health_directory.permissions import MANAGE

from .bundles import Bundle
from .drafting import bundle_of, draft_of
from .drafts import ServiceDraft
from .editing import store_changed
from .matching import address_key, phone_key

CHOICES = (
    "name", "description", "summary_easy", "url", "email", "alert", "application_process", "fees_description",
    "eligibility_description", "opening_hours", "appointment_url", "telehealth_url", "status",
)  # fmt: skip
"""Fields whose value may be taken from the entry that goes."""


async def merge_services(ctx: Ctx, keep_id: UUID, gone_id: UUID, take: Sequence[str] = ()) -> Service:
    """Keep one entry and let the other point to it.

    Empty fields of the kept entry are filled from the other; fields named in `take` are replaced by the other's.
    Phones, places, languages, categories, contacts and prices are added up. Suggestions move along. The other entry
    keeps its row and its parts, hidden from the public: nothing is lost. Raises `NotFound` and `InvalidInput`.
    """
    ctx.require(MANAGE)
    if keep_id == gone_id:
        message = t("Das ist derselbe Eintrag.", "This is the same entry.")
        raise InvalidInput(message, field="goneId")
    for name in take:
        if name not in CHOICES:
            message = t("Dieses Feld gibt es nicht: {name}.", "There is no such field: {name}.")
            raise InvalidInput(message.format(name=name[:40]), field="take")
    kept, gone = await bundle_of(ctx, keep_id), await bundle_of(ctx, gone_id)
    for bundle, field in ((kept, "keepId"), (gone, "goneId")):
        if bundle.service.merged_into_id is not None:
            message = t("Dieser Eintrag wurde schon zusammengeführt.", "This entry has been merged already.")
            raise InvalidInput(message, field=field)
    service = await store_changed(ctx, kept.service, united(kept, gone, take))
    await _point(ctx, gone.service, service)
    await ctx.audit(
        "health_directory.merge",
        kind="service",
        id=str(service.id),
        after={"merged": str(gone_id), "taken": ", ".join(take)},
    )
    return service


def united(kept: Bundle, gone: Bundle, take: Sequence[str]) -> ServiceDraft:
    """The draft of the kept entry with what the other one adds."""
    draft, other = draft_of(kept), draft_of(gone)
    for name in CHOICES:
        if name in take or (name != "status" and not getattr(draft, name)):
            setattr(draft, name, getattr(other, name))
    draft.categories = sorted({*draft.categories, *other.categories})
    draft.languages = sorted({*draft.languages, *other.languages})
    draft.phones += [p for p in other.phones if _phone(p) not in {_phone(own) for own in draft.phones}]
    draft.contacts += [contact for contact in other.contacts if contact not in draft.contacts]
    draft.costs += [replace(cost) for cost in other.costs if cost not in draft.costs]
    _add_places(draft, kept, gone)
    return draft


def _add_places(draft: ServiceDraft, kept: Bundle, gone: Bundle) -> None:
    """Places that the kept entry lacks; the same address entered twice is one place, and its hours are not lost."""
    known = {_where(location): place for place, (_, location) in zip(draft.places, kept.places, strict=True)}
    for place, (_, location) in zip(draft_of(gone).places, gone.places, strict=True):
        same = known.get(_where(location))
        if same is None:
            draft.places.append(place)
        elif not same.opening_hours:
            same.opening_hours = place.opening_hours


def _where(location: Location) -> str:
    return address_key(location.address, location.postal_code) or str(location.id)


async def replacement_of(ctx: Ctx, service_id: UUID) -> UUID | None:
    """The entry that a merged one points to in the end; `None` for one that stands for itself or does not exist."""
    found: UUID | None = None
    asked: UUID | None = service_id
    # Merging shortens the chain, so there is one step; the bound keeps a broken chain from running for ever.
    for _ in range(8):
        asked = await ctx.session.scalar(select(Service.merged_into_id).where(Service.id == asked))
        if asked is None:
            break
        found = asked
    return found


async def _point(ctx: Ctx, gone: Service, kept: Service) -> None:
    gone.merged_into_id, gone.status = kept.id, HealthServiceStatus.DEFUNCT
    gone.revision += 1
    session = ctx.session
    await session.flush()
    await session.execute(update(Service).where(Service.merged_into_id == gone.id).values(merged_into_id=kept.id))
    await session.execute(update(Suggestion).where(Suggestion.service_id == gone.id).values(service_id=kept.id))
    await session.execute(delete(Duplicate).where(or_(Duplicate.first_id == gone.id, Duplicate.second_id == gone.id)))
    await ctx.emit(HealthServiceSaved(service_id=gone.id, revision=gone.revision))


def _phone(phone: Any) -> str:
    return phone_key(phone.number) or phone.number
