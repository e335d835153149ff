"""Keys that counted once: replaced because somebody knows them, or of the installation that the town came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from regiohub.audit import AuditEntry, AuditKey, AuditSeal, Head, adopt
from regiohub.audit.seals.canonical import entry_record
from regiohub.audit.seals.chain_check import head_of
from regiohub.audit.seals.faults import FaultKind
from regiohub.audit.seals.keys import acceptance, keyring
from regiohub.audit.seals.making import continued
from regiohub.audit.seals.rows import entry_pages, last_seal, seal_numbered
from regiohub.audit.seals.signing import Signer, signer_for
from regiohub.testing import World

from .independent import faults
from .sealing import TOWN, checked, exported, fill, forge, seal

FORMER = Signer(b"the key that was replaced")
FORGERS = Signer(b"the forger's own key")
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


async def _seal_with(world: World, signer: Signer) -> Head:
    """Seal what is not sealed yet with any key, past the platform; the head of it."""
    async with world.platform.database.write(world.tenant(TOWN).id) as session, session.begin():
        last = await last_seal(session)
        records = [entry_record(row) async for page in entry_pages(session) for row in page]
        chain = continued(last, TOWN, signer)
        session.add(chain.seal(records[chain.entries :], world.clock.now(), complete=True))
    async with world.platform.database.read(world.tenant(TOWN).id) as session:
        made = await last_seal(session)
        assert made is not None
        return head_of(made, await seal_numbered(session, made.number - 1), signer.public_key)


async def _accept(world: World, head: Head, signer: Signer) -> None:
    async with world.platform.database.write(world.tenant(TOWN).id) as session, session.begin():
        session.add(acceptance(head, signer, world.clock.now()))


async def _by_a_stranger(world: World) -> list[str]:
    """What the program written from the page finds, which trusts the present key alone."""
    entries = await exported(world, AuditEntry, AuditEntry.id)
    seals = await exported(world, AuditSeal, AuditSeal.number)
    keys = await exported(world, AuditKey, AuditKey.until)
    return faults(entries, seals, signer_for(world.platform.settings.key).public_key, keys)


async def _changed_key(world: World) -> None:
    """A log that was begun with the former key and goes on with the present one."""
    await fill(world, 3)
    before = await _seal_with(world, FORMER)
    await world.scope(TOWN).run(lambda ctx: adopt(ctx, before.document()))
    world.clock.advance(timedelta(minutes=1))
    await fill(world, 2, note="the truth")
    await seal(world)
    assert (await checked(world)).ok
    assert await _by_a_stranger(world) == []


async def test_whoever_holds_a_former_key_cannot_let_another_key_go_on_with_the_log(world: World) -> None:
    await _changed_key(world)
    await forge(world, "DELETE FROM core_audit_seal WHERE tenant_id = :town AND number > 1")
    assert await forge(world, "DELETE FROM core_audit WHERE tenant_id = :town AND note = 'the truth'") == 2
    await fill(world, 2, note="the lie")
    forged = await _seal_with(world, FORGERS)
    await _accept(world, forged, FORMER)
    kinds = {fault.kind for fault in (await checked(world)).faults}
    assert kinds == {FaultKind.KEY_FORGED, FaultKind.KEY_UNKNOWN}
    assert f"seal {forged.number}: signature" in await _by_a_stranger(world)


async def test_nor_go_on_with_it_alone(world: World) -> None:
    await _changed_key(world)
    await forge(world, "DELETE FROM core_audit_seal WHERE tenant_id = :town AND number > 1")
    forged = await _seal_with(world, FORMER)
    assert FaultKind.KEY_UNKNOWN in {fault.kind for fault in (await checked(world)).faults}
    assert f"seal {forged.number}: signature" in await _by_a_stranger(world)


async def test_a_key_that_was_replaced_twice_still_counts_for_what_it_sealed(world: World) -> None:
    """First key until seal 1, second until seal 3: the present key accepts the second, and that had the first."""
    await fill(world, 2)
    await _accept(world, await _seal_with(world, FORMER), FORGERS)
    await fill(world, 1, since=world.clock.now() + timedelta(seconds=5))
    await _seal_with(world, FORGERS)
    await fill(world, 1, since=world.clock.now() + timedelta(seconds=10))
    second = await _seal_with(world, FORGERS)
    await world.scope(TOWN).run(lambda ctx: adopt(ctx, second.document()))
    await seal(world)
    report = await checked(world)
    assert report.ok, report
    assert await _by_a_stranger(world) == []


def _row(key: Signer, until: int, by: Signer) -> AuditKey:
    link = {"town": TOWN, "number": until, "key": key.key}
    return acceptance(Head(link, bytes(32), key.public_key, bytes(64)), by, NOW)


def test_a_former_key_vouches_up_to_its_own_end_and_not_beyond() -> None:
    own, third = Signer(b"own"), Signer(b"third")

    def counted(rows: Sequence[AuditKey]) -> list[tuple[str, int | None]]:
        return [(one.key, one.until) for one in keyring([own.public_key], rows).accepted[1:]]

    former = _row(FORMER, 5, own)
    assert counted([_row(third, 5, FORMER), former]) == [(FORMER.key, 5), (third.key, 5)]
    assert counted([_row(third, 6, FORMER), former]) == [(FORMER.key, 5)]
    # Several steps, and a key that counts up to several seals: each acceptance by itself.
    assert counted([_row(FORGERS, 5, third), _row(third, 4, FORMER), former]) == [(FORMER.key, 5), (third.key, 4)]
    assert (third.key, 8) in counted([former, _row(FORMER, 9, own), _row(third, 8, FORMER)])
