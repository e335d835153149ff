"""Two invented people whose marks are put into the rows that a plugin's tables already have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from regiohub.db.base import TenantTable
from regiohub.db.types import Guid
from regiohub.plugins.data import PersonalTable, parent_of
from regiohub.plugins.manifest import Plugin
from regiohub.plugins.subjects import Subject
from regiohub.privacy.tables import attribute_of
from regiohub.tenancy.context import Ctx, TenantScope

HERE, THERE = "potsdam", "bad-belzig"
ANNA = Subject("0190a000-0000-7000-8000-00000000aaaa", frozenset({"anna.vertrag@example.org"}))
BEN = Subject("0190a000-0000-7000-8000-00000000bbbb", frozenset({"ben.vertrag@example.org"}))
# Identifiers in the form of a UUID fit both kinds of column.
IDENTIFIER = re.compile(r"(subject|user|user_id|account|account_id|sub)(_id)?$|.*_(subject|user_id|account_id)$")
ADDRESS = re.compile(r"(.*_)?e?mail(_address)?$")
ALSO = re.compile(r"(.*_)?(phone|mobile|birthday|birth_date|iban|first_name|last_name|surname|ip_address)$")
"""Names of columns that hold a person by their very meaning."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that holds a person: declared, or by its name."""

    table: str
    name: str
    is_address: bool
    declared: bool


class Tables:
    """The plugin's tables of towns, their rows, and where people stand in them."""

    def __init__(self, plugin: Plugin) -> None:
        self.models = {str(m.__tablename__): m for m in plugin.models if issubclass(m, TenantTable)}
        self.declared: Mapping[str, PersonalTable] = {
            one.table: one for category in plugin.data_categories for one in category.people
        }

    def table(self, name: str) -> sa.Table:
        """A table by its name."""
        return cast("sa.Table", self.models[name].__table__)

    def columns(self) -> Iterator[Column]:
        """Columns that hold identifiers or addresses of people."""
        for name in self.models:
            entry = self.declared.get(name)
            finds = entry.finds if entry else ()
            for column in self.table(name).columns:
                if not _holds_names(column):
                    continue
                is_address = bool(ADDRESS.match(column.name)) or (entry is not None and column.name == entry.email)
                if column.name in finds or is_address or IDENTIFIER.match(column.name):
                    yield Column(name, column.name, is_address, column.name in finds)

    async def rows(self, ctx: Ctx, name: str) -> list[Row]:
        """All rows of a table in the order of their keys, by names of columns."""
        model, table = self.models[name], self.table(name)
        shown = [attribute_of(model, column.name).label(column.name) for column in table.columns]
        order = [attribute_of(model, column.name) for column in table.primary_key.columns]
        return [dict(row) for row in (await ctx.session.execute(sa.select(*shown).order_by(*order))).mappings()]

    async def everything(self, ctx: Ctx) -> dict[str, list[Row]]:
        """All rows of all tables."""
        return {name: await self.rows(ctx, name) for name in self.models}

    def key(self, name: str, row: Row) -> tuple[str, ...]:
        """A row's primary key without the town, as text."""
        return tuple(str(row[c.name]) for c in self.table(name).primary_key.columns if c.name != "tenant_id")

    async def mark(self, ctx: Ctx, people: Sequence[Subject]) -> None:
        """Make the first rows of each table with such columns the first person's, the next ones the second's."""
        for column in self.columns():
            model = self.models[column.table]
            rows = await self.rows(ctx, column.table)
            for person, row in zip(people, rows, strict=False):
                value = next(iter(person.emails)) if column.is_address else person.id
                keys = [attribute_of(model, c.name) == row[c.name] for c in self.table(column.table).primary_key]
                statement = sa.update(model).where(*keys).values({attribute_of(model, column.name): value})
                await ctx.session.execute(statement, execution_options={"synchronize_session": False})

    def of_person(self, rows: Mapping[str, list[Row]], person: Subject) -> dict[str, set[tuple[str, ...]]]:
        """Keys of the rows that are the person's: marked, or belonging to such rows. Worked out without SQL."""
        found = {name: {self.key(name, row) for row in some if names(row.values(), person)}
                 for name, some in rows.items()}  # fmt: skip
        for _ in self.declared:
            for name, entry in self.declared.items():
                above = parent_of(entry, self.table(name)) if entry.belongs_to else None
                if above is not None and entry.belongs_to:
                    parent, column = above
                    theirs = {str(row[column]) for row in rows[parent] if self.key(parent, row) in found[parent]}
                    found[name] |= {self.key(name, row) for row in rows[name] if str(row[entry.belongs_to]) in theirs}
        return {name: keys for name, keys in found.items() if keys}


async def plant(scope: TenantScope, tables: Tables, *people: Subject) -> None:
    """Mark rows of one town as those of these people."""

    async def work(ctx: Ctx) -> None:
        await tables.mark(ctx, people)

    await scope.run(work)


def names(values: Iterable[object], person: Subject) -> bool:
    """Whether values name the person: identifier or address, anywhere in their text, in any case."""
    marks = [*person.emails, *([person.id] if person.id else [])]
    return any(mark.casefold() in str(value).casefold() for value in values for mark in marks)


def holds_people(plugin: Plugin) -> bool:
    """Whether there is anything to look for."""
    return bool("register_subject_data" in plugin.hooks or any(Tables(plugin).columns()))


def _holds_names(column: sa.Column[Any]) -> bool:
    if column.name == "tenant_id" or column.foreign_keys or column.primary_key:
        return False
    kind = column.type
    return isinstance(kind, (Guid, sa.Uuid)) or (isinstance(kind, sa.String) and not isinstance(kind, sa.Enum))
