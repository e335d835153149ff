"""A project that keeps every rule, and those in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from regiohub.plugins.host import PluginHost
from regiohub.plugins.rules import RULES, State, project_of, static_rules

from .conftest import Judge

ROOT = Path(__file__).resolve().parents[3]
PLUGINS = sorted(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml"))


def test_the_good_project_keeps_every_rule(judge: Judge) -> None:
    outcome = judge({})
    assert outcome.problem is None, outcome.written
    assert outcome.to_do == {}
    assert [one["rule"] for one in outcome.written["findings"]] == [rule.id for rule in RULES]


def test_every_rule_has_an_id_of_its_own_a_title_and_says_what_to_do() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.title and rule.remedy.endswith((".", '"', "2")) for rule in RULES)


def test_an_installed_plugin_is_judged_by_the_rules_that_need_no_project() -> None:
    verdicts = static_rules(PluginHost().healthy["atlas"])
    assert [verdict.rule.id for verdict in verdicts] == [rule.id for rule in RULES if not rule.needs_root]
    assert {verdict.rule.id: verdict.faults for verdict in verdicts if verdict.state is State.TODO} == {}


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_project_of_an_editable_install_is_found(plugin: str) -> None:
    assert project_of(plugin) == ROOT / "plugins" / plugin


def test_a_plugin_that_is_not_installed_has_no_project() -> None:
    assert project_of("nowhere") is None
