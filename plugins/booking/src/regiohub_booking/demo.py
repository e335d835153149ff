"""Example content of a town: houses, things and offers from ``booking.toml`` beside the town's file, and bookings."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, DomainError, Principal, PrincipalKind, TenantModel, TenantScope, uuid7
from regiohub_booking.models import Booking, Lot, Owner, Place, Resource, Session
from regiohub_booking.permissions import PERMISSIONS
from regiohub_booking.rules.clock import local_day
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.admin import add_session, create_resource
from regiohub_booking.service.create import create_booking
from regiohub_booking.service.decide import approve_booking
from regiohub_booking.service.wishes import When, Wish

FILE = "booking.toml"
NOT_COLUMNS = frozenset({"place", "owner", "whole", "lots", "dates"})
GUEST = Principal(
    PrincipalKind.PERSON,
    subject="booking-demo",
    name="Beispielverein",
    permissions=frozenset(permission.id for permission in PERMISSIONS),
)


async def load(scope: TenantScope, folder: Path) -> None:
    """Load the example content, if the town has any. Repeating it adds nothing but bookings of newly begun weeks."""
    file = folder / FILE
    if not file.exists():
        return
    content = tomllib.loads(file.read_text(encoding="utf-8"))

    async def stock(ctx: Ctx) -> None:
        await _load_stock(ctx, content)

    await scope.run(stock, GUEST)
    for entry in content.get("booking", []):
        await _book(scope, entry)


async def _load_stock(ctx: Ctx, content: Mapping[str, Any]) -> None:
    places = await _add_missing(ctx, Place, content.get("place", []))
    owners = await _add_missing(ctx, Owner, content.get("owner", []))
    known = {row.slug: row.id for row in (await ctx.session.scalars(select(Resource))).all()}
    defaults: Mapping[str, Any] = content.get("defaults", {})
    for entry in content.get("resource", []):
        if entry["slug"] not in known:
            known[entry["slug"]] = await _add_resource(ctx, {**defaults, **entry}, places, owners, known)
        await _add_dates(ctx, known[entry["slug"]], entry.get("dates", []))


async def _add_missing(
    ctx: Ctx, model: type[Place] | type[Owner], entries: Sequence[Mapping[str, Any]]
) -> dict[str, UUID]:
    known = {row.slug: row.id for row in (await ctx.session.scalars(select(model))).all()}
    blank: dict[str, Any] = {"contact": None, "example": True}
    if model is Place:
        blank |= {"position": None, "wheelchair": None, "caretaker_email": None}
    for entry in entries:
        if entry["slug"] not in known:
            row: TenantModel = model(id=uuid7(), **{**blank, **_with_point(entry)})
            ctx.session.add(row)
            known[entry["slug"]] = row.id
    await ctx.session.flush()
    return known


def _with_point(entry: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(entry)
    if "point" in values:
        values["position"] = {"type": "Point", "coordinates": values.pop("point")}
    return values


async def _add_resource(
    ctx: Ctx,
    entry: Mapping[str, Any],
    places: Mapping[str, UUID],
    owners: Mapping[str, UUID],
    known: Mapping[str, UUID],
) -> UUID:
    lots: list[dict[str, Any]] = entry.get("lots", [])
    fields = {key: value for key, value in entry.items() if key not in NOT_COLUMNS}
    fields |= {"place_id": places[entry["place"]], "example": True}
    if "owner" in entry:
        fields["owner_id"] = owners[entry["owner"]]
    if "whole" in entry:
        fields["whole_id"] = known[entry["whole"]]
    if lots:
        fields["units"] = sum(lot["units"] for lot in lots)
    resource = await create_resource(ctx, fields)
    first = 1
    for lot in lots:
        ctx.session.add(
            Lot(
                resource_id=resource.id,
                owner_id=owners[lot["owner"]],
                place_id=places[lot["place"]],
                first_unit=first,
                units=lot["units"],
            )
        )
        first += lot["units"]
    await ctx.session.flush()
    return resource.id


async def _add_dates(ctx: Ctx, resource_id: UUID, dates: Sequence[Mapping[str, Any]]) -> None:
    rows = await ctx.session.scalars(select(Session.starts_at).where(Session.resource_id == resource_id))
    known = set(rows.all())
    for entry in dates:
        for when in _weekly(ctx, entry):
            if when.interval(ctx).start not in known:
                await add_session(ctx, resource_id, entry["title"], when)


def _weekly(ctx: Ctx, entry: Mapping[str, Any]) -> list[When]:
    """The next ``weeks`` times of a weekday (0 is Monday), beginning tomorrow at the earliest."""
    tomorrow = local_day(ctx.now(), ctx.tenant.timezone) + timedelta(days=1)
    first = tomorrow + timedelta(days=(entry["weekday"] - tomorrow.weekday()) % 7)
    days = [first + timedelta(weeks=week) for week in range(entry.get("weeks", 1))]
    if "days" in entry:
        return [When(first_day=day, last_day=day + timedelta(days=entry["days"] - 1)) for day in days]
    start, end = time.fromisoformat(entry["start"]), time.fromisoformat(entry["end"])
    return [When(day=day, start_time=start, end_time=end) for day in days]


async def _book(scope: TenantScope, entry: Mapping[str, Any]) -> None:
    """Book the coming weeks; what is taken, closed or a holiday is left out."""
    async with scope.read(GUEST) as ctx:
        resource = await ctx.session.scalar(select(Resource).where(Resource.slug == entry["resource"]))
        if resource is None:
            return
        booked = await ctx.session.scalars(
            select(Booking.starts_at).where(Booking.resource_id == resource.id, Booking.subject == GUEST.subject)
        )
        known = set(booked.all())
        wishes = [
            Wish(resource.id, when, entry.get("quantity", 1), entry.get("persons"), entry.get("purpose"))
            for when in _weekly(ctx, entry)
            if when.interval(ctx).start not in known
        ]
    for number, wish in enumerate(wishes, start=1):
        # The last week stays a request, so that there is something to decide on.
        await _try(scope, wish, approve=number < len(wishes))


async def _try(scope: TenantScope, wish: Wish, *, approve: bool) -> None:
    async def book(ctx: Ctx) -> None:
        booking = await create_booking(ctx, wish)
        booking.example = True
        if approve and booking.state is BookingState.PENDING:
            await ctx.session.flush()
            await approve_booking(ctx, booking.id)

    try:
        await scope.run(book, GUEST)
    except DomainError:
        return
