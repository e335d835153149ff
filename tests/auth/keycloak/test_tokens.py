"""Tokens that a real Keycloak has made: those that count, and everything that must not."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any
from urllib.request import urlopen

import pytest
from joserfc import jwk

from regiohub.auth.tokens import TokenExpired, TokenRefused
from regiohub.testing.services.keycloak import ExampleRealm
from regiohub.testing.services.keycloak.clients import add_direct

from .conftest import Checked, part, parts

pytestmark = pytest.mark.keycloak


def public_keys(realm: ExampleRealm) -> list[dict[str, Any]]:
    with urlopen(f"{realm.issuer}/protocol/openid-connect/certs") as answer:
        return json.load(answer)["keys"]


async def refusal(checked: Checked, token: str, tenant: str | None = "potsdam") -> str:
    with pytest.raises(TokenRefused) as caught:
        await checked.validator.validate(token, tenant)
    return caught.value.reason


async def test_token_of_staff_counts_with_the_roles_of_the_town(
    checked: Checked, keycloak_server: ExampleRealm
) -> None:
    claims, issuer = await checked.validator.validate(keycloak_server.token("flaeming"), "wiesenburg")
    assert claims.staff == {"bad-belzig": {"editor"}, "wiesenburg": {"coordinator"}}
    assert (claims.name, claims.email) == ("Frieda Fläming", "flaeming@example.org")
    assert issuer.issuer == keycloak_server.issuer


async def test_token_of_a_machine_counts_with_its_town_and_client_roles(
    checked: Checked, keycloak_server: ExampleRealm
) -> None:
    claims, _ = await checked.validator.validate(keycloak_server.machine_token(), "potsdam")
    assert (claims.is_machine, claims.machine_tenant, claims.client_roles) == (True, "potsdam", {"ingest.write"})
    assert claims.staff == {}


async def test_token_of_somebody_without_a_town_is_a_plain_person(
    checked: Checked, keycloak_server: ExampleRealm
) -> None:
    claims, _ = await checked.validator.validate(keycloak_server.token("buergerin"), "potsdam")
    assert (claims.staff, claims.top_roles, claims.is_machine) == ({}, frozenset(), False)


async def test_token_of_another_realm_is_refused(checked: Checked, keycloak_server: ExampleRealm) -> None:
    login = {"grant_type": "password", "client_id": "admin-cli", "username": keycloak_server.server.root}
    root = keycloak_server.server.grant(realm="master", password=keycloak_server.server.root_password, **login)
    assert await refusal(checked, root["access_token"]) == "unknown issuer"


@pytest.mark.parametrize(
    ("kind", "reason"), [("id_token", "aud"), ("refresh_token", "algorithm not allowed")], ids=["identity", "refresh"]
)
async def test_tokens_for_other_ends_are_refused(
    checked: Checked, keycloak_server: ExampleRealm, kind: str, reason: str
) -> None:
    token = keycloak_server.tokens("potsdam.admin")[kind]
    assert reason in await refusal(checked, token)


async def test_identity_token_is_refused_even_if_it_is_meant_for_us(keycloak_server: ExampleRealm) -> None:
    client = keycloak_server.issuer_settings.model_copy(update={"audience": "regiohub-test"})
    token = keycloak_server.tokens("potsdam.admin")["id_token"]
    checked = Checked((client,))
    assert await refusal(checked, token) == "not an access token (claim typ)"
    await checked.registry.close()


async def test_token_of_a_client_that_is_not_for_our_api_is_refused(
    checked: Checked, keycloak_server: ExampleRealm
) -> None:
    add_direct(keycloak_server.server, name="other-service", audience=False)
    assert "aud" in await refusal(checked, keycloak_server.token("potsdam.admin", client="other-service"))


async def test_token_that_has_ended_is_refused_with_a_code_of_its_own(
    checked: Checked, keycloak_server: ExampleRealm
) -> None:
    token = keycloak_server.token("potsdam.admin")
    await checked.validator.validate(token, "potsdam")
    checked.later = timedelta(seconds=331)
    with pytest.raises(TokenExpired):
        await checked.validator.validate(token, "potsdam")


async def test_token_from_the_future_is_refused(checked: Checked, keycloak_server: ExampleRealm) -> None:
    checked.later = timedelta(seconds=-60)
    assert "in the future" in await refusal(checked, keycloak_server.token("potsdam.admin"))


async def test_token_with_a_town_written_into_it_is_refused(checked: Checked, keycloak_server: ExampleRealm) -> None:
    token = keycloak_server.token("bad-belzig.admin")
    header, _, signature = token.split(".")
    payload = parts(token)[1]
    payload["organization"]["berlin"] = payload["organization"]["bad-belzig"]
    assert "bad_signature" in await refusal(checked, f"{header}.{part(payload)}.{signature}", "berlin")


async def test_token_with_the_signature_of_another_token_is_refused(
    checked: Checked, keycloak_server: ExampleRealm
) -> None:
    mine, other = keycloak_server.token("buergerin"), keycloak_server.token("potsdam.admin")
    swapped = f"{other.rpartition('.')[0]}.{mine.rpartition('.')[2]}"
    assert "bad_signature" in await refusal(checked, swapped)


@pytest.mark.parametrize("change", [{"alg": "none"}, {"alg": "HS512"}, {"typ": "logout+jwt"}, {"kid": "unheard-of"}])
async def test_token_with_a_changed_header_is_refused(
    checked: Checked, keycloak_server: ExampleRealm, change: dict[str, Any]
) -> None:
    token = keycloak_server.token("potsdam.admin")
    _, payload, signature = token.split(".")
    await refusal(checked, f"{part(parts(token)[0] | change)}.{payload}.{signature}")


async def test_public_key_used_as_a_shared_secret_is_refused(checked: Checked, keycloak_server: ExampleRealm) -> None:
    header, payload = parts(keycloak_server.token("potsdam.admin"))
    keys = await asyncio.to_thread(public_keys, keycloak_server)
    (entry,) = [key for key in keys if key["kid"] == header["kid"]]
    pem = jwk.RSAKey.import_key(entry).as_pem(private=False)
    body = f"{part(header | {'alg': 'HS256'})}.{part(payload)}"
    forged = base64.urlsafe_b64encode(hmac.new(pem, body.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
    assert await refusal(checked, f"{body}.{forged}") == "algorithm not allowed"


async def test_cut_and_padded_tokens_are_refused(checked: Checked, keycloak_server: ExampleRealm) -> None:
    token = keycloak_server.token("potsdam.admin")
    assert "bad_signature" in await refusal(checked, token[:-10])
    assert await refusal(checked, token.rpartition(".")[0]) == "not a signed token"
    assert await refusal(checked, token + "x" * 20_000) == "too long"
