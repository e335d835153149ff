"""The typed façade: nobody else calls pluggy. It isolates failures, measures time and knows which plugins are on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from importlib.metadata import EntryPoint, version
from time import perf_counter
from typing import Any, Generic, TypeVar

import pluggy
import structlog

from regiohub.plugins import loading
from regiohub.plugins.errors import QuarantineError
from regiohub.plugins.hookspecs import CoreHooks
from regiohub.plugins.loading import Record
from regiohub.plugins.manifest import PROJECT, Plugin

log = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Contribution(Generic[T]):
    """What one plugin returned."""

    plugin: str
    value: T


@dataclass(slots=True)
class CallStats:
    """Calls of one plugin's hooks since the start."""

    calls: int = 0
    errors: int = 0
    seconds: float = 0.0
    last_error: str | None = None
    by_hook: dict[str, int] = field(default_factory=dict[str, int])


def _with_guess(name: str, known: Iterable[str]) -> str:
    """The name of a hook that is not there, with the one that is probably meant."""
    guess = get_close_matches(name, known, 1)
    return f"{name} (did you mean {guess[0]}?)" if guess else name


class PluginHost:
    """All plugins of one application: made per application object, never a module's global.

    `strict`: a quarantine is an error (QuarantineError); otherwise the plugin is left out and the reason is kept.
    """

    def __init__(
        self, entries: Iterable[EntryPoint] | None = None, *, allowed: Sequence[str] = (), strict: bool = False
    ) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(CoreHooks)
        self.strict = strict
        self.stats: dict[str, CallStats] = {}
        found = loading.installed() if entries is None else entries
        self._records = {record.id: record for record in loading.load(found, allowed, version("regiohub"))}
        self._subsets: dict[tuple[str, frozenset[str] | None], tuple[pluggy.HookImpl, ...]] = {}
        self._register()
        if strict:
            self.refuse_quarantined()

    def _register(self) -> None:
        healthy = [record for record in self._records.values() if record.plugin and record.healthy]
        for record in healthy:
            for spec in record.plugin.hookspecs if record.plugin else ():
                self._manager.add_hookspecs(spec)
        known = {name for name in vars(self._manager.hook) if not name.startswith("_")}
        for record in healthy:
            assert record.plugin is not None
            unknown = sorted(record.plugin.hooks.keys() - known)
            if unknown:
                named = ", ".join(_with_guess(name, known) for name in unknown)
                self.quarantine(record.id, f"implements unknown hooks: {named}. Known: {', '.join(sorted(known))}")
                continue
            try:
                self._manager.register(record.plugin.implementation(), name=record.id)
            except (pluggy.PluginValidationError, ValueError) as error:
                self.quarantine(record.id, f"hook does not fit its specification: {error}")
                continue
            self.stats[record.id] = CallStats()
        self._manager.check_pending()

    def quarantine(self, plugin: str, reason: str) -> None:
        """Leave a plugin out from now on, and keep the reason."""
        self._records[plugin] = replace(self._records[plugin], fault=reason)
        if self._manager.has_plugin(plugin):
            self._manager.unregister(name=plugin)
        self._subsets.clear()
        log.warning("plugin in quarantine", plugin=plugin, reason=reason)

    def refuse_quarantined(self) -> None:
        """Raise QuarantineError if any plugin is in quarantine."""
        reasons = {record.id: record.fault for record in self._records.values() if record.fault}
        if reasons:
            raise QuarantineError(reasons)

    @property
    def records(self) -> Sequence[Record]:
        """All installed plugins in dependency order."""
        return list(self._records.values())

    @property
    def healthy(self) -> Mapping[str, Plugin]:
        """Usable plugins by id, in dependency order."""
        return {record.id: record.plugin for record in self._records.values() if record.plugin and record.healthy}

    def effective(self, enabled: Iterable[str]) -> frozenset[str]:
        """Plugins that work for a town: switched on (with all they require) or of platform level, and healthy."""
        usable = self.healthy
        on = {id_ for id_, plugin in usable.items() if plugin.level == "platform" or id_ in set(enabled)}
        while True:
            kept = {id_ for id_ in on if set(usable[id_].requires) <= on}
            if kept == on:
                return frozenset(on)
            on = kept

    def _subset(self, hook: str, enabled: frozenset[str] | None) -> tuple[pluggy.HookImpl, ...]:
        """Implementations of the enabled plugins in dependency order, worked out once per set of plugins."""
        found = self._subsets.get((hook, enabled))
        if found is None:
            by_name = {impl.plugin_name: impl for impl in getattr(self._manager.hook, hook).get_hookimpls()}
            wanted = [id_ for id_ in self._records if id_ in by_name and (enabled is None or id_ in enabled)]
            found = self._subsets[hook, enabled] = tuple(by_name[id_] for id_ in wanted)
        return found

    def call(self, hook: str, enabled: frozenset[str] | None, **arguments: Any) -> list[Contribution[Any]]:
        """Call a hook of the plugins in `enabled` (None: of all healthy ones) and collect what they return.

        An implementation that raises is logged and counted; the others' results arrive. None results are left out.
        """
        results: list[Contribution[Any]] = []
        for implementation in self._subset(hook, enabled):
            plugin = implementation.plugin_name
            stats = self.stats[plugin]
            started = perf_counter()
            try:
                # An implementation may take fewer arguments than the specification: that is how hooks grow.
                value = implementation.function(*(arguments[name] for name in implementation.argnames))
            except Exception as error:
                stats.errors += 1
                stats.last_error = f"{hook}: {type(error).__name__}: {error}"
                log.exception("hook failed", plugin=plugin, hook=hook)
            else:
                if value is not None:
                    results.append(Contribution(plugin, value))
            finally:
                stats.calls += 1
                stats.by_hook[hook] = stats.by_hook.get(hook, 0) + 1
                stats.seconds += perf_counter() - started
        return results

    def collect(self, hook: str, enabled: frozenset[str] | None = None) -> list[Contribution[Any]]:
        """Like `call` for hooks that return sequences: one contribution per item."""
        return [Contribution(c.plugin, item) for c in self.call(hook, enabled) for item in c.value]
