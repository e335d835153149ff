"""What both login servers do alike: the same tests, on the built-in issuer's file and on a real Keycloak."""

from __future__ import annotations

import secrets

import pytest

from regiohub.auth.admin.faults import (
    AlreadyMember,
    BadAddress,
    ClientExists,
    NotInvited,
    UnknownClient,
    UnknownMember,
    UnknownTown,
)
from regiohub.auth.admin.port import Member, MemberState, NewMember
from regiohub.auth.permissions import STAFF_ROLES

from .conftest import Place

WRITE = frozenset({"graphql.read", "graphql.write"})


def somebody(*groups: str, email: str | None = None) -> NewMember:
    """A person whom no login server has seen before."""
    return NewMember(email or f"neu-{secrets.token_hex(4)}@example.org", "Nele", "Neu", frozenset(groups))


async def member(place: Place, *groups: str) -> Member:
    """A member who has signed in."""
    found = (await place.admin.invite(place.slug, somebody(*groups))).member
    place.side.sign_in(found.id)
    return found


async def test_new_town_has_the_groups_of_all_roles_and_nobody_in_them(place: Place) -> None:
    assert set(await place.admin.list_groups(place.slug)) == {f"/{role}s" for role in STAFF_ROLES}
    assert list(await place.admin.list_members(place.slug)) == []


async def test_ensuring_a_town_again_follows_its_name_and_keeps_its_people(place: Place) -> None:
    kept = await member(place, "/editors")
    await place.admin.ensure_tenant(place.slug, f"{place.name} am See", "12000000")
    (town,) = [town for town in await place.admin.list_tenants() if town.slug == place.slug]
    assert (town.name, town.members) == (f"{place.name} am See", 1)
    assert [found.id for found in await place.admin.list_members(place.slug)] == [kept.id]


async def test_invited_person_is_a_member_with_the_chosen_groups_and_has_not_signed_in(place: Place) -> None:
    person = somebody("/editors", "/caretakers")
    invited = (await place.admin.invite(place.slug, person)).member
    assert (invited.email, invited.name, invited.state) == (person.email, "Nele Neu", MemberState.INVITED)
    assert invited.groups == {"/editors", "/caretakers"}
    assert list(await place.admin.list_members(place.slug)) == [invited]
    assert await place.admin.find_member(place.slug, invited.id) == invited


async def test_invited_person_who_signs_in_is_an_active_member(place: Place) -> None:
    found = await member(place, "/editors")
    assert (await place.admin.find_member(place.slug, found.id)).state is MemberState.ACTIVE


async def test_second_invitation_of_a_member_is_refused_whatever_the_spelling(place: Place) -> None:
    person = somebody("/editors")
    await place.admin.invite(place.slug, person)
    with pytest.raises(AlreadyMember) as refused:
        await place.admin.invite(place.slug, somebody("/caretakers", email=person.email.upper()))
    assert refused.value.field == "email"
    (only,) = await place.admin.list_members(place.slug)
    assert only.groups == {"/editors"}


async def test_invitation_to_something_that_is_no_address_is_refused(place: Place) -> None:
    with pytest.raises(BadAddress):
        await place.admin.invite(place.slug, somebody(email="kein Postfach"))
    assert list(await place.admin.list_members(place.slug)) == []


async def test_invitation_is_repeated_until_the_person_has_signed_in(place: Place) -> None:
    invited = (await place.admin.invite(place.slug, somebody("/editors"))).member
    assert (await place.admin.remind(place.slug, invited.id)).member == invited
    place.side.sign_in(invited.id)
    with pytest.raises(NotInvited):
        await place.admin.remind(place.slug, invited.id)


async def test_group_is_granted_and_revoked_as_often_as_one_likes(place: Place) -> None:
    found = await member(place)
    for _ in range(2):
        await place.admin.grant(place.slug, found.id, "/coordinators")
    assert (await place.admin.find_member(place.slug, found.id)).groups == {"/coordinators"}
    for _ in range(2):
        await place.admin.revoke(place.slug, found.id, "/coordinators")
    assert (await place.admin.find_member(place.slug, found.id)).groups == set()


