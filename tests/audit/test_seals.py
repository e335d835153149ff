"""Sealing: every entry exactly once, however late it comes."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from regiohub.audit import AuditEntry, AuditSeal, FaultKind, seal_state
from regiohub.db.base import uuid7
from regiohub.testing import World

from .sealing import TOWN, as_owner, checked, entry, fill, forge, newest, seal


async def test_entries_that_were_there_before_are_sealed_by_the_first_round(world: World) -> None:
    await fill(world, 5)
    before = await checked(world)
    assert before.ok and before.entries == 0 and before.unsealed >= 5 and before.oldest_unsealed is not None
    done = await seal(world)
    assert done.entries == before.unsealed and done.seals == 1
    after = await checked(world)
    assert after.ok and after.entries == done.entries and after.unsealed == 0 and after.late == 0


async def test_each_round_continues_the_chain_and_seals_each_entry_once(world: World) -> None:
    total = 0
    for _ in range(3):
        await fill(world, 4)
        total += (await seal(world)).entries
        world.clock.advance(timedelta(minutes=1))
    assert (await seal(world)).entries == 0
    report = await checked(world)
    assert report.ok and (report.entries, report.seals) == (total, 3)
    head = await newest(world)
    assert (head.town, head.number, head.entries) == (TOWN, 3, total) and head.is_genuine()
