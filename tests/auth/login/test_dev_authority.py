"""The built-in issuer as an authorization server: what it grants, to whom, and what it refuses."""

import base64
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from regiohub.auth.admin.access import dev_directory, identity_admin
from regiohub.auth.admin.port import NewMember
from regiohub.auth.dev import DevIssuer
from regiohub.auth.principal import PrincipalKind
from regiohub.testing.world import World

from .browser import BASE, Browser

DEV = "/auth/dev"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
APP = "de.regiohub.app:/callback"


def asked(**changes: str | None) -> str:
    """The address at which an app has a person sign in; ``None`` removes a parameter."""
    good: dict[str, str | None] = {
        "response_type": "code", "client_id": "regiohub-townapp", "redirect_uri": APP, "scope": "openid profile",
        "state": "s", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{DEV}/authorize?" + urlencode({k: v for k, v in (good | changes).items() if v is not None})


def answer_of(response: httpx.Response) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()}


async def token(world: World, **form: str) -> httpx.Response:
    return await world.client.post(f"{DEV}/token", data=form)


async def tokens_for_app(world: World, subject: str, scope: str) -> dict[str, Any]:
    code = answer_of(await world.client.get(asked(subject=subject, scope=scope)))["code"]
    answer = await token(
        world, grant_type="authorization_code", code=code, code_verifier=VERIFIER, redirect_uri=APP,
        client_id="regiohub-townapp",
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    return answer.json()


async def claims(world: World, access_token: str, tenant: str | None = "potsdam") -> Any:
    return (await world.app.state.web.identity.validator.validate(access_token, tenant))[0]


async def test_everybody_whom_the_console_knows_can_be_picked(world_sqlite: World) -> None:
    page = await world_sqlite.client.get(asked(), headers={"accept-language": "de"})
    assert page.status_code == 200
    assert "Test-Anmeldung" in page.text
    for subject in ("region", "revision", "person", "zwei-staedte"):
        assert f"subject={subject}" in page.text
    for role in ("tenant-admin", "editor", "caretaker", "coordinator", "auditor"):
        for town in ("potsdam", "bad-belzig", "berlin"):
            assert f"subject={role}-{town}" in page.text
    assert "<script" not in page.text
    english = await world_sqlite.client.get(asked() + "&lang=en")
    assert "Whom would you like to sign in as?" in english.text
    # The other language keeps what the client has asked.
    assert CHALLENGE in english.text


async def test_invited_person_can_be_picked_and_is_a_member_afterwards(world_sqlite: World) -> None:
    admin = identity_admin(world_sqlite.platform)
    invited = await admin.invite("berlin", NewMember("nina@example.org", "Nina", "Neu", frozenset({"/editors"})))
    page = await world_sqlite.client.get(asked(), headers={"accept-language": "de"})
    assert "Nina Neu" in page.text
    assert "eingeladen" in page.text
    browser = Browser(world_sqlite.client)
    account = await browser.sign_in(invited.member.id)
    assert "Nina Neu" in account.text
    person = dev_directory(world_sqlite.platform).person(invited.member.id)
    assert person is not None
    assert not person.invited


@pytest.mark.parametrize(
    ("scope", "towns"),
    [
        ("openid organization:*", {"potsdam", "bad-belzig"}),
        ("openid organization:bad-belzig", {"bad-belzig"}),
        ("openid organization:berlin", set[str]()),
        ("openid organization", set[str]()),
        ("openid profile", set[str]()),
    ],
)
async def test_token_names_the_towns_that_its_scope_asks_for(world_sqlite: World, scope: str, towns: set[str]) -> None:
    # Two test towns carry the person; which ones, the directory says.
    person = dev_directory(world_sqlite.platform).person("zwei-staedte")
    assert person is not None
    renamed = {"potsdam": ("/editors",), "bad-belzig": ("/coordinators",)}
    with dev_directory(world_sqlite.platform).change() as state:
        state.people["zwei-staedte"].towns = dict(renamed)
    given = await tokens_for_app(world_sqlite, "zwei-staedte", scope)
    assert set((await claims(world_sqlite, given["access_token"])).staff) == towns


async def test_towns_stand_in_keycloaks_layout(world_sqlite: World) -> None:
    given = await tokens_for_app(world_sqlite, "editor-potsdam", "openid organization:potsdam")
    dev: DevIssuer = world_sqlite.app.state.web.identity.dev
    payload = dev.verify(given["access_token"])
    assert payload is not None
    entry = payload["organization"]["potsdam"]
    assert entry["groups"] == ["/editors"]
    assert entry["realm_access"] == {"roles": ["editor"]}
    assert payload["realm_access"] == {"roles": []}
    assert payload["aud"] == ["regiohub-api"]
    assert payload["exp"] - payload["iat"] == 300


async def test_machine_client_gets_a_token_for_its_secret(world_sqlite: World) -> None:
    made = await identity_admin(world_sqlite.platform).create_client("potsdam", "sensors", frozenset({"ingest.write"}))
    form = {"grant_type": "client_credentials"}
    good = await world_sqlite.client.post(f"{DEV}/token", data=form, auth=(made.client.id, made.secret))
    assert good.status_code == 200
    assert "refresh_token" not in good.json()
    resolver = world_sqlite.app.state.web.resolver
    caller = await resolver.resolve(good.json()["access_token"], "potsdam")
    assert caller.kind is PrincipalKind.MACHINE
    for auth in ((made.client.id, "wrong"), ("m2m-nobody", made.secret), ("regiohub-console", made.secret)):
        refused = await world_sqlite.client.post(f"{DEV}/token", data=form, auth=auth)
        assert (refused.status_code, refused.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": None},
        {"redirect_uri": "de.regiohub.app:/other"},
        {"redirect_uri": "http://192.168.1.5/"},
        {"client_id": "regiohub-console"},
        {"client_id": "regiohub-console", "redirect_uri": f"{BASE}/auth/callback/.."},
    ],
)
async def test_unknown_clients_and_addresses_get_a_page_and_no_redirect(
    world_sqlite: World, changes: dict[str, str | None]
) -> None:
    answer = await world_sqlite.client.get(asked(subject="region", **changes))
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"subject": "nobody-knows-him"}, "access_denied"),
    ],
)
async def test_anything_but_a_code_with_pkce_is_refused(
    world_sqlite: World, changes: dict[str, str | None], error: str
) -> None:
    answer = answer_of(await world_sqlite.client.get(asked(**{"subject": "region", **changes})))
    assert (answer["error"], answer["state"], answer["iss"]) == (error, "s", f"{BASE}{DEV}")
    assert "code" not in answer


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:5000/"},
        {"code": "made-up"},
        {"code": ""},
    ],
)
async def test_code_counts_for_whom_it_was_made_only(world_sqlite: World, wrong: dict[str, str]) -> None:
    code = answer_of(await world_sqlite.client.get(asked(subject="region")))["code"]
    good = {
        "grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, "redirect_uri": APP,
        "client_id": "regiohub-townapp",
    }  # fmt: skip
    refused = await token(world_sqlite, **(good | wrong))
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})


