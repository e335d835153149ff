"""Rows that hold only what a computed field says it reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import make_dataclass
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4096)
def row_class(function: Callable[..., Any], names: tuple[str, ...]) -> Callable[..., Any]:
    """The class of rows for a function: made from the values of `names` in their order, it has exactly these.

    Reading anything else raises AttributeError with the remedy: the platform has not read it.
    """
    words = getattr(function, "__qualname__", repr(function))

    def refuse(_row: Any, name: str) -> Any:
        said = ", ".join(names) or "nothing"
        raise AttributeError(f"{words} asks its row for {name!r}, but reads= names {said}: add {name!r} to reads=")

    return make_dataclass("Row", [(name, Any) for name in names], slots=True, namespace={"__getattr__": refuse})
