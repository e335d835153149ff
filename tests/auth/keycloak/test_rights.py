"""What a real token is good for, in the town it is for and in all others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from regiohub.auth.principal import Principal
from regiohub.auth.rights import ForeignTenant
from regiohub.auth.tokens import TokenRefused
from regiohub.settings import IssuerSettings
from regiohub.testing import World, open_world
from regiohub.testing.databases import SqliteTemplate
from regiohub.testing.services.keycloak import ExampleRealm
from regiohub.testing.services.keycloak.clients import add_direct
from regiohub.web.state import WebState

from .conftest import OWN_REALM, parts

pytestmark = pytest.mark.keycloak

CARELESS = "careless-client"
AUDIT = "{ audit(first: 1) { totalCount } }"


async def principal(world: World, token: str, town: str | None) -> Principal:
    state: WebState = world.app.state.web
    return await state.resolver.resolve(token, town)


@pytest.fixture(scope="module")
def promoted(keycloak_server: ExampleRealm) -> Generator[str]:
    """A token of Bad Belzig's admin whose realm roles, given by mistake, stand at the top: he has every staff role."""
    server = keycloak_server.server
    add_direct(server, name=CARELESS, full=True)
    (admin,) = server.administer("GET", "/regiohub/users?exact=true&username=bad-belzig.admin")
    names = ("tenant-admin", "editor", "caretaker", "coordinator", "auditor")
    roles = [server.administer("GET", f"/regiohub/roles/{name}") for name in names]
    server.administer("POST", f"/regiohub/users/{admin['id']}/role-mappings/realm", roles)
    token = keycloak_server.token("bad-belzig.admin", client=CARELESS)
    assert set(names) <= set(parts(token)[1]["realm_access"]["roles"]), "otherwise these tests prove nothing"
    yield token
    server.administer("DELETE", f"/regiohub/users/{admin['id']}/role-mappings/realm", roles)


async def test_admin_of_bad_belzig_with_realm_roles_is_nobody_in_berlin(
    installation: World, promoted: str, keycloak_server: ExampleRealm
) -> None:
    at_home = await principal(installation, promoted, "bad-belzig")
    assert "tenant-admin" in at_home.roles
    nobody = keycloak_server.token("buergerin")
    for elsewhere in ("berlin", "potsdam", None):
        found = await principal(installation, promoted, elsewhere)
        assert found.roles == {"citizen"}
        assert found.permissions == (await principal(installation, nobody, elsewhere)).permissions


async def test_admin_of_bad_belzig_reads_his_own_log_and_not_that_of_berlin(installation: World, promoted: str) -> None:
    assert (await installation.graphql("bad-belzig", AUDIT, token=promoted)).errors == []
    refused = await installation.graphql("berlin", AUDIT, token=promoted)
    assert (refused.data["audit"], refused.codes) == (None, ["FORBIDDEN"])


async def test_asking_for_a_foreign_town_in_the_scope_gives_no_right_anywhere(
    installation: World, keycloak_server: ExampleRealm
) -> None:
    token = keycloak_server.token("bad-belzig.admin", "openid organization:berlin")
    for town in ("berlin", "bad-belzig", "potsdam"):
        assert (await principal(installation, token, town)).roles == {"citizen"}


async def test_a_pinned_town_is_the_only_one_in_the_token(installation: World, keycloak_server: ExampleRealm) -> None:
    token = keycloak_server.token("flaeming", "openid organization:bad-belzig")
    assert (await principal(installation, token, "bad-belzig")).roles == {"citizen", "editor"}
    assert list(parts(token)[1]["organization"]) == ["bad-belzig"]


async def test_machine_of_potsdam_is_refused_in_berlin(installation: World, keycloak_server: ExampleRealm) -> None:
    token = keycloak_server.machine_token()
    assert (await principal(installation, token, "potsdam")).roles == {"machine", "ingest.write"}
    with pytest.raises(ForeignTenant):
        await principal(installation, token, "berlin")
    assert (await principal(installation, token, None)).permissions == frozenset()


@pytest.mark.parametrize(("person", "writes"), [("region", True), ("region.revision", False)])
async def test_regional_roles_open_the_region_and_no_town(
    installation: World, keycloak_server: ExampleRealm, person: str, writes: bool
) -> None:
    token = keycloak_server.token(person)
    found = await principal(installation, token, None)
    assert "region.read" in found.permissions
    assert ("region.activation" in found.permissions) is writes
    refused = await installation.graphql("potsdam", AUDIT, token=token)
    assert refused.codes == ["FORBIDDEN"]


async def test_a_person_who_leaves_a_group_has_lost_the_role_in_the_next_token(
    installation: World, keycloak_server: ExampleRealm
) -> None:
    server = keycloak_server.server
    (person,) = server.administer("GET", "/regiohub/users?exact=true&username=flaeming")
    (town,) = [
        entry for entry in server.administer("GET", "/regiohub/organizations?max=100") if entry["alias"] == "bad-belzig"
    ]
    groups = server.administer("GET", f"/regiohub/organizations/{town['id']}/groups?max=100")
    (editors,) = [group["id"] for group in groups if group["name"] == "editors"]
    path = f"/regiohub/organizations/{town['id']}/groups/{editors}/members/{person['id']}"
    server.administer("DELETE", path)
    try:
        token = keycloak_server.token("flaeming")
        assert (await principal(installation, token, "bad-belzig")).roles == {"citizen"}
        assert (await principal(installation, token, "wiesenburg")).roles == {"citizen", "coordinator"}
    finally:
        server.administer("PUT", path)


@pytest.fixture
async def with_own_realm(
    keycloak_server: ExampleRealm, own_realm: str, sqlite_template: SqliteTemplate, tmp_path: Path
) -> AsyncIterator[World]:
    """An installation in which a second realm speaks for one town: here Potsdam's neighbour Wiesenburg."""
    own = IssuerSettings(issuer=own_realm, tenants=("wiesenburg",))
    changes: dict[str, Any] = keycloak_server.settings | {"issuers": (keycloak_server.issuer_settings, own)}
    with sqlite_template.copy(tmp_path) as address:
        async with open_world(address, tmp_path / "data", at=datetime.now(UTC), **changes) as opened:
            yield opened


async def test_tokens_of_a_towns_own_realm_count_in_that_town_only(
    with_own_realm: World, keycloak_server: ExampleRealm
) -> None:
    token = str(
        keycloak_server.server.realm_named(OWN_REALM).grant(
            grant_type="password",
            client_id="regiohub-test",
            username="eigene.leitung",
            password=keycloak_server.password,
            scope="openid organization:*",
        )["access_token"]
    )
    claimed = parts(token)[1]
    assert set(claimed["organization"]) == {"wiesenburg", "berlin"}
    assert "regional-admin" in claimed["realm_access"]["roles"]
    found = await principal(with_own_realm, token, "wiesenburg")
    assert found.roles == {"citizen", "tenant-admin"}
    for elsewhere in ("berlin", "potsdam", None):
        with pytest.raises(TokenRefused) as caught:
            await principal(with_own_realm, token, elsewhere)
        assert "may not speak" in caught.value.reason
    at_home = keycloak_server.token("wiesenburg.admin")
    assert "tenant-admin" in (await principal(with_own_realm, at_home, "wiesenburg")).roles
