"""The explanation of a right: it agrees with the decision in every case, and names the reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regiohub.auth.claims import Claims
from regiohub.auth.permissions import STAFF_ROLES
from regiohub.auth.rights import ForeignTenant, principal_of
from regiohub.auth.roles.explain import Explanation, explain
from regiohub.auth.roles.service import create_role, set_group_roles
from regiohub.testing.world import World
from regiohub.texts import t

LATER = datetime(2030, 1, 1, tzinfo=UTC)


def claims(groups: dict[str, list[str]] | None = None, **more: Any) -> Claims:
    """A person's claims; the login server names no roles beside the groups."""
    given_groups = {slug: frozenset(paths) for slug, paths in (groups or {}).items()}
    staff: dict[str, frozenset[str]] = {slug: frozenset() for slug in given_groups}
    return Claims(issuer="https://login.example.org", subject="anna", expires_at=LATER, staff=staff,
                  groups=given_groups, **more)  # fmt: skip


def ask(world: World, who: Claims, action: str, town: str = "potsdam", **more: Any) -> Explanation:
    return explain(world.platform, world.tenant(town), who, action, **more)


def words(found: Explanation, language: str = "de") -> str:
    return "\n".join(step.text.get(language) for step in found.steps)


async def test_role_that_gives_the_right_is_named_with_the_group_it_comes_from(world_sqlite: World) -> None:
    found = ask(world_sqlite, claims({"potsdam": ["/editors"]}), "booking.approve")
    assert found.allowed
    assert found.sources == ("editor",)
    assert "Gruppe /editors: Rolle Redaktion" in words(found)
    assert "The role “Editor” holds the right “Approve and deny bookings”." in words(found, "en")


async def test_missing_role_is_told_together_with_those_that_would_do(world_sqlite: World) -> None:
    found = ask(world_sqlite, claims({"potsdam": ["/auditors"]}), "booking.manage")
    assert not found.allowed
    assert "Keine ihrer Rollen (Revision) enthält" in words(found)
    assert "Administration der Kommune, Redaktion" in words(found)


async def test_staff_of_another_town_is_told_that_it_does_not_count_here(world_sqlite: World) -> None:
    found = ask(
        world_sqlite,
        claims({"bad-belzig": ["/tenant-admins"]}, top_roles=frozenset({"tenant-admin"})),
        "booking.approve",
    )
    assert not found.allowed
    assert "gehört nicht zu Potsdam" in words(found)
    assert "Rollen in anderen Kommunen (bad-belzig)" in words(found)
    assert "ohne Kommune nennt, zählen nie" in words(found)


async def test_regional_admin_is_told_that_his_role_opens_no_towns_data(world_sqlite: World) -> None:
    who = claims(top_roles=frozenset({"regional-admin"}))
    assert "öffnet keine Daten einer Kommune" in words(ask(world_sqlite, who, "booking.view"))
    assert ask(world_sqlite, who, "region.towns").sources == ("regional-admin",)
    refused = ask(world_sqlite, who, "region.towns", speaks_for_region=False)
    assert not refused.allowed
    assert "nicht für die Region sprechen" in words(refused)


async def test_switched_off_plugin_is_the_reason_for_everybody(world_sqlite: World) -> None:
    found = ask(world_sqlite, claims({"berlin": ["/tenant-admins"]}), "booking.approve", "berlin")
    assert not found.allowed
    assert found.sources == ()
    assert "ist in Berlin ausgeschaltet" in words(found)


async def test_unknown_right_is_told_with_those_that_look_like_it(world_sqlite: World) -> None:
    found = ask(world_sqlite, claims({"potsdam": ["/editors"]}), "booking.aprove")
    assert not found.allowed
    assert "booking.approve" in words(found)


