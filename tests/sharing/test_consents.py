"""Consents: granted for a purpose and a time, withdrawn with effect on the next reading, and always in the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from regiohub.audit import AuditFilter, list_entries
from regiohub.errors import Forbidden, InvalidInput, NotFound
from regiohub.sharing import NewConsent, consented_tenants, grant, list_consents, revoke, sync_consents
from regiohub.tenancy.config import SharingEntry
from regiohub.testing import World

DATASET = "atlas.procedures"


def _entry(**changes: Any) -> SharingEntry:
    facts = {
        "dataset": DATASET, "reader": "region", "purpose": "Regionale Übersicht", "legal_basis": "§ 12 EGovG",
        "from": date(2026, 1, 1),
    }  # fmt: skip
    return SharingEntry.model_validate(facts | changes)


def _new(**changes: Any) -> NewConsent:
    facts: dict[str, Any] = {
        "dataset": DATASET, "reader": "region", "purpose": "Übersicht", "legal_basis": "§ 12",
        "valid_from": date(2026, 1, 1),
    }  # fmt: skip
    return NewConsent(**facts | changes)


@pytest.fixture
async def bare(world: World) -> World:
    """A world in which nobody shares anything."""
    for slug in ("potsdam", "bad-belzig", "berlin"):
        async with world.scope(slug).write() as ctx:
            await sync_consents(ctx, [])
    return world


async def _readable(world: World, reader: str = "region", at: datetime | None = None) -> list[str]:
    return [tenant.slug for tenant in await consented_tenants(world.platform, DATASET, reader, at=at)]


async def _sync(world: World, *entries: SharingEntry) -> int:
    async with world.scope("potsdam").write() as ctx:
        return await sync_consents(ctx, entries)


async def _actions(world: World) -> Sequence[str]:
    async with world.scope("potsdam").read() as ctx:
        entries = await list_entries(ctx, AuditFilter(action="tenant."), limit=500)
    return [entry.action.removeprefix("tenant.sharing_") for entry in reversed(entries)]


async def test_the_file_grants_changes_and_withdraws_and_the_log_knows(bare: World) -> None:
    before = len(await _actions(bare))
    assert await _sync(bare, _entry()) == 1
    assert await _sync(bare, _entry()) == 0
    assert await _sync(bare, _entry(purpose="Karte der Region")) == 1
    assert await _readable(bare) == ["potsdam"]
    assert await _sync(bare) == 1
    assert await _readable(bare) == []
    assert (await _actions(bare))[before:] == ["granted", "changed", "revoked"]


async def test_a_consent_holds_from_its_first_to_its_last_day_in_the_town_s_time(bare: World) -> None:
    await _sync(bare, _entry(**{"from": date(2026, 6, 10), "until": date(2026, 6, 20)}))
    for moment, holds in (
        (datetime(2026, 6, 9, 21, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 9, 22, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 20, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 20, 22, 0, tzinfo=UTC), False),
    ):
        assert (await _readable(bare, at=moment) == ["potsdam"]) is holds, moment


async def test_a_consent_is_for_its_reader_only(bare: World) -> None:
    await _sync(bare, _entry(reader="bad-belzig"))
    assert await _readable(bare) == []
    assert await _readable(bare, "berlin") == []
    assert await _readable(bare, "bad-belzig") == ["potsdam"]


async def test_withdrawing_counts_from_the_next_reading_on(bare: World) -> None:
    admin = bare.principal("potsdam", roles=("tenant-admin",))
    async with bare.scope("potsdam").write(admin) as ctx:
        consent = await grant(ctx, _new())
    assert await _readable(bare) == ["potsdam"]
    async with bare.scope("potsdam").write(admin) as ctx:
        await revoke(ctx, consent.id)
    assert await _readable(bare) == []
    async with bare.scope("potsdam").write(admin) as ctx:
        with pytest.raises(NotFound):
            await revoke(ctx, consent.id)


async def test_the_file_does_not_bring_back_what_a_person_withdrew(bare: World) -> None:
    await _sync(bare, _entry())
    async with bare.scope("potsdam").write(bare.principal("potsdam", roles=("tenant-admin",))) as ctx:
        (consent,) = await list_consents(ctx)
        await revoke(ctx, consent.id)
    assert await _sync(bare, _entry()) == 0
    assert await _readable(bare) == []


async def test_a_town_whose_plugin_is_off_shares_nothing_of_it(bare: World) -> None:
    await _sync(bare, _entry())
    await bare.disable("potsdam", "atlas")
    assert await _readable(bare) == []
    await bare.enable("potsdam", "atlas")
    assert await _readable(bare) == ["potsdam"]


async def test_one_statement_answers_for_all_towns(bare: World) -> None:
    with bare.statements() as one:
        await _readable(bare)
    assert len(one) == 1


async def test_only_a_town_s_admin_shares_its_data(bare: World) -> None:
    async with bare.scope("potsdam").write(bare.principal("potsdam", roles=("editor",))) as ctx:
        with pytest.raises(Forbidden):
            await grant(ctx, _new())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dataset": "atlas.nothing"}, "dataset"),
        ({"reader": "atlantis"}, "reader"),
        ({"reader": "potsdam"}, "reader"),
        ({"purpose": "  "}, "purpose"),
        ({"legal_basis": ""}, "legal_basis"),
        ({"valid_until": date(2025, 12, 31)}, "valid_until"),
    ],
)
async def test_an_unsound_consent_is_refused_and_the_field_is_named(
    world_sqlite: World, changes: dict[str, Any], field: str
) -> None:
    async with world_sqlite.scope("potsdam").write() as ctx:
        with pytest.raises(InvalidInput) as refusal:
            await grant(ctx, _new(**changes))
    assert refusal.value.field == field
