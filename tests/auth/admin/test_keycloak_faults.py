"""What only a real Keycloak does: its mails, its refusals, its silence."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from regiohub.auth.admin.faults import IdentityRefused, IdentityUnavailable, NoMail
from regiohub.auth.admin.keycloak import KeycloakIdentityAdmin
from regiohub.auth.admin.port import NewMember
from regiohub.settings import Settings
from regiohub.testing.services import SmtpSink
from regiohub.testing.services.keycloak import ExampleRealm

pytestmark = pytest.mark.keycloak


def somebody() -> NewMember:
    return NewMember(f"neu-{secrets.token_hex(4)}@example.org", "Nele", "Neu", frozenset({"/editors"}))


@pytest.fixture
async def admin(keycloak_server: ExampleRealm) -> AsyncIterator[KeycloakIdentityAdmin]:
    opened = KeycloakIdentityAdmin(Settings(**keycloak_server.settings))
    yield opened
    await opened.close()


async def test_invited_person_gets_a_mail_whose_link_lets_her_choose_a_password(
    keycloak_server: ExampleRealm, admin: KeycloakIdentityAdmin, smtp_server: SmtpSink
) -> None:
    keycloak_server.server.mail_to(smtp_server.port)
    person = somebody()
    invited = await admin.invite("potsdam", person)
    try:
        assert invited.mailed
        (mail,) = smtp_server.wait_for(1)
        assert mail["to"] == person.email
        body = mail.get_body(("plain",))
        assert body is not None
        link = re.search(r"https?://\S+action-token\S+", body.get_content())
        assert link is not None
        async with httpx.AsyncClient(follow_redirects=True) as browser:
            page = await browser.get(link[0])
        assert page.status_code == 200
    finally:
        await admin.remove_member("potsdam", invited.member.id)


async def test_without_mail_nobody_is_invited_and_no_account_stays_behind(
    keycloak_server: ExampleRealm, admin: KeycloakIdentityAdmin
) -> None:
    keycloak_server.server.change(f"/{keycloak_server.server.realm}", smtpServer={})
    before = await admin.list_members("potsdam")
    person = somebody()
    with pytest.raises(NoMail):
        await admin.invite("potsdam", person)
    assert await admin.list_members("potsdam") == before
    assert keycloak_server.server.administer("GET", f"/{keycloak_server.server.realm}/users?email={person.email}") == []


async def test_known_account_is_left_to_the_platform_to_write_to(
    keycloak_server: ExampleRealm, admin: KeycloakIdentityAdmin
) -> None:
    keycloak_server.server.change(f"/{keycloak_server.server.realm}", smtpServer={})
    known = keycloak_server.person("buergerin")
    invited = await admin.invite("berlin", NewMember(known.email, "", "", frozenset({"/auditors"})))
    try:
        assert not invited.mailed
        assert (invited.member.name, invited.member.groups) == (known.name, {"/auditors"})
    finally:
        await admin.remove_member("berlin", invited.member.id)
    assert keycloak_server.token("buergerin"), "the account itself must stay"


async def test_towns_of_the_same_name_are_kept_apart(admin: KeycloakIdentityAdmin) -> None:
    slugs = [f"neustadt-{secrets.token_hex(3)}" for _ in range(2)]
    try:
        for _ in range(2):
            for slug in slugs:
                await admin.ensure_tenant(slug, "Stadt Neustadt", "12000000")
        names = {town.slug: town.name for town in await admin.list_tenants() if town.slug in slugs}
        assert sorted(names) == sorted(slugs)
        assert len(set(names.values())) == 2
    finally:
        for slug in slugs:
            await admin.remove_tenant(slug)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"keycloak_client_secret": "wrong"}, IdentityRefused),
        ({"keycloak_client_id": "nobody"}, IdentityRefused),
        ({"keycloak_url": "http://127.0.0.1:9"}, IdentityUnavailable),
    ],
    ids=["keycloak-wrong-secret", "keycloak-unknown-client", "keycloak-down"],
)
async def test_fault_of_the_login_server_is_told_in_words(
    keycloak_server: ExampleRealm, change: dict[str, Any], fault: type[Exception]
) -> None:
    settings: dict[str, Any] = keycloak_server.settings | change
    admin = KeycloakIdentityAdmin(Settings(**settings))
    try:
        with pytest.raises(fault):
            await admin.list_members("potsdam")
    finally:
        await admin.close()


async def test_service_account_without_the_right_is_told_so(keycloak_server: ExampleRealm) -> None:
    """A client that may sign in and administer nothing."""
    settings: dict[str, Any] = keycloak_server.settings | {
        "keycloak_client_id": keycloak_server.machine, "keycloak_client_secret": keycloak_server.machine_secret,
    }  # fmt: skip
    admin = KeycloakIdentityAdmin(Settings(**settings))
    try:
        with pytest.raises(IdentityRefused):
            await admin.list_members("potsdam")
    finally:
        await admin.close()


async def test_members_are_listed_in_a_number_of_calls_that_does_not_grow_with_them(
    keycloak_server: ExampleRealm, admin: KeycloakIdentityAdmin, smtp_server: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regiohub.auth.keycloak import Realm

    keycloak_server.server.mail_to(smtp_server.port)
    calls: list[str] = []
    get = Realm.get

    async def counted(self: Realm, path: str, **query: Any) -> Any:
        calls.append(path)
        return await get(self, path, **query)

    monkeypatch.setattr(Realm, "get", counted)
    few = len(await admin.list_members("wiesenburg"))
    first, added = len(calls), [await admin.invite("wiesenburg", somebody()) for _ in range(3)]
    try:
        calls.clear()
        assert len(await admin.list_members("wiesenburg")) == few + 3
        assert len(calls) == first
    finally:
        for entry in added:
            await admin.remove_member("wiesenburg", entry.member.id)
