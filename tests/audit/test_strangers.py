"""What others can do with the log: check it with the public key alone, and go on with it elsewhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from regiohub.audit import AuditEntry, AuditSeal, FaultKind, accept_arrival, archive_part
from regiohub.audit.seals.canonical import canonical
from regiohub.errors import InvalidInput
from regiohub.tenancy.models import TenantRow
from regiohub.testing import World
from regiohub.testing.databases import Address
from regiohub.testing.world import open_world

from .independent import faults
from .sealing import TOWN, checked, exported, fill, newest, seal


async def test_a_program_written_from_the_documentation_agrees(world: World) -> None:
    for _ in range(2):
        await fill(world, 5)
        await seal(world)
    head = await newest(world)
    entries = await exported(world, AuditEntry, AuditEntry.id)
    seals = await exported(world, AuditSeal, AuditSeal.number)
    assert faults(entries, seals, head.public_key) == []
    assert seals[-1]["chain"] == head.chain
    changed = [{**row, "note": "nie beschlossen"} if number == 3 else row for number, row in enumerate(entries)]
    assert faults(changed, seals, head.public_key) == [f"entry {entries[3]['id']}"]
    assert faults(entries[:2] + entries[3:], seals, head.public_key) == [f"entry {entries[2]['id']}"]
    forged = [seals[0], {**seals[1], "count": 4}]
    assert "seal 2: chain" in faults(entries, forged, head.public_key)
    assert "seal 1: signature" in faults(entries, seals, bytes(32))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"), (-0.0, "0"), (0.5, "0.5"), (1e17, "100000000000000000"), (1e20, "100000000000000000000"),
        (1e21, "1e+21"), (1.5e300, "1.5e+300"), (1e-6, "0.000001"), (1.25e-7, "1.25e-7"), (-123.456, "-123.456"),
        (2**60, str(2**60)), ({"b": 1, "a": None}, '{"a":null,"b":1}'), ("ö\n€\u2028", '"ö\\n€\u2028"'),
    ],
)  # fmt: skip
def test_values_have_one_form(value: Any, text: str) -> None:
    assert canonical(value).decode() == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_its_one_form_is_the_same_number(number: float) -> None:
    assert float(canonical(number)) == number


async def test_numbers_are_hashed_alike_whatever_the_database_makes_of_them(world: World) -> None:
    odd = {"a": 1e17, "b": 1e-7, "c": 1.0, "d": -0.0, "e": 1e300, "f": [0.1, {"g": 123456789.125}], "h": 2**62}
    await fill(world, 1, before=odd)
    await seal(world)
    assert (await checked(world)).ok
    (row,) = [one for one in await exported(world, AuditEntry, AuditEntry.id) if one["action"] == "sampler.act"]
    assert canonical(row["before"]) == canonical(odd)


async def test_a_log_that_came_from_another_installation_stays_provable(
    world: World, database: Address, tmp_path: Path
) -> None:
    """The same rows under another platform's key, as after an import."""
    await fill(world, 4)
    await seal(world)
    origin = await newest(world)
    async with world.scope(TOWN).read() as ctx:
        part = await archive_part(ctx)
    async with open_world(database, tmp_path / "elsewhere", at=world.clock.now()) as there:
        assert {fault.kind for fault in (await checked(there)).faults} == {FaultKind.KEY_UNKNOWN}
        with pytest.raises(InvalidInput):
            await there.scope("berlin").run(lambda ctx: accept_arrival(ctx, part))
        await there.scope(TOWN).run(lambda ctx: accept_arrival(ctx, part))
        await fill(there, 2)
        await seal(there)
        report = await checked(there, origin, await newest(there))
        assert report.ok
        assert (report.unsealed, report.heads) == (0, 2)
        assert (await newest(there)).key != origin.key


async def test_a_chain_that_went_on_under_another_name_before_it_was_accepted_is_whole_afterwards(world: World) -> None:
    """One platform, hence one key: what it sealed under the old name ends where the new name begins."""
    await fill(world, 2)
    await seal(world)
    async with world.scope(TOWN).read() as ctx:
        part = await archive_part(ctx)
    async with world.platform.database.platform(write=True) as session, session.begin():
        renamed = sa.update(TenantRow).where(TenantRow.slug == TOWN).values(slug="neustadt")
        await session.execute(renamed, execution_options={"synchronize_session": False})
    await world.platform.tenants.reload()
    await fill(world, 2, "neustadt", since=world.clock.now() + timedelta(seconds=10))
    await seal(world, "neustadt")
    await world.scope("neustadt").run(lambda ctx: accept_arrival(ctx, part))
    report = await checked(world, town="neustadt")
    assert report.ok, report


async def test_an_arrival_under_the_same_key_adds_nothing(world: World) -> None:
    await fill(world, 2)
    await seal(world)
    before = await newest(world)
    async with world.scope(TOWN).read() as ctx:
        part = await archive_part(ctx)
    await world.scope(TOWN).run(lambda ctx: accept_arrival(ctx, part))
    await world.scope("berlin").run(lambda ctx: accept_arrival(ctx, {}))
    assert await newest(world) == before