async def test_group_that_is_missing_is_made_when_it_is_granted(place: Place) -> None:
    found = await member(place)
    await place.admin.grant(place.slug, found.id, "/measures/booking/admins")
    await place.admin.grant(place.slug, found.id, "/roles/presse")
    assert (await place.admin.find_member(place.slug, found.id)).groups == {
        "/measures/booking/admins",
        "/roles/presse",
    }
    assert {"/measures/booking/admins", "/roles/presse"} <= set(await place.admin.list_groups(place.slug))
    assert await place.admin.list_members(place.slug) == [await place.admin.find_member(place.slug, found.id)]


async def test_revoking_a_group_that_does_not_exist_changes_nothing(place: Place) -> None:
    found = await member(place, "/editors")
    await place.admin.revoke(place.slug, found.id, "/roles/nie-gemacht")
    assert (await place.admin.find_member(place.slug, found.id)).groups == {"/editors"}


async def test_removed_group_takes_its_memberships_with_it_and_does_not_give_them_back(place: Place) -> None:
    found = await member(place, "/roles/presse", "/editors")
    for _ in range(2):
        await place.admin.remove_group(place.slug, "/roles/presse")
    other = await member(place)
    await place.admin.grant(place.slug, other.id, "/roles/presse")
    assert (await place.admin.find_member(place.slug, found.id)).groups == {"/editors"}


async def test_removed_member_has_no_groups_when_invited_again(place: Place) -> None:
    person = somebody("/tenant-admins")
    first = (await place.admin.invite(place.slug, person)).member
    place.side.sign_in(first.id)
    await place.admin.remove_member(place.slug, first.id)
    assert list(await place.admin.list_members(place.slug)) == []
    again = (await place.admin.invite(place.slug, somebody("/auditors", email=person.email))).member
    assert (again.id, again.groups, again.state) == (first.id, {"/auditors"}, MemberState.ACTIVE)


async def test_account_that_was_never_used_vanishes_with_its_only_membership(place: Place) -> None:
    person = somebody("/editors")
    first = (await place.admin.invite(place.slug, person)).member
    await place.admin.remove_member(place.slug, first.id)
    assert (await place.admin.invite(place.slug, person)).member.id != first.id


@pytest.mark.parametrize("stranger", ["nobody", "00000000-0000-4000-8000-000000000000", "../members", "a/b", "", "."])
async def test_unknown_person_is_told_from_a_member(place: Place, stranger: str) -> None:
    admin, slug = place.admin, place.slug
    for call in (
        admin.find_member(slug, stranger),
        admin.remind(slug, stranger),
        admin.grant(slug, stranger, "/editors"),
        admin.revoke(slug, stranger, "/editors"),
        admin.remove_member(slug, stranger),
    ):
        with pytest.raises(UnknownMember):
            await call


async def test_member_of_another_town_is_as_unknown_as_a_missing_one(place: Place) -> None:
    other = f"{place.slug}-b"
    await place.admin.ensure_tenant(other, f"Stadt {other}", "12000001")
    try:
        foreign = (await place.admin.invite(other, somebody("/editors"))).member
        with pytest.raises(UnknownMember):
            await place.admin.grant(place.slug, foreign.id, "/tenant-admins")
        with pytest.raises(UnknownMember):
            await place.admin.remove_member(place.slug, foreign.id)
        assert (await place.admin.find_member(other, foreign.id)).groups == {"/editors"}
    finally:
        await place.admin.remove_tenant(other)


