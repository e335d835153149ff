"""Alerts ask for metrics, labels and values that exist, are mounted where Prometheus looks, and each has a remedy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from regiohub.events.models import EntryState
from regiohub.graphql.sampling import Outcome

from .test_dashboard import exported as exported

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
NAMES = [rule["alert"] for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_an_alert_asks_for_metrics_and_labels_that_exist(exported: dict[str, set[str]], rule: dict[str, Any]) -> None:
    query: str = rule["expr"]
    names = set(re.findall(r"\b(?:regiohub_\w+|up(?=\{))", query))
    assert names
    assert names <= exported.keys()
    labels = set(re.findall(r"(\w+)(?:=|!=|=~|!~)\"", query))
    labels |= {label.strip() for group in re.findall(r"by \(([^)]*)\)", query) for label in group.split(",")}
    assert labels <= set[str]().union(*(exported[name] for name in names))
    # What a summary names is left over by the query.
    summed = {label.strip() for group in re.findall(r"by \(([^)]*)\)", query) for label in group.split(",")}
    kept = summed or {"instance", "job"}
    assert set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])) <= kept


def test_states_and_outcomes_are_those_of_the_code() -> None:
    text = (DEPLOY / "alerts.yml").read_text(encoding="utf-8")
    assert set(re.findall(r'state="(\w+)"', text)) <= {str(state) for state in EntryState}
    assert set(re.findall(r'outcome="(\w+)"', text)) <= {str(outcome) for outcome in Outcome}


def test_prometheus_reads_them_where_they_are_mounted() -> None:
    (place,) = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())["rule_files"]
    mounts = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["prometheus"]["volumes"]
    assert f"./alerts.yml:{place}:ro" in mounts


@pytest.mark.parametrize("name", NAMES)
def test_the_page_for_operators_says_what_to_do_about_it(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "operators" / "metrics.md").read_text(encoding="utf-8")
