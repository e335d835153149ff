"""Whether two answers to the same operation say the same, and where they first differ.

Bytes may differ (spaces, escapes, 1 for 1.0), what a client reads may not: the order of an object's keys, every value,
every error with its path, code, message, field and place in the document. The order of errors is free, as the GraphQL
specification has it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

Path = tuple[str | int, ...]
_AROUND = frozenset({"plan"})
"""Extensions that say how an answer was made and not what it says."""


class NotAnAnswer(ValueError):
    """Bytes that no client could read as a GraphQL answer."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place at which two answers differ. `path` starts with "data" or "errors"."""

    path: Path
    left: Any
    right: Any
    what: str

    @property
    def where(self) -> str:
        """The path in one word: data.booking.resources.nodes[3].name."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")

    @property
    def response_path(self) -> Path:
        """The path as the answer's keys have it, without the leading "data"."""
        return self.path[1:] if self.path[:1] == ("data",) else ()


def difference(left: bytes, right: bytes) -> Difference | None:
    """The first difference between two answers as they would be sent, or None.

    An object with a key twice, NaN, or anything else that is not JSON is a difference too.
    """
    if left == right:
        return None
    first, second = _read(left), _read(right)
    if isinstance(first, Difference):
        return first
    if isinstance(second, Difference):
        return Difference((), second.right, second.left, f"the second answer: {second.what}")
    for part in ("data", "errors"):
        if (part in first) != (part in second):
            absent = "absent"
            return Difference((part,), first.get(part, absent), second.get(part, absent), f"{part} in one answer only")
    return _values(first.get("data"), second.get("data"), ("data",)) or _errors(
        first.get("errors", []), second.get("errors", [])
    )


def _read(content: bytes) -> Any:
    try:
        return json.loads(content, object_pairs_hook=_object, parse_constant=_constant)
    except ValueError as fault:
        return Difference((), content[:200], None, str(fault))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise NotAnAnswer(f"an object has a key twice: {names}")
    return found


def _constant(word: str) -> Any:
    raise NotAnAnswer(f"{word} is not JSON")


def _values(left: Any, right: Any, path: Path) -> Difference | None:
    if isinstance(left, dict) and isinstance(right, dict):
        if list(left) != list(right):
            order = "other keys" if left.keys() != right.keys() else "another order of keys"
            return Difference(path, list(left), list(right), order)
        for key, value in left.items():
            found = _values(value, right[key], (*path, key))
            if found is not None:
                return found
        return None
    if isinstance(left, list) and isinstance(right, list):
        for at, (one, other) in enumerate(zip(left, right, strict=False)):
            found = _values(one, other, (*path, at))
            if found is not None:
                return found
        return None if len(left) == len(right) else Difference(path, len(left), len(right), "another length")
    return None if _equal(left, right) else Difference(path, left, right, "another value")


def _equal(left: Any, right: Any) -> bool:
    numbers = (int, float)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, numbers) and isinstance(right, numbers):
        return left == right
    return type(left) is type(right) and left == right


def _errors(left: Sequence[Any], right: Sequence[Any]) -> Difference | None:
    first, second = sorted(map(_canonical, left)), sorted(map(_canonical, right))
    for at, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return Difference(("errors", at), orjson.loads(one), orjson.loads(other), "another error")
    if len(first) == len(second):
        return None
    return Difference(("errors",), list(map(orjson.loads, first)), list(map(orjson.loads, second)), "other errors")


def _canonical(error: Any) -> bytes:
    if not isinstance(error, Mapping):
        return orjson.dumps(error)
    extensions = {name: value for name, value in (error.get("extensions") or {}).items() if name not in _AROUND}
    kept = {**error, "path": error.get("path") or [], "extensions": extensions}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)
