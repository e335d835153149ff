"""What declarations are asked for, in the one form that moving parts understand; and what stands behind a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLObjectType

from regiohub.graphql.authoring.fields import takes
from regiohub.graphql.authoring.filters import checked, conditions_of
from regiohub.graphql.authoring.spec import Bound, ListSpec, ManySpec
from regiohub.graphql.engine.need import key_of
from regiohub.graphql.engine.shape import shape_of

from .errors import Unplannable
from .moving import Check, Make
from .scope import Entity
from .tree import Pick


def bound_of(type_: Any) -> Bound:
    """The model behind a type. Raises `Unplannable` for types without one."""
    bound = shape_of(type_).bound
    if bound is None:
        raise Unplannable(f"{type_.name} is no bound type")
    return bound


def below(pick: Pick) -> GraphQLObjectType:
    """The object type below a field."""
    found = pick.shape.below if pick.shape else None
    if not isinstance(found, GraphQLObjectType):
        raise Unplannable(f"{pick.parent.name}.{pick.name} leads to an interface")
    return found


def context_only(function: Any) -> Make:
    """An expression of the context alone."""
    return lambda ctx, _given: [function(ctx) if takes(function) else function()]


def rows_of(bound: Bound) -> Make:
    """The predicate that every read of a bound type carries."""

    def make(ctx: Any, _given: Mapping[str, Any]) -> list[Any]:
        found = None if bound.rows is None else bound.rows(ctx)
        return list(found) if isinstance(found, Sequence) else [found]

    return make


def conditions_by(record: Any) -> Make:
    """The conditions of a list, count or first row, for arguments that have been checked."""
    return lambda ctx, given: conditions_of(record, given, ctx, check=False)


def checks(record: Any) -> Check:
    """What looks at the arguments of a list, count or first row."""
    return lambda ctx, given: checked(record, given, ctx)


def source_of(spec: ListSpec) -> Make:
    """The SELECT that a list pages through, if a function makes one."""
    if not isinstance(spec, ManySpec):
        return lambda _ctx, _given: []
    return lambda ctx, given: [spec.source(ctx, given)]


def together(*makes: Make) -> Make:
    """All that several bring."""
    return lambda ctx, given: [element for make in makes for element in make(ctx, given)]


def chosen(entity: Entity, select: Any) -> Any:
    """A SELECT of the model as a condition on its rows: its own conditions, or its keys where it has more."""
    plain = select.get_final_froms() == [entity.source] and select._limit_clause is None and not select._distinct
    if plain and not select._group_by_clauses:
        where = select.whereclause
        return sa.true() if where is None else entity.adapt(where)
    (key,) = key_of(entity.model)
    keys = entity.apart(select.with_only_columns(getattr(entity.model, key), maintain_column_froms=True))
    return entity.column(key).in_(keys)


def references(column: Any, target: Entity) -> bool:
    """Whether a foreign key promises that the row pointed to is there."""
    return any(key.column.table is target.source for key in column.foreign_keys)
