"""What an object of the answer is made of, before it is decided whether the database or Python writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .facts import Facts
from .leaves import Shown
from .readback import Read
from .scope import Entity

Mend = Callable[[Any, Facts], Any]
"""Puts into a parsed JSON value what only Python can work out."""


@dataclass(frozen=True, slots=True)
class Constant:
    """The same in each row: the name of a type."""

    value: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A value of the row. `guard`: it may be null in the database but not in the schema."""

    shown: Shown
    guard: bool


@dataclass(frozen=True, slots=True)
class Json:
    """JSON that the database writes: a list below the row. `mend` completes it."""

    expression: Any
    mend: Mend | None
    guard: bool = False


@dataclass(frozen=True, slots=True)
class Worked:
    """What a Python function makes of stored values; it gets the facts of the request and the values."""

    reads: Sequence[Read]
    call: Callable[..., Any]
    guard: bool


@dataclass(frozen=True, slots=True)
class One:
    """The row that a relation points to: its table is joined by `on`; null where there is none."""

    entity: Entity
    on: Any
    entries: list[Entry]
    guard: bool


Content = Constant | Plain | Json | Worked | One


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of an object with its content."""

    key: str
    content: Content


@dataclass(slots=True)
class Page:
    """A list: whose rows, by which conditions, in which order, and what is asked about it."""

    entity: Entity
    conditions: list[Any]
    behind: list[Any]
    order: list[Any]
    marks: list[Read]
    terms: Any
    first: int
    parts: list[ListEntry] = field(default_factory=list["ListEntry"])
    cursors: bool = False


@dataclass(slots=True)
class ListEntry:
    """A key of a connection, of an edge or of the page's place. `below`: entries of the node, or of edge and place."""

    key: str
    name: str
    below: list[Any] = field(default_factory=list[Any])
