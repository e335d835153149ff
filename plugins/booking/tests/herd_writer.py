"""One process of the herd: several writers who all want the same slots. Started by test_herd.py.

Arguments: a JSON object {url, owner_url, data_dir, resource, writers, slots, first, careful, blocking}. Prints
``ready``, waits for a line, then prints a JSON object {outcome: number}. ``blocking``: every second writer blocks the
time instead of booking it.
"""

import asyncio
import json
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from regiohub.api import Ctx, DomainError, Principal, PrincipalKind, TenantScope
from regiohub.testing import Address, open_world
from regiohub_booking.permissions import MANAGE
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.closures import ClosureWish, block_time
from regiohub_booking.service.create import create_booking, new_booking
from regiohub_booking.service.slots import Claim, occupy, taken_between
from regiohub_booking.service.target import load_target
from regiohub_booking.service.wishes import When, Wish

HOUR = timedelta(hours=1)


def person(number: int) -> Principal:
    """A writer; staff, so that no limit of bookings per person interferes."""
    rights = frozenset({MANAGE.id})
    return Principal(PrincipalKind.PERSON, subject=f"writer-{number}", name="Writer", permissions=rights)


async def careful(scope: TenantScope, who: Principal, resource: UUID, wanted: Interval) -> str:
    """Book as everybody does."""
    wish = Wish(resource, When(starts_at=wanted.start, ends_at=wanted.end))
    try:
        await scope.run(lambda ctx: create_booking(ctx, wish), who)
    except DomainError as error:
        return error.code
    return "booked"


async def block(scope: TenantScope, who: Principal, resource: UUID, wanted: Interval) -> str:
    """Block the time, as staff do while residents book."""
    wish = ClosureWish(When(starts_at=wanted.start, ends_at=wanted.end), "Heizung", resource)
    try:
        await scope.run(lambda ctx: block_time(ctx, wish), who)
    except DomainError as error:
        return error.code
    return "blocked"


async def naive(scope: TenantScope, who: Principal, resource: UUID, wanted: Interval, barrier: asyncio.Barrier) -> str:
    """Look, let all others look too, then write: what a program without locks does when it is busy."""
    async with scope.read(who) as ctx:
        free = not await taken_between(ctx, [resource], wanted)
    await barrier.wait()
    if not free:
        return "SLOT_TAKEN"

    async def write(ctx: Ctx) -> None:
        target = await load_target(ctx, resource)
        booking = new_booking(ctx, target, wanted, Wish(resource), BookingState.CONFIRMED)
        ctx.session.add(booking)
        await occupy(ctx, target, [(wanted, [Claim(resource, 1)], booking.id)])

    try:
        await scope.run(write, who)
    except DomainError as error:
        return error.code
    except IntegrityError:
        return "refused"
    return "booked"


async def main(task: dict[str, Any], answers: TextIO) -> Counter[str]:
    """Run this process's writers and count what became of their wishes."""
    address = Address(task["url"], task["owner_url"])
    first, resource = datetime.fromisoformat(task["first"]), UUID(task["resource"])
    async with open_world(address, Path(task["data_dir"]), database_pool_size=task["writers"]) as world:
        scope = world.scope("potsdam")
        async with scope.read() as ctx:  # connections and plans are warm before the start
            await load_target(ctx, resource)
        print("ready", file=answers, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        barrier = asyncio.Barrier(task["writers"])

        async def writer(number: int) -> list[str]:
            who, outcomes = person(number), []
            for slot in range(task["slots"]):
                wanted = Interval(first + slot * HOUR, first + (slot + 1) * HOUR)
                if task["blocking"] and number % 2:
                    outcomes.append(await block(scope, who, resource, wanted))
                elif task["careful"]:
                    outcomes.append(await careful(scope, who, resource, wanted))
                else:
                    outcomes.append(await naive(scope, who, resource, wanted, barrier))
            return outcomes

        done = await asyncio.gather(*(writer(number) for number in range(task["writers"])))
    return Counter(outcome for outcomes in done for outcome in outcomes)


if __name__ == "__main__":
    # Log lines go elsewhere: standard output carries the answers only.
    answers, sys.stdout = sys.stdout, sys.stderr
    print(json.dumps(asyncio.run(main(json.loads(sys.argv[1]), answers))), file=answers)
