"""Lists and single rows: orders, filters and arguments are of the list's own model, keys are unique."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, cast

import sqlalchemy as sa
from graphql import GraphQLInputObjectType, GraphQLList, get_named_type
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.selectable import ScalarSelect, SelectBase

from regiohub.graphql.authoring.fields import takes
from regiohub.graphql.authoring.filters import WHERE
from regiohub.graphql.authoring.spec import CountSpec, ListSpec, ManySpec, OneSpec, Order
from regiohub.graphql.engine.need import TENANT, key_of
from regiohub.graphql.engine.shape import BACKREF, nullable

from .kinds import misfit
from .place import Faults, Place, belongs, called, near_to, shown


def check_many(place: Place) -> Faults:
    """Faults of `many(…)` and `region_many(…)`."""
    spec = cast(ManySpec, place.spec)
    if not place.is_connection:
        yield f"many() brings a page, but the field is {place.type}; annotate it Connection[…]"
    elif place.target is None:
        yield f"the entries of {place.type} are not bound to a model; decorate their type with @bound, or use field()"
    else:
        yield from check_list(place, spec, place.target.model)
    if spec.select is None or spec.signature is None:
        return
    for function in (spec.select, spec.order_call):
        if inspect.iscoroutinefunction(function):
            yield f"{called(function)} is asynchronous; it only makes SQL: write def instead of async def"
    if spec.otherwise is not None and not inspect.iscoroutinefunction(spec.otherwise):
        yield f"{called(spec.otherwise)} is asked for a page and has to be asynchronous: write async def"
    if spec.order_signature is not None:
        for name in sorted(set(spec.order_signature.names) - set(spec.signature.names)):
            guess = near_to(name, spec.signature.names)
            yield f"order_by= asks for {name!r}, which {called(spec.select)} does not take{guess}"


def check_one(place: Place) -> Faults:
    """Faults of `one(…)`."""
    by, target = cast(OneSpec, place.spec).by, place.target
    if target is None or place.is_connection:
        yield f"one() brings a row, but {place.type} is not bound to a model; decorate it with @bound"
        return
    if place.must_be:
        yield "there may be no such row, but the field may not be null; annotate it … | None"
    name = target.model.__name__
    if by is None:
        if len(key_of(target.model)) != 1:
            yield f"the key of {name} has several parts ({', '.join(key_of(target.model))}); name a unique one with by="
    elif not belongs(by, target.model) or by.key not in sa.inspect(target.model).column_attrs:
        yield f"by={shown(by)} is no column of {name}"
    elif not _is_unique(target.model, by):
        yield f"by={shown(by)} is not unique within a town; add unique({by.key!r}) to {name}.__table_args__"


def check_list(place: Place, spec: ListSpec, model: type[Any]) -> Faults:
    """Faults that all lists may have."""
    # A SELECT of the plugin's own may join other tables and be ordered by them.
    free = isinstance(spec, ManySpec) and spec.select is not None
    for words, order in [("order_by", spec.order_by), *((f"orders[{key!r}]", o) for key, o in spec.orders.items())]:
        yield from check_order(words, order, None if free else model)
    if not 1 <= spec.page <= spec.most:
        yield f"page={spec.page} entries do not fit into most={spec.most}; raise most="
    yield from check_conditions(place, spec, model)


def check_conditions(place: Place, spec: ListSpec | CountSpec, model: type[Any]) -> Faults:
    """Faults of a filter and of arguments."""
    names = [argument.python_name for argument in place.field.extensions[BACKREF].arguments]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"takes two arguments named {name!r}; rename its own"
    if spec.filter is not None:
        argument = place.field.args.get("filter")
        made = get_named_type(argument.type) if argument is not None else None
        types = made.fields if isinstance(made, GraphQLInputObjectType) else {}
        yield from _filter("filter", spec.filter, types, model)
    if spec.arguments is not None:
        yield from _filter("arguments", spec.arguments, place.field.args, model)


def check_order(words: str, order: Order, model: type[Any] | None) -> Faults:
    """Faults of an order; without a model only whether it is one at all."""
    for term in order:
        if isinstance(term, InstrumentedAttribute) and not hasattr(term.property, "columns"):
            yield f"{words}={shown(term)} is a relation; order by a column"
            continue
        if isinstance(term, str) or not (isinstance(term, ClauseElement) or hasattr(term, "__clause_element__")):
            have = sa.inspect(model).column_attrs.keys() if model is not None else ()
            yield f"{words}={term!r} is no column{near_to(str(term), have)} give an attribute, like {_example(model)}"
            continue
        if model is None:
            continue
        element = term if isinstance(term, ClauseElement) else term.__clause_element__()
        own = set(sa.inspect(model).tables)
        for table in dict.fromkeys(column.table for column in _columns(element) if column.table not in own):
            column = next(one for one in _columns(element) if one.table is table)
            yield f"{words}={column} is no column of {model.__name__}, whose rows are listed; order by one of its own"


def _example(model: type[Any] | None) -> str:
    return f"{model.__name__}.{key_of(model)[0]}" if model is not None else "Model.name"


def _columns(element: Any) -> Iterator[Any]:
    """The columns of an expression itself, those of its sub-queries left out."""
    if isinstance(element, sa.Column):
        yield element
    for child in element.get_children():
        if not isinstance(child, (SelectBase, ScalarSelect)):
            yield from _columns(child)


def _is_unique(model: type[Any], by: Any) -> bool:
    table = sa.inspect(model).local_table
    wanted = {column.name for column in by.property.columns} | {TENANT}
    sets = [{c.name for c in table.primary_key.columns}]
    sets += [{c.name for c in one.columns} for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    sets += [
        {c.name for c in index.columns}
        for index in table.indexes
        if index.unique and not any(options.get("where") is not None for options in index.dialect_options.values())
    ]
    return any(names and names <= wanted for names in sets)


def _filter(words: str, made: Any, types: Any, model: type[Any]) -> Faults:
    name = getattr(made, "__name__", repr(made))
    if not hasattr(made, WHERE):
        yield f"{words}={name} is not made by @filters({model.__name__})"
        return
    of, conditions = getattr(made, WHERE)
    if of is not model:
        yield f"{words}={name} is a filter of {of.__name__}, but the rows are of {model.__name__}; write one for those"
    for key, entry in conditions.items():
        condition = entry.condition
        if isinstance(condition, InstrumentedAttribute):
            yield from (f"{name}.{key}: {fault}" for fault in _attribute(condition, _type(types, key), of))
        elif not callable(condition) or not 1 <= takes(condition) <= 2:
            yield f"{name}.{key}: a condition is an attribute of {of.__name__}, or a function (value) or (value, ctx)"


def _attribute(condition: Any, type_: Any, model: type[Any]) -> Faults:
    if not belongs(condition, model) or condition.key not in sa.inspect(model).column_attrs:
        yield f"{shown(condition)} is no column of {model.__name__}; give one, or a function"
    elif type_ is not None:
        fault = misfit(condition.type, type_)
        if fault is not None and "JSON" not in fault:
            yield f"{shown(condition)} {fault}"


def _type(types: Any, key: str) -> Any:
    found = next((one.type for one in types.values() if one.extensions[BACKREF].python_name == key), None)
    inner = nullable(found)
    return inner.of_type if isinstance(inner, GraphQLList) else found
