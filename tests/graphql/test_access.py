"""People, roles and access for programs over GraphQL: the same rules as everywhere, from the same services."""

from __future__ import annotations

import pytest

from regiohub.auth.admin.access import dev_directory
from regiohub.testing import World

EDITOR = "editor-potsdam"
ADMIN = ("tenant-admin",)
INVITE = """mutation($input: InvitationInput!) {
    inviteMember(input: $input) { member { id state roles } errors { code field } } }"""


def person(**changes: object) -> dict[str, object]:
    return {
        "input": {"email": "neu@example.org", "firstName": "Nele", "lastName": "Neu", "roles": ["editor"]} | changes
    }


async def test_person_is_invited_gets_a_role_more_and_is_removed(world: World) -> None:
    invited = await world.graphql("potsdam", INVITE, person(), roles=ADMIN)
    member = invited.data["inviteMember"]["member"]
    assert (member["state"], member["roles"]) == ("INVITED", ["editor"])
    change = 'mutation($m: String!) { %s(member: $m, role: "auditor") { member { roles } errors { code } } }'
    granted = await world.graphql("potsdam", change % "grantRole", {"m": member["id"]}, roles=ADMIN)
    assert granted.data["grantRole"]["member"]["roles"] == ["auditor", "editor"]
    revoked = await world.graphql("potsdam", change % "revokeRole", {"m": member["id"]}, roles=ADMIN)
    assert revoked.data["revokeRole"]["member"]["roles"] == ["editor"]
    gone = "mutation($m: String!) { removeMember(member: $m) { errors { code } } }"
    assert (await world.graphql("potsdam", gone, {"m": member["id"]}, roles=ADMIN)).data["removeMember"]["errors"] == []
    assert dev_directory(world.platform).person(member["id"]) is None


async def test_refusals_are_typed_and_name_their_field(world_sqlite: World) -> None:
    answer = await world_sqlite.graphql("potsdam", INVITE, person(email="redaktion@potsdam.example"), roles=ADMIN)
    assert answer.data["inviteMember"] == {"member": None, "errors": [{"code": "ALREADY_MEMBER", "field": "email"}]}
    last = 'mutation { removeMember(member: "tenant-admin-potsdam") { errors { code message } } }'
    refused = (await world_sqlite.graphql("potsdam", last, roles=ADMIN)).data["removeMember"]["errors"]
    assert [error["code"] for error in refused] == ["LAST_ADMIN"]


async def test_staff_roles_and_reasons_are_read(world: World) -> None:
    question = """{ staff { id roles groups managed } roles { name title permissions own } groupRoles { group roles }
        explainAccess(member: "editor-potsdam", action: "booking.approve") { allowed sources steps { good text } } }"""
    found = (await world.graphql("potsdam", question, roles=ADMIN)).data
    assert {"id": EDITOR, "roles": ["editor"], "groups": ["/editors"], "managed": False} in found["staff"]
    assert {role["name"] for role in found["roles"]} >= {"tenant-admin", "plugin-admin:booking"}
    assert found["explainAccess"]["allowed"] is True
    assert found["explainAccess"]["sources"] == ["editor"]
    assert all(step["text"] for step in found["explainAccess"]["steps"])


async def test_own_role_and_group_are_made_changed_and_taken_back(world: World) -> None:
    async def do(document: str) -> list[str]:
        answer = await world.graphql("potsdam", document, roles=ADMIN)
        assert answer.errors == []
        return [error["code"] for error in next(iter(answer.data.values()))["errors"]]

    role = 'input: {title: "Presse", titleEn: "Press", permissions: ["%s"]}'
    assert await do(f'mutation {{ createRole(key: "presse", {role % "atlas.edit"}) {{ errors {{ code }} }} }}') == []
    assert await do(f'mutation {{ changeRole(key: "presse", {role % "tenant.audit"}) {{ errors {{ code }} }} }}') == []
    assert world.tenant("potsdam").roles.own["presse"].permissions == {"tenant.audit"}
    assert await do('mutation { setGroupRoles(group: "/amt", roles: ["own:presse"]) { errors { code } } }') == []
    assert world.tenant("potsdam").roles.groups == {"/amt": {"own:presse"}}
    assert await do('mutation { resetGroupRoles(group: "/amt") { errors { code } } }') == []
    assert await do('mutation { deleteRole(key: "own:presse") { errors { code } } }') == []
    assert await do('mutation { deleteRole(key: "own:presse") { errors { code } } }') == ["NOT_FOUND"]
    empty = (
        'mutation { createRole(key: "leer", input: {title: " ", titleEn: "x", permissions: []}) { errors { code } } }'
    )
    assert await do(empty) == ["INVALID_INPUT"]


async def test_secret_of_a_program_is_told_in_one_answer_only(world: World) -> None:
    made = await world.graphql(
        "potsdam", 'mutation { createProgram(purpose: "app-eins", kind: TOWN_APP) '
        "{ program { secret access { id roles } } errors { code } } }", roles=ADMIN,
    )  # fmt: skip
    secret = made.data["createProgram"]["program"]["secret"]
    assert dev_directory(world.platform).verify_client("m2m-potsdam-app-eins", secret) is not None
    listed = await world.graphql("potsdam", "{ programs { id purpose roles } }", roles=ADMIN)
    assert listed.data["programs"] == [
        {"id": "m2m-potsdam-app-eins", "purpose": "app-eins", "roles": ["graphql.read", "graphql.write"]}
    ]
    assert secret not in str(listed.data)
    renew = 'mutation { renewProgramSecret(purpose: "app-eins") { program { secret } errors { code } } }'
    renewed = (await world.graphql("potsdam", renew, roles=ADMIN)).data["renewProgramSecret"]["program"]["secret"]
    assert renewed != secret
    gone = 'mutation { removeProgram(purpose: "app-eins") { errors { code } } }'
    assert (await world.graphql("potsdam", gone, roles=ADMIN)).data["removeProgram"]["errors"] == []


@pytest.mark.parametrize(
    "document",
    [
        "{ staff { id } }",
        "{ roles { name } }",
        "{ groupRoles { group } }",
        "{ programs { id } }",
        '{ explainAccess(member: "x", action: "y") { allowed } }',
        'mutation { grantRole(member: "editor-potsdam", role: "tenant-admin") { errors { code } } }',
        'mutation { removeMember(member: "editor-potsdam") { errors { code } } }',
        'mutation { setGroupRoles(group: "/editors", roles: ["tenant-admin"]) { errors { code } } }',
        'mutation { createProgram(purpose: "abc", kind: READER) { errors { code } } }',
    ],
)
async def test_nobody_without_the_right_reads_or_changes_any_of_it(world_sqlite: World, document: str) -> None:
    assert (await world_sqlite.graphql("potsdam", document, roles=["editor"])).codes == ["FORBIDDEN"]
    assert (await world_sqlite.graphql("potsdam", document)).codes == ["UNAUTHENTICATED"]
    assert (await world_sqlite.graphql("potsdam", INVITE, person(), roles=["editor"])).codes == ["FORBIDDEN"]


async def test_region_appoints_an_admin_and_gives_no_other_role(world_sqlite: World) -> None:
    token = world_sqlite.token(None, subject="rita", regional_roles=["regional-admin"])
    made = await world_sqlite.graphql("berlin", INVITE, person(roles=["tenant-admin"]), token=token)
    assert made.data["inviteMember"]["member"]["roles"] == ["tenant-admin"]
    other = person(email="zwei@example.org", roles=["editor"])
    assert (await world_sqlite.graphql("berlin", INVITE, other, token=token)).codes == ["FORBIDDEN"]
