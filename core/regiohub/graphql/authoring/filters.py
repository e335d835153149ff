"""Filters: inputs whose fields say which SQL predicate they add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from sqlalchemy.orm import InstrumentedAttribute

from . import spec as specs
from .fields import column, make_field, takes
from .types import input_type

T = TypeVar("T", bound=type[Any])
WHERE = "__regiohub_where__"
CHECK = "__regiohub_check__"


def where(description: str, condition: Any, *, default: Any = None, required: bool = False) -> Any:
    """A field of a filter: an attribute (equality; with a list value: one of them), or a function.

    The function takes the given value, or the value and the context, and returns an SQL predicate or None. A field
    that is not given adds nothing; nor does null. `required`: the caller must give it; annotate it without `| None`.
    """
    default = MISSING if required else default
    return make_field(description, specs.ColumnSpec(), default=default, more={WHERE: specs.Where(condition)})


def filters(model: type[Any], *, check: Callable[..., None] | None = None) -> Callable[[T], T]:
    """Make a class the filter of a model's lists, or the arguments of such a list; declare its fields with `where`.

    `check`: function of the filled-in filter, or of it and the context, that raises a `DomainError` for values that do
    not go together (an end before its beginning). It runs once for each use, before anything is read.
    """

    def declare(cls: T) -> T:
        made = input_type(cls)
        conditions = {f.name: f.metadata[WHERE] for f in fields(made) if WHERE in f.metadata}
        missing = [f.name for f in fields(made) if f.name not in conditions]
        if missing:
            raise TypeError(f"{cls.__name__}: declare with where(): {', '.join(missing)}")
        setattr(made, WHERE, (model, conditions))
        setattr(made, CHECK, check)
        return made

    return declare


def conditions_of(record: Any, given: Mapping[str, Any], ctx: Any, *, check: bool = True) -> list[Any]:
    """The SQL predicates of a list, count or first row for the given arguments (by their Python names).

    From the record's `filter`, `arguments` and `where`, as far as it has them; not the row predicate of the type.
    Without `check` the values are taken to have passed `checked`.
    """
    found: list[Any] = []
    for one in _given(record, given):
        found += predicates(one, ctx, check=check)
    further = getattr(record, "where", None)
    if further is not None:
        predicate = further(ctx) if takes(further) else further()
        found += [] if predicate is None else [predicate]
    return found


def checked(record: Any, given: Mapping[str, Any], ctx: Any) -> None:
    """Let the checks of a record's filters look at the given arguments. Raises their domain errors."""
    for one in _given(record, given):
        _check(one, ctx)


def _given(record: Any, given: Mapping[str, Any]) -> list[Any]:
    own = getattr(record, "arguments", None)
    arguments = None if own is None else own(**{f.name: given[f.name] for f in fields(own) if f.name in given})
    return [given.get("filter"), arguments]


def _check(given: Any, ctx: Any) -> None:
    check = getattr(type(given), CHECK, None)
    if check is not None:
        check(given, ctx) if takes(check) > 1 else check(given)


def predicates(given: Any, ctx: Any, *, check: bool = True) -> list[Any]:
    """The SQL predicates of a filter as the caller filled it in; None, or an input that is no filter, adds none."""
    found: list[Any] = []
    if check:
        _check(given, ctx)
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
