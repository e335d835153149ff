"""Installations of a test's own choice: which plugins, which towns, on which database."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, Literal

import pytest

from regiohub.tenancy.config import Town
from regiohub.testing.databases import PostgresTemplate, SqliteTemplate, prepare
from regiohub.testing.towns import small_towns
from regiohub.testing.world import World, open_world

Engine = Literal["sqlite", "postgresql"]


@dataclass(frozen=True)
class Recipe:
    """What a prepared database holds. Equal recipes share one within a run.

    `plugins`: ids of the plugins that are allowed; empty = all that are there. `entries`: the plugins themselves as
    entry points; None = every installed one. `towns` makes the towns from the ids of plugins and datasets.
    """

    plugins: tuple[str, ...] = ()
    entries: tuple[EntryPoint, ...] | None = None
    towns: Callable[[Iterable[str], Iterable[str]], Sequence[Town]] = small_towns


class Installations:
    """Prepared databases by recipe and engine: made when first asked for, then copied."""

    def __init__(self, request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> None:
        self._request, self._folders = request, folders
        self._made: dict[tuple[Recipe, Engine], SqliteTemplate | PostgresTemplate] = {}

    async def _template(self, recipe: Recipe, engine: Engine) -> SqliteTemplate | PostgresTemplate:
        found = self._made.get((recipe, engine))
        if found is not None:
            return found
        folder = self._folders.mktemp(f"installation-{engine}")
        if engine == "sqlite":
            found = SqliteTemplate(folder)
        else:
            server = self._request.getfixturevalue("postgres_server")
            found = PostgresTemplate(server, f"regiohub_template_{len(self._made)}")
            await found.create()
        await prepare(
            found.address, folder, entries=recipe.entries, towns=recipe.towns, plugins_allowed=list(recipe.plugins)
        )
        self._made[recipe, engine] = found
        return found

    @asynccontextmanager
    async def open(self, recipe: Recipe, engine: Engine, folder: Path, **changes: Any) -> AsyncGenerator[World]:
        """A running installation on a database of its own; `changes` override settings."""
        template = await self._template(recipe, engine)
        changes = {"plugins_allowed": list(recipe.plugins)} | changes
        with template.copy(folder) as address:
            async with open_world(address, folder / "data", entries=recipe.entries, **changes) as world:
                yield world
