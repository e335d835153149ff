"""Tariffs: kept by staff, quoted before booking, and stored with the booking as the agreed price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from regiohub.api import Ctx, InvalidInput, NotFound, t, uuid7
from regiohub_booking.models import Booking, Place, Resource, Tariff
from regiohub_booking.permissions import APPROVE, MANAGE
from regiohub_booking.rules.clock import local_day
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.prices import PriceBasis, Rate, cents, cost
from regiohub_booking.rules.units import check_quantity
from regiohub_booking.service.people import booking_not_found
from regiohub_booking.service.target import load_target
from regiohub_booking.service.wishes import LONGEST_TEXT, When

MOST = Decimal(1_000_000)
DEFAULTS: Mapping[str, Any] = {
    "resource_id": None,
    "place_id": None,
    "name_en": None,
    "note": None,
    "note_en": None,
    "position": 0,
    "basis": PriceBasis.HOUR,
    "minimum": None,
    "deposit": Decimal(0),
    "valid_from": None,
    "valid_until": None,
    "on_request": False,
    "example": False,
}


@dataclass(frozen=True, slots=True)
class Agreed:
    """The price of a booking; all empty where a resource has no tariff."""

    tariff_id: UUID | None = None
    name: str | None = None
    name_en: str | None = None
    price: Decimal | None = None
    deposit: Decimal | None = None
    on_request: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """What a booking would cost by one tariff; ``amount`` is the number of hours or days that were counted."""

    tariff: Tariff
    amount: Decimal
    price: Decimal
    deposit: Decimal


async def tariffs_of(ctx: Ctx, resource: Resource) -> list[Tariff]:
    """All tariffs of a resource and of its house, also those of other times, in their order."""
    mine = or_(Tariff.resource_id == resource.id, Tariff.place_id == resource.place_id)
    rows = await ctx.session.scalars(select(Tariff).where(mine).order_by(Tariff.position, Tariff.name, Tariff.id))
    return list(rows)


def valid_on(tariffs: Sequence[Tariff], resource: Resource, day: date) -> list[Tariff]:
    """The tariffs that hold on a day: the resource's own, or those of its house where it has none."""
    now = [
        item
        for item in tariffs
        if (item.valid_from is None or item.valid_from <= day) and (item.valid_until is None or day <= item.valid_until)
    ]
    return [item for item in now if item.resource_id == resource.id] or [item for item in now if item.place_id]


def _quotes(ctx: Ctx, tariffs: Sequence[Tariff], resource: Resource, wanted: Interval, quantity: int) -> list[Quote]:
    zone = ctx.tenant.timezone
    found: list[Quote] = []
    for tariff in valid_on(tariffs, resource, local_day(wanted.start, zone)):
        rate = Rate(tariff.basis, tariff.price, tariff.minimum, tariff.deposit)
        sum_ = cost(rate, wanted, quantity, zone)
        found.append(Quote(tariff, sum_.amount, sum_.price, sum_.deposit))
    return found


async def quote(ctx: Ctx, resource_id: UUID, when: When, quantity: int = 1) -> list[Quote]:
    """What a booking would cost by each tariff that holds on its first day; empty where nothing is charged.

    Open to everybody. Raises NotFound, TooManyUnits and the errors of times; whether it is free is another question.
    """
    target = await load_target(ctx, resource_id)
    check_quantity(quantity, target.capacity)
    wanted = when.interval(ctx)
    return _quotes(ctx, await tariffs_of(ctx, target.resource), target.resource, wanted, quantity)


def agreement(
    ctx: Ctx,
    tariffs: Sequence[Tariff],
    resource: Resource,
    wanted: Interval,
    quantity: int,
    tariff_id: UUID | None,
) -> Agreed:
    """The price by the wished tariff, or by the first that everybody may use. Raises NotFound for one that is not."""
    found = _quotes(ctx, tariffs, resource, wanted, quantity)
    if tariff_id is None:
        open_to_all = [item for item in found if not item.tariff.on_request]
        chosen = next(iter(open_to_all or found), None)
    else:
        chosen = next((item for item in found if item.tariff.id == tariff_id), None)
        if chosen is None:
            raise tariff_not_found("tariffId")
    if chosen is None:
        return Agreed()
    tariff = chosen.tariff
    return Agreed(tariff.id, tariff.name, tariff.name_en, chosen.price, chosen.deposit, tariff.on_request)


async def agree(ctx: Ctx, resource: Resource, wanted: Interval, quantity: int, tariff_id: UUID | None) -> Agreed:
    """The price of a new booking, by one statement. Raises NotFound."""
    return agreement(ctx, await tariffs_of(ctx, resource), resource, wanted, quantity, tariff_id)


async def asks_for_approval(ctx: Ctx, tariff_id: UUID | None) -> bool:
    """Whether the house decides on bookings by this tariff."""
    tariff = await ctx.session.find(Tariff, tariff_id) if tariff_id else None
    return tariff is not None and tariff.on_request


async def reprice(ctx: Ctx, booking: Booking, wanted: Interval) -> None:
    """The price of a booking that moves: by its tariff as it is now; what staff have set by hand stays."""
    tariff = await ctx.session.find(Tariff, booking.tariff_id) if booking.tariff_id else None
    if tariff is None or booking.price_by_hand:
        return
    rate = Rate(tariff.basis, tariff.price, tariff.minimum, tariff.deposit)
    sum_ = cost(rate, wanted, booking.quantity, ctx.tenant.timezone)
    booking.price, booking.deposit = sum_.price, sum_.deposit


