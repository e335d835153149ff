"""Price of a call to a hook: plain pluggy, and our façade with 4 and with 400 towns of different plugin sets.

python benchmarks/hooks.py
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint
from timeit import repeat
from types import ModuleType

import pluggy

from regiohub.api import NavEntry, Plugin, t
from regiohub.plugins.host import PluginHost
from regiohub.plugins.loading import GROUP

CALLS, PLUGINS = 2_000, 8


def offered(number: int) -> EntryPoint:
    """A plugin with one hook, offered by a module made in memory."""
    plugin = Plugin(id=f"bench{number}", title=t("Probe", "Sample"), description=t("Probe", "Sample"))

    @plugin.hook
    def register_navigation() -> list[NavEntry]:
        return [NavEntry(t("Probe", "Sample"), "/")]

    module = ModuleType(f"bench_module_{number}")
    module.__dict__["plugin"] = plugin
    sys.modules[module.__name__] = module
    return EntryPoint(name=plugin.id, value=f"{module.__name__}:plugin", group=GROUP)


def microseconds(call: Callable[[], object]) -> float:
    """Best of five, per call."""
    return min(repeat(call, number=CALLS, repeat=5)) / CALLS * 1e6


def main() -> None:
    """Print one line per variant, as ratio to the plain call."""
    host = PluginHost([offered(number) for number in range(PLUGINS)])
    manager: pluggy.PluginManager = host._manager  # pyright: ignore[reportPrivateUsage]
    plain = microseconds(manager.hook.register_navigation)
    print(f"plain pluggy call, {PLUGINS} plugins, no isolation   {plain:8.2f} µs   1.00")
    ids = list(host.healthy)
    subsets = [frozenset(c) for size in (4, 5, 6) for c in itertools.combinations(ids, size)]
    for towns in (4, 400):
        sets = [subsets[number % len(subsets)] for number in range(towns)]
        turn = itertools.cycle(sets)
        price = microseconds(lambda turn=turn: host.collect("register_navigation", next(turn)))
        print(f"façade, {towns:3} towns, {len(set(sets)):3} sets of plugins {price:8.2f} µs   {price / plain:.2f}")


if __name__ == "__main__":
    main()
