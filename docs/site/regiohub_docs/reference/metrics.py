"""Every Prometheus metric of the server: name, kind, labels, unit, meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry

from regiohub.graphql.cache.shelf import Shelf
from regiohub.graphql.transport.counting import Counts
from regiohub.web.operation.metrics import Metrics
from regiohub_docs.reference.installation import host
from regiohub_docs.reference.markdown import code, page, table

_INTRO = """\
`/metrics` answers in Prometheus' text format unless `REGIOHUB_METRICS=false`; it names towns and routes, no person.
Every process counts for itself. A histogram has the usual series `_bucket`, `_sum` and `_count`."""
_UNITS = {"seconds": "seconds", "bytes": "bytes", "rows": "rows", "entries": "entries"}


def pages() -> Mapping[str, str]:
    """The page of all metrics."""
    rows = (
        (code(name), kind, ", ".join(map(code, labels)), unit_of(name), text) for name, kind, labels, text in metrics()
    )
    found = table(("metric", "kind", "labels", "unit", "meaning"), rows)
    return {"metrics.md": page("Metrics", "the declarations of the metrics", _INTRO, found)}


def metrics() -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Name as Prometheus shows it, kind, labels and meaning, by name."""
    registry = Metrics(host()).registry
    Counts(registry, Shelf(1))
    found = {entry[0]: entry for collector in _collectors(registry) for entry in _described(collector)}
    yield from (found[name] for name in sorted(found))


def unit_of(name: str) -> str:
    """What a metric counts or measures, by Prometheus' naming rules."""
    base = name.removesuffix("_total")
    return next((unit for ending, unit in _UNITS.items() if base.endswith(ending)), "count")


def _collectors(registry: CollectorRegistry) -> list[Any]:
    # The library lists what was counted, not what can be: labels without a value yet would be missing.
    return list(dict.fromkeys(registry._collector_to_names))  # pyright: ignore[reportPrivateUsage]


def _described(collector: Any) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    declared = [collector] if hasattr(collector, "_type") else collector.collect()
    for metric in declared:
        kind = str(getattr(metric, "_type", None) or metric.type)
        name = str(getattr(metric, "_name", None) or metric.name)
        text = str(getattr(metric, "_documentation", None) or metric.documentation)
        yield f"{name}_total" if kind == "counter" else name, kind, tuple(metric._labelnames), text
