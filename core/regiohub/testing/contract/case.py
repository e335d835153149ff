"""What the promises of the contract look at: one plugin, its data, and installations to try it in."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from regiohub.plugins.host import PluginHost
from regiohub.plugins.manifest import Plugin
from regiohub.plugins.subjects import Subject
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.world import World

from .counting import ROWS_FILLED, too_few
from .promise import Breach

Fill = Callable[[TenantScope, int], Awaitable[None]]
"""Fills one town: at least `int` rows in every table of the plugin. Called once per town."""

Person = Callable[[TenantScope, Subject], Awaitable[None]]
"""Puts one person's data into a town, as the plugin's own services would."""

Given = Mapping[str, Mapping[str, Any]]
"""Arguments of GraphQL operations as their variables hold them: `{"clearBenches": {"word": "yes"}}`."""

Arguments = Given | Callable[[Ctx], Awaitable[Given]]
"""Arguments, or what finds them among the rows of a filled town."""


@dataclass(frozen=True)
class Case:
    """One plugin on one engine. `fill` puts rows into all its tables; `entries` as in `Recipe`.

    `person` puts a person's data where declared columns do not lead: into JSON values and files. `seeds` holds a folder
    per town with content for the demo. `arguments` of operations that invented ones do not get anywhere with.
    """

    id: str
    engine: Engine
    installations: Installations
    folder: Path
    fill: Fill
    entries: tuple[EntryPoint, ...] | None = None
    person: Person | None = None
    seeds: Path | None = None
    arguments: Arguments | None = None
    open_routes: Mapping[str, str] = field(default_factory=dict[str, str])
    """Routes that change rows for whoever calls them, each with the reason: `"POST /suggestions": "…"`."""
    counted: bool = True
    """Whether filled tables must have as many rows as wanted."""

    @property
    def plugin(self) -> Plugin:
        """The plugin's manifest."""
        return _healthy(self.entries)[self.id]

    def plugin_of(self, world: World) -> Plugin:
        """The plugin as an installation has loaded it."""
        return world.platform.plugins.healthy[self.id]

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

    async def given(self, scope: TenantScope) -> Given:
        """The arguments for a town as it is now."""
        if self.arguments is None or isinstance(self.arguments, Mapping):
            return self.arguments or {}
        async with scope.read() as ctx:
            return await self.arguments(ctx)

    async def put(self, scope: TenantScope, rows: int) -> None:
        """Fill one town.

        :raises Breach: a table has fewer rows than wanted.
        """
        await self.fill(scope, rows)
        faults = await too_few(scope, self.plugin, rows) if self.counted else []
        if faults:
            raise Breach(ROWS_FILLED, faults)

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
                await self.put(world.scope(slug), rows)

        key = (self.fill, self.counted, rows, towns)
        async with self.installations.open_filled(self.recipe, self.engine, self.folder, key, fill) as world:
            yield world


@cache
def _healthy(entries: tuple[EntryPoint, ...] | None) -> Mapping[str, Plugin]:
    return PluginHost(entries).healthy


@cache
def _recipe(plugin: str, entries: tuple[EntryPoint, ...] | None) -> Recipe:
    return Recipe.of(plugin, entries=entries)
