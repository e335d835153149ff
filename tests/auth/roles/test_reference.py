"""The reference page says what is declared, and the core's roles are fit for work."""

from __future__ import annotations

from pathlib import Path

import pytest

from regiohub.auth.permissions import BUNDLES, TENANT_ADMIN, TENANT_PERMISSIONS, granted
from regiohub.auth.roles.reference import render_permissions
from regiohub.auth.roles.words import WORDS
from regiohub.plugins.host import PluginHost

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "permissions.md"


@pytest.fixture(scope="module")
def host() -> PluginHost:
    return PluginHost()


def test_the_reference_page_is_up_to_date(host: PluginHost) -> None:
    assert PAGE.read_text(encoding="utf-8") == render_permissions(host)


def test_every_role_that_a_permission_may_name_has_words() -> None:
    assert WORDS.keys() >= BUNDLES


def test_auditors_only_look(host: PluginHost) -> None:
    held = granted(
        {"auditor"}, [*TENANT_PERMISSIONS, *(p for plugin in host.healthy.values() for p in plugin.permissions)]
    )
    assert {name.partition(".")[2].partition("_")[0] for name in held} <= {"audit", "view", "read"}


@pytest.mark.parametrize(
    ("role", "plugins"),
    [
        ("editor", {"atlas", "booking", "health_directory", "lorawan"}),
        ("coordinator", {"atlas", "booking", "health_directory", "lorawan"}),
        ("caretaker", {"booking", "lorawan"}),
        ("auditor", {"tenant", "lorawan"}),
    ],
)
def test_each_role_can_do_its_work_in_the_plugins_it_is_for(host: PluginHost, role: str, plugins: set[str]) -> None:
    declared = [*TENANT_PERMISSIONS, *(p for plugin in host.healthy.values() for p in plugin.permissions)]
    held = {name.partition(".")[0] for name in granted({role}, declared)}
    assert plugins <= held


def test_only_admins_have_what_opens_the_town_to_others(host: PluginHost) -> None:
    declared = [*TENANT_PERMISSIONS, *(p for plugin in host.healthy.values() for p in plugin.permissions)]
    others = granted(BUNDLES - {TENANT_ADMIN}, declared)
    assert not others & {
        "tenant.members", "tenant.roles", "tenant.clients", "tenant.plugins", "tenant.settings", "tenant.sharing",
        "lorawan.manage_keys",
    }  # fmt: skip
