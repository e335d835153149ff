"""Installations of a test's own choice: which plugins, which towns, on which database."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, Literal

import pytest

from regiohub.plugins.host import PluginHost
from regiohub.tenancy.config import Town
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, prepare
from regiohub.testing.towns import small_towns
from regiohub.testing.world import World, open_world

Engine = Literal["sqlite", "postgresql"]
Template = SqliteTemplate | PostgresTemplate


@dataclass(frozen=True)
class Recipe:
    """What a prepared database holds. Equal recipes share one within a run.

    `plugins`: ids of the plugins that are allowed; empty = all that are there. `entries`: the plugins themselves as
    entry points; None = every installed one. `towns` makes the towns from the ids of plugins and datasets.
    """

    plugins: tuple[str, ...] = ()
    entries: tuple[EntryPoint, ...] | None = None
    towns: Callable[[Iterable[str], Iterable[str]], Sequence[Town]] = small_towns

    @classmethod
    def of(cls, *plugins: str, entries: tuple[EntryPoint, ...] | None = None, **given: Any) -> Recipe:
        """A recipe with these plugins and all that they require.

        :raises LookupError: one of them is not there, or cannot be loaded; the message says why.
        """
        host = PluginHost(entries)
        wanted = list(plugins)
        for id_ in wanted:
            if id_ not in host.healthy:
                fault = next((record.fault for record in host.records if record.id == id_), None)
                there = ", ".join(host.healthy) or "none"
                raise LookupError(f"the plugin {id_} cannot be used: {fault or f'not installed; there are: {there}'}")
            wanted += [need for need in host.healthy[id_].requires if need not in wanted]
        return cls(tuple(sorted(wanted)), entries, **given)


class Installations:
    """Prepared databases by recipe and engine: made when first asked for, then copied."""

    def __init__(self, request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> None:
        self._request, self._folders = request, folders
        self._made: dict[tuple[Recipe, Engine], Template] = {}
        self._blank: dict[Engine, Template] = {}
        self._filled: dict[tuple[Recipe, Engine, Hashable], tuple[Template, Path]] = {}

    def template(self, recipe: Recipe, engine: Engine) -> Template:
        """The prepared database of a recipe, for fixtures that are not asynchronous."""
        found = self._made.get((recipe, engine))
        return found or asyncio.run(self.prepared(recipe, engine))

    async def prepared(self, recipe: Recipe, engine: Engine) -> Template:
        """The prepared database of a recipe."""
        found = self._made.get((recipe, engine))
        if found is None:
            folder = self._folders.mktemp("prepared")
            found = (await self.blank(engine)).clone(folder)
            await prepare(
                found.address, folder, entries=recipe.entries, towns=recipe.towns,
                plugins_allowed=list(recipe.plugins),
            )  # fmt: skip
            self._made[recipe, engine] = found
        return found

    async def blank(self, engine: Engine) -> Template:
        """A database without any table, to be copied."""
        found = self._blank.get(engine)
        if found is None:
            if engine == "sqlite":
                found = SqliteTemplate(self._folders.mktemp("blank"))
                found.create()
            else:
                found = PostgresTemplate.fresh(self._request.getfixturevalue("postgres_server"))
                await found.create()
            self._blank[engine] = found
        return found

    @asynccontextmanager
    async def open(
        self, recipe: Recipe, engine: Engine, folder: Path, *, prepared_as: Recipe | None = None, **changes: Any
    ) -> AsyncGenerator[World]:
        """A running installation on a database of its own; `changes` override settings.

        `prepared_as`: the database of another recipe, whose plugins have all the tables that are needed.
        """
        with (await self.prepared(prepared_as or recipe, engine)).copy(folder) as address:
            async with self._opened(address, recipe, folder / "data", changes) as world:
                yield world

    @asynccontextmanager
    async def open_filled(
        self, recipe: Recipe, engine: Engine, folder: Path, key: Hashable, fill: Callable[[World], Awaitable[None]]
    ) -> AsyncGenerator[World]:
        """Like `open`, with what `fill` puts in: called once for each `key`; then database and files are copied."""
        found = self._filled.get((recipe, engine, key))
        if found is None:
            home = self._folders.mktemp("filled")
            template = (await self.prepared(recipe, engine)).clone(home)
            async with self._opened(template.address, recipe, home / "data", {}) as world:
                await fill(world)
            found = self._filled[recipe, engine, key] = (template, home / "data")
        template, data = found
        shutil.copytree(data, folder / "data", dirs_exist_ok=True)
        with template.copy(folder) as address:
            async with self._opened(address, recipe, folder / "data", {}) as world:
                yield world

    @asynccontextmanager
    async def _opened(
        self, address: Address, recipe: Recipe, data: Path, changes: Mapping[str, Any]
    ) -> AsyncGenerator[World]:
        settings: dict[str, Any] = {"plugins_allowed": list(recipe.plugins), **changes}
        async with open_world(address, data, entries=recipe.entries, **settings) as world:
            yield world
