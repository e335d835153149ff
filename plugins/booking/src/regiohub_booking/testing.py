"""Fills a town with bookings as fast as the database takes them, for benchmarks of pages and lists.

Rows go in without the rules of the service; the database's own rule against double booking still looks at each slot.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from regiohub.api import Ctx, TenantScope, uuid7
from regiohub_booking.models import AccessGrant, Booking, GrantState, Place, Resource, Slot
from regiohub_booking.rules.states import OCCUPYING, BookingState
from regiohub_booking.service.admin import DEFAULTS

PLACES, ROOMS = 20, 60
A_DAY = (8, 11, 14, 17)
CHUNK = 1000
NAMES = ("Anna Beispiel", "Ben Muster", "Chor am See", "Dorfverein", "Elternrunde", "Feuerwehr", "Gymnastikgruppe")
PURPOSES = ("Chorprobe", "Familienfeier", "Sitzung", "Kurs", "Training", None)


async def fill(scope: TenantScope, bookings: int = 50_000) -> None:
    """Houses, rooms, and ``bookings`` bookings around the present day: half are over, one in sixty is a request.

    Bookings have two hours each, four a day and room; one in twenty is cancelled, one in ten has a door.
    """
    rooms = await scope.run(_stock)
    moment = scope.now()
    today = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=bookings // (2 * len(rooms) * len(A_DAY)))
    for start in range(0, bookings, CHUNK):
        numbers = range(start, min(start + CHUNK, bookings))
        rows = [_booking(number, rooms, first, moment) for number in numbers]

        async def write(ctx: Ctx, rows: list[dict[str, Any]] = rows) -> None:
            for model, values in (
                (Booking, rows),
                (Slot, [_slot(row) for row in rows]),
                (AccessGrant, [_grant(row) for row in rows[::10]]),
            ):
                owned = [{**value, "tenant_id": ctx.tenant.id} for value in values]
                await ctx.session.execute(sa.insert(model), owned)

        await scope.run(write)


async def _stock(ctx: Ctx) -> list[Any]:
    places = [
        Place(
            id=uuid7(), slug=f"fill-{number}", name=f"Haus {number:02}", address=f"Weg {number}", position=None,
            wheelchair=True, contact=None, caretaker_email=None, example=True,
        )
        for number in range(PLACES)
    ]  # fmt: skip
    ctx.session.add_all(places)
    await ctx.session.flush()
    rooms = [
        Resource(
            **{
                **DEFAULTS, "id": uuid7(), "slug": f"fill-{number}", "kind": "room", "name": f"Raum {number:02}",
                "place_id": places[number % PLACES].id, "example": True,
            }
        )
        for number in range(ROOMS)
    ]  # fmt: skip
    ctx.session.add_all(rooms)
    await ctx.session.flush()
    return [room.id for room in rooms]


def _booking(number: int, rooms: list[Any], first: datetime, now: datetime) -> dict[str, Any]:
    turn, room = divmod(number, len(rooms))
    day, hour = divmod(turn, len(A_DAY))
    start = first + timedelta(days=day, hours=A_DAY[hour])
    state = BookingState.CONFIRMED
    if number % 20 == 7:
        state = BookingState.CANCELLED
    elif start > now and number % 30 == 3:
        state = BookingState.PENDING
    made = start - timedelta(days=20, minutes=number % 1440)
    return {
        "id": uuid7(), "number": f"2026-F{number:07}", "resource_id": rooms[room], "series_id": None, "state": state,
        "starts_at": start, "ends_at": start + timedelta(hours=2), "quantity": 1, "persons": 5 + number % 40,
        "purpose": PURPOSES[number % len(PURPOSES)], "subject": f"person-{number % 900}",
        "booker_name": NAMES[number % len(NAMES)], "booker_email": f"person-{number % 900}@example.org",
        "booker_phone": None, "booker_locale": "de", "reason": None, "expires_at": None, "decided_at": None,
        "tariff_id": None, "tariff_name": None, "tariff_name_en": None, "price": None, "deposit": None,
        "price_by_hand": False, "example": True, "created_at": made, "updated_at": made,
    }  # fmt: skip


def _slot(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": uuid7(), "resource_id": row["resource_id"], "booking_id": row["id"], "block_id": None, "unit": 1,
        "starts_at": row["starts_at"], "ends_at": row["ends_at"], "occupies": row["state"] in OCCUPYING,
        "expires_at": None,
    }  # fmt: skip


def _grant(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": uuid7(), "booking_id": row["id"], "adapter": "simulator", "doors": ["front"], "wanted": True,
        "version": 1, "state": GrantState.ACTIVE, "done_version": 1, "valid_from": row["starts_at"],
        "valid_until": row["ends_at"], "vendor_reference": None, "sealed_code": None, "requested_at": row["created_at"],
        "attempts": 0, "next_try_at": None, "last_error": None, "warned_at": None, "renew": False, "note": None,
        "created_at": row["created_at"], "updated_at": row["created_at"],
    }  # fmt: skip
