"""Rows read as they are, and a generated function that shapes them: cheaper than JSON where a list nests no lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, assert_never

import orjson
import sqlalchemy as sa

from regiohub.db.direct import ANNOUNCED

from .content import Constant, Entry, Json, ListEntry, One, Page, Plain, Worked
from .errors import Unusual
from .facts import Facts
from .scope import Entity
from .written import Writer, cursor_of, put_places

Shape = Callable[[Sequence[Any], Facts], Any]
"""From the rows of a statement to the value of the field."""


class Flat:
    """Collects the columns of one statement, and the source of the function that makes an object of a row."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.columns: list[Any] = []
        self.json: set[int] = set()
        self._joins: list[tuple[Any, Any]] = []
        self._names: dict[str, Any] = {"no": no, "fragment": fragment, "loads": orjson.loads}

    def add(self, expression: Any, *, json: bool = False) -> int:
        """Read one more column; returns its place."""
        if json:
            self.json.add(len(self.columns))
        self.columns.append(expression.label(f"c{len(self.columns)}"))
        return len(self.columns) - 1

    def known(self, value: Any) -> str:
        """A name for a Python object in the generated source."""
        name = f"k{len(self._names)}"
        self._names[name] = value
        return name

    def object(self, entity: Entity, entries: Sequence[Entry]) -> str:
        """The source of an expression that makes the object of the row `r`."""
        pairs = [f"{entry.key!r}: {self._value(entity, entry)}" for entry in entries]
        return "{" + ", ".join(pairs) + "}"

    def _value(self, entity: Entity, entry: Entry) -> str:
        content = entry.content
        match content:
            case Constant(value):
                return repr(value)
            case Plain(shown, guard):
                return self._plain(self.add(shown.expression, json=shown.json), shown.json, shown.truth, guard)
            case Json(expression, mend, guard):
                place = f"r[{self.add(expression, json=True)}]"
                if mend is not None:
                    return f"{self.known(mend)}(loads({place}), f)"
                return f"(fragment({place}) if {place} is not None else {'no()' if guard else 'None'})"
            case Worked():
                given = ", ".join(["f", *(self._read(read) for read in content.reads)])
                return f"{self.known(content.call)}({given})"
            case One():
                self._joins.append((content.entity.table, content.on))
                there = self.add(next(iter(content.entity.table.primary_key)))
                absent = "no()" if content.guard else "None"
                return f"({self.object(content.entity, content.entries)} if r[{there}] is not None else {absent})"
            case _:
                assert_never(content)

    def _plain(self, at: int, json: bool, truth: bool, guard: bool) -> str:
        place = f"r[{at}]"
        value = f"fragment({place})" if json else f"({place} != 0)" if truth else place
        if guard:
            return f"({value} if {place} is not None else no())"
        return f"({value} if {place} is not None else None)" if json or truth else value

    def _read(self, read: Any) -> str:
        place = f"r[{self.add(read.expression, json=read.json)}]"
        if read.json:
            place = f"(loads({place}) if {place} is not None else None)"
        return f"{self.known(read.value)}({place})"

    def maker(self, source: str) -> Callable[[Any, Facts], Any]:
        """The function of a row and the request's facts that an expression's source describes."""
        # The source consists of keys of the validated document, written by repr, and of names given out here.
        return eval(f"lambda r, f: {source}", self._names)  # noqa: S307

    def select(self, entity: Entity, conditions: Sequence[Any]) -> Any:
        """The SELECT of all columns collected."""
        joined: Any = entity.table
        for table, on in self._joins:
            joined = sa.outerjoin(joined, table, on)
        # Where only names of types are asked for, the rows still have to be counted.
        columns = self.columns or [sa.literal_column("1").label("c0")]
        return sa.select(*columns).select_from(joined).where(sa.literal_column(ANNOUNCED), *conditions)


def no() -> Any:
    """A null where the schema has none: the ordinary way reports it."""
    raise Unusual("null in a field that cannot be null")


