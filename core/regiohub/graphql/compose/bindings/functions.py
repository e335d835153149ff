"""Fields made by functions: what they read exists, what they return fits."""

from __future__ import annotations

import inspect
from collections.abc import Generator
from typing import Any, cast

import sqlalchemy as sa
from graphql import GraphQLObjectType, get_named_type
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ClauseElement

from regiohub.graphql.authoring.fields import takes
from regiohub.graphql.authoring.spec import ComputedSpec, ExpressionSpec, NestedSpec, RowsSpec
from regiohub.graphql.engine.need import key_of
from regiohub.graphql.engine.shape import Kind, is_list, shape_of
from regiohub.graphql.engine.values import plain_names

from .kinds import misfit
from .place import Faults, Place, Room, called, near_to


def check_computed(place: Place) -> Faults:
    """Faults of `computed(…)`."""
    spec = cast(ComputedSpec, place.spec)
    if spec.python is not None:
        if inspect.iscoroutinefunction(spec.python):
            yield f"{called(spec.python)} is asynchronous; use @batched for what has to wait"
        elif takes(spec.python) > 2:
            yield f"{called(spec.python)} takes more than the row and the context"
    if place.room is not Room.BOUND:
        if spec.sql is not None or spec.reads is not None:
            yield "sql= and reads= belong to a bound type: there are no columns here; give python= alone"
        return
    columns = place.mapper.column_attrs.keys()
    for name in spec.reads or ():
        if name not in columns:
            yield f"reads= names {name!r}, which is no column of {place.model.__name__}{near_to(name, columns)}"
    if spec.sql is not None:
        yield from _expression(place, spec.sql)


def _expression(place: Place, sql: Any) -> Faults:
    if not callable(sql) or isinstance(sql, ClauseElement) or takes(sql) > 1:
        yield "sql= is a function of nothing, or of the context, that returns an expression: sql=lambda: …"
        return
    if takes(sql):
        return
    try:
        made = sql()
    except Exception as fault:
        yield f"its sql= fails: {fault}"
        return
    element: Any = getattr(made, "__clause_element__", lambda: made)()
    if not isinstance(element, sa.ColumnElement):
        yield f"its sql= returns {type(made).__name__}, no scalar expression; end a SELECT with .scalar_subquery()"
        return
    fault = misfit(element.type, place.field.type)
    if fault is not None:
        yield f"its expression {fault}"


def check_called(place: Place) -> Faults:
    """Faults of `computed(…, args=)`."""
    sql = cast(ExpressionSpec, place.spec).sql
    if inspect.iscoroutinefunction(sql):
        yield _asynchronous(sql)


def check_nested(place: Place) -> Faults:
    """Faults of `nested(…)`."""
    spec = cast(NestedSpec, place.spec)
    below = get_named_type(place.field.type)
    if not isinstance(below, GraphQLObjectType) or shape_of(below).kind is not Kind.VALUE:
        yield f"nested() brings values, but {below} is no value type; decorate it with @value, or use rows_of()"
        return
    for made in (yield from _select(place, spec)):
        labels = made.selected_columns.keys()
        for wanted in plain_names(below):
            if wanted not in labels:
                words = f"{called(spec.select)} selects no column labelled {wanted!r}"
                yield f"{words}; it selects {', '.join(labels)}"


def check_rows(place: Place) -> Faults:
    """Faults of `rows_of(…)`."""
    spec = cast(RowsSpec, place.spec)
    below = get_named_type(place.field.type)
    bound = shape_of(below).bound if isinstance(below, GraphQLObjectType) else None
    if bound is None:
        yield f"rows_of() brings rows, but {below} is not bound to a model; decorate it with @bound, or use nested()"
        return
    target = bound.model
    if len(key_of(target)) != 1:
        parts = ", ".join(key_of(target))
        yield f"the key of {target.__name__} has several parts ({parts}); declare a relation and use to_many()"
        return
    if not spec.many and place.must_be:
        yield "there may be no row, but the field may not be null; annotate it … | None"
    for made in (yield from _select(place, spec)):
        if not any(entry["entity"] is target for entry in made.column_descriptions):
            words = f"{called(spec.select)} does not select {target.__name__}"
            yield f"{words}, which {bound.origin.__name__} is bound to"


def _select(place: Place, spec: NestedSpec | RowsSpec) -> Generator[str, None, list[Any]]:
    """Faults of a function that makes a SELECT; returns the SELECT where it can be made without a caller."""
    name = called(spec.select)
    if inspect.iscoroutinefunction(spec.select):
        yield _asynchronous(spec.select)
        return []
    if not spec.signature.subject:
        yield f"the first parameter of {name} is the parent; write def {name}(parent, …)"
        return []
    if is_list(place.field.type) is not spec.many:
        yield f"many={spec.many}, but the field is {place.type}; say many={not spec.many}, or annotate it otherwise"
    if spec.signature.ctx or spec.signature.required:
        return []
    try:
        made = spec.source(aliased(place.model), None, {})
    except Exception as fault:
        yield f"{name} fails: {fault}"
        return []
    if isinstance(made, sa.Select):
        return [made]
    yield f"{name} returns {type(made).__name__}; it returns a SELECT"
    return []


def _asynchronous(function: Any) -> str:
    return f"{called(function)} is asynchronous; it only makes SQL: write def instead of async def"
