"""What is really there, counted by the keys that clients know."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from regiohub.audit import AuditEntry
from regiohub.events.models import EntryKind, EntryState, OutboxEntry
from regiohub_booking.models import Booking, Slot
from regiohub_lorawan.models import Observation, StoredMessage
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.models.radio import RadioHour

from .ledger import Ledger, Verdict, judge
from .town import Site

UNFINISHED = (EntryState.PENDING, EntryState.WAITING)


async def settled(site: Site, *, seconds: float = 90, values: bool = False) -> float:
    """Wait until the outbox has nothing left to do (with `values` also until no message waits); the seconds it took.

    :raises TimeoutError: it did not come to an end.
    """
    began = time.monotonic()
    async with asyncio.timeout(seconds):
        while True:
            try:
                if not await _open(site, values=values):
                    break
            except DBAPIError as error:
                # The database was restarted: our own connections are the first to notice, once.
                if not error.connection_invalidated:
                    raise
            await asyncio.sleep(0.25)
    return time.monotonic() - began


async def arrived(site: Site, ledger: Ledger, *, seconds: float = 60) -> None:
    """Wait until the broker has handed over what it has acknowledged: it keeps what comes while nobody listens.

    After `seconds` it is left to the verdict to tell what is missing.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        async with site.world.scope("potsdam").read() as ctx:
            keys = await ctx.session.scalars(sa.select(StoredMessage.dedup_key))
            there = {f"potsdam:up-{key.partition('up-')[2].partition(':')[0]}" for key in keys}
        if ledger.acknowledged["mqtt"] <= there:
            return
        await asyncio.sleep(0.25)


async def _open(site: Site, *, values: bool) -> int:
    total = 0
    for slug in site.towns:
        async with site.world.scope(slug).read() as ctx:
            entries = sa.select(sa.func.count()).select_from(OutboxEntry).where(OutboxEntry.state.in_(UNFINISHED))
            total += await ctx.session.scalar(entries) or 0
            if values:
                waiting = sa.select(sa.func.count()).select_from(StoredMessage)
                total += await ctx.session.scalar(waiting.where(StoredMessage.state == MessageState.PENDING)) or 0
    return total


async def verdicts(site: Site, ledger: Ledger) -> list[Verdict]:
    """Every kind of thing that clients were told about, and every effect that followed from it."""
    messages, bookings, events = Counter[str](), Counter[str](), Counter[str]()
    effects: dict[str, Counter[str]] = {name: Counter() for name in ("event", "task", "booking")}
    for slug in site.towns:
        async with site.world.scope(slug).read() as ctx:
            bodies = await ctx.session.scalars(sa.select(StoredMessage.dedup_key))
            messages.update(f"{slug}:up-{key.partition('up-')[2].partition(':')[0]}" for key in bodies)
            held = sa.select(Booking.id).join(Slot, Slot.booking_id == Booking.id).where(Slot.occupies)
            bookings.update(f"{slug}:{id_}" for id_ in await ctx.session.scalars(held))
            asked = sa.select(OutboxEntry.payload).where(
                OutboxEntry.kind == EntryKind.EVENT, OutboxEntry.name == "probe.asked"
            )
            events.update(f"{slug}:{payload['number']}" for payload in await ctx.session.scalars(asked))
            for name, counted in effects.items():
                done = sa.select(AuditEntry.object_id).where(AuditEntry.action == f"probe.{name}")
                counted.update(f"{slug}:{id_}" for id_ in await ctx.session.scalars(done))
    told = ledger.acknowledged
    found = [
        judge("uplinks (HTTP, MQTT)", told["uplink"] | told["mqtt"], messages),
        judge("bookings", told["booking"], bookings),
        judge("effects of bookings", told["booking"], effects["booking"]),
        judge("events", told["number"], events),
        judge("effects of events", told["number"], effects["event"]),
        judge("effects of tasks", told["number"], effects["task"]),
    ]
    return [verdict for verdict in found if verdict.acknowledged]


async def counted_once(site: Site) -> tuple[int, int, int]:
    """Uplinks of all towns that are stored, that stand in the hourly sums, and values (two of each uplink)."""
    stored = summed = values = 0
    for slug in site.towns:
        async with site.world.scope(slug).read() as ctx:
            stored += await ctx.session.scalar(sa.select(sa.func.count()).select_from(StoredMessage)) or 0
            summed += await ctx.session.scalar(sa.select(sa.func.sum(RadioHour.uplinks))) or 0
            values += await ctx.session.scalar(sa.select(sa.func.count()).select_from(Observation)) or 0
    return stored, summed, values


def outside(site: Site, word: str) -> Counter[str]:
    """Lines of a kind that the world outside has seen, by town and number."""
    if not site.machine.outside.exists():
        return Counter()
    lines = [line.split() for line in site.machine.outside.read_text().splitlines()]
    return Counter(f"{line[1]}:{line[2]}" for line in lines if line[0] == word)
