"""The audit log over GraphQL: for the town's admins and auditors only."""

from __future__ import annotations

from regiohub.testing import World

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