async def test_own_role_and_mapping_are_named_as_the_towns_doing(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam").write() as ctx:
        await create_role(ctx, "presse", t("Pressestelle", "Press office"), ["tenant.audit"])
        await set_group_roles(ctx, "/amt-13", ["auditor"])
    found = ask(world_sqlite, claims({"potsdam": ["/roles/presse", "/amt-13"]}), "tenant.audit")
    assert found.sources == ("auditor", "own:presse")
    assert "Gruppe /roles/presse: Rolle Pressestelle." in words(found)
    assert "Gruppe /amt-13: Rolle Revision (so von der Kommune festgelegt)." in words(found)


async def test_program_is_told_what_its_access_lacks(world_sqlite: World) -> None:
    def machine(tenant: str, *roles: str) -> Claims:
        return claims(is_machine=True, machine_tenant=tenant, client_roles=frozenset(roles))

    assert ask(world_sqlite, machine("potsdam", "graphql.write"), "lorawan.import").allowed
    assert "fehlt dem Zugang eine Rolle" in words(
        ask(world_sqlite, machine("potsdam", "graphql.read"), "lorawan.import")
    )
    assert "für Programme nicht geöffnet" in words(
        ask(world_sqlite, machine("potsdam", "graphql.write"), "booking.approve")
    )
    assert "andere Kommune (berlin)" in words(ask(world_sqlite, machine("berlin", "graphql.write"), "lorawan.import"))


STAFF_GROUPS = [f"/{role}s" for role in sorted(STAFF_ROLES)]
GROUPS = st.lists(st.sampled_from([*STAFF_GROUPS, "/measures/booking/admins", "/roles/presse", "/x"]), max_size=3)
ACTIONS = st.sampled_from(
    ["booking.approve", "booking.manage", "atlas.edit", "lorawan.manage_keys", "lorawan.import", "tenant.audit",
     "tenant.members", "region.towns", "region.read", "core.public", "core.signed_in", "nie.gehoert"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    groups=st.dictionaries(st.sampled_from(["potsdam", "berlin"]), GROUPS, max_size=2),
    top=st.frozensets(st.sampled_from(["regional-admin", "regional-auditor", "tenant-admin", "editor"])),
    machine=st.none() | st.sampled_from(["potsdam", "berlin"]),
    client=st.frozensets(st.sampled_from(["graphql.write", "ingest.write", "lorawan.import"])),
    action=ACTIONS,
    town=st.sampled_from(["potsdam", "berlin"]),
    region=st.booleans(),
)
async def test_explanation_always_agrees_with_the_decision(
    world_sqlite: World, groups: dict[str, list[str]], top: frozenset[str], machine: str | None,
    client: frozenset[str], action: str, town: str, region: bool,
) -> None:  # fmt: skip
    who = claims(groups, top_roles=top, is_machine=machine is not None, machine_tenant=machine, client_roles=client)
    found = ask(world_sqlite, who, action, town, speaks_for_region=region)
    known = {entry.id for entry in world_sqlite.platform.permissions(town)} | {"region.towns", "region.read"}
    try:
        principal = principal_of(
            who, tenant=town, declared=world_sqlite.platform.permissions(town),
            roles=world_sqlite.tenant(town).roles, speaks_for_region=region,
        )  # fmt: skip
    except ForeignTenant:
        assert not found.allowed
        return
    by_rule = action in principal.permissions or action == "core.public"
    assert found.allowed == (principal.is_signed_in if action == "core.signed_in" else by_rule)
    assert found.allowed == bool(found.sources) or action.startswith("core.")
    assert found.steps, "no answer without a reason"
    if action not in known and not action.startswith("core."):
        assert not found.allowed


@pytest.mark.parametrize("language", ["de", "en"])
async def test_every_step_has_words_in_both_languages(world_sqlite: World, language: str) -> None:
    found = ask(world_sqlite, claims({"potsdam": ["/editors"]}), "booking.caretake")
    assert all(step.text.get(language).strip().endswith((".", ":")) for step in found.steps)
