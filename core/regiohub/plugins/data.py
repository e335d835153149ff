"""What a plugin says about the data it keeps: which kinds, how long, whose they are, and what erasure does to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel

from regiohub.texts import Text

from .expiry import Expiry, counts_time, expiry_faults, setting_faults


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """Whose the rows of a table are, and what becomes of them when the person is erased.

    A row belongs to a person if one of these says so; at least one is needed:

    `subject`: column with the identifier of the person's account (`ctx.principal.subject`).
    `email`: column with an e-mail address, for people without an account too; upper and lower case do not matter.
    `belongs_to`: column made with `reference` that points to a row of another declared table: the row is that person's.

    `clear`: erasure empties these columns and keeps the row; the columns above that hold the person are emptied too.
    Without `clear` the row is deleted. `keep`: erasure leaves the row as it is, for this reason, which the report says.
    `counted_from`: column with the moment or day from which the category's retention counts; a row with `belongs_to`
    goes with the row it belongs to. `hidden`: columns that no export shows, such as hashes and sealed codes.
    """

    table: str
    subject: str | None = None
    email: str | None = None
    belongs_to: str | None = None
    clear: tuple[str, ...] = ()
    keep: Text | None = None
    counted_from: str | None = None
    hidden: tuple[str, ...] = ()

    @property
    def finds(self) -> tuple[str, ...]:
        """The columns that hold the person: identifier and address, where there are any."""
        return tuple(name for name in (self.subject, self.email) if name)

    @property
    def emptied(self) -> tuple[str, ...]:
        """The columns that erasure empties; none if it deletes the row or keeps it."""
        return tuple(dict.fromkeys((*self.finds, *self.clear))) if self.clear and self.keep is None else ()


@dataclass(frozen=True, slots=True)
class DataCategory:
    """A kind of data that the plugin keeps.

    `tables` names the tables that hold it, so that export, erasure and deletion find them. `people` says whose the
    rows are, table by table; these tables need not stand in `tables` as well.
    `retention`: how long it is kept; the platform deletes or empties rows whose time has passed, once a day. `setting`:
    the setting (whole days, with `ge=` and `le=`) by which a town changes that; its default is `retention`.
    `expiries`: what goes by its age beside or instead of `counted_from` of the tables in `people`. `kept`: in words,
    how long it is kept where there is no fixed time ("as long as the offer is listed"). Without any of it it is kept as
    long as the thing itself exists: no answer for personal data.
    """

    id: str
    title: Text
    personal: bool
    retention: timedelta | None = None
    tables: tuple[str, ...] = ()
    people: tuple[PersonalTable, ...] = ()
    kept: Text | None = None
    setting: str | None = None
    expiries: tuple[Expiry, ...] = ()

    def __post_init__(self) -> None:
        named = dict.fromkeys((*self.tables, *(one.table for one in (*self.people, *self.expiries))))
        object.__setattr__(self, "tables", tuple(named))


def faults_of(
    categories: Sequence[DataCategory], tables: Mapping[str, sa.Table], settings: type[BaseModel] = BaseModel
) -> Iterator[str]:
    """What contradicts itself in the declarations of one plugin; `tables`: its tables by name, `settings`: its model.

    Only what would make export, erasure and retention fail is a fault here. What is missing (a retention time, a way
    to find the person) is for the contract suite to say: a plugin without it works.
    """
    declared: dict[str, PersonalTable] = {}
    for category in categories:
        start = f"data category {category.id}"
        yield from (f"{start} names the unknown table {name}" for name in category.tables if name not in tables)
        if category.people and not category.personal:
            yield f"{start} says whose its rows are (people) and is not personal: set personal=True"
        if category.retention is not None and category.retention <= timedelta():
            yield f"{start}: the retention has to be longer than nothing"
        for fault in _faults_of_time(category, tables, settings):
            yield f"{start}: {fault}"
        for one in category.people:
            if one.table in declared:
                yield f"{start} declares the table {one.table} a second time: a table stands in one category"
            declared.setdefault(one.table, one)
    for one in declared.values():
        if one.table in tables:
            yield from (f"table {one.table}: {fault}" for fault in _faults(one, tables[one.table], declared))


def _faults_of_time(category: DataCategory, tables: Mapping[str, sa.Table], settings: type[BaseModel]) -> Iterator[str]:
    yield from setting_faults(category.setting, category.retention, settings)
    for one in category.expiries:
        if one.table not in tables:
            continue  # said already: a category's tables
        yield from expiry_faults(one, tables)
        yield from setting_faults(one.setting, one.retention, settings)
        if one.retention is None and category.retention is None:
            yield f"expiry of table {one.table}: neither it nor the category says how long (retention)"
        try:
            for name in one.clear:
                empty_value(tables[one.table].columns[name])
        except (KeyError, ValueError) as error:
            yield f"expiry of table {one.table}: column {error.args[0]} cannot be emptied"


def parent_of(one: PersonalTable, table: sa.Table) -> tuple[str, str] | None:
    """Table and column that `belongs_to` points to; None if it is no reference."""
    for key in table.foreign_key_constraints:
        for element in key.elements:
            if element.parent.name == one.belongs_to and element.parent.name != "tenant_id":
                found, _, column = element.target_fullname.rpartition(".")
                return found, column
    return None


def empty_value(column: sa.Column[Any]) -> object:
    """What an emptied column holds: nothing, or an empty text where a text is required.

    :raises ValueError: the column can hold neither.
    """
    if column.nullable:
        return None
    if isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum) and not column.primary_key:
        return ""
    raise ValueError(column.name)


def _faults(one: PersonalTable, table: sa.Table, declared: Mapping[str, PersonalTable]) -> Iterator[str]:
    named = (*one.finds, one.belongs_to, *one.clear, one.counted_from, *one.hidden)
    unknown = [name for name in named if name is not None and name not in table.columns]
    yield from (f"there is no column {name}" for name in dict.fromkeys(unknown))
    if not (one.finds or one.belongs_to):
        yield "nothing says whose a row is: name subject, email or belongs_to"
    if one.keep is not None and one.clear:
        yield "a row is kept as it is (keep) or emptied (clear), not both"
    if unknown:
        return
    for name in one.emptied:
        try:
            empty_value(table.columns[name])
        except ValueError:
            yield f"column {name} cannot be emptied: make it nullable, or have the row deleted (no clear)"
    if one.counted_from is not None and not counts_time(table.columns[one.counted_from]):
        yield f"column {one.counted_from} holds no moment and no day: the retention cannot count from it"
    if one.belongs_to is not None:
        yield from _faults_above(one, table, declared)


def _faults_above(one: PersonalTable, table: sa.Table, declared: Mapping[str, PersonalTable]) -> Iterator[str]:
    above = parent_of(one, table)
    if above is None:
        yield f"column {one.belongs_to} points nowhere: make it with reference()"
        return
    seen = {one.table}
    parent: str | None = above[0]
    while parent is not None:
        if parent in seen:
            yield f"belongs_to leads back to {parent}"
            return
        if parent not in declared:
            yield f"it belongs to rows of {parent}, which no category declares (people)"
            return
        seen.add(parent)
        entry = declared[parent]
        known = table.metadata.tables.get(parent)
        following = parent_of(entry, known) if entry.belongs_to is not None and known is not None else None
        parent = following[0] if following else None
