"""JSON written by the database: objects, lists and pages as one expression, with what Python completes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, assert_never

import sqlalchemy as sa

from regiohub.graphql.engine import keyset

from . import jsonsql
from .content import Constant, Entry, Json, ListEntry, Mend, One, Page, Plain, Worked
from .facts import Facts
from .jsonsql import Item
from .scope import Entity
from .sqlforms import Fail, ToJson, text

MARKS = "$"
"""Key of the values that cursors are made of; no key of an answer can be called so."""


class Writer:
    """Writes one statement's JSON; numbers its sub-selects."""

    def __init__(self, *, postgresql: bool) -> None:
        self.postgresql = postgresql
        self._number = 0

    def number(self) -> int:
        """A number for a name that no other sub-select has."""
        self._number += 1
        return self._number

    def items(self, entity: Entity, entries: Sequence[Entry]) -> tuple[list[Item], Mend | None]:
        """The keys of an object of a row, and what completes the parsed object."""
        found: list[Item] = []
        mends: list[tuple[str, Mend]] = []
        for entry in entries:
            item, mend = self._item(entity, entry)
            found.append(item)
            if mend is not None:
                mends.append((entry.key, mend))
        return found, _of_object(mends)

    def _item(self, entity: Entity, entry: Entry) -> tuple[Item, Mend | None]:
        content, key = entry.content, entry.key
        match content:
            case Constant(value):
                return Item(key, text(value)), None
            case Plain(shown, guard):
                value = self._guarded(entity, shown.inside, shown.json) if guard else shown.inside
                return Item(key, value, shown.json or shown.nested is not None), None
            case Json(expression, mend, guard):
                value = self._guarded(entity, expression, json=True) if guard else expression
                return Item(key, value, json=True), mend
            case Worked():
                reads = [
                    ToJson(r.expression) if r.json and not self.postgresql else r.expression for r in content.reads
                ]
                return Item(key, jsonsql.array(reads, postgresql=self.postgresql), json=True), _worked(content)
            case One():
                below, mend = self.items(content.entity, content.entries)
                rows = select_from(content.entity.table, content.on)
                value = jsonsql.row_object(rows, below, self.number(), postgresql=self.postgresql)
                if content.guard:
                    value = self._guarded(entity, value, json=True)
                return Item(key, value, json=True), _if_there(mend)
            case _:
                assert_never(content)

    def _guarded(self, entity: Entity, value: Any, json: bool) -> Any:
        """The value; where it is null, the statement fails and the ordinary way reports it at its place."""
        anchor = next(iter(entity.table.primary_key))
        if json:
            return sa.func.coalesce(ToJson(value), Fail(anchor, type_=sa.JSON()))
        kind = value.type
        if not isinstance(kind, (sa.Integer, sa.Float, sa.Boolean)):
            kind = sa.Text()
        return sa.func.coalesce(value, Fail(anchor, type_=kind))

    def page(self, page: Page) -> tuple[Any, Mend | None]:
        """A connection as one JSON expression."""
        items: list[Item] = []
        mends: list[tuple[str, Mend]] = []
        for part in page.parts:
            item, mend = self._part(page, part)
            items.append(item)
            if mend is not None:
                mends.append((part.key, mend))
        mend = _of_object(mends)
        if page.cursors:
            marks = jsonsql.array([mark.expression for mark in page.marks], postgresql=self.postgresql)
            listed = jsonsql.listed(self._rows(page), marks, self.number(), postgresql=self.postgresql)
            items.append(Item(MARKS, listed, json=True))
            mend = _with_cursors(page, mend)
        return jsonsql.struct(items, postgresql=self.postgresql), mend

    def _part(self, page: Page, part: ListEntry) -> tuple[Item, Mend | None]:
        match part.name:
            case "nodes":
                return self._entries(page, part.key, part.below)
            case "edges":
                entries: list[Entry] = []
                for edge in part.below:
                    if edge.name == "node":
                        items, mend = self.items(page.entity, edge.below)
                        node = jsonsql.struct(items, postgresql=self.postgresql)
                        entries.append(Entry(edge.key, Json(node, mend)))
                    else:
                        entries.append(Entry(edge.key, Constant(edge.name if edge.name == "cursor" else edge.below[0])))
                return self._entries(page, part.key, entries)
            case "totalCount":
                return Item(part.key, self.total(page)), None
            case "pageInfo":
                entries_ = [Item(entry.key, *self._place(page, entry)) for entry in part.below]
                return Item(part.key, jsonsql.struct(entries_, postgresql=self.postgresql), json=True), None
            case _:
                return Item(part.key, text(part.below[0])), None

    def _entries(self, page: Page, key: str, entries: Sequence[Entry]) -> tuple[Item, Mend | None]:
        items, mend = self.items(page.entity, entries)
        found = jsonsql.rows_array(self._rows(page), items, self.number(), postgresql=self.postgresql)
        return Item(key, found, json=True), _of_list(mend)

    def _place(self, page: Page, entry: ListEntry) -> tuple[Any, bool]:
        match entry.name:
            case "hasNextPage":
                return self._truth(self.more(page))
            case "hasPreviousPage":
                return self._truth(sa.true() if page.behind else sa.false())
            case "startCursor" | "endCursor":
                return text(entry.name), False
            case _:
                return text(entry.below[0]), False

    def _truth(self, condition: Any) -> tuple[Any, bool]:
        if self.postgresql:
            return condition, False
        return sa.case((condition, ToJson(text("true"))), else_=ToJson(text("false"))), True

    def _rows(self, page: Page) -> Any:
        rows = select_from(page.entity.table, *page.conditions, *page.behind)
        return rows.order_by(*page.order).limit(sa.literal_column(str(page.first)))

    def more(self, page: Page) -> Any:
        """Whether entries follow the page: without an order, since it only counts."""
        if not page.first:
            return sa.false()
        one = select_from(page.entity.table, *page.conditions, *page.behind).limit(
            sa.literal_column(str(page.first + 1))
        )
        rows = one.with_only_columns(sa.literal_column("1").label("one")).subquery(f"q{self.number()}")
        counted = sa.select(sa.func.count()).select_from(rows).scalar_subquery()
        return counted > sa.literal_column(str(page.first))

    def total(self, page: Page) -> Any:
        """How many rows the whole list has."""
        return select_from(page.entity.table, *page.conditions).with_only_columns(sa.func.count()).scalar_subquery()


