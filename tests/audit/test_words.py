"""What staff read in the audit log are words, in both languages, for each action of each plugin."""

import re
from pathlib import Path

import pytest

from regiohub.audit.wording import CORE_ACTIONS
from regiohub.plugins.host import PluginHost

ROOT = Path(__file__).parents[2]
CALLED = re.compile(r'(?:audit|_audit|_done)\(\s*(?:ctx,\s*)?"(\w+\.\w+)"')
PLUGINS = PluginHost(strict=True).healthy


@pytest.mark.parametrize("plugin", sorted(PLUGINS))
def test_each_action_of_a_plugin_has_words(plugin: str) -> None:
    source = ROOT / "plugins" / plugin / "src"
    called = {name for file in source.rglob("*.py") for name in CALLED.findall(file.read_text(encoding="utf-8"))}
    assert len(called) > 3
    known = {*PLUGINS[plugin].actions, *(permission.id for permission in PLUGINS[plugin].permissions)}
    assert sorted(called - known) == []


def test_each_action_of_the_core_has_words() -> None:
    source = ROOT / "core" / "regiohub"
    called = {name for file in source.rglob("*.py") for name in CALLED.findall(file.read_text(encoding="utf-8"))}
    assert sorted(name for name in called if name.startswith("tenant.") and name not in CORE_ACTIONS) == []


@pytest.mark.parametrize("plugin", sorted(PLUGINS))
def test_words_differ_between_the_languages(plugin: str) -> None:
    assert [name for name, words in PLUGINS[plugin].actions.items() if words.de == words.en] == []
