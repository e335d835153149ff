"""What the promises of the contract look at: one plugin, its data, and installations to try it in."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path

from regiohub.plugins.host import PluginHost
from regiohub.plugins.manifest import Plugin
from regiohub.plugins.subjects import Subject
from regiohub.tenancy.context import TenantScope
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.world import World

Fill = Callable[[TenantScope, int], Awaitable[None]]
"""Fills one town: at least `int` rows in every table of the plugin. Called once per town."""

Person = Callable[[TenantScope, Subject], Awaitable[None]]
"""Puts one person's data into a town, as the plugin's own services would."""


@dataclass(frozen=True)
class Case:
    """One plugin on one engine. `fill` puts rows into all its tables; `entries` as in `Recipe`.

    `person` puts a person's data where declared columns do not lead: into JSON values and files. `seeds` holds a folder
    per town with content for the demo.
    """

    id: str
    engine: Engine
    installations: Installations
    folder: Path
    fill: Fill
    entries: tuple[EntryPoint, ...] | None = None
    person: Person | None = None
    seeds: Path | None = None

    @property
    def plugin(self) -> Plugin:
        """The plugin's manifest."""
        return _healthy(self.entries)[self.id]

    @property
    def recipe(self) -> Recipe:
        """The plugin with all that it requires, on in Potsdam and Bad Belzig, off in Berlin.

        :raises LookupError: the plugin is not there, or cannot be loaded; the message says why.
        """
        return _recipe(self.id, self.entries)

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
        """An installation with rows in every table, by default in Potsdam and Bad Belzig.

        The rows are made once per run and copied, so that a test that asks again does not wait for them.
        """

        async def fill(world: World) -> None:
            for slug in towns or ("potsdam", "bad-belzig"):
                await self.fill(world.scope(slug), rows)

        key = (self.fill, rows, towns)
        async with self.installations.open_filled(self.recipe, self.engine, self.folder, key, fill) as world:
            yield world


@cache
def _healthy(entries: tuple[EntryPoint, ...] | None) -> Mapping[str, Plugin]:
    return PluginHost(entries).healthy


@cache
def _recipe(plugin: str, entries: tuple[EntryPoint, ...] | None) -> Recipe:
    return Recipe.of(plugin, entries=entries)
