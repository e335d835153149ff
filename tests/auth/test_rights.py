"""Rights come from four sources and no other."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regiohub.auth.claims import read_claims
from regiohub.auth.permissions import (
    PUBLIC,
    REGION_ACTIVATION,
    REGION_AUDIT,
    REGION_ROLES,
    REGION_TOWNS,
    SIGNED_IN,
    STAFF_ROLES,
    TENANT_AUDIT,
    TENANT_PERMISSIONS,
    Permission,
    granted,
)  # fmt: skip
from regiohub.auth.principal import ANONYMOUS, SYSTEM, Principal, PrincipalKind
from regiohub.auth.rights import ForeignTenant, principal_of
from regiohub.texts import t

from .conftest import NOW, claims

WORDS = t("Recht", "Right")
APPROVE = Permission("booking.approve", WORDS, roles=("editor", "caretaker"))
BOOK = Permission("booking.own", WORDS, roles=("citizen",))
MANAGE = Permission("booking.manage", WORDS)
INGEST = Permission("lorawan.ingest", WORDS, roles=("machine",))
REGISTER = Permission("lorawan.register", WORDS, roles=("machine", "editor"))
DECLARED = (*TENANT_PERMISSIONS, APPROVE, BOOK, MANAGE, INGEST, REGISTER)
TENANT_IDS = {permission.id for permission in DECLARED}
STAFF_IDS = TENANT_IDS - {BOOK.id}


def principal(tenant: str | None = "potsdam", *, region: bool = True, **more: Any) -> Principal:
    return principal_of(read_claims(claims(**more)), tenant=tenant, declared=DECLARED, speaks_for_region=region)


def organization(**towns: list[str]) -> dict[str, Any]:
    return {town.replace("_", "-"): {"id": "1", "realm_access": {"roles": roles}} for town, roles in towns.items()}


def test_admin_of_bad_belzig_with_top_level_realm_roles_is_nobody_in_berlin() -> None:
    """Keycloak repeats organization roles at the top level, without the organization: they must not count."""
    admin: dict[str, Any] = {
        "organization": organization(bad_belzig=["tenant-admin"]),
        "realm_access": {"roles": ["tenant-admin", "editor", "caretaker", "auditor"]},
        "resource_access": {"regiohub-api": {"roles": ["graphql.write", "tenant-admin", "booking.manage"]}},
        "groups": ["/tenant-admins", "/berlin/tenant-admins"],
        "roles": ["tenant-admin"],
    }
    at_home = principal("bad-belzig", **admin)
    assert at_home.permissions == TENANT_IDS
    in_berlin = principal("berlin", **admin)
    assert in_berlin.kind is PrincipalKind.PERSON
    assert in_berlin.roles == {"citizen"}
    assert in_berlin.permissions == {BOOK.id}
    assert not any(in_berlin.can(permission) for permission in DECLARED if permission != BOOK)


def test_staff_roles_of_the_requested_town_count() -> None:
    caller = principal(organization=organization(potsdam=["caretaker"], berlin=["tenant-admin"]))
    assert caller.roles == {"citizen", "caretaker"}
    assert caller.permissions == {APPROVE.id, BOOK.id}


def test_client_roles_inside_the_organization_count() -> None:
    entry = {"resource_access": {"regiohub-api": {"roles": ["editor"]}, "other": {"roles": ["tenant-admin"]}}}
    assert principal(organization={"potsdam": entry}).roles == {"citizen", "editor"}


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_organization_groups_carry_roles(role: str) -> None:
    assert principal(organization={"potsdam": {"groups": [f"/{role}s"]}}).roles == {"citizen", role}


def test_group_of_a_measures_plugin_gives_that_plugins_permissions_only() -> None:
    caller = principal(organization={"potsdam": {"groups": ["/measures/booking/admins"]}})
    assert caller.permissions == {APPROVE.id, MANAGE.id, BOOK.id}


def test_group_named_after_a_plugin_called_tenant_is_no_way_to_become_admin() -> None:
    caller = principal(organization={"potsdam": {"groups": ["/measures/tenant/admins", "/measures//admins"]}})
    assert MANAGE.id not in caller.permissions
    assert "tenant-admin" not in caller.roles


def test_membership_as_a_plain_list_of_aliases_gives_no_staff_right() -> None:
    caller = principal(organization=["potsdam", "berlin"])
    assert caller.roles == {"citizen"}
    assert caller.permissions == {BOOK.id}


@pytest.mark.parametrize(
    "role", ["citizen", "machine", "regional-admin", "regional-auditor", "root", "*", "booking.manage"]
)
def test_other_names_inside_the_organization_give_nothing(role: str) -> None:
    assert principal(organization=organization(potsdam=[role])).permissions == {BOOK.id}


def test_auditor_of_a_town_reads_its_log_and_no_more() -> None:
    caller = principal(organization=organization(potsdam=["auditor"]))
    assert caller.permissions == {TENANT_AUDIT.id, BOOK.id}


def test_signed_in_person_is_citizen_of_every_town() -> None:
    caller = principal("berlin")
    assert (caller.roles, caller.is_signed_in, caller.can(SIGNED_IN)) == ({"citizen"}, True, True)


def test_machine_client_with_write_role_has_what_plugins_open_to_machines() -> None:
    caller = machine(["graphql.write"])
    assert caller.kind is PrincipalKind.MACHINE
    assert caller.permissions == {INGEST.id, REGISTER.id}


def test_machine_client_for_measurements_may_only_ingest() -> None:
    assert machine(["ingest.write"]).permissions == {INGEST.id}


def test_machine_client_may_be_given_a_single_permission_by_name() -> None:
    assert machine(["lorawan.register", "booking.manage"]).permissions == {REGISTER.id}


def test_machine_client_that_reads_has_no_permission() -> None:
    assert machine(["graphql.read"]).permissions == frozenset()


def test_machine_client_is_no_signed_in_person() -> None:
    assert not machine(["graphql.write"]).can(SIGNED_IN)


@pytest.mark.parametrize("own", ["berlin", None, ["potsdam"], ""])
def test_machine_client_of_another_town_is_refused(own: Any) -> None:
    # A null claim still marks a machine client, hence not through claims(), which leaves null claims out.
    payload = claims() | {"regiohub_tenant": own, "resource_access": {"regiohub-api": {"roles": ["graphql.write"]}}}
    with pytest.raises(ForeignTenant):
        principal_of(read_claims(payload), tenant="potsdam", declared=DECLARED)


def test_machine_client_cannot_be_staff_or_regional_as_well() -> None:
    caller = machine(
        [], organization=organization(potsdam=["tenant-admin"]), realm_access={"roles": ["regional-admin"]}
    )
    assert caller.permissions == frozenset()


def test_regional_admin_has_the_closed_list_and_no_towns_data() -> None:
    caller = principal(realm_access={"roles": ["regional-admin", "tenant-admin"]})
    assert caller.kind is PrincipalKind.REGIONAL
    assert caller.permissions == {p.id for p in REGION_ROLES["regional-admin"]} | {BOOK.id}
    assert caller.can(REGION_ACTIVATION)


def test_regional_auditor_only_reads() -> None:
    caller = principal(None, realm_access={"roles": ["regional-auditor"]})
    assert caller.can(REGION_AUDIT)
    assert not caller.can(REGION_TOWNS)


def test_regional_role_of_a_towns_own_issuer_means_nothing() -> None:
    caller = principal(region=False, realm_access={"roles": ["regional-admin"]})
    assert caller.kind is PrincipalKind.PERSON
    assert caller.permissions == {BOOK.id}


def test_staff_has_no_rights_at_the_region() -> None:
    caller = principal(None, organization=organization(potsdam=["tenant-admin"], region=["tenant-admin"]))
    assert caller.permissions == frozenset()


def test_anonymous_may_only_what_is_public_and_the_platform_everything() -> None:
    assert ANONYMOUS.can(PUBLIC)
    assert not any(ANONYMOUS.can(p) for p in (SIGNED_IN, *DECLARED, REGION_TOWNS))
    assert all(SYSTEM.can(p) for p in (PUBLIC, SIGNED_IN, *DECLARED))


def test_principal_ends_with_its_token() -> None:
    caller = principal()
    assert caller.expires_at is not None
    assert not caller.is_expired(NOW)
    assert caller.is_expired(caller.expires_at)


def test_plugin_cannot_hand_out_region_permissions_or_markers() -> None:
    sly = (Permission("region.towns", WORDS, roles=("citizen",)), SIGNED_IN, PUBLIC)
    assert granted({"tenant-admin", "citizen"}, sly) == frozenset()


def test_permission_names_its_mistakes() -> None:
    with pytest.raises(ValueError, match=r"<plugin>\.<action>"):
        Permission("Approve", WORDS)
    with pytest.raises(ValueError, match="janitor"):
        Permission("booking.approve", WORDS, roles=("janitor",))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["tenant-admin", "potsdam"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["potsdam", "berlin", "roles", "realm_access", "groups", "resource_access", "regiohub-api", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(organization=JSON, realm=JSON, resource=JSON, groups=JSON)
def test_no_shape_of_claims_gives_a_right_without_a_role_in_the_towns_own_entry(
    organization: Any, realm: Any, resource: Any, groups: Any
) -> None:
    payload = claims() | {
        "organization": organization,
        "realm_access": realm,
        "resource_access": resource,
        "groups": groups,
    }
    for tenant in ("potsdam", "berlin"):
        caller = principal_of(read_claims(payload), tenant=tenant, declared=DECLARED, speaks_for_region=True)
        entry = organization.get(tenant) if isinstance(organization, dict) else None
        if not isinstance(entry, dict) or "tenant-admin" not in str(entry):
            assert not caller.permissions & STAFF_IDS


@settings(deadline=None)
@given(
    mine=st.sets(st.sampled_from(sorted(STAFF_ROLES))),
    others=st.sets(st.sampled_from(sorted(STAFF_ROLES))),
    top=st.sets(st.sampled_from(sorted(STAFF_ROLES | {"citizen", "machine"}))),
)
def test_rights_in_a_town_depend_on_its_own_entry_alone(mine: set[str], others: set[str], top: set[str]) -> None:
    alone = principal("potsdam", organization=organization(potsdam=sorted(mine)))
    crowded = principal(
        "potsdam",
        organization=organization(potsdam=sorted(mine), berlin=sorted(others)),
        realm_access={"roles": sorted(top)},
    )
    assert crowded.permissions == alone.permissions == granted(mine | {"citizen"}, DECLARED)


@settings(deadline=None)
@given(st.sets(st.sampled_from(sorted(STAFF_ROLES | {"citizen"}))), st.sampled_from(sorted(STAFF_ROLES)))
def test_another_role_never_takes_a_right_away(roles: set[str], more: str) -> None:
    assert granted(roles, DECLARED) <= granted(roles | {more}, DECLARED)


def machine(roles: list[str], tenant: str = "potsdam", **more: Any) -> Principal:
    return principal(tenant, regiohub_tenant="potsdam", resource_access={"regiohub-api": {"roles": roles}}, **more)
