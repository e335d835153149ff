"""A plan: for each field how it is answered, and per shape of the request the finished statements."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from graphql import GraphQLError

from regiohub.db.direct import ANNOUNCED
from regiohub.errors import DomainError
from regiohub.graphql.authoring.spec import Otherwise

from .content import Mend
from .errors import Unplannable
from .facts import Facts
from .fields import Made, Root, resolve
from .moving import Part
from .scope import Reach
from .statement import Statement
from .tree import Selection
from .workshop import Place, Refused, Workshop
from .written import Writer

T = TypeVar("T")
log = structlog.get_logger()
_VARIANTS = 64
"""Shapes of one operation kept at a time: page sizes and which filters are given."""


class Way(StrEnum):
    """How a field is answered."""

    JSON = "json"
    ROWS = "rows"
    RESOLVER = "resolver"
    MEMORY = "memory"
    """A synchronous function answers it and reads nothing."""
    CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """One field below a plugin's namespace, or one at the root. `reason`: why a resolver answers it."""

    path: str
    way: Way
    reason: str | None = None
    sql: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A field's place in the statement that the JSON fields of a room share."""

    root: Root
    mend: Mend | None


@dataclass(slots=True)
class Room:
    """Statements over the same towns: the town of the request, or those that share one dataset with the region.

    `point`: its fields only ask for rows by their keys.
    """

    name: str | None
    json: Statement | None = None
    columns: list[Column] = field(default_factory=list[Column])
    point: bool = True
    rows: list[tuple[Root, Statement, Any]] = field(default_factory=list[tuple[Root, Statement, Any]])

    @property
    def statements(self) -> int:
        """How many there are."""
        return len(self.rows) + (self.json is not None)


@dataclass(slots=True)
class Variant:
    """The statements for one shape of the request."""

    rooms: list[Room]


