"""An entry, or a clock, of the future does not end the sealing of what comes after it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from regiohub.audit import AuditEntry, AuditSeal, FaultKind
from regiohub.db.base import uuid7
from regiohub.testing import World

from .independent import faults
from .sealing import checked, exported, fill, newest, seal

YEAR = timedelta(days=365)


def id_ahead(by: timedelta) -> UUID:
    """An id as a machine makes it whose clock is ahead."""
    return UUID(int=uuid7().int + (by // timedelta(milliseconds=1) << 80))


@pytest.mark.parametrize("by", ["id", "time"])
async def test_an_entry_that_bears_a_time_to_come_is_held_back_and_the_others_are_sealed(world: World, by: str) -> None:
    ahead: dict[str, Any] = {"id": id_ahead(YEAR)} if by == "id" else {"since": world.clock.now() + 2 * YEAR}
    await seal(world)
    await fill(world, 1, **ahead)
    for _ in range(2):
        await fill(world, 2)
        done = await seal(world)
        assert (done.entries, done.held_back) == (2, 1)
        world.clock.advance(timedelta(minutes=1))
    report = await checked(world)
    assert [fault.kind for fault in report.faults] == [FaultKind.ENTRY_INSERTED]
    assert report.unsealed == 0


async def test_a_log_that_was_never_sealed_holds_back_what_bears_a_time_to_come(world: World) -> None:
    await fill(world, 1, id=id_ahead(YEAR))
    assert (await seal(world)).held_back == 1
    assert (await checked(world)).fault_count == 1


async def test_after_an_entry_of_the_future_was_sealed_all_true_ones_are_still_sealed(world: World) -> None:
    await fill(world, 1, id=id_ahead(YEAR))
    await seal(world, held_back=True)
    for _ in range(2):
        world.clock.advance(timedelta(minutes=1))
        await fill(world, 2)
        waiting = await checked(world)
        assert (waiting.ok, waiting.unsealed) == (True, 2)
        done = await seal(world)
        assert (done.entries, done.held_back) == (2, 0)
    report = await checked(world)
    assert (report.ok, report.unsealed, report.late) == (True, 0, 0)
    entries = await exported(world, AuditEntry, AuditEntry.id)
    seals = await exported(world, AuditSeal, AuditSeal.number)
    assert faults(entries, seals, (await newest(world)).public_key) == [], "a stranger agrees"
    await fill(world, 1, id=id_ahead(-timedelta(hours=1)))
    assert (await seal(world)).entries == 0, "the present tells what comes hours late"
    assert [fault.kind for fault in (await checked(world)).faults] == [FaultKind.ENTRY_INSERTED]


async def test_a_round_under_a_clock_that_ran_ahead_does_not_make_later_entries_late(world: World) -> None:
    now = world.clock.now()
    world.clock.set(now + YEAR)
    await seal(world)
    world.clock.set(now)
    await fill(world, 2)
    assert (await checked(world)).ok
    done = await seal(world)
    assert (done.entries, done.held_back) == (2, 0)
