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
from regiohub.tenancy.appearance.service import change_appearance
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.measures import add_measure, change_measure
from regiohub.testing import World
from regiohub.testing.contract import Case
from regiohub.testing.contract.filling import fill_tables
from regiohub.testing.contract.promises.personal_data.log import NAME, log_faults
from regiohub.testing.installations import Installations

from .sealing import TOWN, checked, seal

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
    stored = await stored_log(world)
    assert [mark for mark in (MAIL, "pflanze", "zoe", ACCOUNT) if mark.casefold() in stored] == []
    assert entry.after == {"people": [entry.object_id, {"by": entry.actor}], "count": 3}
    assert entry.before == {"contact": f"{entry.actor} <{entry.object_id}>"}, "who is the same can still be seen"


def test_what_names_nobody_stays_as_it_was(world_sqlite: World) -> None:
    mask = Mask(world_sqlite.platform.settings.key, world_sqlite.principal(TOWN, subject="anna"))
    for value in ("12 @ 3", "Hannah hat Anna-Straße 5 geprüft", "pending → confirmed", 5, None, ["a", {"b": 1.5}]):
        assert mask.value(value) == value
    assert mask.text("ANNA") == mask.text("anna") != "anna"


async def test_people_in_measures_are_pseudonyms_in_the_log(world: World) -> None:
    words = "Ada Muster, Tel. 0331 4711"
    async with world.scope(TOWN).write() as ctx:
        people = {"lead": words, "partners": ["Bauamt", words], "summary": f"Fragen an {words}", "summary_en": words}
        await add_measure(ctx, "wege", {"title": "Wege", "status": "planned", **people})
        await change_measure(ctx, "wege", {"lead": f"{words}, {MAIL}", "status": "running"})
        await change_measure(ctx, "wege", {"lead": words})
        await change_measure(ctx, "wege", {"lead": None, "partners": ["Bauamt"]})
    added, changed, back, emptied = await entries_on(world, "measure")
    stored = await stored_log(world)
    assert [mark for mark in ("muster", "4711", "pflanze", "bauamt") if mark in stored] == []
    assert (added.after["title"], added.after["status"]) == ("Wege", "planned"), "what names nobody stays readable"
    mark = added.after["lead"]
    assert (changed.before["lead"], back.after["lead"], emptied.before["lead"]) == (mark, mark, mark)
    assert changed.after["lead"] != mark, "another text can be told from the first"
    assert emptied.after["lead"] is None
    assert (emptied.before["partners"][1], emptied.after["partners"]) == (mark, emptied.before["partners"][:1])
    assert f"lead: {mark} → <" in changed.text_de
    assert "status: planned → running" in changed.text_de
    assert f"lead: {mark} → –" in emptied.text_en
    await seal(world)
    assert (await checked(world)).ok


async def test_contacts_in_settings_and_pages_are_pseudonyms_in_the_log(world: World) -> None:
    people = {"help": f"Ada Muster, {MAIL}, 0331 4711", "staff": [{"name": "Ada Muster", "email": MAIL, "floor": 4}]}
    async with world.scope(TOWN).write() as ctx:
        await ctx.audit("tenant.settings_changed", kind="plugin", id="x", before={"host": "mqtt.example"}, after=people)
        await change_appearance(ctx, {"plain_language": "Fragen? Ada Muster, 0331 4711.", "primary": "#004d40"})
    (settings,) = await entries_on(world, "plugin")
    stored = await stored_log(world)
    assert [mark for mark in ("muster", "4711", "pflanze") if mark in stored] == []
    assert settings.before == {"host": "mqtt.example"}
    assert settings.after["staff"][0]["floor"] == 4
    async with world.scope(TOWN).read() as ctx:
        branding = sa.select(AuditEntry).where(AuditEntry.action == "tenant.branding_changed")
        assert [one.after and one.after["primary"] for one in await ctx.session.scalars(branding)] == ["#004d40"]


async def entries_on(world: World, kind: str) -> list[Any]:
    """A town's entries about things of a kind that were made by these tests, the earliest first."""
    async with world.scope(TOWN).read() as ctx:
        chosen = sa.select(AuditEntry).where(AuditEntry.object_kind == kind, AuditEntry.note.is_(None))
        rows = await ctx.session.scalars(chosen.order_by(AuditEntry.id))
        return [row for row in rows if row.action not in {"tenant.plugin_enabled", "tenant.plugin_disabled"}]


async def stored_log(world: World) -> str:
    """All columns of all entries, in small letters."""
    async with world.scope(TOWN).read() as ctx:
        rows = (await ctx.session.sql("SELECT * FROM core_audit WHERE tenant_id = :tenant_id")).fetchall()
    return str([[str(value) for value in row] for row in rows]).casefold()


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
