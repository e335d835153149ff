"""Commands that administer a real Keycloak."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from regiohub.testing.services.keycloak import ExampleRealm
from regiohub.testing.services.keycloak import __main__ as desk

from .conftest import TOWN, Shell

pytestmark = pytest.mark.keycloak


@pytest.fixture
def connected(shell: Shell, keycloak_server: ExampleRealm) -> Generator[Shell]:
    """An installation that administers the realm; the town that it adds is gone from the realm afterwards."""
    shell.environment |= {
        "REGIOHUB_KEYCLOAK_URL": keycloak_server.url,
        "REGIOHUB_KEYCLOAK_CLIENT_SECRET": keycloak_server.server.admin_sync_secret,
    }
    yield shell
    for entry in organizations(keycloak_server, "musterstadt"):
        keycloak_server.server.administer("DELETE", f"/regiohub/organizations/{entry['id']}")


def organizations(realm: ExampleRealm, slug: str) -> list[dict[str, Any]]:
    listed = realm.server.administer("GET", "/regiohub/organizations?max=1000&briefRepresentation=false")
    return [entry for entry in listed if entry["alias"] == slug]


def test_a_town_that_is_added_becomes_an_organization_with_groups(
    connected: Shell, keycloak_server: ExampleRealm
) -> None:
    connected.town("musterstadt")
    added = connected.run("tenant", "add", "musterstadt")
    assert added.code == 0, added.err
    assert "musterstadt: organization created" in added.out
    (found,) = organizations(keycloak_server, "musterstadt")
    assert (found["name"], found["attributes"]) == ("Stadt Musterstadt", {"ags": ["12000001"]})
    groups = keycloak_server.server.administer("GET", f"/regiohub/organizations/{found['id']}/groups?max=100")
    assert {group["name"] for group in groups} == {"auditors", "caretakers", "coordinators", "editors", "tenant-admins"}
    assert connected.run("tenant", "add", "musterstadt").out == "musterstadt is up to date.\n"


def test_a_renamed_town_keeps_its_organization(connected: Shell, keycloak_server: ExampleRealm) -> None:
    connected.town("musterstadt")
    connected.run("tenant", "add", "musterstadt")
    before = organizations(keycloak_server, "musterstadt")[0]["id"]
    connected.town("musterstadt", TOWN.replace("Stadt Musterstadt", "Große Kreisstadt Musterstadt"))
    again = connected.run("tenant", "add", "musterstadt")
    assert "musterstadt: name and official key brought up to date" in again.out
    (found,) = organizations(keycloak_server, "musterstadt")
    assert (found["id"], found["name"]) == (before, "Große Kreisstadt Musterstadt")


def test_bootstrap_changes_what_differs_and_nothing_the_second_time(
    connected: Shell, keycloak_server: ExampleRealm
) -> None:
    (town,) = organizations(keycloak_server, "potsdam")
    keycloak_server.server.change(f"/regiohub/organizations/{town['id']}", name="Früherer Name")
    first = connected.run("identity", "bootstrap")
    assert first.code == 0, first.err
    assert "potsdam: name and official key brought up to date" in first.out
    second = connected.run("identity", "bootstrap")
    assert second.out == f"0 changes in {keycloak_server.url}/realms/regiohub.\n"


def test_a_realm_of_its_own_gets_only_its_town(connected: Shell, keycloak_server: ExampleRealm) -> None:
    server = keycloak_server.server
    server.administer("POST", "", {"realm": "eigene", "enabled": True})
    try:
        done = connected.run(
            *("identity", "bootstrap", "--tenant", "berlin", "--administrator", server.root),
            REGIOHUB_KEYCLOAK_REALM="eigene",
            KC_BOOTSTRAP_ADMIN_PASSWORD=server.root_password,
        )
        assert done.code == 0, done.err
        assert "realm: organizations switched on" in done.out
        assert "realm: role tenant-admin created" in done.out
        listed = server.administer("GET", "/eigene/organizations?max=100")
        assert [entry["alias"] for entry in listed] == ["berlin"]
    finally:
        server.administer("DELETE", "/eigene")


def test_bootstrap_works_as_the_administrator_of_the_whole_server(
    connected: Shell, keycloak_server: ExampleRealm
) -> None:
    root = {"KC_BOOTSTRAP_ADMIN_PASSWORD": keycloak_server.server.root_password}
    done = connected.run("identity", "bootstrap", "--administrator", "root", **root)
    assert (done.code, done.out.splitlines()[-1].split(" in ")[1]) == (
        0,
        f"{keycloak_server.url}/realms/regiohub.",
    ), done.err


def test_a_wrong_secret_is_one_line(connected: Shell) -> None:
    done = connected.run("identity", "bootstrap", REGIOHUB_KEYCLOAK_CLIENT_SECRET="wrong")
    assert done.code == 1
    assert done.err == "Error: The login server refused (401): Invalid client or Invalid client credentials\n"


def test_a_town_is_added_while_keycloak_is_down_and_the_rest_is_made_up_for(shell: Shell) -> None:
    shell.town("musterstadt")
    down = {"REGIOHUB_KEYCLOAK_URL": "http://127.0.0.1:9", "REGIOHUB_KEYCLOAK_CLIENT_SECRET": "x"}
    done = shell.run("tenant", "add", "musterstadt", **down)
    assert done.code == 1
    assert "in the database, but not at the login server" in done.err
    assert "regiohub identity bootstrap" in done.err
    assert "musterstadt" in shell.run("tenant", "list").out


def findings(done: Any) -> dict[str, tuple[str, str]]:
    return {found["subject"]: (found["level"], found["text"]) for found in done.json}


def test_doctor_finds_a_prepared_realm_sound(connected: Shell, keycloak_server: ExampleRealm) -> None:
    connected.environment |= desk.environment(keycloak_server)
    found = findings(connected.run("doctor", "--json"))
    assert found["Login server"] == ("ok", f"{keycloak_server.issuer} answers")
    assert found["Organizations"] == ("ok", "the login server knows every town")


def test_doctor_names_the_town_that_the_login_server_does_not_know(
    connected: Shell, keycloak_server: ExampleRealm
) -> None:
    connected.town("musterstadt")
    connected.run("tenant", "add", "musterstadt")
    (entry,) = organizations(keycloak_server, "musterstadt")
    keycloak_server.server.administer("DELETE", f"/regiohub/organizations/{entry['id']}")
    found = findings(connected.run("doctor", "--json"))
    assert found["Organizations"] == ("warning", "the login server does not know musterstadt")


def test_doctor_says_which_login_server_does_not_answer(shell: Shell) -> None:
    down = {"REGIOHUB_ISSUERS": '[{"issuer": "http://127.0.0.1:9/realms/regiohub"}]'}
    found = findings(shell.run("doctor", "--json", **down))
    assert found["Login server"][0] == "error"
    assert "http://127.0.0.1:9/realms/regiohub gives no keys" in found["Login server"][1]


def test_bootstrap_without_keycloak_says_what_to_set(shell: Shell) -> None:
    done = shell.run("identity", "bootstrap")
    assert done.code == 3
    assert "REGIOHUB_KEYCLOAK_URL" in done.err