async def set_price(ctx: Ctx, booking_id: UUID, price: Decimal, deposit: Decimal) -> Booking:
    """Agree on another price than the tariff's. Raises Forbidden, NotFound, InvalidInput."""
    ctx.require(APPROVE)
    booking = await ctx.session.find(Booking, booking_id)
    if booking is None:
        raise booking_not_found()
    before = {"price": _plain(booking.price), "deposit": _plain(booking.deposit)}
    booking.price, booking.deposit = _euros(price, "price"), _euros(deposit, "deposit")
    booking.price_by_hand = True
    await ctx.session.flush()
    after = {"price": _plain(booking.price), "deposit": _plain(booking.deposit)}
    await ctx.audit("booking.set_price", kind="booking", id=str(booking.id), before=before, after=after)
    return booking


async def create_tariff(ctx: Ctx, given: Mapping[str, Any]) -> Tariff:
    """A new tariff of exactly one of a resource and a house. Raises Forbidden, NotFound, InvalidInput."""
    ctx.require(MANAGE)
    tariff = Tariff(id=uuid7(), **{**DEFAULTS, **given})
    await _check(ctx, tariff)
    ctx.session.add(tariff)
    await ctx.session.flush()
    await ctx.audit("booking.create_tariff", kind="tariff", id=str(tariff.id), after=_facts(tariff))
    return tariff


async def update_tariff(ctx: Ctx, tariff_id: UUID, changes: Mapping[str, Any]) -> Tariff:
    """Change a tariff; bookings keep the price that was agreed. Raises Forbidden, NotFound, InvalidInput."""
    ctx.require(MANAGE)
    tariff = await ctx.session.find(Tariff, tariff_id)
    if tariff is None:
        raise tariff_not_found("id")
    before = _facts(tariff)
    with ctx.session.no_autoflush:
        for key, value in changes.items():
            setattr(tariff, key, value)
        await _check(ctx, tariff)
    await ctx.session.flush()
    await ctx.audit("booking.update_tariff", kind="tariff", id=str(tariff.id), before=before, after=_facts(tariff))
    return tariff


async def delete_tariff(ctx: Ctx, tariff_id: UUID) -> Tariff:
    """Remove a tariff; bookings keep its name and the price that was agreed. Raises Forbidden, NotFound."""
    ctx.require(MANAGE)
    tariff = await ctx.session.find(Tariff, tariff_id)
    if tariff is None:
        raise tariff_not_found("id")
    await ctx.session.delete(tariff)
    await ctx.session.flush()
    await ctx.audit("booking.delete_tariff", kind="tariff", id=str(tariff.id), before=_facts(tariff))
    return tariff


def tariff_not_found(field: str) -> NotFound:
    """The answer for a tariff that is not there, or does not hold for this booking."""
    return NotFound(t("Diesen Tarif gibt es hier nicht.", "There is no such tariff here."), field=field)


async def _check(ctx: Ctx, tariff: Tariff) -> None:
    if (tariff.resource_id is None) == (tariff.place_id is None):
        raise InvalidInput(
            t("Bitte entweder ein Haus oder ein Angebot wählen.", "Please choose either a house or a resource."),
            field="resourceId",
        )
    if tariff.resource_id is not None and await ctx.session.find(Resource, tariff.resource_id) is None:
        raise NotFound(t("Dieses Angebot gibt es nicht.", "There is no such resource."), field="resourceId")
    if tariff.place_id is not None and await ctx.session.find(Place, tariff.place_id) is None:
        raise NotFound(t("Dieses Haus gibt es nicht.", "There is no such house."), field="placeId")
    tariff.name = tariff.name.strip()
    if not tariff.name or len(tariff.name) > 100:
        raise InvalidInput(t("Der Name hat 1 bis 100 Zeichen.", "The name has 1 to 100 characters."), field="name")
    for name, field in (("name_en", "nameEn"), ("note", "note"), ("note_en", "noteEn")):
        words = (getattr(tariff, name) or "").strip()
        if len(words) > LONGEST_TEXT:
            raise InvalidInput(
                t(f"Höchstens {LONGEST_TEXT} Zeichen.", f"At most {LONGEST_TEXT} characters."), field=field
            )
        setattr(tariff, name, words or None)
    if not 0 <= tariff.position <= 1000:
        raise InvalidInput(t("Möglich sind 0 bis 1000.", "Possible are 0 to 1000."), field="position")
    tariff.price, tariff.deposit = _euros(tariff.price, "price"), _euros(tariff.deposit, "deposit")
    tariff.minimum = None if tariff.minimum is None else _euros(tariff.minimum, "minimum")
    if tariff.valid_from and tariff.valid_until and tariff.valid_until < tariff.valid_from:
        raise InvalidInput(t("Das Ende liegt vor dem Anfang.", "The end lies before the start."), field="validUntil")


def _euros(value: Decimal, field: str) -> Decimal:
    if not value.is_finite() or not 0 <= value <= MOST or value != cents(value):
        raise InvalidInput(
            t("Ein Betrag in Euro mit höchstens zwei Nachkommastellen.", "An amount in euros, two decimals at most."),
            field=field,
        )
    return cents(value)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _facts(tariff: Tariff) -> dict[str, Any]:
    return {
        "name": tariff.name,
        "basis": tariff.basis,
        "price": _plain(tariff.price),
        "minimum": _plain(tariff.minimum),
        "deposit": _plain(tariff.deposit),
        "valid_from": tariff.valid_from and tariff.valid_from.isoformat(),
        "valid_until": tariff.valid_until and tariff.valid_until.isoformat(),
        "on_request": tariff.on_request,
    }
