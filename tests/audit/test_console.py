"""The page of the log: how far it is sealed, a check, and the head to be kept."""

from __future__ import annotations

import json

from regiohub.audit.seals.background import last_check
from regiohub.testing import World

from .sealing import TOWN, checked, fill, forge


async def test_an_auditor_checks_the_log_and_takes_its_head_along(world: World) -> None:
    auditor = await world.console(TOWN, roles=("auditor",))
    assert "noch keines" in (await auditor.get("audit")).text
    await fill(world, 3)
    await world.work()
    assert (await auditor.post("audit/check", {})).status_code == 303
    page = (await auditor.get("audit")).text
    entries = (await checked(world)).entries
    assert f"Alles unverändert: {entries} Einträge und 1 Siegel geprüft." in page
    saved = await auditor.get("audit/head")
    assert "potsdam-audit-stand-1.json" in saved.headers["content-disposition"]
    assert json.loads(saved.text)["entries"] == entries


async def test_a_broken_log_is_shown_with_the_first_fault_and_its_place(world: World) -> None:
    await fill(world, 3)
    await world.work()
    await forge(world, "DELETE FROM core_audit WHERE tenant_id = :town AND object_id = '1' AND action = 'sampler.act'")
    auditor = await world.console(TOWN, roles=("auditor",))
    await auditor.post("audit/check", {})
    fault = (await checked(world)).first_fault
    assert fault is not None
    page = (await auditor.get("audit")).text
    assert f"Ein versiegelter Eintrag fehlt. (Siegel 1, Position {fault.position}, Eintrag {fault.entry})" in page
    async with world.scope(TOWN).read() as ctx:
        work = await last_check(ctx)
    assert work is not None
    assert not work.is_running


async def test_staff_without_the_right_neither_checks_nor_takes_a_head(world_sqlite: World) -> None:
    editor = await world_sqlite.console(TOWN, roles=("editor",))
    assert (await editor.post("audit/check", {})).status_code == 403
    assert (await editor.get("audit/head")).status_code == 403
