"""Where each key of a TOML file stands, so that a validation error can name its line.

Neither ``tomllib`` nor ``tomlkit`` keeps positions. The index reads a file that ``tomllib`` has accepted already,
so it only needs to find the borders between statements and leaves their meaning to ``tomllib``.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field

KeyPath = tuple[str | int, ...]


@dataclass(slots=True)
class PositionIndex:
    """Line and column (from 1) of every table header and key of a file."""

    places: dict[KeyPath, tuple[int, int]] = field(default_factory=dict[KeyPath, tuple[int, int]])

    def find(self, path: Sequence[str | int]) -> tuple[int, int] | None:
        """The place of a key path, or of its nearest ancestor that stands in the file (for missing keys)."""
        for end in range(len(path), 0, -1):
            if (place := self.places.get(tuple(path[:end]))) is not None:
                return place
        return None

    def add(self, path: KeyPath, line: int, column: int) -> None:
        """Record a path and those of its ancestors that have no place yet."""
        for end in range(1, len(path) + 1):
            self.places.setdefault(path[:end], (line, column))


def index_positions(text: str) -> PositionIndex:
    """Index a TOML text that is known to be valid; an invalid one gives a partial index, never an error."""
    index = PositionIndex()
    counters: dict[KeyPath, int] = {}
    table: KeyPath = ()
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        raw = lines[number]
        stripped = raw.strip()
        column = len(raw) - len(raw.lstrip()) + 1
        if not stripped or stripped.startswith("#"):
            number += 1
            continue
        if stripped.startswith("["):
            table = _header(stripped, counters)
            index.add(table, number + 1, column)
            number += 1
            continue
        length, keys = _statement(lines, number)
        index.add(table + keys, number + 1, column)
        number += length
    return index


def _header(line: str, counters: dict[KeyPath, int]) -> KeyPath:
    """Resolve ``[a.b]`` or ``[[a.b]]`` to a path with the indices of the arrays it passes through."""
    is_array = line.startswith("[[")
    names = _nested_keys(_loads_or_empty(line))
    path: KeyPath = ()
    for position, name in enumerate(names):
        path = (*path, name)
        if position == len(names) - 1 and is_array:
            counters[path] = counters.get(path, -1) + 1
        if path in counters:
            path = (*path, counters[path])
    return path


def _statement(lines: list[str], start: int) -> tuple[int, KeyPath]:
    """Length in lines and keys of the ``key = value`` statement that begins at a line.

    A value may span lines (arrays, multi-line strings); the statement ends where ``tomllib`` first accepts it.
    """
    for end in range(start + 1, len(lines) + 1):
        if parsed := _loads_or_empty("\n".join(lines[start:end])):
            return end - start, _nested_keys(parsed)
    return 1, ()


def _loads_or_empty(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _nested_keys(parsed: object) -> tuple[str, ...]:
    """The dotted key of a single statement: the chain of one-key tables that it parses to."""
    keys: list[str] = []
    while True:
        if isinstance(parsed, list) and len(parsed) == 1:
            parsed = parsed[0]
        if not isinstance(parsed, dict) or len(parsed) != 1:
            return tuple(keys)
        name, parsed = next(iter(parsed.items()))
        keys.append(str(name))
