"""The pages about access: what people do with them, what they refuse, and what they never show twice."""

from __future__ import annotations

import re

import httpx
import pytest

from regiohub.auth.admin.access import dev_directory, identity_admin
from regiohub.testing.console import ConsoleClient, text_of
from regiohub.testing.world import World

EDITOR, ADMIN = "editor-potsdam", "tenant-admin-potsdam"


async def admin(world: World) -> ConsoleClient:
    return await world.console("potsdam", roles=["tenant-admin"])


def sent_to(answer: httpx.Response) -> str:
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["location"]


async def test_admin_invites_a_person_who_can_then_be_picked_with_the_roles(world: World) -> None:
    page = await admin(world)
    assert "Redaktion: Pflegt die Inhalte" in text_of(await page.get("access/members/invite"))
    form = {"email": "nele@example.org", "first_name": "Nele", "last_name": "Neu", "roles": ["editor", "auditor"]}
    where = sent_to(await page.post("access/members/invite", form))
    shown = text_of(await page.get(where))
    assert "nele@example.org" in shown
    person = next(person for person in dev_directory(world.platform).people() if person.email == "nele@example.org")
    assert person.towns == {"potsdam": ("/auditors", "/editors")}


async def test_faulty_invitation_comes_back_with_its_words_at_the_fields(world_sqlite: World) -> None:
    page = await admin(world_sqlite)
    answer = await page.post("access/members/invite", {"email": "kein Postfach", "first_name": "Nele", "last_name": ""})
    assert answer.status_code == 422
    assert 'value="Nele"' in answer.text
    known = {"email": "redaktion@potsdam.example", "first_name": "N", "last_name": "N", "roles": ["editor"]}
    answer = await page.post("access/members/invite", known)
    assert answer.status_code == 422
    assert "gehört schon zu dieser Kommune" in text_of(answer)


async def test_people_are_filtered_sorted_and_exported(world_sqlite: World) -> None:
    page = await admin(world_sqlite)
    everybody = text_of(await page.get("access/members"))
    assert "Emil Potsdam" in everybody
    assert "Vera Potsdam" in everybody
    auditors = text_of(await page.get("access/members?members.role=auditor"))
    assert "Vera Potsdam" in auditors
    assert "Emil Potsdam" not in auditors
    file = await page.get("access/members?format=csv&list=members")
    assert file.headers["content-type"].startswith("text/csv")
    assert "redaktion@potsdam.example" in file.text


async def test_role_is_given_and_taken_on_the_page_of_a_person(world: World) -> None:
    page = await admin(world)
    where = sent_to(await page.post(f"access/members/{EDITOR}/grant", {"role": "caretaker"}))
    shown = text_of(await page.get(where))
    assert "durch Betreuung vor Ort" in shown
    sent_to(await page.post(f"access/members/{EDITOR}/revoke", {"role": "editor"}))
    found = await identity_admin(world.platform).find_member("potsdam", EDITOR)
    assert found.groups == {"/caretakers"}


async def test_removal_names_its_consequences_first_and_happens_only_after_a_yes(world: World) -> None:
    page = await admin(world)
    asked = await page.post(f"access/members/{EDITOR}/remove")
    assert "Alle Rollen in dieser Kommune enden" in text_of(asked)
    assert EDITOR in {found.id for found in await identity_admin(world.platform).list_members("potsdam")}
    sent_to(await page.post(f"access/members/{EDITOR}/remove", {"confirmed": "yes"}))
    assert EDITOR not in {found.id for found in await identity_admin(world.platform).list_members("potsdam")}


async def test_last_admin_stays_and_the_page_says_why(world_sqlite: World) -> None:
    page = await admin(world_sqlite)
    answer = await page.post(f"access/members/{ADMIN}/remove", {"confirmed": "yes"})
    assert answer.status_code == 409
    assert "die letzte Person mit der Administration" in text_of(answer)


async def test_own_role_is_put_together_from_checkboxes_and_changed(world: World) -> None:
    page = await admin(world)
    form = await page.get("access/roles/new")
    assert "<legend" in form.text
    assert "region." not in form.text
    new = {"key": "presse", "title": "Pressestelle", "title_en": "Press office", "permissions": ["atlas.edit"]}
    sent_to(await page.post("access/roles/new", new))
    assert world.tenant("potsdam").roles.own["presse"].permissions == {"atlas.edit"}
    assert "Pressestelle" in text_of(await page.get("access/roles"))
    edit = await page.get("access/roles/own:presse")
    assert re.search(r'value="atlas.edit" checked', edit.text)
    sent_to(await page.post("access/roles/own:presse", new | {"permissions": ["tenant.audit"]}))
    assert world.tenant("potsdam").roles.own["presse"].permissions == {"tenant.audit"}
    assert "verliert sie" in text_of(await page.post("access/roles/own:presse/delete"))
    sent_to(await page.post("access/roles/own:presse/delete", {"confirmed": "yes"}))
    assert world.tenant("potsdam").roles.own == {}


