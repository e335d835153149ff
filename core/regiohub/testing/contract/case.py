"""What the promises of the contract look at: one plugin, its data, and installations to try it in."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint
from pathlib import Path

from regiohub.plugins.host import PluginHost
from regiohub.plugins.manifest import Plugin
from regiohub.tenancy.context import TenantScope
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.world import World

Fill = Callable[[TenantScope, int], Awaitable[None]]
"""Fills one town: at least `int` rows in every table of the plugin. Called once per town."""


@dataclass(frozen=True)
class Case:
    """One plugin on one engine. `fill` puts rows into all its tables; `entries` as in `Recipe`."""

    id: str
    engine: Engine
    installations: Installations
    folder: Path
    fill: Fill
    entries: tuple[EntryPoint, ...] | None = None

    @property
    def plugin(self) -> Plugin:
        """The plugin's manifest."""
        return PluginHost(self.entries).healthy[self.id]

    @property
    def recipe(self) -> Recipe:
        """The plugin with all that it requires, on in Potsdam and Bad Belzig, off in Berlin."""
        healthy = PluginHost(self.entries).healthy
        wanted = [self.id]
        for id_ in wanted:
            wanted += [need for need in healthy[id_].requires if need not in wanted]
        return Recipe(plugins=tuple(sorted(wanted)), entries=self.entries)

    def within(self, name: str) -> Case:
        """The same with a folder of its own, for a second installation."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return replace(self, folder=folder)

    @asynccontextmanager
    async def empty(self) -> AsyncGenerator[World]:
        """An installation in which the towns have no rows of the plugin yet."""
        async with self.installations.open(self.recipe, self.engine, self.folder) as world:
            yield world

    @asynccontextmanager
    async def filled(self, rows: int = 2, *towns: str) -> AsyncGenerator[World]:
        """An installation with rows in every table, by default in Potsdam and Bad Belzig."""
        async with self.empty() as world:
            for slug in towns or ("potsdam", "bad-belzig"):
                await self.fill(world.scope(slug), rows)
            yield world
