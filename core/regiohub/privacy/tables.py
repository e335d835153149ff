"""Finding and erasing a person's rows in the tables that a plugin has declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CursorResult

from regiohub.db.base import TenantTable, Timestamps
from regiohub.db.session import TenantSession
from regiohub.db.types import Guid
from regiohub.plugins.data import DataCategory, PersonalTable, empty_value, parent_of
from regiohub.plugins.manifest import Plugin
from regiohub.plugins.subjects import Subject

_NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Declared:
    """One declared table with its model; `depth` says how many references lead up from it."""

    category: DataCategory
    entry: PersonalTable
    model: type[TenantTable]
    depth: int

    @property
    def table(self) -> sa.Table:
        """The table itself."""
        return cast("sa.Table", self.model.__table__)

    def attribute(self, column: str) -> Any:
        """The mapped attribute of a column."""
        return attribute_of(self.model, column)


class DeclaredTables:
    """The declared tables of one plugin."""

    def __init__(self, plugin: Plugin) -> None:
        models = {str(model.__tablename__): model for model in plugin.models}
        entries = {one.table: (category, one) for category in plugin.data_categories for one in category.people}

        def depth(name: str) -> int:
            entry = entries[name][1]
            above = parent_of(entry, models[name].__table__) if entry.belongs_to else None
            return 0 if above is None else 1 + depth(above[0])

        self._tables = {
            name: Declared(category, entry, models[name], depth(name)) for name, (category, entry) in entries.items()
        }

    def __iter__(self) -> Iterator[Declared]:
        """What belongs to other rows comes before them: erased in this order, nothing loses its way to the person."""
        return iter(sorted(self._tables.values(), key=lambda one: -one.depth))

    def of_person(self, one: Declared, subject: Subject) -> sa.ColumnElement[bool] | None:
        """The condition that a row is this person's; None if nothing that is known of the person can find one."""
        entry = one.entry
        found: list[sa.ColumnElement[bool]] = []
        if entry.subject and subject.id is not None and _fits(one, entry.subject, subject.id):
            found.append(one.attribute(entry.subject) == subject.id)
        if entry.email and subject.emails:
            address = sa.func.lower(sa.func.trim(one.attribute(entry.email)))
            found.append(address.in_(sorted(subject.emails)))
        above = parent_of(entry, one.table) if entry.belongs_to else None
        if above is not None and entry.belongs_to:
            parent = self._tables[above[0]]
            theirs = self.of_person(parent, subject)
            if theirs is not None:
                found.append(one.attribute(entry.belongs_to).in_(sa.select(parent.attribute(above[1])).where(theirs)))
        return sa.or_(*found) if found else None

    async def rows(self, session: TenantSession, one: Declared, subject: Subject) -> list[dict[str, Any]]:
        """The person's rows without the town's number and hidden columns, in the order of their keys."""
        theirs = self.of_person(one, subject)
        if theirs is None:
            return []
        shown = [c.name for c in one.table.columns if c.name != "tenant_id" and c.name not in one.entry.hidden]
        key = [one.attribute(c.name) for c in one.table.primary_key.columns]
        statement = sa.select(*(one.attribute(name).label(name) for name in shown))
        found = await session.execute(statement.where(theirs).order_by(*key))
        return [dict(row) for row in found.mappings()]

    async def erase(self, session: TenantSession, one: Declared, subject: Subject, now: Any) -> tuple[int, int, int]:
        """Erase the person's rows as declared; how many were deleted, emptied and kept."""
        theirs = self.of_person(one, subject)
        if theirs is None:
            return 0, 0, 0
        if one.entry.keep is not None:
            kept = sa.select(sa.func.count()).select_from(one.model).where(theirs)
            return 0, 0, await session.scalar(kept) or 0
        if not one.entry.emptied:
            return await _changed(session, sa.delete(one.model).where(theirs)), 0, 0
        values = {one.attribute(n).key: empty_value(one.table.columns[n]) for n in one.entry.emptied}
        if issubclass(one.model, Timestamps):
            values["updated_at"] = now
        return 0, await _changed(session, sa.update(one.model).where(theirs).values(values)), 0


def names_in(one: Declared, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Identifiers and addresses that stand in a person's rows."""
    for row in rows:
        for column in one.entry.finds:
            value = row.get(column)
            if value:
                yield str(value)


def attribute_of(model: type[Any], column: str) -> Any:
    """The mapped attribute of a column, whatever it is called in the model."""
    mapper = sa.inspect(model)
    return getattr(model, mapper.get_property_by_column(model.__table__.columns[column]).key)


def _fits(one: Declared, column: str, subject: str) -> bool:
    """Whether the column can hold an identifier of this form at all."""
    if isinstance(one.table.columns[column].type, (Guid, sa.Uuid)):
        try:
            UUID(subject)
        except ValueError:
            return False
    return True


async def _changed(session: TenantSession, statement: Any) -> int:
    done = await session.execute(statement, execution_options=_NO_SYNC)
    return max(cast("CursorResult[Any]", done).rowcount, 0)
