"""The private Keycloak with its example realm."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from regiohub.settings import Settings
from regiohub.testing.services import MissingProgramError
from regiohub.testing.services.keycloak import PEOPLE, ExampleRealm, KeycloakRefusedError
from regiohub.testing.services.keycloak import __main__ as desk
from regiohub.testing.services.keycloak import distribution as kept

pytestmark = pytest.mark.keycloak


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_membership_groups_and_roles_stand_in_the_claim_of_the_town(keycloak_server: ExampleRealm) -> None:
    found = claims(keycloak_server.token("potsdam.admin"))
    town = found["organization"]["potsdam"]
    assert found["iss"] == keycloak_server.issuer
    assert "regiohub-api" in found["aud"]
    assert town["ags"] == ["12054000"]
    assert town["groups"] == ["/tenant-admins"]
    assert town["realm_access"]["roles"] == ["tenant-admin"]
    assert found.get("realm_access", {}).get("roles", []) == []


def test_a_person_of_two_towns_has_another_role_in_each(keycloak_server: ExampleRealm) -> None:
    towns = claims(keycloak_server.token("flaeming"))["organization"]
    assert {slug: entry["realm_access"]["roles"] for slug, entry in towns.items()} == {
        "bad-belzig": ["editor"],
        "wiesenburg": ["coordinator"],
    }


@pytest.mark.parametrize("person", [person for person in PEOPLE if person.regional], ids=lambda person: person.username)
def test_regional_roles_stand_at_the_top(keycloak_server: ExampleRealm, person: Any) -> None:
    assert person.regional in claims(keycloak_server.token(person.username))["realm_access"]["roles"]


def test_a_machine_is_bound_to_its_town(keycloak_server: ExampleRealm) -> None:
    found = claims(keycloak_server.machine_token())
    assert found["regiohub_tenant"] == "potsdam"
    assert found["resource_access"]["regiohub-api"]["roles"] == ["ingest.write"]


def test_a_wrong_password_gets_nothing(keycloak_server: ExampleRealm) -> None:
    with pytest.raises(KeycloakRefusedError, match="invalid_grant"):
        keycloak_server.server.grant(
            grant_type="password", client_id="regiohub-test", username="buergerin", password="falsch"
        )


def test_an_old_java_is_named_with_the_package_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(MissingProgramError, match=r"Java 17 or newer is not installed.*default-jre-headless"):
        kept.find_java()


def test_an_altered_distribution_is_refused_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven = tmp_path / "mvn"
    name = f"keycloak-quarkus-dist-{kept.VERSION}.tar.gz"
    maven.write_text(f'#!/bin/sh\nfor last; do :; done\necho altered > "${{last#-DoutputDirectory=}}/{name}"\n')
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("KEYCLOAK_HOME", raising=False)
    with pytest.raises(RuntimeError, match="SHA-512 differs"):
        kept.installation()
    assert [path.name for path in (tmp_path / "cache" / "regiohub").iterdir()] == ["keycloak.lock"]


def test_a_folder_that_is_no_keycloak_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYCLOAK_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(MissingProgramError, match=f"KEYCLOAK_HOME={tmp_path} is no Keycloak"):
        kept.installation()


@pytest.mark.parametrize("named", [True, False])
def test_parallel_runs_tell_tests_of_keycloak_by_their_names(tmp_path: Path, named: bool) -> None:
    digest = hashlib.sha256(str(tmp_path).encode()).hexdigest()[:8]
    name = f"test_{digest}_keycloak" if named else f"test_{digest}"
    (tmp_path / f"{name}.py").write_text("def test_it(keycloak_server): pass\n")
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--rootdir", str(tmp_path), str(tmp_path)]
    # The folder of pytest is named after this test.
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode == 0) is named, done.stdout + done.stderr
    assert ("has to say 'keycloak'" in done.stdout + done.stderr) is not named


def test_the_desk_tells_the_platform_all_it_needs(
    keycloak_server: ExampleRealm, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("REGIOHUB_")]:
        monkeypatch.delenv(name)
    for name, value in desk.environment(keycloak_server).items():
        monkeypatch.setenv(name, value)
    found = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    assert found.issuers == (keycloak_server.issuer_settings,)
    assert (found.keycloak_url, found.dev_issuer) == (keycloak_server.url, False)
    assert found.keycloak_client_secret.get_secret_value() == keycloak_server.server.admin_sync_secret


def test_without_java_the_desk_says_so_in_one_line(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"} | {"PATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "regiohub.testing.services.keycloak"],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["java is not installed; Debian and Ubuntu: apt install default-jre-headless"]