class Plan:
    """Made of a document, an operation, the variables in `@skip` and `@include`, rights and language.

    The caller himself is no part of it: who he is comes with the request, as a parameter.
    """

    MOST_FAULTS = 3
    """So often its statements may fail before its operation goes the ordinary way for good."""

    def __init__(self, key: Hashable, text: str, roots: Sequence[Root], dialect: Any) -> None:
        self.id = hashlib.sha256(repr((text, key)).encode()).hexdigest()[:12]
        self.roots = roots
        self.compiled = [root for root in roots if root.compiled]
        self.resolved = [root for root in roots if root.resolved]
        self.tables: frozenset[str] = frozenset()
        self.reads_person = self.reads_clock = False
        self._declared = True
        self.rooms = {root.room for root in self.compiled}
        self.layout, self.closing = _layout(roots)
        self.faults = 0
        self._dialect = dialect
        self._parts: dict[Place, Part] = {}
        self._variants: OrderedDict[Hashable, Variant] = OrderedDict()
        self._last: Variant | None = None

    @property
    def fields(self) -> tuple[FieldPlan, ...]:
        """How each field is answered, with the statements of the last shape that was asked."""
        texts: dict[int, list[str]] = {}
        for room in self._last.rooms if self._last else ():
            for column in room.columns:
                texts.setdefault(id(column.root), []).append(room.json.text if room.json else "")
            for root, statement, _ in room.rows:
                texts.setdefault(id(root), []).append(statement.text)
        return tuple(
            FieldPlan(root.path, Way(root.shown_way), root.reason, tuple(texts.get(id(root), ())))
            for root in self.roots
        )

    @property
    def needs_session(self) -> bool:
        """Whether resolvers have to be given a session to read with."""
        return any(not root.from_memory for root in self.resolved)

    def variant(self, selection: Selection, facts: Facts, *, postgresql: bool, region: bool) -> Variant:
        """The statements for a request. Raises `Unplannable`, domain errors and errors of GraphQL."""
        if self._last is not None:
            shape = tuple(part.ask(facts) for part in self._parts.values())
            known = self._variants.get(shape)
            if known is not None:
                self._variants.move_to_end(shape)
                return known
        made = self._make(selection, facts, postgresql, region)
        # Only now it is known which parts there are, and which of them move.
        shape = tuple(part.ask(facts) for part in self._parts.values())
        self._variants[shape] = made
        self._last = made
        while len(self._variants) > _VARIANTS:
            self._variants.popitem(last=False)
        return made

    def _make(self, selection: Selection, facts: Facts, postgresql: bool, region: bool) -> Variant:
        shop = Workshop(selection, facts, self._parts)
        writer = Writer(postgresql=postgresql)
        alone = len(self.compiled) == 1
        rooms: dict[str | None, Room] = {}
        written: dict[str | None, list[tuple[Root, Made]]] = {}
        for root in list(self.compiled):
            reach = Reach(postgresql=postgresql, region=region, room=root.room)
            made = self._try(shop, root, lambda root=root, reach=reach: root.make(shop, reach, writer, alone=alone))
            if made is None:
                continue
            root.way = made.way
            room = rooms.setdefault(root.room, Room(root.room))
            room.point = room.point and made.point
            if made.way == Way.JSON:
                written.setdefault(root.room, []).append((root, made))
                continue
            statement = self._try(shop, root, lambda made=made: Statement(made.select, self._dialect, made.json))
            if statement is not None:
                room.rows.append((root, statement, made.shape))
        for name, found in written.items():
            self._write(shop, rooms[name], found)
        self._note(shop, rooms.values())
        return Variant(list(rooms.values()))

    def _write(self, shop: Workshop, room: Room, found: Sequence[tuple[Root, Made]]) -> None:
        """One statement for all JSON fields of a room; if it cannot be, it is found out whose fault that is."""
        try:
            room.json = self._together(found)
        except Exception:
            found = [one for one in found if self._try(shop, one[0], partial(self._together, [one]))]
            room.json = self._together(found) if found else None
        room.columns = [Column(root, made.mend) for root, made in found]

    def _together(self, found: Sequence[tuple[Root, Made]]) -> Statement:
        labelled = [made.select.label(f"c{at}") for at, (_, made) in enumerate(found)]
        select = sa.select(*labelled).where(sa.literal_column(ANNOUNCED))
        return Statement(select, self._dialect, range(len(found)))

    def _note(self, shop: Workshop, rooms: Iterable[Room]) -> None:
        """What any shape of the operation looks at counts for all of them."""
        for room in rooms:
            statements = [statement for _, statement, _ in room.rows] + ([room.json] if room.json else [])
            self.tables = self.tables.union(*(statement.tables for statement in statements))
        self.reads_person = self.reads_person or shop.seen.person
        self.reads_clock = self.reads_clock or shop.seen.clock
        declared = not self.needs_session and all(root.cacheable for root in self.roots) and shop.cacheable
        self._declared = self._declared and declared

    @property
    def cacheable(self) -> bool:
        """Whether its answers may be kept: all of it is declared so, and nothing looked at the person or the clock."""
        return self._last is not None and self._declared and not self.reads_person and not self.reads_clock

    def _try(self, shop: Workshop, root: Root, work: Callable[[], T]) -> T | None:
        """Work on a field; one that cannot be compiled is answered by its resolver from now on, and it alone."""
        try:
            return work()
        except (GraphQLError, DomainError, Refused, Otherwise):
            raise  # about this request: the ordinary way reports it at its place
        except Exception as reason:
            # A declaration that fails here fails in its resolver too, and breaks its own field only.
            if not isinstance(reason, Unplannable):
                log.warning("no plan for a field", field=root.path, reason=repr(reason))
            for place in [place for place in self._parts if place[0] == root.keys]:
                shop.facts.parts.pop(self._parts.pop(place).number, None)
            root.reason = str(reason) or repr(reason)
            resolve(root, shop.selection)
            self.compiled.remove(root)
            self.resolved.append(root)
            return None


def _layout(roots: Sequence[Root]) -> tuple[list[tuple[bytes, Root]], bytes]:
    """What stands before each field's bytes in the answer, and what closes it."""
    found: list[tuple[bytes, Root]] = []
    text = "{"
    group: str | None = None
    for root in roots:
        *above, key = root.keys
        head = above[0] if above else None
        if group is not None and head != group:
            text, group = text + "}", None
        if found and not text.endswith("{"):
            text += ","
        if head is not None and group is None:
            text, group = f'{text}"{head}":{{', head
        found.append((f'{text}"{key}":'.encode(), root))
        text = ""
    return found, (text + ("}}" if group is not None else "}")).encode()