async def test_new_role_opens_the_console_for_its_holder(world: World) -> None:
    page = await admin(world)
    new = {"key": "personal", "title": "Personalstelle", "title_en": "Staff office", "permissions": ["tenant.members"]}
    sent_to(await page.post("access/roles/new", new))
    holder = await world.console("potsdam", roles=["own:personal"], subject="paul")
    assert (await holder.get("access/members")).status_code == 200
    assert (await holder.get("access/roles")).status_code == 403


async def test_group_is_mapped_and_reset(world: World) -> None:
    page = await admin(world)
    sent_to(await page.post("access/groups/edit", {"group": "/amt-23", "roles": ["editor"]}))
    shown = text_of(await page.get("access/groups"))
    assert "/amt-23" in shown
    assert "von der Kommune festgelegt" in shown
    sent_to(await page.post("access/groups/reset", {"group": "/amt-23"}))
    assert world.tenant("potsdam").roles.groups == {}
    assert (await page.post("access/groups/edit", {"group": "amt", "roles": []})).status_code == 422


async def test_secret_is_shown_exactly_once(world: World) -> None:
    page = await admin(world)
    answer = await page.post("access/clients/new", {"purpose": "buerger-app", "kind": "town-app"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    shown = re.search(r'class="secret">([^<]+)<', answer.text)
    assert shown is not None
    directory = dev_directory(world.platform)
    assert directory.verify_client("m2m-potsdam-buerger-app", shown[1]) is not None
    for path in ("access/clients", "access/clients?format=csv", "audit", "access/clients/new"):
        assert shown[1] not in (await page.get(path)).text
    assert "graphql.read, graphql.write" in text_of(await page.get("access/clients/m2m-potsdam-buerger-app"))
    assert (await page.get("access/clients/m2m-bad-belzig-buerger-app")).status_code == 404
    again = await page.post("access/clients/buerger-app/renew", {"confirmed": "yes"})
    assert shown[1] not in again.text
    assert directory.verify_client("m2m-potsdam-buerger-app", shown[1]) is None
    assert "kann sich nicht mehr anmelden" in text_of(await page.post("access/clients/buerger-app/remove"))
    sent_to(await page.post("access/clients/buerger-app/remove", {"confirmed": "yes"}))
    assert directory.verify_client("m2m-potsdam-buerger-app", shown[1]) is None


async def test_explanation_names_the_role_that_gives_a_right(world_sqlite: World) -> None:
    page = await admin(world_sqlite)
    yes = text_of(await page.get(f"access/explain?member={EDITOR}&action=booking.approve"))
    assert "Ja, das ist erlaubt." in yes
    assert "Die Rolle „Redaktion“ enthält das Recht" in yes
    no = text_of(await page.get(f"access/explain?member={EDITOR}&action=tenant.plugins"))
    assert "Nein, das ist nicht erlaubt." in no
    assert "Das Recht geben diese Rollen: Administration der Kommune." in no


@pytest.mark.parametrize(
    "path",
    ["access/members", "access/members/invite", f"access/members/{EDITOR}", "access/roles", "access/roles/new",
     "access/roles/editor", "access/groups", "access/groups/edit", "access/clients", "access/clients/new",
     "access/explain", "access"],
)  # fmt: skip
async def test_without_the_right_the_page_is_forbidden_and_not_in_the_navigation(
    world_sqlite: World, path: str
) -> None:
    page = await world_sqlite.console("potsdam", roles=["editor"])
    answer = await page.get(path)
    assert answer.status_code == 403
    assert "/access" not in answer.text.replace(f"/console/potsdam/{path}", "")


@pytest.mark.parametrize("language", ["de", "en"])
async def test_every_page_about_access_speaks_both_languages(world_sqlite: World, language: str) -> None:
    page = await admin(world_sqlite)
    for path in ("members", "members/invite", f"members/{EDITOR}", "roles", "roles/new", "roles/editor", "groups",
                 "groups/edit?group=/editors", "clients", "clients/new", "explain"):  # fmt: skip
        answer = await page.get(f"access/{path}{'&' if '?' in path else '?'}lang={language}")
        assert answer.status_code == 200, path
        assert answer.headers["content-language"] == language


async def test_region_sees_numbers_and_appoints_admins(world: World) -> None:
    page = await world.console(None, regional=["regional-admin"])
    shown = await page.get("people")
    assert "Potsdam" in text_of(shown)
    assert "Emil" not in shown.text
    form = {"email": "neu@example.org", "first_name": "Nina", "last_name": "Neu"}
    sent_to(await page.post("people/berlin/appoint", form))
    assert "neu@example.org" in {found.email for found in await identity_admin(world.platform).list_members("berlin")}
    auditor = await world.console(None, regional=["regional-auditor"])
    assert (await auditor.get("people")).status_code == 200
    assert (await auditor.get("people/berlin/appoint")).status_code == 403
    assert (await auditor.post("people/berlin/appoint", form)).status_code == 403
