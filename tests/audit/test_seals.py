"""Sealing: every entry exactly once, however late it comes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from regiohub.audit import AuditEntry, AuditSeal, FaultKind, seal_state
from regiohub.audit.seals.keys import acceptance
from regiohub.audit.seals.signing import Signer
from regiohub.db.base import uuid7
from regiohub.tenancy.context import Ctx
from regiohub.testing import World

from .sealing import TOWN, as_owner, checked, entry, fill, forge, newest, seal


async def test_entries_that_were_there_before_are_sealed_by_the_first_round(world: World) -> None:
    await fill(world, 5)
    before = await checked(world)
    assert before.ok
    assert (before.entries, before.oldest_unsealed is not None) == (0, True)
    done = await seal(world)
    assert (done.entries, done.seals) == (before.unsealed, 1)
    after = await checked(world)
    assert after.ok
    assert (after.entries, after.unsealed, after.late) == (done.entries, 0, 0)


async def test_each_round_continues_the_chain_and_seals_each_entry_once(world: World) -> None:
    total = 0
    for _ in range(3):
        await fill(world, 4)
        total += (await seal(world)).entries
        world.clock.advance(timedelta(minutes=1))
    assert (await seal(world)).entries == 0
    report = await checked(world)
    assert report.ok
    assert (report.entries, report.seals) == (total, 3)
    head = await newest(world)
    assert (head.town, head.number, head.entries) == (TOWN, 3, total)
    assert head.is_genuine()


async def test_what_is_not_sealed_yet_is_counted_with_its_age(world: World) -> None:
    await fill(world, 3)
    await seal(world)
    world.clock.advance(timedelta(minutes=1))
    await fill(world, 2)
    report = await checked(world)
    assert report.ok
    assert (report.unsealed, report.oldest_unsealed) == (2, world.clock.now())
    async with world.scope(TOWN).read() as ctx:
        state = await seal_state(ctx)
    assert (state.unsealed, state.oldest_unsealed) == (2, world.clock.now())
    assert state.last_seal == world.clock.now() - timedelta(minutes=1)


async def test_an_entry_of_a_long_transaction_is_sealed_later_and_not_skipped(world: World) -> None:
    """Its id was made before others that were committed and sealed meanwhile."""
    early = uuid7()
    made = world.clock.now()
    await fill(world, 3)
    await seal(world)
    world.clock.advance(timedelta(minutes=5))
    await fill(world, 1, id=early, since=made)
    await fill(world, 1)
    assert (await seal(world)).entries == 2
    report = await checked(world)
    assert report.ok
    assert (report.unsealed, report.late) == (0, 0), "five minutes are nothing to remark on"
    async with world.platform.database.read(world.tenant(TOWN).id) as session:
        seals = (await session.scalars(sa.select(AuditSeal).order_by(AuditSeal.number))).all()
    assert [(one.late, one.count) for one in seals][1:] == [(True, 1), (False, 1)]
    assert [one.complete_until for one in seals][1:] == [made, world.clock.now()]


@pytest.mark.parametrize("with_old_id", [True, False])
async def test_an_entry_that_comes_hours_late_is_held_back_until_a_person_says_so(
    world: World, with_old_id: bool
) -> None:
    old: dict[str, Any] = {"id": UUID(int=uuid7().int - (3 * 3_600_000 << 80))} if with_old_id else {}
    then = world.clock.now()
    await fill(world, 2)
    await seal(world)
    world.clock.advance(timedelta(hours=3))
    await fill(world, 1)
    await seal(world)
    await fill(world, 1, since=then, **old)
    assert (await seal(world)).entries == 0
    report = await checked(world)
    assert [fault.kind for fault in report.faults] == [FaultKind.ENTRY_INSERTED]
    assert (await seal(world, held_back=True)).entries == 1
    report = await checked(world)
    assert report.ok
    assert (report.late, report.latest_by) == (1, timedelta(hours=3))
    assert report.first_late is not None, "it is visible for ever"


async def test_a_quiet_day_is_sealed_as_such_once(world: World) -> None:
    await fill(world, 2)
    await seal(world)
    for hours, seals in ((23, 0), (2, 1), (1, 0)):
        world.clock.advance(timedelta(hours=hours))
        assert (await seal(world)).seals == seals
    report = await checked(world)
    assert report.ok
    assert report.seals == 2
    assert report.last_seal == world.clock.now() - timedelta(hours=1)


async def test_two_sealers_at_once_seal_each_entry_once(world: World) -> None:
    await fill(world, 30)
    done = await asyncio.gather(*(seal(world) for _ in range(4)))
    report = await checked(world)
    assert report.ok
    assert (report.unsealed, report.entries) == (0, sum(one.entries for one in done))


async def test_writers_and_the_sealer_do_not_disturb_each_other(world: World) -> None:
    """Entries that are committed while rounds go on are sealed by one of them, whatever order they come in."""

    async def write(number: int) -> None:
        async with world.scope(TOWN).write() as ctx:
            await ctx.audit("sampler.act", kind="thing", id=str(number))
            await asyncio.sleep(number % 3 / 100)

    async def rounds() -> None:
        for _ in range(10):
            await seal(world)
            await asyncio.sleep(0.01)

    await asyncio.gather(rounds(), *(write(number) for number in range(40)))
    await seal(world)
    report = await checked(world)
    assert report.ok
    async with world.scope(TOWN).read() as ctx:
        assert await ctx.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == report.entries


async def test_many_entries_come_into_several_seals(world: World) -> None:
    async with world.platform.database.write(world.tenant(TOWN).id) as session, session.begin():
        session.add_all(entry(number, world.clock.now()) for number in range(2500))
    done = await seal(world)
    report = await checked(world)
    assert report.ok
    assert (report.seals, report.entries, report.late) == (3, done.entries, 0)


async def test_a_seal_is_bound_to_its_town(world: World) -> None:
    """Whoever may write the tables gives one town the log of another."""
    for town in (TOWN, "berlin"):
        await fill(world, 3, town)
        await seal(world, town)
    here, there = world.tenant(TOWN).id, world.tenant("berlin").id
    for table in ("core_audit", "core_audit_seal"):
        await forge(world, f"DELETE FROM {table} WHERE tenant_id = :town")
        move = f"UPDATE {table} SET tenant_id = {here} WHERE tenant_id = {there}"
        async with as_owner(world) as connection:
            if world.dialect == "sqlite":
                await connection.execute(sa.text(f"DROP TRIGGER guard_{table}_update"))
            await connection.execute(sa.text(move))
    report = await checked(world)
    assert {fault.kind for fault in report.faults} == {FaultKind.TOWN_WRONG}


@pytest.mark.parametrize("table", ["core_audit_seal", "core_audit_key"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET town = 'x'", "DELETE FROM {}"])
async def test_the_database_refuses_to_change_or_delete_seals_and_keys(world: World, table: str, verb: str) -> None:
    await fill(world, 1)
    await seal(world)
    foreign = Signer(b"another installation")
    async with world.scope(TOWN).write() as ctx:
        ctx.session.add(acceptance(await newest(world), foreign, ctx.now()))

    async def tamper(ctx: Ctx) -> None:
        await ctx.session.sql(f"{verb.format(table)} WHERE tenant_id = :tenant_id")

    with pytest.raises(DBAPIError, match=r"never changed or deleted|permission denied"):
        await world.scope(TOWN).run(tamper)
