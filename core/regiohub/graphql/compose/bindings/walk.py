"""Goes through all types of a schema that plugins declared, and asks each field's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from graphql import GraphQLObjectType, GraphQLSchema

from regiohub.graphql.authoring import spec as specs
from regiohub.graphql.engine.shape import BACKREF, Kind, is_page_part, shape_of

from .columns import check_column
from .functions import check_called, check_computed, check_nested, check_rows
from .lists import check_many, check_one
from .place import Faults, Place, Room
from .relations import check_count, check_first, check_to_many, check_to_one

_RULES: dict[type[specs.FieldSpec], tuple[str, tuple[Room, ...], Callable[[Place], Faults]]] = {
    specs.ToOneSpec: ("to_one()", (Room.BOUND,), check_to_one),
    specs.ToManySpec: ("to_many()", (Room.BOUND,), check_to_many),
    specs.CountSpec: ("count_of()", (Room.BOUND,), check_count),
    specs.FirstOfSpec: ("first_of()", (Room.BOUND,), check_first),
    specs.NestedSpec: ("nested()", (Room.BOUND,), check_nested),
    specs.RowsSpec: ("rows_of()", (Room.BOUND,), check_rows),
    specs.ExpressionSpec: ("computed(args=)", (Room.BOUND,), check_called),
    specs.ComputedSpec: ("computed()", tuple(Room), check_computed),
    specs.ManySpec: ("many()", (Room.QUERY,), check_many),
    specs.OneSpec: ("one()", (Room.QUERY,), check_one),
}
"""By record: its function, where it may stand, and what has to hold there."""


def wrong_bindings(schema: GraphQLSchema) -> Iterator[str]:
    """All declarations that do not fit, as "Type.field: what is wrong; what to do"."""
    writing = [root for root in (schema.mutation_type, schema.subscription_type) if root]
    namespaces = _namespaces(schema)
    for name, type_ in schema.type_map.items():
        if not isinstance(type_, GraphQLObjectType) or name.startswith("__") or type_ in writing:
            continue
        shape = shape_of(type_)
        if shape.kind is Kind.CONNECTION or is_page_part(type_.extensions[BACKREF].origin):
            continue
        room = Room.BOUND if shape.bound else Room.QUERY if name in namespaces else Room.VALUE
        for key, field in type_.fields.items():
            found = shape.fields[key]
            place = Place(room, field, found.spec, found.attribute, shape.bound)
            yield from (f"{name}.{key}: {fault}" for fault in _faults(place))


def _faults(place: Place) -> Faults:
    if type(place.spec) is specs.ColumnSpec:
        if place.room is Room.BOUND:
            yield from check_column(place)
        elif place.room is Room.QUERY:
            yield "a query has no row to read a column of; use field()"
        return
    rule = _RULES.get(type(place.spec))
    if rule is None:
        return
    words, rooms, check = rule
    if place.room in rooms:
        yield from check(place)
    else:
        yield f"{words} cannot stand in {place.room.value}, only in {' or '.join(room.value for room in rooms)}"


def _namespaces(schema: GraphQLSchema) -> set[str]:
    root = schema.query_type
    if root is None:
        return set()
    below = [shape.below for shape in shape_of(root).fields.values() if isinstance(shape.spec, specs.NamespaceSpec)]
    return {root.name, *(type_.name for type_ in below if type_ is not None)}
