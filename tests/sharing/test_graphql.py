"""Consents over GraphQL: what the console's page can do, a program can do too."""

from __future__ import annotations

from regiohub.testing import World

CONSENTS = '{ consents(filter: {reader: "berlin"}) { nodes { id dataset purpose revokedAt } } }'
GRANT = """mutation ($input: ConsentInput!) {
    grantConsent(input: $input) { consent { id reader validUntil } errors { code field } } }"""
WITHDRAW = "mutation ($id: ID!) { withdrawConsent(id: $id) { consent { revokedAt } errors { code } } }"
WANTED = {
    "dataset": "atlas.procedures", "reader": "berlin", "purpose": "Verfahren an der Stadtgrenze",
    "legalBasis": "Vereinbarung", "validFrom": "2026-06-01",
}  # fmt: skip


async def test_a_consent_is_granted_listed_and_withdrawn(world: World) -> None:
    granted = await world.graphql("potsdam", GRANT, {"input": WANTED}, roles=["tenant-admin"])
    assert granted.errors == []
    made = granted.data["grantConsent"]["consent"]
    assert (made["reader"], made["validUntil"]) == ("berlin", None)
    listed = await world.graphql("potsdam", CONSENTS, roles=["auditor"])
    assert [node["purpose"] for node in listed.data["consents"]["nodes"]] == [WANTED["purpose"]]
    done = await world.graphql("potsdam", WITHDRAW, {"id": made["id"]}, roles=["tenant-admin"])
    assert done.data["withdrawConsent"]["consent"]["revokedAt"]
    again = await world.graphql("potsdam", WITHDRAW, {"id": made["id"]}, roles=["tenant-admin"])
    assert again.data["withdrawConsent"]["errors"] == [{"code": "NOT_FOUND"}]


async def test_faults_name_their_field(world_sqlite: World) -> None:
    for changes, field in (({"dataset": "atlas.moon"}, "dataset"), ({"validUntil": "2026-01-01"}, "valid_until")):
        answer = await world_sqlite.graphql("potsdam", GRANT, {"input": WANTED | changes}, roles=["tenant-admin"])
        assert [error["field"] for error in answer.data["grantConsent"]["errors"]] == [field]


async def test_consents_are_not_for_everybody(world_sqlite: World) -> None:
    assert (await world_sqlite.graphql("potsdam", GRANT, {"input": WANTED}, roles=["editor"])).codes == ["FORBIDDEN"]
    for roles in ((), ("editor",), ("citizen",)):
        answer = await world_sqlite.graphql("potsdam", "{ consents { totalCount } }", roles=roles)
        assert answer.data["consents"]["totalCount"] == 0
