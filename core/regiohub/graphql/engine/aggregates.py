"""What is gathered from many rows for each row of a level: counts, first rows, values of a nested SELECT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from graphql import GraphQLObjectType

from regiohub.graphql.authoring.filters import conditions_of
from regiohub.graphql.authoring.spec import CountSpec, FirstOfSpec, NestedSpec, RowsSpec
from regiohub.graphql.authoring.types import bound_type

from . import apart, lists, reading, rows, values
from .asked import Asked
from .need import TENANT, Need, Record, join_of, key_of
from .nested import keys_of, values_of
from .run import Run
from .selects import Cut


async def counts(run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    """How many rows each record's relation leads to."""
    spec = cast(CountSpec, field.spec)
    join = join_of(spec.relation)
    conditions = [*run.conditions(bound_type(spec.of)), *conditions_of(spec, field.arguments, run.ctx)]
    cut = Cut(first=0, order=(), conditions=conditions, total=True)
    owners = _owners(records, join.local)
    found = await reading.per_parent(run.session, Need(join.target, run.ctx), join.remote, _keys(owners), cut)
    return [(found[owner].total or 0) if owner in found else 0 for owner in owners]


async def firsts(run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    """The first row of each record's relation, or None."""
    spec = cast(FirstOfSpec, field.spec)
    join = join_of(spec.relation)
    target = cast(GraphQLObjectType, field.shape.below)
    below = run.document.fields(target, field.details)
    need = rows.needed(run, target, below)
    conditions = [*run.conditions(rows.bound_of(target)), *conditions_of(spec, field.arguments, run.ctx)]
    cut = Cut(first=1, order=lists.unique_order(run, need.model, spec.order_by), conditions=conditions)
    owners = _owners(records, join.local)
    found = await reading.of_each(run, need, join.remote, _keys(owners), cut)
    first = {owner: page.records[0] for owner, page in found.items() if page.records}
    nodes = dict(zip(first, await rows.fill(run, below, list(first.values())), strict=True))
    return [nodes.get(owner) for owner in owners]


async def nested(run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    """The values of a nested SELECT for each record: a list, or the first one."""
    spec = cast(NestedSpec, field.spec)
    model = rows.bound_of(field.owner).model
    identity = (TENANT, *key_of(model))
    owners = [tuple(record.values[name] for name in identity) for record in records]
    names = values.plain_names(field.shape.below)
    found = await values_of(run.session, spec, model, dict.fromkeys(owners), run.ctx, field.arguments, names)
    answers: list[Any] = [found.get(owner, []) for owner in owners]
    if not spec.many:
        answers = [group[0] if group else None for group in answers]
    return await values.expand(run, field.field.type, field.details, answers)


async def chosen_rows(run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    """The rows that a SELECT brings for each record: their keys first, then what is asked of all of them."""
    spec = cast(RowsSpec, field.spec)
    model = rows.bound_of(field.owner).model
    target = cast(GraphQLObjectType, field.shape.below)
    bound = rows.bound_of(target)
    identity = (TENANT, *key_of(model))
    owners = [tuple(record.values[name] for name in identity) for record in records]
    conditions = run.conditions(bound)
    chosen = await keys_of(
        run.session, spec, model, dict.fromkeys(owners), run.ctx, field.arguments, bound.model, conditions
    )
    key = key_of(bound.model)[0]
    wanted = list(dict.fromkeys(one for group in chosen.values() for one in group))
    below = run.document.fields(target, field.details)
    need = rows.needed(run, target, below)
    found = await apart.read(
        run, need, lambda: reading.by_key(run.session, need, key, wanted, conditions), lambda read: read
    )
    nodes = await rows.fill(run, below, found)
    by_key = {(record.values[TENANT], record.values[key]): node for record, node in zip(found, nodes, strict=True)}
    groups = [[by_key[owner[0], one] for one in chosen.get(owner, ()) if (owner[0], one) in by_key] for owner in owners]
    return groups if spec.many else [group[0] if group else None for group in groups]


def _owners(records: Sequence[Record], local: str) -> list[tuple[Any, Any]]:
    return [(record.values[TENANT], record.values[local]) for record in records]


def _keys(owners: Sequence[tuple[Any, Any]]) -> dict[Any, None]:
    return {key: None for _, key in owners if key is not None}
