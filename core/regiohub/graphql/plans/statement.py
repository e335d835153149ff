"""A finished statement: its text, and where each of its parameters comes from."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from .errors import Unplannable
from .facts import Facts
from .lazy import Lazy, given
from .scope import tables_in, unconfined

Getter = Callable[[Facts], Any]


class Statement:
    """Compiled text with numbered parameters. Raises `Unplannable` if a table in it is not confined to the tenant."""

    def __init__(self, select: Any, dialect: Any, json: Collection[int] = ()) -> None:
        """`json`: places of the columns that are JSON."""
        compiled = select.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.text: str = compiled.string
        open_tables = unconfined(self.text)
        if open_tables:
            raise Unplannable(f"no tenant's predicate on {', '.join(open_tables)}")
        self.tables = tables_in(self.text)
        self.plain = self.text
        """The same with JSON as text, for connections that would parse it."""
        if dialect.name == "postgresql" and json:
            names = [f"c{at}::text AS c{at}" if at in json else f"c{at}" for at in range(len(select.selected_columns))]
            self.plain = f"SELECT {', '.join(names)} FROM ({self.text}) asked"  # noqa: S608 - names made here
        self._getters = [_getter(compiled, name) for name in compiled.positiontup or ()]

    def values(self, facts: Facts) -> list[Any]:
        """The parameters for a request, in the form that the driver wants."""
        return [get(facts) for get in self._getters]

    @property
    def parameters(self) -> int:
        """How many parameters the text has."""
        return len(self._getters)


def _getter(compiled: Any, name: str) -> Getter:
    value = compiled.params[name]
    expanded = compiled._post_compile_expanded_state
    process = compiled._bind_processors.get(name)
    if process is None and expanded is not None:
        process = expanded.processors.get(name)
    if not isinstance(value, Lazy):
        fixed = process(value) if process else value
        return lambda _facts: fixed
    if process is None:
        return lambda facts: given(value, facts)
    return lambda facts: process(given(value, facts))
