"""Prometheus metrics of one application object; nothing global, so that two applications never mix."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from regiohub.audit.seals.backlog import SealBacklog
from regiohub.plugins.host import PluginHost

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Requests by route template, town and status; time of plugins' hooks; work that waits; sizes of tables."""

    def __init__(self, plugins: PluginHost) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_PluginCalls(plugins))
        self._requests = Counter(
            "regiohub_http_requests_total",
            "Answered requests by route template, town (empty: none) and status.",
            ("route", "tenant", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "regiohub_http_request_seconds",
            "Time to answer by route template.",
            ("route", "method"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._compared = Counter(
            "regiohub_graphql_oracle_total",
            "Compiled answers sampled for a comparison with the ordinary executor, by outcome.",
            ("outcome",),
            registry=self.registry,
        )
        self._known: dict[tuple[str, str, str, int], tuple[Counter, Histogram]] = {}
        self._outbox = Gauge(
            "regiohub_outbox_entries",
            "Unfinished outbox entries by town and state; dead ones wait for an operator.",
            ("tenant", "state"),
            registry=self.registry,
        )
        self._unsealed = Gauge(
            "regiohub_audit_unsealed_entries", "Entries of all audit logs that wait for their seal.",
            registry=self.registry,
        )  # fmt: skip
        self._unsealed_age = Gauge(
            "regiohub_audit_unsealed_seconds", "Age of the oldest entry that waits for its seal.",
            registry=self.registry,
        )  # fmt: skip
        self._sealed_ago = Gauge(
            "regiohub_audit_last_seal_seconds", "Time since the last seal of any town's audit log; -1: none yet.",
            registry=self.registry,
        )  # fmt: skip
        self._rows = Gauge("regiohub_table_rows", "Rows of a table, estimated.", ("table",), registry=self.registry)

    def record(self, route: str, tenant: str, method: str, status: int, seconds: float) -> None:
        """Counts one answered request."""
        key = (route, tenant, method, status)
        known = self._known.get(key)
        if known is None:
            # Looking a label up costs more than counting; there are as many entries as the metrics have lines.
            known = self._known[key] = (
                self._requests.labels(route, tenant, method, str(status)),
                self._seconds.labels(route, method),
            )
        known[0].inc()
        known[1].observe(seconds)

    def compared(self, outcome: str) -> None:
        """Counts one sampled answer."""
        self._compared.labels(outcome).inc()

    def sealed(self, seals: SealBacklog) -> None:
        """Takes over how far the audit logs are sealed."""
        self._unsealed.set(seals.entries)
        self._unsealed_age.set(seals.oldest_seconds)
        self._sealed_ago.set(seals.last_seconds)

    def show(self, outbox: Mapping[tuple[str, str], int], rows: Mapping[str, int]) -> bytes:
        """The text that Prometheus reads, with these fresh counts: (town, state) -> entries, table -> rows."""
        self._outbox.clear()
        for (tenant, state), count in outbox.items():
            self._outbox.labels(tenant, state).set(count)
        self._rows.clear()
        for table, count in rows.items():
            self._rows.labels(table).set(count)
        return generate_latest(self.registry)


class _PluginCalls(Collector):
    """Reads what the plugin host has counted, at the time of the scrape."""

    def __init__(self, plugins: PluginHost) -> None:
        self._plugins = plugins

    def collect(self) -> Iterable[Metric]:
        calls = CounterMetricFamily("regiohub_plugin_hook_calls", "Calls of a plugin's hooks.", labels=["plugin"])
        errors = CounterMetricFamily("regiohub_plugin_hook_errors", "Hooks that raised.", labels=["plugin"])
        seconds = CounterMetricFamily("regiohub_plugin_hook_seconds", "Time spent in hooks.", labels=["plugin"])
        for plugin, stats in self._plugins.stats.items():
            calls.add_metric([plugin], stats.calls)
            errors.add_metric([plugin], stats.errors)
            seconds.add_metric([plugin], stats.seconds)
        return (calls, errors, seconds)
