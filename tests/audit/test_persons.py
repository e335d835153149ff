"""Nobody can be read from the log: what names people becomes pseudonyms, and plugins are held to hand over nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import regiohub.audit
from regiohub.audit import AuditEntry
from regiohub.audit.masking import Mask
from regiohub.tenancy.context import Ctx
from regiohub.testing import World
from regiohub.testing.contract import Case
from regiohub.testing.contract.filling import fill_tables
from regiohub.testing.contract.promises.personal_data.log import NAME, log_faults
from regiohub.testing.installations import Installations

from .sealing import TOWN

ACCOUNT, MAIL = "0190a000-0000-7000-8000-00000000dddd", "Zoe.Pflanze@Example.org"


async def test_addresses_and_the_caller_never_reach_an_entry(world: World) -> None:
    zoe = replace(world.principal(TOWN, subject=ACCOUNT), name="Zoe Pflanze", email=MAIL)
    async with world.scope(TOWN).write(zoe) as ctx:
        await ctx.audit(
            "sampler.act", kind="person", id=MAIL, before={"contact": f"Zoe Pflanze <{MAIL}>"},
            after={"people": [MAIL.lower(), {"by": ACCOUNT}], "count": 3}, note=f"von zoe pflanze an {MAIL}",
        )  # fmt: skip
    async with world.scope(TOWN).read() as ctx:
        entry = (await ctx.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "sampler.act"))).one()
        rows = (await ctx.session.sql("SELECT * FROM core_audit WHERE tenant_id = :tenant_id")).fetchall()
    stored = str([[str(value) for value in row] for row in rows]).casefold()
    assert [mark for mark in (MAIL, "pflanze", "zoe", ACCOUNT) if mark.casefold() in stored] == []
    assert entry.after == {"people": [entry.object_id, {"by": entry.actor}], "count": 3}
    assert entry.before == {"contact": f"{entry.actor} <{entry.object_id}>"}, "who is the same can still be seen"


def test_what_names_nobody_stays_as_it_was(world_sqlite: World) -> None:
    mask = Mask(world_sqlite.platform.settings.key, world_sqlite.principal(TOWN, subject="anna"))
    for value in ("12 @ 3", "Hannah hat Anna-Straße 5 geprüft", "pending → confirmed", 5, None, ["a", {"b": 1.5}]):
        assert mask.value(value) == value
    assert mask.text("ANNA") == mask.text("anna") != "anna"


async def test_the_contract_finds_a_plugin_that_writes_people_into_the_log(
    installations: Installations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: without the net, and with a plugin that writes down who did it."""
    honest = regiohub.audit.record

    async def careless(ctx: Ctx, action: str, *, after: Mapping[str, Any] | None = None, **more: Any) -> Any:
        return await honest(ctx, action, after={**(after or {}), "by": ctx.principal.name}, **more)

    def unchanged(_mask: Mask, text: str | None) -> str | None:
        return text

    case = Case("health_directory", "sqlite", installations, tmp_path, fill_tables("health_directory"))
    monkeypatch.setattr(regiohub.audit, "record", careless)
    monkeypatch.setattr(Mask, "text", unchanged)
    faults = await log_faults(case)
    assert faults
    assert all(f"writes {NAME} into the entry" in fault or "@" in fault for fault in faults)
