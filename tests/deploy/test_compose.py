"""The compose file: well formed, complete, and in step with the settings and with the other files beside it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from regiohub.settings import Settings
from regiohub.testing.services.keycloak.distribution import VERSION
from regiohub.testing.services.processes import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")
SECRET = "b6f0f3c8a1d94e57b2c0d9e8f7a6b5c4"
GIVEN = {
    "HUB_URL": "https://regio.example.org",
    "LOGIN_URL": "https://login.example.org",
    "HUB_SMTP_URL": "smtps://hub:pw@mail.example.org:465",
    "HUB_MAIL_FROM": "Regio.hub <hub@example.org>",
    "HUB_SECURITY_CONTACT": "mailto:security@example.org",
}


def composed() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def services() -> dict[str, dict[str, Any]]:
    return composed()["services"]


def filled(value: str) -> str:
    """The value with everything an operator sets; secrets all alike."""

    def one(found: re.Match[str]) -> str:
        default = found["rest"] if found["kind"] == "-" else SECRET
        return GIVEN.get(found["name"], default)

    return VARIABLE.sub(one, value)


def environment(service: str) -> dict[str, str]:
    return {name: filled(str(value)) for name, value in services()[service]["environment"].items()}


def example() -> dict[str, str]:
    lines = (DEPLOY / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_it_follows_the_schema_of_compose_files() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(DEPLOY / "compose.yaml")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_has_all_parts_of_a_region() -> None:
    parts = {"platform", "worker", "postgres", "keycloak", "mosquitto", "prometheus", "grafana"}
    assert parts <= services().keys()


@pytest.mark.parametrize("service", ["platform", "worker", "prepare"])
def test_the_platform_accepts_its_settings_in_production(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = environment(service)
    known = {f"REGIOHUB_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in given if name.startswith("REGIOHUB_")} == given.keys()
    assert given.keys() <= known
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    found = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    assert found.is_production
    assert not found.is_sqlite
    (issuer,) = found.issuers
    assert (issuer.issuer, issuer.region) == ("https://login.example.org/realms/regiohub", True)
    assert issuer.client_secret.get_secret_value() == environment("keycloak")["HUB_CONSOLE_SECRET"]
    assert found.keycloak_client_secret.get_secret_value() == environment("keycloak")["HUB_ADMIN_SECRET"]


def test_only_the_preparation_knows_the_logins_that_may_change_tables() -> None:
    strong = {"REGIOHUB_DATABASE_OWNER_URL", "REGIOHUB_DATABASE_SUPERUSER_URL"}
    assert {name for name in services() if strong & environment_names(name)} == {"prepare"}


def environment_names(service: str) -> set[str]:
    return set(services()[service].get("environment", {}))


def test_every_variable_is_explained_in_the_example_and_none_is_left_over() -> None:
    text = "\n".join(line for line in (DEPLOY / "compose.yaml").read_text().splitlines() if "# " not in line)
    asked = {found["name"] for found in VARIABLE.finditer(text)}
    assert asked == example().keys()


def test_the_example_holds_no_secret() -> None:
    secret = {name: value for name, value in example().items() if re.search("PASSWORD|SECRET", name)}
    assert set(secret.values()) == {""}


@pytest.mark.parametrize("name", ["HUB_SECRET_KEY", "POSTGRES_PASSWORD", "HUB_CONSOLE_SECRET", "HUB_URL"])
def test_a_forgotten_value_stops_the_start(name: str) -> None:
    kinds = {
        found["kind"] for found in VARIABLE.finditer((DEPLOY / "compose.yaml").read_text()) if found["name"] == name
    }
    assert "?" in kinds


@pytest.mark.parametrize("service", sorted(services()))
def test_images_have_a_version_and_a_name_of_docker_hub(service: str) -> None:
    image = filled(services()[service]["image"])
    name, _, tag = image.partition(":")
    if "build" in services()[service]:
        assert name == "regiohub"
        return
    assert re.match(r"v?\d", tag), image
    host = name.split("/")[0] if "/" in name else ""
    assert not re.search(r"[.:]|localhost", host), image


def test_keycloak_is_the_version_that_the_tests_run() -> None:
    assert services()["keycloak"]["image"] == f"keycloak/keycloak:{VERSION}"


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_keycloak_counts_as_healthy_when_it_says_so(status: int, healthy: bool) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health/ready" else 404)
            self.end_headers()
            self.wfile.write(b'{"status": "DOWN", "checks": [{"name": "one part", "status": "UP"}]}')

        def log_message(self, format: str, *args: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            assert (health(server.server_port) == 0) is healthy
        finally:
            server.shutdown()


def test_keycloak_that_listens_nowhere_is_not_healthy() -> None:
    assert health(free_port()) != 0


def health(port: int) -> int:
    """The exit code of Keycloak's health check, asked at another port."""
    check = services()["keycloak"]["healthcheck"]["test"]
    assert check[0] == "CMD"
    command = [part.replace("$$", "$").replace("/9000", f"/{port}") for part in check[1:]]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_keycloak_gets_everything_that_the_realm_file_asks_for() -> None:
    realm = (DEPLOY / "keycloak" / "regiohub-realm.json").read_text(encoding="utf-8")
    required = set(re.findall(r"\$\{(\w+)\}", realm))
    assert required <= environment_names("keycloak")
    optional = set(re.findall(r"\$\{(\w+):", realm))
    given = {name for name in environment_names("keycloak") if name.startswith("HUB_")}
    assert given <= required | optional


@pytest.mark.parametrize("service", sorted(services()))
def test_files_that_are_mounted_exist(service: str) -> None:
    named = composed()["volumes"]
    for mount in services()[service].get("volumes", []):
        source = str(mount).split(":")[0]
        assert source in named or (DEPLOY / source).exists(), mount


@pytest.mark.parametrize("service", sorted(services()))
def test_no_port_is_open_to_other_machines(service: str) -> None:
    assert [port for port in services()[service].get("ports", []) if not str(port).startswith("127.0.0.1:")] == []


def test_prometheus_asks_services_that_exist() -> None:
    settings = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
    targets = [t for job in settings["scrape_configs"] for group in job["static_configs"] for t in group["targets"]]
    assert {target.split(":")[0] for target in targets} <= services().keys()


def test_the_gateway_that_is_trusted_is_the_network_s() -> None:
    (address,) = composed()["networks"]["default"]["ipam"]["config"]
    assert environment("platform")["REGIOHUB_TRUSTED_PROXIES"] == address["gateway"]
    assert environment("keycloak")["KC_PROXY_TRUSTED_ADDRESSES"] == address["gateway"]


def test_the_realm_file_holds_no_secret_and_nobody_s_password() -> None:
    realm = json.loads((DEPLOY / "keycloak" / "regiohub-realm.json").read_text(encoding="utf-8"))
    secrets = [client["secret"] for client in realm["clients"] if "secret" in client]
    assert [secret for secret in secrets if not re.fullmatch(r"\$\{\w+\}", secret)] == []
    people = [user for user in cast("list[dict[str, Any]]", realm["users"]) if "serviceAccountClientId" not in user]
    assert people == []
