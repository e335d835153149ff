"""Bookings per second with 32 writers at once, as a ratio to plain inserts of the same two rows, in one run.

plain: booking and slot inserted without any rule, each in its own transaction; spread: whole bookings (rules, locks,
constraint, event, mail) over 50 rooms; hot: the same on one room; herd: all 32 writers want the same slots. Prints also
how many wishes were refused and how many bookings overlap, which must be none.

python benchmarks/booking_writers.py [--postgresql] [--bookings 640]
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, insert, select
from sqlalchemy.orm import aliased

from regiohub.api import Ctx, DomainError, Principal, PrincipalKind, TenantScope, uuid7
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, prepare
from regiohub.testing.services.postgresql import postgresql
from regiohub.testing.world import START, World, open_world
from regiohub_booking.models import Booking, Place, Slot
from regiohub_booking.permissions import PERMISSIONS
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.admin import create_resource
from regiohub_booking.service.create import create_booking, new_number
from regiohub_booking.service.wishes import When, Wish

WRITERS, ROOMS, HOUR = 32, 50, timedelta(hours=1)
RIGHTS = frozenset(permission.id for permission in PERMISSIONS)
Work = Callable[[int, int], Awaitable[bool]]


def writer(number: int) -> Principal:
    """A person who may book without the limits of residents, with an address that gets a mail."""
    return Principal(
        PrincipalKind.PERSON, subject=f"w{number}", name="Writer", email=f"w{number}@example.org", permissions=RIGHTS
    )


def moment(index: int, day: int = 2) -> datetime:
    """The start of the slot with this number."""
    return START + timedelta(days=day) + index * HOUR


async def rooms(scope: TenantScope, prefix: str, number: int) -> list[UUID]:
    """Rooms that are always open."""

    async def make(ctx: Ctx) -> list[UUID]:
        place = Place(id=uuid7(), slug=prefix, name=prefix, address="-", example=True)
        ctx.session.add(place)
        await ctx.session.flush()
        basics = {"kind": "room", "place_id": place.id, "horizon_days": 3660}
        made = [await create_resource(ctx, {**basics, "slug": f"{prefix}-{n}", "name": prefix}) for n in range(number)]
        return [room.id for room in made]

    return await scope.run(make, writer(0))


def plain(scope: TenantScope, where: list[UUID]) -> Work:
    """Two inserts and a commit."""

    async def one(number: int, index: int) -> bool:
        start = moment(index // len(where))
        span = {"starts_at": start, "ends_at": start + HOUR, "expires_at": None, "tenant_id": scope.tenant.id}
        room, booking = where[index % len(where)], uuid7()

        async def write(ctx: Ctx) -> None:
            row: dict[str, Any] = {
                "id": booking, "number": new_number(ctx.now()), "resource_id": room, "state": BookingState.CONFIRMED,
                "quantity": 1, "subject": f"w{number}", "booker_locale": "de", "example": True,
                "created_at": ctx.now(), "updated_at": ctx.now(), **span,
            }  # fmt: skip
            await ctx.session.execute(insert(Booking), [row])
            slot = {"id": uuid7(), "resource_id": room, "booking_id": booking, "unit": 1, "occupies": True, **span}
            await ctx.session.execute(insert(Slot), [slot])

        await scope.run(write, writer(number))
        return True

    return one


def booked(scope: TenantScope, where: list[UUID], slot_of: Callable[[int], int]) -> Work:
    """A whole booking."""

    async def one(number: int, index: int) -> bool:
        start = moment(slot_of(index))
        wish = Wish(where[index % len(where)], When(starts_at=start, ends_at=start + HOUR))
        try:
            await scope.run(lambda ctx: create_booking(ctx, wish), writer(number))
        except DomainError:
            return False
        return True

    return one


async def race(work: Work, wishes: int) -> tuple[int, float]:
    """Let all writers fulfil the wishes, and return how many succeeded and the seconds it took."""
    left = iter(range(wishes))

    async def run(number: int) -> int:
        return sum([await work(number, index) for index in left])

    begun = time.perf_counter()
    done = await asyncio.gather(*(run(number) for number in range(WRITERS)))
    return sum(done), time.perf_counter() - begun


async def doubles(scope: TenantScope) -> int:
    """Pairs of occupying slots that overlap."""
    other = aliased(Slot)
    same = (other.tenant_id == Slot.tenant_id) & (other.resource_id == Slot.resource_id) & (other.unit == Slot.unit)
    clash = same & (other.id > Slot.id) & (other.starts_at < Slot.ends_at) & (other.ends_at > Slot.starts_at)
    async with scope.read() as ctx:
        pairs = select(func.count()).select_from(Slot).join(other, clash).where(Slot.occupies, other.occupies)
        return await ctx.session.scalar(pairs) or 0


async def measure(world: World, bookings: int) -> None:
    """Run all four and print their table."""
    scope = world.scope("potsdam")
    many, one, hot, herd = [await rooms(scope, name, n) for name, n in (("p", ROOMS), ("s", ROOMS), ("h", 1), ("d", 1))]
    await race(booked(scope, await rooms(scope, "warm", 1), lambda index: index), WRITERS)
    runs: list[tuple[str, Work]] = [
        ("plain", plain(scope, many)),
        ("spread", booked(scope, one, lambda index: index // ROOMS)),
        ("hot", booked(scope, hot, lambda index: index)),
        ("herd", booked(scope, herd, lambda index: index // WRITERS)),
    ]
    base = 0.0
    print(f"{world.dialect}: {WRITERS} writers, {bookings} wishes each run")
    for name, work in runs:
        made, seconds = await race(work, bookings)
        rate, answers = made / seconds, bookings / seconds
        base = base or rate
        print(
            f"  {name:<7} {made:>5} booked, {bookings - made:>5} refused, {rate:>7.0f} bookings/s, "
            f"{answers:>7.0f} answers/s, answers to plain inserts 1 : {base / answers:.1f}"
        )
    print(f"  overlapping bookings: {await doubles(scope)}")


async def main(on_postgresql: bool, bookings: int) -> None:
    """Make a migrated database and measure on it."""
    logging.disable()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address: Address
        if on_postgresql:
            template = PostgresTemplate(stack.enter_context(postgresql()))
            await template.create()
            address = template.address
        else:
            address = SqliteTemplate(folder).address
        await prepare(address, folder)
        async with open_world(address, folder / "data", database_pool_size=WRITERS) as world:
            await measure(world, bookings)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL; default: SQLite")
    parser.add_argument("--bookings", type=int, default=640, help="wishes in each run")
    given = parser.parse_args()
    asyncio.run(main(given.postgresql, given.bookings))
