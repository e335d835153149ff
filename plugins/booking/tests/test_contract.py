"""Booking keeps the contract of plugins."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from regiohub.api import Ctx, TenantScope
from regiohub.testing import make
from regiohub.testing.contract import Given, contract
from regiohub_booking import models
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.admin import DEFAULTS
from regiohub_booking.service.sealing import seal

DAILY = {day: [["08:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


async def fill(scope: TenantScope, rows: int) -> None:
    """Houses with a room each, and a booking with everything that can hang on it."""
    async with scope.write() as ctx:
        for number in range(rows):
            name = f"{ctx.tenant.slug}-{number}"
            place = await make(
                ctx, models.Place, slug=f"haus-{name}", name=f"Haus {name}", caretaker_email=f"{name}@example.org"
            )
            await _room(ctx, place, name)


async def _room(ctx: Ctx, place: models.Place, name: str) -> None:
    owner = await make(ctx, models.Owner, slug=f"verein-{name}", name=f"Verein {name}")
    given = {name: value for name, value in DEFAULTS.items() if name != "whole_id"} | {
        "slug": f"saal-{name}", "name": f"Saal {name}", "place_id": place.id, "owner_id": owner.id,
        "kind": models.ResourceKind.ROOM, "mode": BookingMode.TIME, "opening": DAILY,
    }  # fmt: skip
    hall = await make(ctx, models.Resource, **given | {"slug": f"halle-{name}", "name": f"Halle {name}"})
    room = await make(ctx, models.Resource, **given, whole_id=hall.id)
    of = {"resource_id": room.id}
    await make(ctx, models.Lot, **of, owner_id=owner.id, place_id=place.id, first_unit=1, units=1)
    await make(ctx, models.SpecialDay, **of, reason=f"Fest {name}", windows=[["10:00", "12:00"]])
    start = ctx.now().replace(minute=0) + timedelta(days=1)
    await make(ctx, models.Session, **of, title=f"Kurs {name}", starts_at=start, ends_at=start + timedelta(hours=1))
    await make(ctx, models.Tariff, **of, name=f"Verein {name}", price=Decimal(10), deposit=Decimal(0), on_request=False)
    await make(ctx, models.CalendarFeed, **of, label=f"Aushang {name}")
    await _booking(ctx, room, place, name)


async def _booking(ctx: Ctx, room: models.Resource, place: models.Place, name: str) -> None:
    start = ctx.now().replace(minute=0) + timedelta(days=2)
    span = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
    of, owner = {"resource_id": room.id}, f"person-{name}"
    series = await make(
        ctx, models.Series, **of, subject=owner, first_starts_at=start, first_ends_at=start + timedelta(hours=2)
    )
    await make(ctx, models.RejectedDate, series_id=series.id)
    booking = await make(
        ctx, models.Booking, **of, **span, series_id=series.id, number=f"2026-{name}", state=BookingState.ASKED,
        quantity=1, subject=owner, booker_name=f"Anna {name}", booker_email=f"{owner}@example.org",
        booker_locale="de", purpose=f"Probe {name}", tariff_name=f"Verein {name}", price=Decimal(10),
    )  # fmt: skip
    held = {"booking_id": booking.id}
    await make(ctx, models.Slot, **of, **held, **span, unit=1, occupies=True)
    await make(ctx, models.Question, **held, question=f"Wie viele aus {name}?", answer_by=start)
    grant = await make(
        ctx, models.AccessGrant, **held, adapter="simulator", doors=["main"], wanted=True, version=1, done_version=1,
        state=models.GrantState.ACTIVE, valid_from=ctx.now() - timedelta(hours=1),
        valid_until=ctx.now() + timedelta(hours=1), attempts=0,
    )  # fmt: skip
    grant.sealed_code = seal(ctx, grant.id, "4711")
    blocked = start + timedelta(days=1)
    later = {"starts_at": blocked, "ends_at": blocked + timedelta(hours=2)}
    closure = await make(
        ctx, models.Closure, **later, place_id=place.id, kind=models.ClosureKind.MAINTENANCE, interval=1,
        reason=f"Wartung {name}", last_ends_at=later["ends_at"],
    )  # fmt: skip
    block = await make(ctx, models.Block, **of, **later, closure_id=closure.id, first_unit=1, last_unit=1)
    await make(ctx, models.BlockConflict, **held, block_id=block.id, state=models.ConflictState.OPEN)
    await make(ctx, models.Slot, **of, **later, block_id=block.id, unit=1, occupies=True)


async def given(ctx: Ctx) -> Given:
    """A time at which the rooms are open and free."""
    day = (ctx.now() + timedelta(days=5)).date().isoformat()
    return {"rescheduleBooking": {"input": {"day": day, "startTime": "10:00", "endTime": "12:00"}}}


TestContract = contract("booking", fill=fill, seeds=Path(__file__).parents[3] / "tenants", arguments=given)
