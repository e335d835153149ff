"""What stands in a plugin's tables: fingerprints that show every change, identifiers, texts that tell a town."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from regiohub.db.base import TenantTable
from regiohub.db.types import Guid
from regiohub.plugins.manifest import Plugin
from regiohub.testing.world import World

Fingerprints = Mapping[tuple[str, str], str]
"""By town and table."""


def tables(plugin: Plugin) -> list[type[Any]]:
    """The models of the tables that belong to towns."""
    return [model for model in plugin.models if issubclass(model, TenantTable)]


async def fingerprints(world: World, plugin: Plugin) -> Fingerprints:
    """A fingerprint of all rows of each table in each town, whatever their order."""
    found: dict[tuple[str, str], str] = {}
    for town in world.platform.tenants.all():
        async with world.platform.scope(town).read() as ctx:
            for model in tables(plugin):
                rows = sorted(repr(tuple(row)) for row in (await ctx.session.execute(_all(model))).all())
                found[town.slug, model.__tablename__] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def changed(before: Fingerprints, after: Fingerprints) -> list[str]:
    """The tables that are not as they were, in words."""
    return [f"{table} of {town}" for (town, table), mark in after.items() if before[town, table] != mark]


class Content:
    """What one town's rows hold. `values[table][column]`: identifiers and texts, as GraphQL shows them."""

    def __init__(self, values: Mapping[str, Mapping[str, Sequence[str]]], plugin: str) -> None:
        self.values, self._prefix = values, f"{plugin}_"

    def ids(self, table: str) -> Sequence[str]:
        """Identifiers of a table's rows."""
        return self.values.get(table, {}).get("id", ())

    def without(self, columns: Collection[str]) -> Content:
        """The same without some columns."""
        kept = {
            table: {name: found for name, found in values.items() if name not in columns}
            for table, values in self.values.items()
        }
        return Content(kept, self._prefix.removesuffix("_"))

    def named(self) -> Mapping[str, str]:
        """Tables by their name without the plugin's: place -> booking_place."""
        return {name.removeprefix(self._prefix): name for name in self.values}

    def words(self, shortest: int = 8) -> set[str]:
        """All identifiers, and texts of at least so many characters."""
        columns = (column for table in self.values.values() for column in table.values())
        return {text for column in columns for text in column if len(text) >= shortest}


async def content(world: World, slug: str, plugin: Plugin) -> Content:
    """What the tables of a plugin hold in a town."""
    values: dict[str, dict[str, list[str]]] = {}
    async with world.scope(slug).read() as ctx:
        for model in tables(plugin):
            names = [c.key for c in sa.inspect(model).column_attrs if _tells(c.columns[0])]
            rows = (await ctx.session.execute(_all(model, names))).all() if names else []
            values[model.__tablename__] = {
                name: [str(row[at]) for row in rows if row[at] is not None] for at, name in enumerate(names)
            }
    return Content(values, plugin.id)


def _all(model: type[Any], names: Sequence[str] | None = None) -> Any:
    keys = names if names is not None else [c.key for c in sa.inspect(model).column_attrs if _stored(c.columns[0])]
    return sa.select(*(getattr(model, key) for key in keys))


def _stored(column: Any) -> bool:
    return isinstance(column, sa.Column)


def _tells(column: Any) -> bool:
    """Whether a column's values can tell whose they are: identifiers and texts, but no words out of a fixed list."""
    kind = getattr(column, "type", None)
    return isinstance(column, sa.Column) and (isinstance(kind, (Guid, sa.String)) and not isinstance(kind, sa.Enum))
