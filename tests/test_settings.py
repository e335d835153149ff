"""Settings: defaults that run, environment variables, and refusals in production."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from regiohub.settings import Settings, is_loopback, shown
from regiohub.web.middleware.envelope import content_policy

KEY = "0123456789abcdef0123456789abcdef"


def settings(**values: Any) -> Settings:
    """Settings without a file of the surroundings."""
    return Settings(_env_file=None, **values)  # pyright: ignore[reportCallIssue]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("REGIOHUB_")]:
        monkeypatch.delenv(name)


def test_defaults_run_an_embedded_platform_on_this_machine() -> None:
    found = settings()
    assert found.is_sqlite
    assert found.runs_worker
    assert found.dev_issuer_wanted
    assert found.base_url == "http://127.0.0.1:8000"
    assert found.database_address == "sqlite+aiosqlite:///data/regiohub.sqlite3"


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_environment_variables_with_prefix_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIOHUB_PORT", "9000")
    monkeypatch.setenv("REGIOHUB_PLUGINS_ALLOWED", "booking, lorawan,")
    monkeypatch.setenv("REGIOHUB_HOST_NAMES", '{"api.example.org": "potsdam"}')
    monkeypatch.setenv("REGIOHUB_ISSUERS", '[{"issuer": "https://login.example.org", "tenants": ["potsdam"]}]')
    found = settings()
    assert (found.port, found.plugins_allowed) == (9000, ("booking", "lorawan"))
    assert found.host_names == {"api.example.org": "potsdam"}
    assert found.issuers[0].tenants == ("potsdam",)
    assert found.issuers[0].region is False


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"environment": "production"}, "REGIOHUB_SECRET_KEY"),
        ({"environment": "production", "secret_key": "short"}, "fewer than 32"),
        (
            {"environment": "production", "secret_key": KEY, "issuers": [{"issuer": "http://login.example.org"}]},
            "https only",
        ),
        (
            {
                "environment": "production",
                "secret_key": KEY,
                "keycloak_url": "http://login",
                "keycloak_client_secret": "s",
            },
            "over https only",
        ),
        ({"keycloak_url": "https://login.example.org"}, "REGIOHUB_KEYCLOAK_CLIENT_SECRET"),
        ({"keycloak_url": "login.example.org", "keycloak_client_secret": "s"}, "keycloak_url begins with http"),
        ({"log_level": "LOUD"}, "DEBUG, INFO"),
        ({"public_url": "regio.example.org"}, "http"),
        ({"token_leeway": 31}, "less than or equal to 30"),
        ({"outgoing_allowed": "mqtt.internal,10.0.0.0/99"}, "10.0.0.0/99. is no host name, address or network"),
        ({"environment": "staging"}, "development"),
    ],
)
def test_unsafe_or_wrong_values_are_refused_in_words(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        settings(**values)


def test_postgresql_runs_its_worker_apart_unless_told_otherwise() -> None:
    address = "postgresql+asyncpg://app@db/regiohub"
    assert not settings(database_url=address).runs_worker
    assert settings(database_url=address, worker_in_serve=True).runs_worker


def test_key_is_made_once_even_if_many_start_at_the_same_time(tmp_path: Path) -> None:
    def make(folder: Path) -> bytes:
        return settings(data_dir=folder).key

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(make, [tmp_path] * 32))
    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_given_key_writes_no_file(tmp_path: Path) -> None:
    assert settings(secret_key=KEY, data_dir=tmp_path).key == KEY.encode()
    assert list(tmp_path.iterdir()) == []


def test_nothing_secret_is_printed() -> None:
    found = settings(
        database_url="postgresql+asyncpg://app:geheim@db/regiohub",
        smtp_url="smtp://mail:geheim@mail.example.org",
        secret_key=KEY,
        issuers=[{"issuer": "https://login.example.org/realms/regiohub", "client_secret": "geheim"}],
        keycloak_url="https://login.example.org",
        keycloak_client_secret="geheim",
    )
    printed = repr(found) + "".join(shown(found, name) for name in Settings.model_fields)
    assert "geheim" not in printed
    assert KEY not in printed
    assert "postgresql+asyncpg://app:***@db/regiohub" in printed


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost", "a.localhost"])
def test_loopback_is_recognised(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.org", "localhost.example.org", ""])
def test_other_hosts_are_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_the_origin_of_the_maps_style_and_those_named_beside_it_may_be_fetched_from() -> None:
    found = settings(map_style_url="https://maps.example.org/style.json", map_origins=("https://tiles.example.org",))
    assert found.map_sources == ("https://maps.example.org", "https://tiles.example.org")
    policy = content_policy(found.map_sources)
    assert "connect-src 'self' https://maps.example.org https://tiles.example.org;" in policy
    assert "script-src 'self';" in policy


def test_without_a_style_nothing_is_fetched_from_elsewhere() -> None:
    assert settings().map_sources == ()
    assert settings(map_style_url="/static/town.json").map_sources == ()
    assert "http" not in content_policy(settings().map_sources)


@pytest.mark.parametrize(
    "faulty", [{"map_style_url": "javascript:alert(1)"}, {"map_origins": ("https://a.example/x; script-src *",)}]
)
def test_addresses_of_maps_that_could_loosen_the_policy_are_refused(faulty: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**faulty)
