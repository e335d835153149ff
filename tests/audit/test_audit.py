"""The audit log: complete, pseudonymous, readable per town, and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from regiohub.audit import AuditEntry, AuditFilter, list_entries
from regiohub.audit.actors import pseudonym
from regiohub.audit.wording import changed
from regiohub.auth.principal import ANONYMOUS, SYSTEM, Principal, PrincipalKind
from regiohub.errors import Forbidden, Unauthenticated
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.switches import switch
from regiohub.testing import World

NOISE = "tenant."  # entries of the fixture itself, which adds towns and consents


async def _entries(world: World, slug: str = "potsdam", **wanted: Any) -> Sequence[AuditEntry]:
    async with world.scope(slug).read() as ctx:
        found = await list_entries(ctx, AuditFilter(**wanted), limit=500)
    return [entry for entry in found if "action" in wanted or not entry.action.startswith(NOISE)]


async def test_an_entry_tells_who_did_what_and_what_changed(world: World) -> None:
    anna = world.principal("potsdam", roles=("editor",))
    async with world.scope("potsdam").write(anna) as ctx:
        await ctx.audit(
            "booking.approve", kind="booking", id="42", before={"state": "pending"}, after={"state": "confirmed"}
        )
    (entry,) = await _entries(world)
    assert (entry.at, entry.actor_kind, entry.action) == (world.clock.now(), PrincipalKind.PERSON, "booking.approve")
    assert (entry.object_kind, entry.object_id) == ("booking", "42")
    assert (entry.before, entry.after) == ({"state": "pending"}, {"state": "confirmed"})
    assert entry.text_en.endswith("booking 42 (state: pending → confirmed)")
    assert entry.text_de.endswith("booking 42 (state: pending → confirmed)")
    assert (entry.plugin, entry.plugin_version) == ("booking", world.platform.plugins.healthy["booking"].version)


async def test_a_person_appears_as_the_same_pseudonym_each_time_and_never_by_name(world: World) -> None:
    for subject in ("anna", "anna", "eva"):
        async with world.scope("potsdam").write(world.principal("potsdam", subject=subject)) as ctx:
            await ctx.audit("sampler.act", kind="thing", id="1")
    first, second, third = sorted(await _entries(world), key=lambda entry: entry.id)
    assert first.actor == second.actor != third.actor
    async with world.scope("potsdam").read() as ctx:
        stored = (await ctx.session.sql("SELECT * FROM core_audit WHERE tenant_id = :tenant_id")).fetchall()
    assert not any("anna" in str(value).lower() for row in stored for value in row)


def test_a_pseudonym_needs_the_platform_s_key_and_tells_issuers_apart() -> None:
    anna = Principal(PrincipalKind.PERSON, subject="anna", issuer="https://one.example")
    other = Principal(PrincipalKind.PERSON, subject="anna", issuer="https://two.example")
    assert pseudonym(b"k" * 32, anna) == pseudonym(b"k" * 32, anna)
    assert len({pseudonym(b"k" * 32, anna), pseudonym(b"x" * 32, anna), pseudonym(b"k" * 32, other)}) == 3
    assert pseudonym(b"k" * 32, ANONYMOUS) is None
    assert pseudonym(b"k" * 32, SYSTEM) is None


async def test_an_entry_of_a_rolled_back_act_does_not_exist(world: World) -> None:
    async def act() -> None:
        async with world.scope("potsdam").write() as ctx:
            await ctx.audit("sampler.act", kind="thing", id="1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await act()
    assert await _entries(world) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_audit SET note = 'never happened' WHERE tenant_id = :tenant_id",
        "DELETE FROM core_audit WHERE tenant_id = :tenant_id",
    ],
)
async def test_the_database_refuses_to_change_or_delete_an_entry(world: World, statement: str) -> None:
    scope = world.scope("potsdam")
    async with scope.write() as ctx:
        await ctx.audit("sampler.act", kind="thing", id="1")

    async def tamper(ctx: Ctx) -> None:
        await ctx.session.sql(statement)

    with pytest.raises(DBAPIError, match=r"never changed or deleted|permission denied"):
        await scope.run(tamper)
    (entry,) = await _entries(world)
    assert entry.note is None


async def test_the_session_cannot_change_an_entry_either(world: World) -> None:
    scope = world.scope("potsdam")
    async with scope.write() as ctx:
        await ctx.audit("sampler.act", kind="thing", id="1")

    async def tamper(ctx: Ctx) -> None:
        entry = (await ctx.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "sampler.act"))).one()
        entry.note = "never happened"
        await ctx.session.flush()

    with pytest.raises(DBAPIError):
        await scope.run(tamper)


async def test_each_town_reads_its_own_log_only(world: World) -> None:
    for slug in ("potsdam", "bad-belzig"):
        async with world.scope(slug).write() as ctx:
            await ctx.audit("sampler.act", kind="town", id=slug)
    assert [entry.object_id for entry in await _entries(world, "potsdam")] == ["potsdam"]
    assert [entry.object_id for entry in await _entries(world, "bad-belzig")] == ["bad-belzig"]


async def test_only_auditors_and_admins_read_the_log(world: World) -> None:
    scope = world.scope("potsdam")
    for roles in (("auditor",), ("tenant-admin",)):
        async with scope.read(world.principal("potsdam", roles=roles)) as ctx:
            await list_entries(ctx)
    async with scope.read(world.principal("potsdam", roles=("editor",))) as ctx:
        with pytest.raises(Forbidden):
            await list_entries(ctx)
    async with scope.read(ANONYMOUS) as ctx:
        with pytest.raises(Unauthenticated):
            await list_entries(ctx)


async def test_the_log_is_read_in_pages_from_the_newest_on_and_filtered(world: World) -> None:
    scope = world.scope("potsdam")
    for number in range(5):
        async with scope.write() as ctx:
            await ctx.audit("sampler.even" if number % 2 == 0 else "other.odd", kind="thing", id=str(number))
        world.clock.advance(timedelta(minutes=1))
    async with scope.read() as ctx:
        first = await list_entries(ctx, limit=3)
        rest = await list_entries(ctx, AuditFilter(object_kind="thing"), limit=3, after=first[-1].id)
    assert [entry.object_id for entry in [*first, *rest]] == ["4", "3", "2", "1", "0"]
    assert [e.object_id for e in await _entries(world, action="sampler.even")] == ["4", "2", "0"]
    assert [e.object_id for e in await _entries(world, action="other.")] == ["3", "1"]
    since = world.clock.now() - timedelta(minutes=2)
    assert [e.object_id for e in await _entries(world, since=since)] == ["4", "3"]
    assert [e.object_id for e in await _entries(world, object_kind="thing", object_id="2")] == ["2"]


async def test_switching_a_plugin_is_in_the_log_with_its_measure(world: World) -> None:
    await switch(
        world.platform, world.tenant("berlin"), "booking", on=True, measure="modellvorhaben",
        principal=world.principal("berlin", roles=("tenant-admin",)),
    )  # fmt: skip
    (entry,) = await _entries(world, "berlin", action="tenant.plugin_enabled")
    assert entry.text_de.startswith("Plugin eingeschaltet: plugin booking")
    assert entry.after == {"enabled": True, "measure": "modellvorhaben"}
    assert entry.actor is not None


def test_changes_are_shown_briefly() -> None:
    assert changed({"a": 1, "b": 2}, {"a": 1, "b": None, "c": "x" * 100}) == ["b: 2 → –", f"c: – → {'x' * 59}…"]
    assert changed({}, {str(n): n for n in range(9)})[-1] == "…"