async def test_code_ends_after_a_minute(world_sqlite: World) -> None:
    code = answer_of(await world_sqlite.client.get(asked(subject="region")))["code"]
    world_sqlite.clock.advance(timedelta(minutes=1))
    refused = await token(
        world_sqlite, grant_type="authorization_code", code=code, code_verifier=VERIFIER, redirect_uri=APP,
        client_id="regiohub-townapp",
    )  # fmt: skip
    assert refused.json() == {"error": "invalid_grant"}


async def test_refresh_token_counts_once_and_a_second_use_ends_the_session(world_sqlite: World) -> None:
    given = await tokens_for_app(world_sqlite, "person", "openid")
    form = {"grant_type": "refresh_token", "client_id": "regiohub-townapp"}
    first = await token(world_sqlite, **form, refresh_token=given["refresh_token"])
    assert first.status_code == 200
    assert (await token(world_sqlite, **form, refresh_token=given["refresh_token"])).status_code == 400
    # Whoever stole it is locked out together with its owner.
    assert (await token(world_sqlite, **form, refresh_token=first.json()["refresh_token"])).status_code == 400


async def test_refresh_token_of_one_client_is_nothing_to_another(world_sqlite: World) -> None:
    given = await tokens_for_app(world_sqlite, "person", "openid")
    dev: DevIssuer = world_sqlite.app.state.web.identity.dev
    form = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    refused = await world_sqlite.client.post(f"{DEV}/token", data=form, auth=("regiohub-console", dev.console_secret))
    assert refused.json() == {"error": "invalid_grant"}
    for wrong in (given["access_token"], given["id_token"], "x"):
        answer = await token(
            world_sqlite, grant_type="refresh_token", client_id="regiohub-townapp", refresh_token=wrong
        )
        assert answer.json() == {"error": "invalid_grant"}


async def test_refresh_and_id_tokens_open_no_api(world_sqlite: World) -> None:
    given = await tokens_for_app(world_sqlite, "tenant-admin-potsdam", "openid organization:*")
    for name in ("refresh_token", "id_token"):
        answer = await world_sqlite.graphql("potsdam", "{ __typename }", token=given[name])
        assert answer.status == 401
    assert (await world_sqlite.graphql("potsdam", "{ __typename }", token=given["access_token"])).data


async def test_console_secret_is_needed_and_stands_in_no_answer(world_sqlite: World) -> None:
    dev: DevIssuer = world_sqlite.app.state.web.identity.dev
    for path in ("/.well-known/openid-configuration", "/jwks.json"):
        assert dev.console_secret not in (await world_sqlite.client.get(f"{DEV}{path}")).text
    for auth in (("regiohub-console", ""), ("regiohub-console", "wrong"), ("regiohub-townapp", "guess")):
        refused = await world_sqlite.client.post(f"{DEV}/token", data={"grant_type": "refresh_token"}, auth=auth)
        assert refused.status_code == 401
    assert (await token(world_sqlite, grant_type="password", client_id="regiohub-townapp")).json() == {
        "error": "unsupported_grant_type"
    }


async def test_logout_leads_to_known_addresses_only(world_sqlite: World) -> None:
    for wanted in ("https://evil.example/", f"{BASE}/console/", "//evil.example", ""):
        answer = await world_sqlite.client.get(f"{DEV}/logout?{urlencode({'post_logout_redirect_uri': wanted})}")
        assert answer.headers["location"] == "/"
    known = await world_sqlite.client.get(f"{DEV}/logout?{urlencode({'post_logout_redirect_uri': f'{BASE}/'})}")
    assert known.headers["location"] == f"{BASE}/"
