"""A town's own roles and groups, and how they change what a token gives: never more than the town has declared."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.auth.claims import read_claims
from regiohub.auth.permissions import RESERVED, STAFF_ROLES, TENANT_PERMISSIONS, Permission
from regiohub.auth.principal import Principal
from regiohub.auth.rights import principal_of
from regiohub.auth.roles.town import ADMINS, OwnRole, TownRoles, default_roles, group_of
from regiohub.texts import t

WORDS = t("Recht", "Right")
APPROVE = Permission("booking.approve", WORDS, roles=("editor",))
OFF = Permission("atlas.edit", WORDS, roles=("editor",))
DECLARED = (*TENANT_PERMISSIONS, APPROVE)
PRESS = OwnRole("presse", t("Presse", "Press"), frozenset({"booking.approve", "atlas.edit", "tenant.audit"}))


def claims(organization: Any, **more: Any) -> dict[str, Any]:
    return {
        "iss": "https://login.example.org",
        "sub": "anna",
        "exp": 2_000_000_000,
        "organization": organization,
        **more,
    }


def principal(groups: list[str], roles: TownRoles, named: tuple[str, ...] = (), **more: Any) -> Principal:
    entry = {"groups": groups, "realm_access": {"roles": list(named)}}
    payload = claims({"potsdam": entry}, **more)
    return principal_of(read_claims(payload), tenant="potsdam", declared=DECLARED, roles=roles)


def test_own_role_comes_with_its_group_and_grants_only_what_is_declared_now() -> None:
    caller = principal(["/roles/presse"], TownRoles({"presse": PRESS}))
    assert caller.roles == {"citizen", "own:presse"}
    assert caller.permissions == {"booking.approve", "tenant.audit"}, "the atlas is off"


def test_group_of_a_role_that_does_not_exist_gives_nothing() -> None:
    assert principal(["/roles/presse"], TownRoles()).roles == {"citizen"}


def test_own_role_cannot_be_had_by_a_role_of_its_name_in_the_token() -> None:
    assert principal([], TownRoles({"presse": PRESS}), named=("own:presse", "presse")).roles == {"citizen"}


def test_mapped_group_carries_what_the_town_says_instead_of_its_default() -> None:
    roles = TownRoles({"presse": PRESS}, {"/editors": frozenset({"own:presse"}), "/amt-23": frozenset({"auditor"})})
    assert principal(["/editors"], roles).roles == {"citizen", "own:presse"}
    assert principal(["/amt-23"], roles).roles == {"citizen", "auditor"}


def test_replaced_default_does_not_come_back_by_the_name_of_the_role() -> None:
    """Keycloak names the role of the group in the same entry of the token."""
    roles = TownRoles({}, {"/editors": frozenset()})
    assert principal(["/editors"], roles, named=("editor",)).roles == {"citizen"}
    assert principal(["/editors", "/caretakers"], roles, named=("editor", "caretaker")).roles == {
        "citizen",
        "caretaker",
    }


def test_role_that_another_group_still_carries_stays() -> None:
    roles = TownRoles({}, {"/editors": frozenset(), "/amt": frozenset({"editor"})})
    assert principal(["/editors", "/amt"], roles, named=("editor",)).roles == {"citizen", "editor"}


def test_group_of_the_admins_keeps_its_meaning_whatever_is_stored() -> None:
    assert "tenant-admin" in principal([ADMINS], TownRoles({}, {ADMINS: frozenset()})).roles


def test_group_named_after_a_plugin_called_tenant_gives_no_right_over_the_town() -> None:
    assert principal(["/measures/tenant/admins"], TownRoles()).permissions == frozenset()


@pytest.mark.parametrize("role", [*sorted(STAFF_ROLES), "plugin-admin:booking", "own:presse"])
def test_group_and_role_belong_to_each_other(role: str) -> None:
    assert default_roles(str(group_of(role))) == {role}


GROUPS = st.sampled_from(
    [
        "/editors",
        "/auditors",
        "/tenant-admins",
        "/caretakers",
        "/amt",
        "/roles/presse",
        "/roles/x",
        "/measures/booking/admins",
    ]
)
ROLES = st.sampled_from(
    [*sorted(STAFF_ROLES), "own:presse", "own:x", "plugin-admin:booking", "citizen", "regional-admin"]
)
IDS = st.sampled_from(["booking.approve", "atlas.edit", "tenant.audit", "region.towns", "core.public", "nie.gehoert"])
TOWN_ROLES = st.builds(
    TownRoles,
    own=st.dictionaries(st.sampled_from(["presse", "x"]), IDS, max_size=2).map(
        lambda found: {key: OwnRole(key, WORDS, frozenset({id_, "region.towns"})) for key, id_ in found.items()}
    ),
    groups=st.dictionaries(GROUPS, st.frozensets(ROLES, max_size=3), max_size=4),
)


@given(roles=TOWN_ROLES, groups=st.lists(GROUPS, max_size=5), named=st.sets(ROLES))
def test_nobody_without_the_admin_role_has_more_than_declared_or_anything_of_the_region(
    roles: TownRoles, groups: list[str], named: set[str]
) -> None:
    found = principal(groups, roles, tuple(sorted(named)))
    assert found.permissions <= {permission.id for permission in DECLARED}
    assert not any(permission.startswith(RESERVED) for permission in found.permissions)
    own = {role for role in found.roles if role.startswith("own:")}
    assert own <= {role.name for role in roles.own.values()}


@given(roles=TOWN_ROLES, groups=st.lists(GROUPS, max_size=5), named=st.lists(ROLES, max_size=4), data=st.data())
def test_order_of_groups_and_roles_does_not_matter(
    roles: TownRoles, groups: list[str], named: list[str], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(groups)), tuple(data.draw(st.permutations(named)))
    assert principal(groups, roles, tuple(named)) == principal(shuffled[0], roles, shuffled[1])


@given(roles=TOWN_ROLES, mine=st.lists(GROUPS, max_size=4), theirs=st.lists(GROUPS, max_size=4), top=st.sets(ROLES))
def test_groups_of_another_town_and_roles_without_a_town_never_count(
    roles: TownRoles, mine: list[str], theirs: list[str], top: set[str]
) -> None:
    alone = principal(mine, roles)
    entries = {"potsdam": {"groups": mine}, "berlin": {"groups": theirs, "realm_access": {"roles": sorted(top)}}}
    crowded = principal_of(
        read_claims(claims(entries, realm_access={"roles": sorted(top)}, groups=theirs, roles=sorted(top))),
        tenant="potsdam", declared=DECLARED, roles=roles,
    )  # fmt: skip
    assert (crowded.roles, crowded.permissions) == (alone.roles, alone.permissions)