async def test_person_of_two_towns_keeps_the_groups_apart(place: Place) -> None:
    other = f"{place.slug}-b"
    await place.admin.ensure_tenant(other, f"Stadt {other}", "12000001")
    try:
        person = somebody("/editors")
        first = (await place.admin.invite(place.slug, person)).member
        second = (await place.admin.invite(other, somebody("/auditors", email=person.email))).member
        assert first.id == second.id
        assert (await place.admin.find_member(place.slug, first.id)).groups == {"/editors"}
        assert (await place.admin.find_member(other, first.id)).groups == {"/auditors"}
        await place.admin.remove_member(other, first.id)
        assert (await place.admin.find_member(place.slug, first.id)).groups == {"/editors"}
    finally:
        await place.admin.remove_tenant(other)


async def test_unknown_town_is_told(place: Place) -> None:
    admin = place.admin
    for call in (
        admin.list_members("nirgendwo"),
        admin.invite("nirgendwo", somebody("/editors")),
        admin.list_groups("nirgendwo"),
        admin.create_client("nirgendwo", "app", WRITE),
        admin.remove_tenant("nirgendwo"),
    ):
        with pytest.raises(UnknownTown):
            await call


async def test_removed_town_leaves_no_client_behind(place: Place) -> None:
    other = f"{place.slug}-b"
    await place.admin.ensure_tenant(other, f"Stadt {other}", "12000001")
    made = await place.admin.create_client(other, "app", WRITE)
    await place.admin.remove_tenant(other)
    assert other not in {town.slug for town in await place.admin.list_tenants()}
    assert place.side.claims(made.client.id, made.secret) is None


async def test_machine_client_gets_tokens_for_its_town_with_the_roles_of_its_purpose(place: Place) -> None:
    made = await place.admin.create_client(place.slug, "buerger-app", WRITE)
    assert made.client.id == f"m2m-{place.slug}-buerger-app"
    assert list(await place.admin.list_clients(place.slug)) == [made.client]
    claims = place.side.claims(made.client.id, made.secret)
    assert claims is not None
    assert claims["regiohub_tenant"] == place.slug
    assert set(claims["resource_access"]["regiohub-api"]["roles"]) == WRITE
    assert "organization" not in claims


async def test_renewed_secret_ends_the_old_one(place: Place) -> None:
    made = await place.admin.create_client(place.slug, "netz", frozenset({"ingest.write"}))
    renewed = await place.admin.renew_secret(place.slug, "netz")
    assert renewed.client == made.client
    assert renewed.secret != made.secret
    assert place.side.claims(made.client.id, made.secret) is None
    assert place.side.claims(made.client.id, renewed.secret) is not None


async def test_removed_client_gets_no_tokens(place: Place) -> None:
    made = await place.admin.create_client(place.slug, "netz", frozenset({"ingest.write"}))
    await place.admin.remove_client(place.slug, "netz")
    assert list(await place.admin.list_clients(place.slug)) == []
    assert place.side.claims(made.client.id, made.secret) is None


async def test_second_client_of_the_same_purpose_is_refused_and_the_first_goes_on(place: Place) -> None:
    made = await place.admin.create_client(place.slug, "netz", frozenset({"ingest.write"}))
    with pytest.raises(ClientExists) as refused:
        await place.admin.create_client(place.slug, "netz", WRITE)
    assert refused.value.field == "purpose"
    assert list(await place.admin.list_clients(place.slug)) == [made.client]
    assert place.side.claims(made.client.id, made.secret) is not None


async def test_client_of_a_town_whose_name_begins_alike_is_not_listed_and_not_removed(place: Place) -> None:
    other = f"{place.slug}-b"
    await place.admin.ensure_tenant(other, f"Stadt {other}", "12000001")
    try:
        await place.admin.create_client(other, "netz", frozenset({"ingest.write"}))
        assert list(await place.admin.list_clients(place.slug)) == []
        for call in (place.admin.remove_client(place.slug, "b-netz"), place.admin.renew_secret(place.slug, "b-netz")):
            with pytest.raises(UnknownClient):
                await call
        assert len(await place.admin.list_clients(other)) == 1
    finally:
        await place.admin.remove_tenant(other)
