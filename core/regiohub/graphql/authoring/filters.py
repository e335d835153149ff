"""Filters: inputs whose fields say which SQL predicate they add."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from sqlalchemy.orm import InstrumentedAttribute

from . import spec as specs
from .fields import column, make_field, takes
from .types import input_type

T = TypeVar("T", bound=type[Any])
WHERE = "__regiohub_where__"


def where(description: str, condition: Any, *, default: Any = None) -> Any:
    """A field of a filter: an attribute (equality; with a list value: one of them), or a function.

    The function takes the given value, or the value and the context, and returns an SQL predicate or None. A field
    that is not given adds nothing; nor does null.
    """
    return make_field(description, specs.ColumnSpec(), default=default, more={WHERE: specs.Where(condition)})


def filters(model: type[Any]) -> Callable[[T], T]:
    """Make a class the filter of a model's lists; declare its fields with `where`, all of them nullable."""

    def declare(cls: T) -> T:
        made = input_type(cls)
        conditions = {f.name: f.metadata[WHERE] for f in fields(made) if WHERE in f.metadata}
        missing = [f.name for f in fields(made) if f.default is MISSING or f.name not in conditions]
        if missing:
            raise TypeError(f"{cls.__name__}: declare with where(): {', '.join(missing)}")
        setattr(made, WHERE, (model, conditions))
        return made

    return declare


def predicates(given: Any, ctx: Any) -> list[Any]:
    """The SQL predicates of a filter as the caller filled it in; None, or an input that is no filter, adds none."""
    found: list[Any] = []
    _, conditions = getattr(type(given), WHERE, (None, {}))
    for name, entry in conditions.items():
        wanted = getattr(given, name)
        if wanted is None:
            continue
        predicate = _predicate(entry.condition, wanted, ctx)
        if predicate is not None:
            found.append(predicate)
    return found


def _predicate(condition: Any, wanted: Any, ctx: Any) -> Any:
    if isinstance(condition, InstrumentedAttribute):
        return condition.in_(wanted) if isinstance(wanted, list) else condition == wanted
    return condition(wanted, ctx) if takes(condition) > 1 else condition(wanted)


@input_type
class NearInput:
    """All around a point."""

    lon: float = column("Longitude in degrees (WGS 84), east positive.")
    lat: float = column("Latitude in degrees (WGS 84), north positive.")
    metres: float = column("Radius in metres.", default=1000.0)


@input_type
class BboxInput:
    """A box on the map in degrees (WGS 84)."""

    west: float = column("Smallest longitude.")
    south: float = column("Smallest latitude.")
    east: float = column("Largest longitude.")
    north: float = column("Largest latitude.")
