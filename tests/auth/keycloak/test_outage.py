"""Keys that Keycloak renews, and a Keycloak that does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import pytest

from regiohub.auth.keys import IssuerUnavailable
from regiohub.testing import World
from regiohub.testing.services.keycloak import ExampleRealm

from .conftest import Checked, parts

pytestmark = pytest.mark.keycloak

AUDIT = "{ audit(first: 1) { totalCount } }"


@pytest.fixture
def new_key(keycloak_server: ExampleRealm) -> Generator[None]:
    """Keycloak signs with a new key; the old one stays known."""
    key = {
        "name": "rotated",
        "providerId": "rsa-generated",
        "providerType": "org.keycloak.keys.KeyProvider",
        "config": {"priority": ["500"], "algorithm": ["RS256"], "keySize": ["2048"]},
    }
    server = keycloak_server.server
    server.administer("POST", f"/{server.realm}/components", key)
    yield
    (made,) = server.administer("GET", f"/{server.realm}/components?name=rotated")
    server.administer("DELETE", f"/{server.realm}/components/{made['id']}")


@pytest.fixture
def hanging(keycloak_server: ExampleRealm) -> Generator[None]:
    """Keycloak hangs; asked for beside ``keycloak_server`` and after what needs it awake."""
    keycloak_server.server.pause()
    yield
    keycloak_server.server.resume()


@pytest.fixture
def kept(keycloak_server: ExampleRealm) -> str:
    """A token that was got in good time."""
    return keycloak_server.token("potsdam.admin")


async def test_a_renewed_key_costs_one_request_and_no_failed_call(
    checked: Checked, keycloak_server: ExampleRealm, request: pytest.FixtureRequest
) -> None:
    old = keycloak_server.token("potsdam.admin")
    await checked.validator.validate(old, "potsdam")
    assert checked.asked == 1
    request.getfixturevalue("new_key")
    checked.time = 31
    fresh = [keycloak_server.token("potsdam.admin") for _ in range(3)]
    assert parts(fresh[0])[0]["kid"] != parts(old)[0]["kid"]
    await asyncio.gather(*(checked.validator.validate(token, "potsdam") for token in [*fresh, old] * 10))
    assert checked.asked == 2


async def test_holders_of_tokens_go_on_while_keycloak_hangs(
    checked: Checked, kept: str, keycloak_server: ExampleRealm
) -> None:
    await checked.validator.validate(kept, "potsdam")
    keycloak_server.server.pause()
    try:
        for checked.time in range(601, 1201, 5):
            await checked.validator.validate(kept, "potsdam")
            await asyncio.sleep(0)
    finally:
        keycloak_server.server.resume()
    assert 1 < checked.asked <= 1 + 2 * 10


async def test_an_installation_starts_while_keycloak_hangs(kept: str, hanging: None, installation: World) -> None:
    assert (await installation.client.get("/healthz")).status_code == 200
    assert (await installation.graphql("potsdam", "{ tenant { name } }")).errors == []
    waiting = await installation.graphql("potsdam", AUDIT, token=kept)
    assert waiting.status == 503


async def test_a_token_is_checked_as_soon_as_keycloak_answers_again(
    checked: Checked, kept: str, keycloak_server: ExampleRealm
) -> None:
    keycloak_server.server.pause()
    try:
        with pytest.raises(IssuerUnavailable):
            await checked.validator.validate(kept, "potsdam")
    finally:
        keycloak_server.server.resume()
    checked.time = 31
    claims, _ = await checked.validator.validate(kept, "potsdam")
    assert claims.staff == {"potsdam": {"tenant-admin"}}
