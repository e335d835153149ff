"""What the GraphQL benchmark reads: one town with 100 resources in 20 houses and 20,000 bookings."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from regiohub.api import TenantScope, uuid7
from regiohub_booking.models import Booking, Place, Resource, ResourceKind
from regiohub_booking.rules.hours import HolidayRule
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.rules.states import BookingState

RESOURCES, PLACES, BOOKINGS = 100, 20, 200


async def fill(scope: TenantScope) -> None:
    """Write the rows; half of the bookings lie in the past."""
    async with scope.write() as ctx:
        common = {"tenant_id": ctx.tenant.id}
        places = [
            common | {
                "id": uuid7(), "slug": f"house-{n}", "name": f"House {n}", "address": f"Street {n}", "example": True,
                "position": {"type": "Point", "coordinates": [13 + n / 100, 52.4]}, "wheelchair": None,
                "contact": None, "caretaker_email": None,
            }
            for n in range(PLACES)
        ]  # fmt: skip
        await ctx.session.execute(insert(Place), places)
        resources = [
            common | {
                "id": uuid7(), "slug": f"room-{n:03}", "kind": ResourceKind.ROOM, "mode": BookingMode("time"),
                "name": f"Room {n:03}", "description": "A room.", "description_en": None, "owner_id": None,
                "whole_id": None, "place_id": places[n % PLACES]["id"], "units": 1, "persons": n,
                "wheelchair": n % 2 == 0, "equipment": ["wifi"], "opening": {}, "holiday_rule": next(iter(HolidayRule)),
                "raster_minutes": 30,
                "min_minutes": None, "max_minutes": None, "min_days": None, "max_days": None, "notice_hours": 0,
                "horizon_days": None, "buffer_before_minutes": 0, "buffer_after_minutes": 0, "requires_approval": False,
                "cancel_hours": 0, "lock_adapter": None, "lock_doors": [], "active": True, "example": True,
                "created_at": ctx.now(), "updated_at": ctx.now(),
            }
            for n in range(RESOURCES)
        ]  # fmt: skip
        await ctx.session.execute(insert(Resource), resources)
        for number, resource in enumerate(resources):
            bookings = [
                common | {
                    "id": uuid7(), "number": f"B{number:03}{n:04}", "resource_id": resource["id"], "series_id": None,
                    "state": BookingState.CONFIRMED, "starts_at": ctx.now() + timedelta(hours=3 * (n - BOOKINGS // 2)),
                    "ends_at": ctx.now() + timedelta(hours=3 * (n - BOOKINGS // 2) + 2), "quantity": 1, "persons": 5,
                    "purpose": None, "subject": None, "booker_name": None, "booker_email": None, "booker_locale": "de",
                    "reason": None, "expires_at": None, "decided_at": None, "example": True, "created_at": ctx.now(),
                    "updated_at": ctx.now(),
                }
                for n in range(BOOKINGS)
            ]  # fmt: skip
            await ctx.session.execute(insert(Booking), bookings)
