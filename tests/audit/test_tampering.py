"""Whoever may write every table, and knows no key of the platform, changes nothing unnoticed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from regiohub.audit import AuditEntry, AuditSeal, FaultKind, Head, Report, seal_town
from regiohub.audit.seals.canonical import FIELDS
from regiohub.audit.seals.keys import Keyring, keyring_of
from regiohub.audit.seals.making import Chain
from regiohub.audit.seals.signing import Signer, signer_for
from regiohub.audit.seals.verifier import check
from regiohub.auth.principal import PrincipalKind
from regiohub.db.base import uuid7
from regiohub.testing import World
from regiohub.testing.depth import is_full
from regiohub.testing.world import START

from .sealing import TOWN, checked, fill, newest, seal

_NOW = START
EXAMPLES = 400 if is_full() else 60
GIVEN = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEAL_COLUMNS = [column.name for column in AuditSeal.__table__.columns if column.name != "tenant_id"]
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)


@dataclass(frozen=True)
class Source:
    """The tables as their owner sees them, in a transaction that is taken back afterwards."""

    connection: AsyncConnection
    tenant_id: int

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        return "postgresql" if self.connection.dialect.name == "postgresql" else "sqlite"

    async def sql(self, text: str, params: Mapping[str, Any] | None = None) -> Any:
        return await self.connection.execute(sa.text(text), {**(params or {}), "tenant_id": self.tenant_id})

    async def raw_asyncpg(self) -> Any:
        return (await self.connection.get_raw_connection()).driver_connection

    async def run(self, statement: Any) -> int:
        return (await self.connection.execute(statement)).rowcount


@dataclass(frozen=True)
class Log:
    """A sealed log: three rounds, the middle one with a late entry."""

    world: World = field(repr=False)
    keys: Keyring = field(repr=False)
    head: Head = field(repr=False)
    entries: Sequence[Mapping[str, Any]] = field(repr=False)
    seals: Sequence[Mapping[str, Any]] = field(repr=False)

    @asynccontextmanager
    async def forged(self) -> AsyncGenerator[Source]:
        """A connection of the owner whose changes are taken back at the end."""
        engine = self.world.platform.database.migrating()
        try:
            async with engine.connect() as connection:
                yield Source(connection, self.world.tenant(TOWN).id)
                await connection.rollback()
        finally:
            await engine.dispose()

    async def check(self, source: Source, *heads: Head) -> Report:
        return await check(source, TOWN, self.keys, heads, now=self.world.clock.now())


ENTRIES: Any = AuditEntry.__table__
SEALS: Any = AuditSeal.__table__


@pytest.fixture
async def log(world: World) -> Log:
    early = uuid7()
    for round_ in range(3):
        await fill(world, 4)
        if round_ == 1:
            await fill(world, 1, id=early, note="kam spät")
        await seal(world)
        world.clock.advance(timedelta(minutes=1))
    async with world.platform.database.read(world.tenant(TOWN).id) as session:
        keys = await keyring_of(session, signer_for(world.platform.settings.key))
    async with world.platform.database.migrating().connect() as connection:
        mine = {"tenant_id": world.tenant(TOWN).id}
        entries = (await connection.execute(sa.select(ENTRIES).filter_by(**mine).order_by(ENTRIES.c.id))).mappings()
        seals = (await connection.execute(sa.select(SEALS).filter_by(**mine).order_by(SEALS.c.number))).mappings()
        return Log(world, keys, await newest(world), [{**row} for row in entries], [{**row} for row in seals])


def other(value: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case int():
            return draw(st.integers(-(2**31), 2**31 - 1).filter(lambda new: new != value))
        case str() | None:
            return draw(TEXTS.filter(lambda new: new != value))
        case bytes():
            place = draw(st.integers(0, max(0, len(value) - 1)))
            flipped = bytes([value[place] ^ draw(st.integers(1, 255))]) if value else b"x"
            return draw(
                st.sampled_from(
                    [value[:place] + flipped + value[place + 1 :], value + b"\0", value[:-1] if value else b"\0"]
                )
            )
        case UUID():
            return draw(st.uuids().filter(lambda new: new != value))
        case dict():
            key = draw(st.sampled_from(sorted(value)))
            return {**value, key: draw(st.sampled_from([one for one in (None, "x", 7, 1e17, []) if one != value[key]]))}
        case _:
            return value + timedelta(microseconds=draw(st.integers(1, 10**9)))


async def test_an_untouched_log_is_always_whole(log: Log) -> None:
    async with log.forged() as source:
        report = await log.check(source, log.head)
    assert report.ok
    assert report.entries == len(log.entries)
    assert report.seals == len(log.seals) == 4
    assert report.heads == 1


@GIVEN
@given(data=st.data())
async def test_every_change_of_an_entry_is_found_at_its_place(log: Log, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(log.entries))
    name = data.draw(st.sampled_from(FIELDS))
    new = other(row[name], data.draw)
    if name == "actor_kind":
        new = data.draw(st.sampled_from([kind for kind in PrincipalKind if kind != row[name]]))
    async with log.forged() as source:
        assert await source.run(sa.update(ENTRIES).where(ENTRIES.c.id == row["id"]).values({name: new})) == 1
        report = await log.check(source)
    fault = report.first_fault
    assert fault is not None
    if name == "id":
        assert {one.kind for one in report.faults} >= {FaultKind.ENTRY_MISSING}
        assert row["id"] in [one.entry for one in report.faults]
    else:
        assert (fault.kind, fault.entry) == (FaultKind.ENTRY_CHANGED, row["id"])
        assert fault.position is not None
        assert fault.expected != fault.found


@GIVEN
@given(data=st.data())
async def test_every_deleted_entry_is_found_by_its_id(log: Log, data: st.DataObject) -> None:
    gone = data.draw(
        st.lists(st.sampled_from([row["id"] for row in log.entries]), min_size=1, max_size=20, unique=True)
    )
    async with log.forged() as source:
        assert await source.run(sa.delete(ENTRIES).where(ENTRIES.c.id.in_(gone))) == len(gone)
        report = await log.check(source)
    assert {fault.kind for fault in report.faults} == {FaultKind.ENTRY_MISSING}
    assert {fault.entry for fault in report.faults} == set(gone)


@GIVEN
@given(data=st.data())
async def test_two_entries_that_change_places_are_found(log: Log, data: st.DataObject) -> None:
    pair = st.lists(st.sampled_from(log.entries), min_size=2, max_size=2, unique_by=lambda row: row["id"])
    one, two = data.draw(pair)
    async with log.forged() as source:
        for row, content in ((one, two), (two, one)):
            values = {name: content[name] for name in FIELDS if name != "id"}
            await source.run(sa.update(ENTRIES).where(ENTRIES.c.id == row["id"]).values(values))
        report = await log.check(source)
    assert {fault.entry for fault in report.faults} == {one["id"], two["id"]}


@GIVEN
@given(data=st.data())
async def test_an_entry_put_in_between_is_found(log: Log, data: st.DataObject) -> None:
    model = data.draw(st.sampled_from(log.entries))
    below = data.draw(st.integers(21 * 60 * 1000, 2**40))
    old = UUID(int=(model["id"].int >> 80) - below << 80 | data.draw(st.integers(0, 2**80 - 1)))
    async with log.forged() as source:
        await source.run(sa.insert(ENTRIES).values({**model, "id": old}))
        report = await log.check(source)
    assert [(fault.kind, fault.entry) for fault in report.faults] == [(FaultKind.ENTRY_INSERTED, old)]


@GIVEN
@given(data=st.data())
async def test_every_change_of_a_seal_is_found(log: Log, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(log.seals))
    name = data.draw(st.sampled_from([one for one in SEAL_COLUMNS if row[one] is not None]))
    new = other(row[name], data.draw)
    if name == "number" and any(seal["number"] == new for seal in log.seals):
        new = 99
    async with log.forged() as source:
        assert await source.run(sa.update(SEALS).where(SEALS.c.number == row["number"]).values({name: new})) == 1
        report = await log.check(source)
    assert not report.ok


@GIVEN
@given(data=st.data())
async def test_every_deleted_seal_but_the_last_ones_is_found_without_a_head(log: Log, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(log.seals) - 1))
    async with log.forged() as source:
        await source.run(sa.delete(SEALS).where(SEALS.c.number == number))
        report = await log.check(source)
    assert FaultKind.SEAL_MISSING in {fault.kind for fault in report.faults}


@GIVEN
@given(data=st.data())
async def test_a_log_that_was_cut_off_with_its_seals_is_found_by_a_head_that_was_kept(
    log: Log, data: st.DataObject
) -> None:
    left = data.draw(st.integers(0, len(log.seals) - 1))
    kept = {id_ for seal in log.seals[:left] for id_ in _ids(seal)}
    async with log.forged() as source:
        await source.run(sa.delete(SEALS).where(SEALS.c.number > left))
        await source.run(sa.delete(ENTRIES).where(ENTRIES.c.id.not_in(kept)))
        alone, held = await log.check(source), await log.check(source, log.head)
    assert alone.ok, "nothing in the database itself can show this"
    assert [fault.kind for fault in held.faults] == [FaultKind.CUT_OFF]
    assert (held.faults[0].expected, held.faults[0].found) == (str(len(log.seals)), str(left))


@GIVEN
@given(data=st.data())
async def test_a_chain_made_anew_without_the_key_is_found(log: Log, data: st.DataObject) -> None:
    """The forger changes an entry and makes all seals anew, with his own key or with the old signatures."""
    victim = data.draw(st.sampled_from(log.entries))
    forger = Signer(data.draw(st.binary(min_size=32, max_size=32)))
    keeps_name = data.draw(st.booleans())
    async with log.forged() as source:
        await source.run(sa.update(ENTRIES).where(ENTRIES.c.id == victim["id"]).values(note="nie beschlossen"))
        await source.run(sa.delete(SEALS))
        await _reseal(source, forger, log.head.key if keeps_name else None)
        report = await log.check(source)
        with_head = await log.check(source, log.head)
    kinds = {fault.kind for fault in report.faults}
    assert kinds == {FaultKind.SIGNATURE_WRONG if keeps_name else FaultKind.KEY_UNKNOWN}
    assert {FaultKind.HEAD_DIFFERS, FaultKind.CUT_OFF} & {fault.kind for fault in with_head.faults}


async def test_everything_gone_is_found_by_the_head_that_the_worker_keeps(log: Log) -> None:
    from regiohub.audit.seals.heads import write_head

    write_head(log.world.platform, TOWN, log.head)
    assert (await checked(log.world)).ok
    engine = log.world.platform.database.migrating()
    async with engine.begin() as connection:
        for table in (SEALS, ENTRIES):
            await connection.execute(sa.delete(table).where(table.c.tenant_id == log.world.tenant(TOWN).id))
    await engine.dispose()
    report = await checked(log.world)
    assert [fault.kind for fault in report.faults] == [FaultKind.CUT_OFF]
    await fill(log.world, 30)
    await seal_town(log.world.platform, log.world.tenant(TOWN))
    assert not (await checked(log.world)).ok, "a new chain does not make good for the old one"


def _ids(seal: Mapping[str, Any]) -> list[UUID]:
    digests = seal["digests"]
    return [UUID(bytes=digests[start : start + 16]) for start in range(0, len(digests), 48)]


async def _reseal(source: Source, forger: Signer, name: str | None) -> None:
    from regiohub.audit.seals.canonical import entry_record
    from regiohub.audit.seals.rows import entry_pages

    records = [entry_record(row) async for page in entry_pages(source) for row in page]
    chain = Chain(TOWN, forger)
    if name is not None:
        forger.key = name
    made = chain.seal(records, _NOW, complete=True)
    values = {name: getattr(made, name) for name in SEAL_COLUMNS}
    await source.run(sa.insert(SEALS).values({"tenant_id": source.tenant_id, **values}))
