"""The audit log over GraphQL: for the town's admins and auditors only."""

from __future__ import annotations

import sqlalchemy as sa

from regiohub.testing import World

from .sealing import as_owner

QUERY = """
query ($filter: AuditFilter) {
  audit(first: 5, filter: $filter) { totalCount nodes { at actorKind actor action text objectKind after plugin } }
}
"""


async def test_an_auditor_reads_the_town_s_log_in_his_language(world: World) -> None:
    await world.disable("potsdam", "booking")
    wanted = {"filter": {"action": "tenant.plugin_disabled"}}
    english = await world.graphql("potsdam", QUERY, wanted, roles=("auditor",))
    assert english.errors == []
    assert english.data["audit"]["totalCount"] == 1
    (entry,) = english.data["audit"]["nodes"]
    assert entry["text"].startswith("Plugin switched off: plugin booking")
    assert (entry["actorKind"], entry["actor"], entry["plugin"]) == ("SYSTEM", None, "core")
    assert entry["after"]["enabled"] is False
    german = await world.graphql("potsdam", QUERY, wanted, roles=("tenant-admin",), language="de")
    assert german.data["audit"]["nodes"][0]["text"].startswith("Plugin ausgeschaltet: plugin booking")
    elsewhere = await world.graphql("berlin", QUERY, wanted, roles=("auditor",))
    assert elsewhere.data["audit"]["totalCount"] == 0


async def test_others_are_told_that_they_may_not(world_sqlite: World) -> None:
    editor = await world_sqlite.graphql("potsdam", QUERY, roles=("editor",))
    assert (editor.data["audit"], editor.codes) == (None, ["FORBIDDEN"])
    anybody = await world_sqlite.graphql("potsdam", QUERY)
    assert (anybody.data["audit"], anybody.codes) == (None, ["UNAUTHENTICATED"])


SEALS = "{ auditSeals { entries sealed unsealed lastSeal head } }"
CHECK = """query ($head: JSON) { auditCheck(head: $head) {
  ok entries seals unsealed heads faultCount faults { kind text seal position entry } } }"""


async def test_auditors_see_how_far_the_log_is_sealed_and_check_it_with_a_head_they_kept(world: World) -> None:
    auditor = world.caller("potsdam", roles=("auditor",))
    before = (await auditor.query(SEALS))["auditSeals"]
    assert (before["sealed"], before["head"], before["lastSeal"]) == (0, None, None)
    await world.work()
    after = (await auditor.query(SEALS))["auditSeals"]
    assert (after["sealed"], after["unsealed"]) == (after["entries"], 0)
    checked = (await auditor.query(CHECK, head=after["head"]))["auditCheck"]
    assert (checked["ok"], checked["entries"], checked["faults"]) == (True, after["entries"], [])
    async with as_owner(world) as connection:
        for table in ("core_audit_seal", "core_audit"):
            await connection.execute(sa.text(f"DELETE FROM {table} WHERE tenant_id = {world.tenant('potsdam').id}"))
    cut = (await auditor.query(CHECK, head=after["head"]))["auditCheck"]
    assert (cut["ok"], cut["faults"][0]["kind"]) == (False, "cut_off")
    assert "reaches further" in cut["faults"][0]["text"]


async def test_the_seals_are_for_auditors_and_a_forged_head_is_refused(world_sqlite: World) -> None:
    await world_sqlite.work()
    assert await world_sqlite.caller("potsdam", roles=("editor",)).refused(SEALS) == ["FORBIDDEN"]
    assert await world_sqlite.caller("potsdam").refused(CHECK) == ["UNAUTHENTICATED"]
    auditor = world_sqlite.caller("potsdam", roles=("auditor",))
    assert await auditor.refused(CHECK, head={"format": "regiohub-audit-1-head"}) == ["INVALID_INPUT"]
