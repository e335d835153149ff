"""Metrics of operations: by which way they were answered, and what the response cache and registered documents did."""

from __future__ import annotations

from typing import Literal
from weakref import WeakKeyDictionary

from prometheus_client import CollectorRegistry, Counter, Gauge

from regiohub.graphql.answer import Answer
from regiohub.graphql.cache.shelf import Shelf

Way = Literal["plan", "mixed", "ordinary", "cache", "refused"]
Use = Literal["hit", "kept", "passed"]


class Counts:
    """The counters of one application object."""

    def __init__(self, registry: CollectorRegistry, shelf: Shelf) -> None:
        operations = Counter(
            "regiohub_graphql_operations_total",
            "Operations by way: all by a plan, some fields by resolvers (mixed), the ordinary way, the response cache.",
            ("way",),
            registry=registry,
        )
        uses = Counter(
            "regiohub_graphql_response_cache_total",
            "Operations answered from the response cache (hit), newly kept in it (kept), or not meant for it (passed).",
            ("use",),
            registry=registry,
        )
        documents = Counter(
            "regiohub_graphql_persisted_total",
            "Requests that named a document by its identifier, by whether it is registered.",
            ("known",),
            registry=registry,
        )
        size = Gauge("regiohub_graphql_response_cache_bytes", "Bytes of kept answers.", registry=registry)
        size.set_function(lambda: shelf.held)
        ways: tuple[Way, ...] = ("plan", "mixed", "ordinary", "cache", "refused")
        kinds: tuple[Use, ...] = ("hit", "kept", "passed")
        self._ways = {way: operations.labels(way) for way in ways}
        self._uses = {use: uses.labels(use) for use in kinds}
        self._documents = {known: documents.labels("yes" if known else "no") for known in (True, False)}
        self._by_plan: WeakKeyDictionary[object, Way] = WeakKeyDictionary()

    def way(self, way: Way) -> None:
        """One operation was answered this way."""
        self._ways[way].inc()

    def answered(self, answer: Answer) -> None:
        """One operation has run."""
        plan = answer.plan
        if plan is None:
            self.way("ordinary")
            return
        way = self._by_plan.get(plan)
        if way is None:
            mixed = any(field.way == "resolver" for field in plan.fields)
            way = self._by_plan[plan] = "mixed" if mixed else "plan"
        self.way(way)

    def cached(self, use: Use) -> None:
        """What the response cache did for an operation."""
        self._uses[use].inc()

    def persisted(self, *, known: bool) -> None:
        """A request named a document by its identifier."""
        self._documents[known].inc()
