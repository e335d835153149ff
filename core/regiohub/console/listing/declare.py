"""What a list shows, by what it sorts and filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, Self

import sqlalchemy as sa

from regiohub.texts import Text, t

Kind = Literal["text", "choice", "day", "flag"]
Tone = Literal["good", "info", "warn", "bad", "plain"]
Row = Any
"""A row of a list: an object of a model, a named row of columns, or whatever a list in memory is made of."""
Condition = sa.ColumnElement[bool] | Callable[[Row], bool]
"""What a filter demands: a predicate of the database, or a function of a row for lists in memory."""
Sort = sa.SQLColumnExpression[Any] | Callable[[Row], Any]
"""What the database orders by, or a function of a row for lists in memory."""
Choice = tuple[str, Text | str]
NOTHING_YET: Final = t("Hier ist noch nichts.", "There is nothing here yet.")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with more than its words: a badge in one of four tones, a link (relative to the plugin's pages, or
    absolute from ``/``), a small second line."""

    text: Any
    badge: Tone | None = None
    url: str | None = None
    note: Any = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``value`` takes a row and gives what is shown and exported; ``sort`` is what the database orders
    by (for lists in memory: a function of the row); ``link`` gives an address, ``wide`` columns are exported only."""

    key: str
    title: Text
    value: Callable[[Row], Any]
    sort: Sort | None = None
    link: Callable[[Row], str | None] | None = None
    numeric: bool = False
    export_only: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter above a list. ``condition`` gives a predicate of the database for a value (for lists in memory:
    a function that says whether a row stays). Made by ``text``, ``choice``, ``day`` and ``flag``."""

    key: str
    title: Text
    kind: Kind
    condition: Callable[[Any], Condition]
    choices: tuple[Choice, ...] = ()

    @classmethod
    def text(cls, key: str, title: Text, condition: Callable[[str], Condition]) -> Self:
        """A field for words."""
        return cls(key, title, "text", condition)

    @classmethod
    def choice(cls, key: str, title: Text, choices: Sequence[Choice], condition: Callable[[str], Condition]) -> Self:
        """One of several values; a value outside of them filters nothing."""
        return cls(key, title, "choice", condition, tuple(choices))

    @classmethod
    def day(cls, key: str, title: Text, condition: Callable[[date], Condition]) -> Self:
        """A day of the calendar."""
        return cls(key, title, "day", condition)

    @classmethod
    def flag(cls, key: str, title: Text, condition: Callable[[bool], Condition]) -> Self:
        """Only rows of which something is true."""
        return cls(key, title, "flag", condition)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of the console. ``order`` is the key of a sortable column, with ``-`` in front for descending; ``last``
    breaks ties, so that no row stands on two pages (a column, usually the id)."""

    name: str
    title: Text
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    order: str = ""
    last: Any = None
    empty: Text = NOTHING_YET
    per_page: int = 25

    def __post_init__(self) -> None:
        keys = {column.key for column in self.columns if column.sort is not None}
        if self.order.lstrip("-") not in keys | {""}:
            raise ValueError(f"list {self.name}: it cannot be ordered by {self.order!r}; sortable are {sorted(keys)}")
