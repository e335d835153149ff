"""A plugin for these tests, found by the real commands on their path: each request leaves work of every kind behind.

Its effects inside the database are audit entries. Its effect outside is a line in the file `PROBE_OUTSIDE`, as another
system would see it: whoever looks at the key of a line sees each once, whoever counts lines may see more.
While the file `PROBE_HOLD` exists, handlers wait between their effect and the end of their transaction.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from regiohub.api import Ctx, Event, EventHandler, Job, Plugin, RoutePart, Task, TenantScope, t
from regiohub.api.http import town_scope

plugin = Plugin(id="probe", title=t("Probe", "Probe"), description=t("Zum Prüfen.", "For tests."))
router = APIRouter()

_HOLD = Path(os.environ.get("PROBE_HOLD", "/nonexistent"))
EVERY = timedelta(seconds=5)
"""Period of the job."""


@dataclass(frozen=True)
class Asked(Event):
    """Somebody has sent a number."""

    name: ClassVar[str] = "probe.asked"
    number: int


@dataclass(frozen=True)
class Booked(Event):
    """What booking tells, as far as it is read here."""

    name: ClassVar[str] = "booking.confirmed"
    booking_id: UUID


def outside(*words: object) -> None:
    """Tell the world outside: one line, whole or not at all."""
    line = " ".join(map(str, words)) + "\n"
    descriptor = os.open(os.environ["PROBE_OUTSIDE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


async def _held() -> None:
    while _HOLD.exists():  # noqa: ASYNC110, ASYNC240 - another process takes the file away
        await asyncio.sleep(0.02)


async def note_number(ctx: Ctx, event: Asked) -> None:
    """An effect inside, and one outside that nothing can take back."""
    await ctx.audit("probe.event", kind="number", id=str(event.number))
    outside("event", ctx.tenant.slug, event.number, os.getpid())
    await _held()


async def note_booking(ctx: Ctx, event: Booked) -> None:
    """A second plugin that hears of bookings."""
    await ctx.audit("probe.booking", kind="booking", id=str(event.booking_id))


async def do_number(ctx: Ctx, payload: dict[str, Any]) -> None:
    """A task with an effect."""
    await ctx.audit("probe.task", kind="number", id=str(payload["number"]))


async def tick(scope: TenantScope) -> None:
    """A job with an effect; begun and ended are told outside, with the period that the town is in."""
    outside("begin", scope.tenant.slug, f"{scope.now().timestamp():.3f}", os.getpid())
    await scope.run(lambda ctx: ctx.audit("probe.tick", kind="period", id=f"{ctx.now().timestamp():.3f}"))
    await _held()
    outside("end", scope.tenant.slug, f"{scope.now().timestamp():.3f}", os.getpid())


async def take(request: Request) -> Response:
    """Leave an event and a task behind; acknowledged after the commit."""
    scope, number = await town_scope(request), int(request.path_params["number"])
    await scope.run(lambda ctx: _leave(ctx, number))
    return JSONResponse({"number": number}, 202)


async def take_hastily(request: Request) -> Response:
    """The same, acknowledged too early: what these tests have to notice."""
    scope, number = await town_scope(request), int(request.path_params["number"])

    async def later() -> None:
        await asyncio.sleep(0.3)
        await scope.run(lambda ctx: _leave(ctx, number))

    _later.add(task := asyncio.create_task(later()))
    task.add_done_callback(_later.discard)
    return JSONResponse({"number": number}, 202)


async def announce(request: Request) -> Response:
    """Wake listeners, wherever they are."""
    scope = await town_scope(request)

    async def work(ctx: Ctx) -> None:
        ctx.notify("durability", {"number": int(request.path_params["number"])})

    await scope.run(work)
    return JSONResponse({}, 202)


_later: set[asyncio.Task[None]] = set()


async def _leave(ctx: Ctx, number: int) -> None:
    await ctx.emit(Asked(number))
    await ctx.enqueue("probe.do", {"number": number}, key=str(number))


router.add_route("/numbers/{number}", take, methods=["POST"])
router.add_route("/notes/{number}", announce, methods=["POST"])
router.add_route("/hasty/{number}", take_hastily, methods=["POST"])


@plugin.hook
def register_routes() -> Sequence[RoutePart]:
    """Where numbers are sent."""
    return (RoutePart(router),)


@plugin.hook
def register_event_handlers() -> Sequence[EventHandler[Any]]:
    """Who hears of numbers and bookings."""
    return (
        EventHandler(Asked, note_number, name="probe.note_number"),
        EventHandler(Booked, note_booking, name="probe.note_booking"),
    )


@plugin.hook
def register_tasks() -> Sequence[Task]:
    """The task."""
    return (Task("probe.do", do_number),)


@plugin.hook
def register_jobs() -> Sequence[Job]:
    """The job."""
    return (Job("probe.tick", every=EVERY, run=tick),)
