"""The dashboard shows metrics that exist, with labels that they have."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from regiohub.graphql.cache.shelf import Shelf
from regiohub.graphql.transport.counting import Counts
from regiohub.plugins.host import PluginHost
from regiohub.web.operation.metrics import Metrics

GRAFANA = Path(__file__).parents[2] / "deploy" / "grafana"
BOARD: dict[str, Any] = json.loads((GRAFANA / "dashboards" / "regiohub.json").read_text(encoding="utf-8"))
QUERIES = [(panel["title"], target["expr"]) for panel in BOARD["panels"] for target in panel["targets"]]
FOREIGN = {"up": {"job"}, "jvm_memory_used_bytes": {"job"}}
"""Prometheus's own, and Keycloak's."""


@pytest.fixture(scope="module")
def exported() -> dict[str, set[str]]:
    """Names of all samples with their labels, after one of each has been recorded."""
    host = PluginHost()
    host.call("register_graphql", None)
    metrics = Metrics(host)
    metrics.record("/{tenant}/graphql", "potsdam", "POST", 200, 0.01)
    metrics.compared("same")
    Counts(metrics.registry, Shelf(1))
    text = metrics.show({("potsdam", "pending"): 1}, {"tenant": 4}).decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    found: dict[str, set[str]] = dict(FOREIGN)
    for sample in samples:
        found.setdefault(sample.name, set()).update(sample.labels)
    return found


@pytest.mark.parametrize(("title", "query"), QUERIES)
def test_every_metric_and_label_of_a_panel_exists(exported: dict[str, set[str]], title: str, query: str) -> None:
    names = set(re.findall(r"\b(?:regiohub_\w+|jvm_\w+|up(?=\{))", query))
    assert names, f"{title} asks for nothing that is known"
    assert names <= exported.keys()
    labels = set(re.findall(r"(\w+)(?:=|!=|=~|!~)\"", query))
    for group in re.findall(r"by \(([^)]*)\)", query):
        labels |= {label.strip() for label in group.split(",")}
    assert labels <= set[str]().union(*(exported[name] for name in names))


def test_every_metric_of_the_platform_is_shown_somewhere(exported: dict[str, set[str]]) -> None:
    shown = " ".join(query for _, query in QUERIES)
    endings = re.compile(r"_(total|created|bucket|sum|count)$")
    families = {endings.sub("", name) for name in exported if name.startswith("regiohub_")}
    assert {name for name in families if name not in shown} == set()


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_the_data_source_is_the_one_that_is_provisioned() -> None:
    provisioned = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "prometheus.yml").read_text())
    uids = {source["uid"] for source in provisioned["datasources"]}
    assert {panel["datasource"]["uid"] for panel in BOARD["panels"]} <= uids
