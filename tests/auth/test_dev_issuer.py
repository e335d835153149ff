"""The built-in issuer: tokens like the real ones, and no way into production."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from regiohub.auth.dev import DevIssuer, DevIssuerRefused
from regiohub.auth.identity import build_identity
from regiohub.auth.permissions import REGION_TOWNS, TENANT_PERMISSIONS, TENANT_PLUGINS
from regiohub.auth.principal import PrincipalKind
from regiohub.auth.rights import ForeignTenant
from regiohub.auth.tokens import TokenExpired, TokenRefused
from regiohub.settings import Settings

KEY = "k" * 40


def now() -> datetime:
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def settings(folder: Path, **changes: Any) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **changes)  # pyright: ignore[reportCallIssue]


def dev_issuer(folder: Path) -> DevIssuer:
    issuer = DevIssuer.from_settings(settings(folder), now)
    assert issuer is not None
    return issuer


async def test_token_made_by_the_command_line_counts_at_the_server(tmp_path: Path) -> None:
    command_line, server = dev_issuer(tmp_path), build_identity(settings(tmp_path), now)
    resolver = server.resolver(lambda _: TENANT_PERMISSIONS)
    caller = await resolver.resolve(command_line.issue_token("potsdam", ["tenant-admin"], subject="anna"), "potsdam")
    assert (caller.subject, caller.kind) == ("anna", PrincipalKind.PERSON)
    assert caller.can(TENANT_PLUGINS)
    assert not (await resolver.resolve(command_line.issue_token("berlin", ["tenant-admin"]), "potsdam")).can(
        TENANT_PLUGINS
    )


async def test_all_kinds_of_callers_can_be_tried(tmp_path: Path) -> None:
    identity = build_identity(settings(tmp_path), now)
    assert identity.dev is not None
    resolver = identity.resolver(lambda _: TENANT_PERMISSIONS)
    regional = await resolver.resolve(identity.dev.issue_token(regional_roles=["regional-admin"]), None)
    assert regional.can(REGION_TOWNS)
    token = identity.dev.issue_token("potsdam", ["graphql.write"], machine=True)
    assert (await resolver.resolve(token, "potsdam")).kind is PrincipalKind.MACHINE
    with pytest.raises(ForeignTenant):
        await resolver.resolve(token, "berlin")
    assert not (await resolver.resolve(None, "potsdam")).is_signed_in


async def test_token_ends_after_its_lifetime(tmp_path: Path) -> None:
    token = dev_issuer(tmp_path).issue_token(lifetime=timedelta(minutes=5))
    later = build_identity(settings(tmp_path), lambda: now() + timedelta(minutes=6))
    with pytest.raises(TokenExpired):
        await later.resolver(lambda _: ()).resolve(token, None)


async def test_token_of_another_installation_is_refused(tmp_path: Path) -> None:
    token = dev_issuer(tmp_path / "a").issue_token("potsdam", ["editor"])
    other = build_identity(settings(tmp_path / "b"), now)
    with pytest.raises(TokenRefused):
        await other.resolver(lambda _: ()).resolve(token, "potsdam")


def test_key_is_readable_by_its_owner_only_and_never_published(tmp_path: Path) -> None:
    issuer = dev_issuer(tmp_path)
    assert stat.S_IMODE((tmp_path / "dev-issuer.json").stat().st_mode) == 0o600
    (key,) = issuer.key_set["keys"]
    assert "d" not in key
    assert issuer.configuration["dev"] is True


def test_roles_need_a_town(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="town"):
        dev_issuer(tmp_path).issue_token(roles=["editor"])


@pytest.mark.parametrize(
    "changes",
    [
        {"environment": "production", "secret_key": KEY},
        {"host": "0.0.0.0"},
        {"host": "192.168.1.5"},
        {"public_url": "https://regio.example.org"},
        {"public_url": "https://127.0.0.1:8000"},
        {"public_url": "http://regio.example.org"},
    ],
)
def test_it_refuses_to_run_where_it_is_dangerous(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(DevIssuerRefused, match="REGIOHUB_DEV_ISSUER=false"):
        build_identity(settings(tmp_path, dev_issuer=True, **changes), now)
    assert not (tmp_path / "dev-issuer.json").exists()


@pytest.mark.parametrize(
    "changes", [{"environment": "production", "secret_key": KEY}, {"host": "0.0.0.0"}, {"dev_issuer": False}]
)
def test_it_is_off_unless_it_is_safe(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert build_identity(settings(tmp_path, **changes), now).dev is None


async def test_its_tokens_do_not_count_when_the_same_data_folder_goes_to_production(tmp_path: Path) -> None:
    token = dev_issuer(tmp_path).issue_token("potsdam", ["tenant-admin"])
    live = build_identity(settings(tmp_path, environment="production", secret_key=KEY), now)
    with pytest.raises(TokenRefused):
        await live.resolver(lambda _: ()).resolve(token, "potsdam")
