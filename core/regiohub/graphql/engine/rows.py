"""Fills the answer of a bound type: for each selected field, the values of all rows at once."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import sqlalchemy as sa
from graphql import GraphQLNonNull, GraphQLObjectType
from sqlalchemy.exc import SQLAlchemyError

from regiohub.graphql.authoring.light import row_class
from regiohub.graphql.authoring.spec import (
    BatchedSpec,
    Bound,
    CallSpec,
    ColumnSpec,
    ComputedSpec,
    CountSpec,
    ExpressionSpec,
    FirstOfSpec,
    NestedSpec,
    RowsSpec,
    ToManySpec,
    ToOneSpec,
    TownSpec,
)

from . import aggregates, apart, lists, reading, values
from .asked import Asked
from .need import TENANT, Need, Record, join_of, key_of
from .run import Run
from .shape import shape_of

Node = dict[str, Any]
"""One object of the answer: by the key it was asked under, what the executor will complete."""


def bound_of(type_: Any) -> Bound:
    """The model behind a type."""
    return cast(Bound, shape_of(type_).bound)


async def fill(run: Run, asked: Sequence[Asked], records: Sequence[Record]) -> list[Node]:
    """The answers for records that hold what `asked` needs."""
    nodes: list[Node] = [{} for _ in records]
    if not records:
        return nodes
    for field in asked:
        column = await _column(run, field, records)
        key = field.key
        for node, value in zip(nodes, column, strict=True):
            node[key] = value
    return nodes


async def _column(run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    """One value for each record; a field that failed says so once."""
    fault = field.fault
    if fault is None:
        try:
            return await _READ[type(field.spec)](run, field, records)
        except SQLAlchemyError as error:
            await run.survive(error)
            fault = error
        except Exception as error:  # reported at the field, as GraphQL asks
            fault = error
    # A nullable field of a list would otherwise repeat the same error for each row.
    rest = fault if isinstance(field.field.type, GraphQLNonNull) else None
    return [fault, *[rest] * (len(records) - 1)]


async def _plain(_run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    name = field.column
    if name in records[0].values:
        return [record.values[name] for record in records]
    return [getattr(record.entity, name) for record in records]


async def _computed(run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    spec = cast(ComputedSpec, field.spec)
    if spec.python is None:
        return _expressed(field.name, records)
    if spec.reads is None:
        subjects = [record.entity for record in records]
    else:
        light = row_class(spec.python, spec.reads)
        subjects = [light(*(record.values[name] for name in spec.reads)) for record in records]
    answers = [spec.python(subject, run.ctx) for subject in subjects]
    return await values.expand(run, field.field.type, field.details, answers)


async def _expression(_run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    return _expressed(field.slot, records)


def _expressed(name: str, records: Sequence[Record]) -> Sequence[Any]:
    found = [record.values[name] for record in records]
    if isinstance(found[0], Exception):
        raise found[0]
    return found


async def _town(run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    towns = [run.towns[record.values[TENANT]] for record in records]
    return await values.expand(run, field.field.type, field.details, towns)


async def _to_one(run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    join = join_of(cast(ToOneSpec, field.spec).relation)
    keys = dict.fromkeys(record.values[join.local] for record in records)
    keys.pop(None, None)
    target = cast(GraphQLObjectType, field.shape.below)
    below = run.document.fields(target, field.details)
    need = needed(run, target, below)
    conditions = run.conditions(bound_of(target))
    found = await apart.read(
        run, need, lambda: reading.by_key(run.session, need, join.remote, keys, conditions), lambda found: found
    )
    nodes = await fill(run, below, found)
    by_key = {(r.values[TENANT], r.values[join.remote]): node for r, node in zip(found, nodes, strict=True)}
    return [by_key.get((record.values[TENANT], record.values[join.local])) for record in records]


async def _to_many(run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    return await lists.of_parents(run, field, cast(ToManySpec, field.spec), records)


async def _batched(run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    spec = cast(BatchedSpec, field.spec)
    given = _leading(spec, [record.entity for record in records], run)
    answers = list(await spec.call(*given, **spec.signature.arguments(field.arguments)))
    if len(answers) != len(records):
        raise TypeError(f"{spec.call.__qualname__}: {len(answers)} answers for {len(records)} rows")
    return await values.expand(run, field.field.type, field.details, answers, field.arguments)


async def _call(run: Run, field: Asked, records: Sequence[Record]) -> Sequence[Any]:
    spec = cast(CallSpec, field.spec)
    arguments = spec.signature.arguments(field.arguments)
    answers: list[Any] = []
    for record in records:
        try:
            answers.append(await spec.call(*_leading(spec, record.entity, run), **arguments))
        except SQLAlchemyError as error:
            await run.survive(error)
            answers.append(error)
        except Exception as error:  # reported at the row that it happened for
            answers.append(error)
    return await values.expand(run, field.field.type, field.details, answers, field.arguments)


def _leading(spec: CallSpec | BatchedSpec, subject: Any, run: Run) -> list[Any]:
    return [*([subject] if spec.signature.subject else []), *([run.ctx] if spec.signature.ctx else [])]


_READ: dict[type[Any], Callable[[Run, Asked, Sequence[Record]], Awaitable[Sequence[Any]]]] = {
    ColumnSpec: _plain,
    ComputedSpec: _computed,
    TownSpec: _town,
    ToOneSpec: _to_one,
    ToManySpec: _to_many,
    CountSpec: aggregates.counts,
    FirstOfSpec: aggregates.firsts,
    NestedSpec: aggregates.nested,
    RowsSpec: aggregates.chosen_rows,
    ExpressionSpec: _expression,
    BatchedSpec: _batched,
    CallSpec: _call,
}


def needed(run: Run, type_: GraphQLObjectType, *selections: Sequence[Asked]) -> Need:
    """What one statement has to bring so that all selections on the same rows can be filled."""
    need = Need(bound_of(type_).model, run.ctx)
    for asked in selections:
        for field in run.open(asked):
            try:
                need.field(field)
            except Exception as error:  # reported at the field that asks for something impossible
                field.fault = error
    return need


async def of_entities(
    run: Run, type_: GraphQLObjectType, asked: Sequence[Asked], found: Sequence[Any]
) -> list[Node | None]:
    """The answers for rows that a resolver returned: objects of the model, or ids of rows still to be read.

    What an object lacks (expired attributes, computed expressions) is read in one statement for all of them.
    """
    need = needed(run, type_, asked)
    key = key_of(need.model)
    ids = [entry for entry in found if isinstance(entry, uuid.UUID)]
    known = [entry for entry in found if not isinstance(entry, uuid.UUID)]
    records: dict[Any, Record] = {}
    if ids:
        read = await reading.by_key(run.session, need, key[0], ids, run.conditions(bound_of(type_)))
        records.update((record.values[key[0]], record) for record in read)
    if known:
        records.update(await _complete(run, need, known))
    order = [entry if isinstance(entry, uuid.UUID) else id(entry) for entry in found]
    distinct = {mark: records[mark] for mark in order if mark in records}
    nodes = dict(zip(distinct, await fill(run, asked, list(distinct.values())), strict=True))
    return [nodes.get(mark) for mark in order]


async def _complete(run: Run, need: Need, entities: Sequence[Any]) -> dict[int, Record]:
    lacking = [entity for entity in entities if not need.columns.keys().isdisjoint(sa.inspect(entity).unloaded)]
    fresh: dict[Any, Record] = {}
    identity = [getattr(need.model, name) for name in (TENANT, *key_of(need.model))]
    if lacking or need.computed:
        again = Need(need.model)
        again.columns, again.computed = dict(need.columns), need.computed
        again.attributes((TENANT, *key_of(need.model)))
        wanted = [sa.inspect(entity).identity or _identity(entity, need.model) for entity in entities]
        columns = [*again.selected(), *(e.label(f"computed_{n}") for n, e in again.computed.items())]
        rows = (await run.session.execute(sa.select(*columns).where(sa.tuple_(*identity).in_(wanted)))).all()
        names = [*again.columns, *again.computed]
        for row in rows:
            values_ = dict(zip(names, row, strict=True))
            fresh[tuple(values_[part.key] for part in identity)] = Record(None, values_)
    done: dict[int, Record] = {}
    for entity in entities:
        mark = sa.inspect(entity).identity or _identity(entity, need.model)
        again_ = fresh.get(tuple(mark))
        got = again_.values if again_ else {name: getattr(entity, name) for name in need.columns}
        done[id(entity)] = Record(entity, got)
    return done


def _identity(entity: Any, model: type[Any]) -> tuple[Any, ...]:
    return tuple(getattr(entity, name) for name in (TENANT, *key_of(model)))