def fragment(value: Any) -> orjson.Fragment:
    """JSON of the database that goes into the answer as it is."""
    return orjson.Fragment(value)


class Rows(NamedTuple):
    """A SELECT, the places of its JSON, and what shapes its rows."""

    select: Any
    json: set[int]
    shape: Shape


def one(writer: Writer, entity: Entity, conditions: Sequence[Any], entries: Sequence[Entry]) -> Rows:
    """One row, or null."""
    flat = Flat(writer)
    make = flat.maker(flat.object(entity, entries))
    select = flat.select(entity, conditions).limit(sa.literal_column("1"))

    def shape(rows: Sequence[Any], facts: Facts) -> Any:
        return make(rows[0], facts) if rows else None

    return Rows(select, flat.json, shape)


def page(writer: Writer, wanted: Page) -> Rows:
    """A connection: one row more than the page has tells whether entries follow."""
    flat = Flat(writer)
    parts = [_Part(flat, writer, wanted, part) for part in wanted.parts]
    marks = [flat.add(mark.expression) for mark in wanted.marks] if wanted.cursors else []
    encode = cursor_of(wanted)
    more = any(part.looks_ahead for part in parts)
    limit = wanted.first + 1 if more and wanted.first else wanted.first
    select = flat.select(wanted.entity, [*wanted.conditions, *wanted.behind]).order_by(*wanted.order)

    def shape(rows: Sequence[Any], facts: Facts) -> Any:
        kept = rows[: wanted.first]
        cursors = [encode([row[at] for at in marks]) for row in kept] if marks else []
        return {part.key: part.value(kept, len(rows) > len(kept), cursors, facts) for part in parts}

    return Rows(select.limit(sa.literal_column(str(limit))), flat.json, shape)


class _Part:
    """One key of a connection, made of the rows of the page."""

    def __init__(self, flat: Flat, writer: Writer, page: Page, part: ListEntry) -> None:
        self.key, self._name, self._below, self._page = part.key, part.name, part.below, page
        self.looks_ahead = part.name == "pageInfo" and any(entry.name == "hasNextPage" for entry in part.below)
        self._total = flat.add(writer.total(page)) if part.name == "totalCount" else None
        self._makers: list[tuple[str, Any]] = []
        if part.name == "nodes":
            self._makers = [("", flat.maker(flat.object(page.entity, part.below)))]
        elif part.name == "edges":
            self._makers = [
                (edge.key, flat.maker(flat.object(page.entity, edge.below)) if edge.name == "node" else edge)
                for edge in part.below
            ]

    def value(self, rows: Sequence[Any], more: bool, cursors: Sequence[str], facts: Facts) -> Any:
        """The key's value."""
        match self._name:
            case "nodes":
                make = self._makers[0][1]
                return [make(row, facts) for row in rows]
            case "edges":
                return [
                    {key: self._edge(make, row, cursors, at, facts) for key, make in self._makers}
                    for at, row in enumerate(rows)
                ]
            case "totalCount":
                if not rows and (self._page.behind or not self._page.first):
                    raise Unusual("an empty page says nothing about its list")
                return rows[0][self._total] if rows else 0
            case "pageInfo":
                return self._place(more, cursors)
            case _:
                return self._below[0]

    @staticmethod
    def _edge(make: Any, row: Any, cursors: Sequence[str], at: int, facts: Facts) -> Any:
        if isinstance(make, ListEntry):
            return cursors[at] if make.name == "cursor" else make.below[0]
        return make(row, facts)

    def _place(self, more: bool, cursors: Sequence[str]) -> dict[str, Any]:
        place: dict[str, Any] = {}
        for entry in self._below:
            if entry.name == "hasNextPage":
                place[entry.key] = more and bool(self._page.first)
            elif entry.name == "hasPreviousPage":
                place[entry.key] = bool(self._page.behind)
            else:
                place[entry.key] = entry.below[0] if entry.below else None
        put_places(place, self._below, cursors)
        return place
