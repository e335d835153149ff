"""Plain fields: the attribute exists, is null only where the field may be, and holds what the field shows."""

from __future__ import annotations

from typing import Any, cast

from graphql import get_named_type, is_composite_type
from sqlalchemy.orm import InstrumentedAttribute

from regiohub.graphql.authoring.spec import ColumnSpec

from .kinds import misfit
from .place import Faults, Place, belongs, near_to, shown


def check_column(place: Place) -> Faults:
    """Faults of `column(…)` in a bound type."""
    of = cast(ColumnSpec, place.spec).of
    if isinstance(of, InstrumentedAttribute) and not belongs(of, place.model):
        yield f"of={shown(of)} is no attribute of {place.model.__name__}, which its type is bound to"
        return
    name = place.attribute if of is None else of if isinstance(of, str) else of.key
    mapper = place.mapper
    if name in mapper.column_attrs:
        yield from _column(place, mapper.column_attrs[name])
    elif name in mapper.relationships:
        yield f"{place.model.__name__}.{name} is a relation; declare it with to_one() or to_many()"
    elif not hasattr(place.model, name):
        guess = near_to(name, mapper.column_attrs.keys())
        yield f"{place.model.__name__} has no attribute {name!r}{guess} column(of=…) names an attribute of another name"
    elif is_composite_type(get_named_type(place.field.type)):
        yield f"{place.model.__name__}.{name} is no column and cannot bring objects; derive it with computed(python=…)"


def _column(place: Place, attribute: Any) -> Faults:
    column = attribute.columns[0]
    words = f"column {column}"
    if place.must_be and any(one.nullable for one in attribute.columns):
        yield f"{words} may be null, but the field may not; annotate it … | None, or make the column NOT NULL"
    fault = misfit(column.type, place.field.type)
    if fault is not None:
        yield f"{words} {fault}"
