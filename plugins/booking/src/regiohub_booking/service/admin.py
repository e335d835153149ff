"""Administration of resources: create and change them, their dates, special days and stock."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from regiohub.api import Conflict, Ctx, InvalidInput, NotFound, t, uuid7
from regiohub_booking.models import Booking, Lot, Owner, Place, Resource, Session, Slot, SpecialDay
from regiohub_booking.permissions import MANAGE
from regiohub_booking.rules.hours import HolidayRule
from regiohub_booking.rules.opening_text import read_windows
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.rules.states import OCCUPYING
from regiohub_booking.service.checks import check_resource
from regiohub_booking.service.slots import lock_targets
from regiohub_booking.service.target import load_target
from regiohub_booking.service.wishes import When

DEFAULTS: Mapping[str, Any] = {
    "mode": BookingMode.TIME,
    "description": "",
    "description_en": None,
    "owner_id": None,
    "whole_id": None,
    "units": 1,
    "persons": None,
    "wheelchair": None,
    "equipment": [],
    "opening": {},
    "holiday_rule": HolidayRule.OPEN,
    "raster_minutes": 15,
    "min_minutes": None,
    "max_minutes": None,
    "min_days": None,
    "max_days": None,
    "notice_hours": 0,
    "horizon_days": 365,
    "buffer_before_minutes": 0,
    "buffer_after_minutes": 0,
    "requires_approval": False,
    "cancel_hours": 24,
    "lock_adapter": None,
    "lock_doors": [],
    "active": True,
    "example": False,
}


async def create_resource(ctx: Ctx, given: Mapping[str, Any]) -> Resource:
    """A new resource; what is not given has its default. Raises Forbidden, InvalidInput, Conflict."""
    ctx.require(MANAGE)
    resource = Resource(id=uuid7(), **{**DEFAULTS, **given})
    taken = await ctx.session.scalar(select(Resource.id).where(Resource.slug == resource.slug))
    if taken is not None:
        raise Conflict(t("Dieses Kürzel ist vergeben.", "This short name is taken."), field="slug")
    await check_resource(ctx, resource)
    if resource.whole_id is not None:
        await _check_whole_is_empty(ctx, resource.whole_id)
    ctx.session.add(resource)
    await ctx.session.flush()
    await ctx.audit("booking.create_resource", kind="resource", id=str(resource.id), after={"slug": resource.slug})
    return resource


async def update_resource(ctx: Ctx, resource_id: UUID, changes: Mapping[str, Any]) -> Resource:
    """Change a resource; bookings that exist already stay as they are.

    Raises Forbidden, NotFound, InvalidInput, and Conflict where existing bookings would lose their place.
    """
    ctx.require(MANAGE)
    target = await load_target(ctx, resource_id, inactive=True)
    await lock_targets(ctx, [target])
    resource = target.resource
    before = {key: getattr(resource, key) for key in changes}
    changed = {key: value for key, value in changes.items() if value != before[key]}
    if changed.get("units", resource.units) < resource.units:
        await _check_units_unused(ctx, resource, changed["units"])
    if "mode" in changed or "whole_id" in changed:
        await _check_no_bookings(ctx, resource)
    if changed.get("whole_id") is not None:
        await _check_whole_is_empty(ctx, changed["whole_id"])
    # A broken value must meet our check before it meets the database.
    with ctx.session.no_autoflush:
        for key, value in changed.items():
            setattr(resource, key, value)
        await check_resource(ctx, resource)
    await ctx.session.flush()
    await ctx.audit(
        "booking.update_resource",
        kind="resource",
        id=str(resource.id),
        before={key: _plain(before[key]) for key in changed},
        after={key: _plain(value) for key, value in changed.items()},
    )
    return resource


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


async def _check_units_unused(ctx: Ctx, resource: Resource, units: int) -> None:
    used = await ctx.session.scalar(
        select(func.max(Slot.unit)).where(Slot.resource_id == resource.id, Slot.occupies, Slot.ends_at > ctx.now())
    )
    if used is not None and used > units:
        raise Conflict(t(f"Stück {used} ist noch gebucht.", f"Unit {used} is still booked."), field="units", unit=used)


async def _check_no_bookings(ctx: Ctx, resource: Resource) -> None:
    count = await ctx.session.scalar(
        select(func.count())
        .select_from(Booking)
        .where(Booking.resource_id == resource.id, Booking.state.in_(OCCUPYING), Booking.ends_at > ctx.now())
    )
    if count:
        raise Conflict(
            t(f"Es gibt noch {count} künftige Buchungen.", f"There are still {count} future bookings."), field="mode"
        )


async def _check_whole_is_empty(ctx: Ctx, whole_id: UUID) -> None:
    """A part may join only while nothing is booked on the whole: those bookings would not cover the new part."""
    target = await load_target(ctx, whole_id, inactive=True)
    await lock_targets(ctx, [target])
    await _check_no_bookings(ctx, target.resource)
    own = await ctx.session.scalar(
        select(func.count())
        .select_from(Slot)
        .where(Slot.resource_id == whole_id, Slot.occupies, Slot.ends_at > ctx.now())
    )
    if own:
        raise Conflict(t("Das Ganze ist noch belegt.", "The whole is still occupied."), field="wholeId")


async def set_special_days(
    ctx: Ctx,
    resource_id: UUID,
    *,
    first: date,
    last: date,
    windows: Sequence[Sequence[str]],
    reason: str | None,
    reason_en: str | None = None,
) -> SpecialDay:
    """Other hours (none: closed) for some days. Bookings that exist already stay. Raises Forbidden, InvalidInput."""
    ctx.require(MANAGE)
    target = await load_target(ctx, resource_id, inactive=True)
    if last < first or last - first > timedelta(days=366):
        raise InvalidInput(
            t("Höchstens ein Jahr, Ende nach Anfang.", "At most a year, end after start."), field="lastDay"
        )
    try:
        read_windows(windows)
    except InvalidInput as error:
        raise InvalidInput(error.message, field="windows") from None
    row = SpecialDay(
        id=uuid7(),
        resource_id=target.resource.id,
        first_day=first,
        last_day=last,
        windows=[list(pair) for pair in windows],
        reason=(reason or "").strip() or None,
        reason_en=(reason_en or "").strip() or None,
    )
    ctx.session.add(row)
    await ctx.session.flush()
    span = {"first": first.isoformat(), "last": last.isoformat()}
    await ctx.audit("booking.special_days", kind="resource", id=str(resource_id), after=span)
    return row


async def add_session(ctx: Ctx, resource_id: UUID, title: str, when: When) -> Session:
    """A date of an offer. Raises Forbidden, NotFound, InvalidInput, Conflict for one that exists."""
    ctx.require(MANAGE)
    target = await load_target(ctx, resource_id, inactive=True)
    if target.policy.mode is not BookingMode.SESSIONS:
        raise InvalidInput(t("Nur Angebote mit Terminen.", "Only offers with dates."), field="resourceId")
    wanted = when.interval(ctx)
    same = select(Session.id).where(
        Session.resource_id == resource_id, Session.starts_at == wanted.start, Session.ends_at == wanted.end
    )
    if await ctx.session.scalar(same) is not None:
        raise Conflict(t("Diesen Termin gibt es schon.", "This date exists already."), field="startsAt")
    row = Session(
        id=uuid7(),
        resource_id=resource_id,
        title=title.strip() or target.resource.name,
        starts_at=wanted.start,
        ends_at=wanted.end,
    )
    ctx.session.add(row)
    await ctx.session.flush()
    return row


async def add_lot(ctx: Ctx, resource_id: UUID, owner_id: UUID, place_id: UUID, units: int) -> Resource:
    """More units of a lending item, from one owner at one pick-up point. Raises Forbidden, NotFound, InvalidInput."""
    ctx.require(MANAGE)
    target = await load_target(ctx, resource_id, inactive=True)
    await lock_targets(ctx, [target])
    if await ctx.session.find(Owner, owner_id) is None:
        raise NotFound(field="ownerId")
    if await ctx.session.find(Place, place_id) is None:
        raise NotFound(field="placeId")
    if units < 1:
        raise InvalidInput(t("Mindestens ein Stück.", "At least one unit."), field="units")
    resource = target.resource
    # Not from the target: it knows no lots of a thing of which there is one piece.
    ends = select(func.max(Lot.first_unit + Lot.units - 1)).where(Lot.resource_id == resource_id)
    described = await ctx.session.scalar(ends) or 0
    lot = Lot(resource_id=resource.id, owner_id=owner_id, place_id=place_id, first_unit=described + 1, units=units)
    ctx.session.add(lot)
    resource.units = max(resource.units, described + units)
    await check_resource(ctx, resource)
    await ctx.session.flush()
    await ctx.audit("booking.add_lot", kind="resource", id=str(resource.id), after={"units": resource.units})
    return resource
