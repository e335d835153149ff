"""What the realm file makes Keycloak refuse."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from regiohub.testing.services.keycloak import ExampleRealm, KeycloakRefusedError

pytestmark = pytest.mark.keycloak

CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(b"x" * 64).digest()).rstrip(b"=").decode()
CALLBACK = "http://127.0.0.1:8000/auth/callback"
APP = "de.regiohub.app:/callback"


@pytest.fixture
async def visitor(keycloak_server: ExampleRealm) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without an account, at the realm's addresses."""
    async with httpx.AsyncClient(base_url=f"{keycloak_server.issuer}/protocol/openid-connect/", timeout=30) as client:
        yield client


@pytest.fixture
def console(keycloak_server: ExampleRealm) -> None:
    """The console's address is the one of a fresh installation, whatever other tests have set."""
    keycloak_server.server.console_at(CALLBACK.removesuffix("/auth/callback"))


def asked(client: str = "regiohub-console", redirect: str = CALLBACK, **changes: str) -> dict[str, Any]:
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    base = {"client_id": client, "redirect_uri": redirect, "response_type": "code", "scope": "openid", "state": "s"}
    return {name: value for name, value in (base | pkce | changes).items() if value}


@pytest.mark.parametrize("client", ["regiohub-console", "regiohub-townapp", "regiohub-admin-sync", "regiohub-api"])
def test_no_client_of_the_platform_takes_a_password(keycloak_server: ExampleRealm, client: str) -> None:
    secrets = {
        "regiohub-console": keycloak_server.server.console_secret,
        "regiohub-admin-sync": keycloak_server.server.admin_sync_secret,
    }
    form = {"client_id": client, "client_secret": secrets.get(client, ""), "username": "buergerin"}
    with pytest.raises(KeycloakRefusedError) as caught:
        keycloak_server.server.grant(grant_type="password", password=keycloak_server.password, **form)
    assert caught.value.status in (400, 401)


@pytest.mark.parametrize(("client", "redirect"), [("regiohub-console", CALLBACK), ("regiohub-townapp", APP)])
async def test_a_sign_in_begins_with_pkce(
    console: None, visitor: httpx.AsyncClient, client: str, redirect: str
) -> None:
    assert (await visitor.get("auth", params=asked(client, redirect))).status_code == 200


@pytest.mark.parametrize(("client", "redirect"), [("regiohub-console", CALLBACK), ("regiohub-townapp", APP)])
@pytest.mark.parametrize("change", [{"code_challenge": ""}, {"code_challenge_method": "plain"}])
async def test_a_sign_in_without_a_good_challenge_is_refused(
    console: None, visitor: httpx.AsyncClient, client: str, redirect: str, change: dict[str, str]
) -> None:
    answer = await visitor.get("auth", params=asked(client, redirect, **change))
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.headers["location"]).query)["error"] == ["invalid_request"]


@pytest.mark.parametrize(
    "redirect",
    ["https://evil.example/auth/callback", CALLBACK + "/../elsewhere", CALLBACK + "?next=x", "http://127.0.0.1:8000/"],
)
async def test_nobody_is_sent_to_another_address_after_the_sign_in(
    console: None, visitor: httpx.AsyncClient, redirect: str
) -> None:
    assert (await visitor.get("auth", params=asked(redirect=redirect))).status_code == 400


@pytest.mark.parametrize("kind", ["token", "id_token token"])
async def test_tokens_never_come_by_way_of_the_address(console: None, visitor: httpx.AsyncClient, kind: str) -> None:
    answer = await visitor.get("auth", params=asked(response_type=kind, nonce="n"))
    assert answer.status_code in (302, 400)
    assert "access_token" not in answer.headers.get("location", "")


async def test_nobody_registers_himself(console: None, visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("registrations", params=asked())
    assert answer.status_code >= 400
