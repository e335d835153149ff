"""All addresses of the pages."""

from fastapi import APIRouter

from regiohub_booking.console import (
    bookings,
    calendar,
    closures,
    day,
    decisions,
    grants,
    houses,
    new_booking,
    requests,
    resources,
    tariffs,
)

router = APIRouter()
for room in (requests, calendar, new_booking, bookings, decisions, closures, tariffs, resources, houses, grants, day):
    router.include_router(room.router)
