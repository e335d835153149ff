"""Fields along relations: the relation exists, leads where the field says, and matches one pair of columns."""

from __future__ import annotations

from typing import Any, cast

from graphql import GraphQLScalarType
from sqlalchemy.orm import InstrumentedAttribute, RelationshipProperty

from regiohub.graphql.authoring.fields import takes
from regiohub.graphql.authoring.spec import Bound, CountSpec, FirstOfSpec, ToManySpec, ToOneSpec
from regiohub.graphql.authoring.types import bound_type
from regiohub.graphql.engine.need import join_of

from .lists import check_conditions, check_list, check_order
from .place import Faults, Place, belongs, called, shown


def check_to_one(place: Place) -> Faults:
    """Faults of `to_one(…)`."""
    spec = cast(ToOneSpec, place.spec)
    relation = spec.relation
    yield from _relation(place, relation, to_many=False)
    if not _is_relation(relation):
        return
    yield from _target(place, relation, place.target)
    if place.must_be and belongs(relation, place.model):
        columns = [pair[0] for pair in relation.property.local_remote_pairs if pair[0].nullable]
        for column in columns:
            words = f"the foreign key {column} may be null, but the field may not"
            yield f"{words}; annotate it … | None, or make the column NOT NULL"
    if place.must_be and place.target is not None and place.target.rows is not None and not spec.always:
        words = (
            f"{place.target.origin.__name__} has a row predicate, so its row may be hidden, but the field may not be"
        )
        yield f"{words} null; annotate it … | None, or say always=True if whoever sees this row sees that one"


def check_to_many(place: Place) -> Faults:
    """Faults of `to_many(…)`."""
    spec = cast(ToManySpec, place.spec)
    yield from _relation(place, spec.relation, to_many=True)
    if not place.is_connection:
        yield f"to_many() brings a page, but the field is {place.type}; annotate it Connection[…]"
        return
    yield from _target(place, spec.relation, place.target)
    if _is_relation(spec.relation):
        yield from check_list(place, spec, _model(spec.relation))


def check_count(place: Place) -> Faults:
    """Faults of `count_of(…)`."""
    spec = cast(CountSpec, place.spec)
    yield from _relation(place, spec.relation, to_many=True)
    if not isinstance(place.type, GraphQLScalarType) or place.type.name != "Int":
        yield f"count_of() brings a number, but the field is {place.type}; annotate it int"
    yield from _where(spec.where)
    try:
        counted = bound_type(spec.of)
    except Exception:
        yield f"of={called(spec.of)} is no bound type; name the type as which the rows are counted"
        return
    yield from _target(place, spec.relation, counted)
    if _is_relation(spec.relation):
        yield from check_conditions(place, spec, _model(spec.relation))


def check_first(place: Place) -> Faults:
    """Faults of `first_of(…)`."""
    spec = cast(FirstOfSpec, place.spec)
    yield from _relation(place, spec.relation, to_many=True)
    yield from _where(spec.where)
    if place.is_connection:
        yield f"first_of() brings one row, but the field is {place.type}; annotate it … | None, or use to_many()"
        return
    yield from _target(place, spec.relation, place.target)
    if place.must_be:
        yield "there may be no row, but the field may not be null; annotate it … | None"
    if not spec.order_by:
        yield "the first row by which order? Give order_by="
    if _is_relation(spec.relation):
        yield from check_order("order_by", spec.order_by, _model(spec.relation))


def _is_relation(relation: Any) -> bool:
    return isinstance(relation, InstrumentedAttribute) and isinstance(relation.property, RelationshipProperty)


def _model(relation: Any) -> type[Any]:
    return relation.property.mapper.class_


def _relation(place: Place, relation: Any, *, to_many: bool) -> Faults:
    if not _is_relation(relation):
        name = place.model.__name__
        have = ", ".join(f"{name}.{one.key}" for one in place.mapper.relationships) or "none yet"
        yield f"{shown(relation)} is no relation; give one of {name}'s ({have})"
        return
    if not belongs(relation, place.model):
        yield f"{shown(relation)} is no relation of {place.model.__name__}, which its type is bound to"
    if bool(relation.property.uselist) is not to_many:
        leads, use = ("one row", "to_one()") if to_many else ("many rows", "to_many() or first_of()")
        yield f"{shown(relation)} leads to {leads}; use {use}"
    try:
        join_of(relation)
    except TypeError:
        pairs = [local.name for local, _ in relation.property.local_remote_pairs]
        yield (
            f"{shown(relation)} matches {', '.join(pairs)}; a bound relation matches exactly one column beside"
            " tenant_id (declare it with relation(…, by=) or relation(…, back=))"
        )


def _target(place: Place, relation: Any, target: Bound | None) -> Faults:
    if target is None:
        yield f"{place.type} is not bound to a model; decorate it with @bound"
    elif _is_relation(relation) and target.model is not _model(relation):
        words = f"{target.origin.__name__} is bound to {target.model.__name__}"
        yield f"{shown(relation)} leads to {_model(relation).__name__}, but {words}; name a type bound to the former"


def _where(where: Any) -> Faults:
    if where is not None and (not callable(where) or takes(where) > 1):
        yield "where= is a function of nothing, or of the context, that returns a predicate"
