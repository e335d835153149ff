"""Whether a resource makes sense before it is stored."""

import re
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, InvalidInput, t
from regiohub_booking.models import Owner, Place, Resource
from regiohub_booking.rules.opening_text import read_week
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.service.target import DEPTH, may_have_parts

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[a-z][a-z0-9_]*")
MOST_UNITS = 500
DAY = 1440

RANGES: dict[str, tuple[int, int]] = {
    "units": (1, MOST_UNITS),
    "persons": (1, 100_000),
    "raster_minutes": (5, DAY),
    "min_minutes": (5, 60 * DAY),
    "max_minutes": (5, 60 * DAY),
    "min_days": (1, 366),
    "max_days": (1, 366),
    "notice_hours": (0, 24 * 366),
    "horizon_days": (1, 3660),
    "buffer_before_minutes": (0, DAY),
    "buffer_after_minutes": (0, DAY),
    "cancel_hours": (0, 24 * 366),
}


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _wrong(field: str, de: str, en: str) -> InvalidInput:
    return InvalidInput(t(de, en), field=_camel(field))


def check_numbers(resource: Resource) -> None:
    """Ranges, the raster as a divisor of the day, minima not above maxima. Raises InvalidInput naming the field."""
    for name, (low, high) in RANGES.items():
        value = getattr(resource, name)
        if value is not None and not low <= value <= high:
            raise _wrong(name, f"Möglich sind {low} bis {high}.", f"Possible are {low} to {high}.")
    if DAY % resource.raster_minutes:
        raise _wrong("raster_minutes", "Das Raster muss den Tag teilen.", "The raster must divide the day.")
    for low_name, high_name in (("min_minutes", "max_minutes"), ("min_days", "max_days")):
        low_value, high_value = getattr(resource, low_name), getattr(resource, high_name)
        if low_value is not None and high_value is not None and low_value > high_value:
            raise _wrong(high_name, "Höchstdauer unter Mindestdauer.", "Longest is below shortest.")


def check_words(resource: Resource) -> None:
    """Name, short name, equipment codes, opening hours. Raises InvalidInput naming the field."""
    if not resource.name.strip() or len(resource.name) > 200:
        raise _wrong("name", "Der Name hat 1 bis 200 Zeichen.", "The name has 1 to 200 characters.")
    if not SLUG.fullmatch(resource.slug) or len(resource.slug) > 80:
        raise _wrong("slug", "Nur a-z, 0-9 und Bindestriche.", "Only a-z, 0-9 and hyphens.")
    if len(resource.equipment) > 50 or any(not CODE.fullmatch(code) for code in resource.equipment):
        raise _wrong("equipment", "Ausstattung als Wörter aus a-z, 0-9, _.", "Equipment as words of a-z, 0-9, _.")
    read_week(resource.opening)


async def check_resource(ctx: Ctx, resource: Resource) -> None:
    """Everything about a resource, also what it refers to. Raises InvalidInput naming the field."""
    check_words(resource)
    check_numbers(resource)
    if await ctx.session.find(Place, resource.place_id) is None:
        raise _wrong("place_id", "Diesen Ort gibt es nicht.", "There is no such place.")
    if resource.owner_id is not None and await ctx.session.find(Owner, resource.owner_id) is None:
        raise _wrong("owner_id", "Diesen Verleiher gibt es nicht.", "There is no such owner.")
    if resource.lock_adapter is not None:
        names = [item.value.name for item in ctx.plugins.collect("register_lock_adapters")]
        if resource.lock_adapter not in names:
            known = ", ".join(sorted(names))
            raise _wrong("lock_adapter", f"Bekannt sind: {known}.", f"Known are: {known}.")
    await _check_whole(ctx, resource)


async def _check_whole(ctx: Ctx, resource: Resource) -> None:
    """Only rooms with a single unit are divided or are parts, at most four levels deep, without a circle."""
    if not may_have_parts(resource):
        part = await ctx.session.scalar(select(Resource.id).where(Resource.whole_id == resource.id).limit(1))
        if part is not None:
            raise _wrong("units", "Einen Raum mit Teilen gibt es nur einmal.", "A room with parts exists once.")
    above: UUID | None = resource.whole_id
    for _ in range(DEPTH):
        if above is None:
            return
        whole = await ctx.session.find(Resource, above)
        if whole is None or above == resource.id:
            raise _wrong("whole_id", "Dieses Ganze gibt es nicht.", "There is no such whole.")
        if whole.mode is not BookingMode.TIME or resource.mode is not BookingMode.TIME or whole.units != 1:
            raise _wrong("whole_id", "Nur Räume haben Teile.", "Only rooms have parts.")
        above = whole.whole_id
    raise _wrong("whole_id", f"Höchstens {DEPTH} Ebenen.", f"At most {DEPTH} levels.")