def select_from(table: Any, *conditions: Any) -> Any:
    """A SELECT of one table that may speak of the tables around it."""
    return sa.select(sa.literal_column("1")).select_from(table).where(*conditions).correlate_except(table)


def _of_object(mends: Sequence[tuple[str, Mend]]) -> Mend | None:
    if not mends:
        return None

    def mend(found: Any, facts: Facts) -> Any:
        for key, work in mends:
            found[key] = work(found[key], facts)
        return found

    return mend


def _of_list(mend: Mend | None) -> Mend | None:
    return None if mend is None else lambda found, facts: [mend(entry, facts) for entry in found]


def _if_there(mend: Mend | None) -> Mend | None:
    return None if mend is None else lambda found, facts: None if found is None else mend(found, facts)


def _worked(content: Worked) -> Mend:
    reads, call = [read.value for read in content.reads], content.call
    return lambda found, facts: call(facts, *(read(value) for read, value in zip(reads, found, strict=True)))


def _with_cursors(page: Page, mend: Mend | None) -> Mend:
    encode = cursor_of(page)
    edges = [
        (part.key, [e.key for e in part.below if e.name == "cursor"]) for part in page.parts if part.name == "edges"
    ]
    places = [(part.key, part.below) for part in page.parts if part.name == "pageInfo"]

    def complete(found: Any, facts: Facts) -> Any:
        marks = [encode(values) for values in found.pop(MARKS)]
        if mend is not None:
            found = mend(found, facts)
        for key, cursors in edges:
            for entry, mark in zip(found[key], marks, strict=True):
                for cursor in cursors:
                    entry[cursor] = mark
        for key, entries in places:
            put_places(found[key], entries, marks)
        return found

    return complete


def put_places(place: dict[str, Any], entries: Sequence[ListEntry], marks: Sequence[str]) -> None:
    """Fill in the cursors of `pageInfo`."""
    for entry in entries:
        if entry.name == "startCursor":
            place[entry.key] = marks[0] if marks else None
        elif entry.name == "endCursor":
            place[entry.key] = marks[-1] if marks else None


def cursor_of(page: Page) -> Callable[[Sequence[Any]], str]:
    """Makes the cursor of an entry of its values as they came through JSON."""
    terms, reads = page.terms, [mark.value for mark in page.marks]
    return lambda values: keyset.encode(terms, [read(value) for read, value in zip(reads, values, strict=True)])
