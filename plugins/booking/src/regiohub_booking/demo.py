"""Example content of a town: houses, things and offers from ``booking.toml`` beside the town's file, and bookings."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, DomainError, Principal, PrincipalKind, TenantModel, TenantScope, uuid7
from regiohub_booking.models import Booking, Closure, ClosureKind, Lot, Owner, Place, Resource, Session, Tariff
from regiohub_booking.permissions import PERMISSIONS
from regiohub_booking.rules.clock import local_day
from regiohub_booking.rules.recurrence import Frequency, Recurrence
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.admin import add_session, create_resource
from regiohub_booking.service.closures import ClosureWish, block_time
from regiohub_booking.service.create import create_booking
from regiohub_booking.service.decide import approve_booking
from regiohub_booking.service.questions import ask
from regiohub_booking.service.tariffs import create_tariff
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
    # Last, so that there is a booking in the way to decide on.
    for entry in content.get("closure", []):
        await scope.run(partial(_close, entry=entry), GUEST)


async def _load_stock(ctx: Ctx, content: Mapping[str, Any]) -> None:
    places = await _add_missing(ctx, Place, content.get("place", []))
    owners = await _add_missing(ctx, Owner, content.get("owner", []))
    known = {row.slug: row.id for row in (await ctx.session.scalars(select(Resource))).all()}
    defaults: Mapping[str, Any] = content.get("defaults", {})
    for entry in content.get("resource", []):
        if entry["slug"] not in known:
            known[entry["slug"]] = await _add_resource(ctx, {**defaults, **entry}, places, owners, known)
        await _add_dates(ctx, known[entry["slug"]], entry.get("dates", []))
    await _add_tariffs(ctx, content.get("tariff", []), places, known)


async def _add_tariffs(
    ctx: Ctx, entries: Sequence[Mapping[str, Any]], places: Mapping[str, UUID], resources: Mapping[str, UUID]
) -> None:
    rows = await ctx.session.scalars(select(Tariff).where(Tariff.example))
    known = {(row.place_id or row.resource_id, row.name) for row in rows}
    for position, entry in enumerate(entries):
        fields = {key: value for key, value in entry.items() if key not in ("place", "resource")}
        for name in ("price", "minimum", "deposit"):
            if name in fields:
                fields[name] = Decimal(str(fields[name]))
        subject = _subject(entry, places, resources)
        if (subject.get("place_id") or subject.get("resource_id"), entry["name"]) not in known:
            await create_tariff(ctx, {"position": position, **fields, **subject, "example": True})


def _subject(entry: Mapping[str, Any], places: Mapping[str, UUID], resources: Mapping[str, UUID]) -> dict[str, UUID]:
    if "place" in entry:
        return {"place_id": places[entry["place"]]}
    return {"resource_id": resources[entry["resource"]]}


async def _close(ctx: Ctx, entry: Mapping[str, Any]) -> None:
    """Block the coming dates of a weekday, unless example content has done so already."""
    model = Place if "place" in entry else Resource
    found = await ctx.session.scalar(select(model.id).where(model.slug == entry.get("place", entry.get("resource"))))
    known = select(Closure).where(Closure.example, Closure.reason == entry["reason"], Closure.last_ends_at > ctx.now())
    if found is None or (await ctx.session.scalars(known)).first() is not None:
        return
    weeks = entry.get("weeks", 1)
    wish = ClosureWish(
        when=_weekly(ctx, {**entry, "weeks": 1})[0],
        reason=entry["reason"],
        resource_id=found if model is Resource else None,
        place_id=found if model is Place else None,
        kind=ClosureKind(entry.get("kind", "maintenance")),
        public_reason=entry.get("public_reason"),
        public_reason_en=entry.get("public_reason_en"),
        rule=Recurrence(Frequency.WEEKLY, count=weeks) if weeks > 1 else None,
    )
    (await block_time(ctx, wish)).example = True


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
        await _try(scope, wish, approve=number < len(wishes), question=entry.get("question"))


async def _try(scope: TenantScope, wish: Wish, *, approve: bool, question: str | None = None) -> None:
    async def book(ctx: Ctx) -> None:
        booking = await create_booking(ctx, wish)
        booking.example = True
        await ctx.session.flush()
        if booking.state is not BookingState.PENDING:
            return
        if approve:
            await approve_booking(ctx, booking.id)
        elif question:
            await ask(ctx, booking.id, question)

    try:
        await scope.run(book, GUEST)
    except DomainError:
        return
