"""Expands what resolvers return: rows become answers, values are looked into for rows, lists go through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import isawaitable
from typing import Any, cast

from graphql import GraphQLInterfaceType, GraphQLList, GraphQLObjectType, is_leaf_type
from sqlalchemy.exc import SQLAlchemyError

from regiohub.graphql.authoring.connection import Page
from regiohub.graphql.authoring.spec import (
    BatchedSpec,
    CallSpec,
    ColumnSpec,
    ComputedSpec,
    ManySpec,
    NamespaceSpec,
    OneSpec,
    Otherwise,
)

from . import apart, lists, reading, rows
from .asked import Asked, Details
from .need import key_of
from .refusal import Refusal
from .run import Run
from .shape import FieldShape, Kind, attribute_of, nullable, shape_of

TYPENAME = object()
"""Key under which an answer of an interface notes its concrete type; no response key is this object."""


async def expand(
    run: Run, type_: Any, details: Details, found: Sequence[Any], arguments: Mapping[str, Any] | None = None
) -> Sequence[Any]:
    """The answers for values of one type, in their order; errors and nulls stay what they are."""
    inner = nullable(type_)
    if is_leaf_type(inner):
        return found
    if isinstance(inner, GraphQLList):
        flat = [entry for group in found if isinstance(group, (list, tuple)) for entry in group]
        answers = iter(await expand(run, inner.of_type, details, flat, arguments))
        return [[next(answers) for _ in group] if isinstance(group, (list, tuple)) else group for group in found]
    return await _present(run, inner, details, found, arguments or {})


async def _present(
    run: Run, type_: Any, details: Details, found: Sequence[Any], arguments: Mapping[str, Any]
) -> list[Any]:
    at = [number for number, entry in enumerate(found) if entry is not None and not isinstance(entry, Exception)]
    present = [found[number] for number in at]
    answers = list(found)
    if present and isinstance(type_, GraphQLInterfaceType):
        done = await _abstract(run, details, present)
    elif present and shape_of(type_).kind is Kind.CONNECTION:
        done = [await _connection(run, type_, details, entry, arguments) for entry in present]
    else:
        done = await objects(run, type_, details, present)
    for number, answer in zip(at, done, strict=True):
        answers[number] = answer
    return answers


async def objects(run: Run, type_: Any, details: Details, found: Sequence[Any]) -> Sequence[Any]:
    """The answers for objects of one type: rows (or ids) of a model, or plain values."""
    if not found:
        return []
    asked = run.document.fields(type_, details)
    if shape_of(type_).kind is Kind.BOUND:
        return await rows.of_entities(run, type_, asked, found)
    return await _plain(run, asked, found)


async def _plain(run: Run, asked: Sequence[Asked], found: Sequence[Any]) -> list[rows.Node]:
    """Values: attributes, computed ones, and functions of the value."""
    nodes: list[rows.Node] = [{} for _ in found]
    run.open(asked)
    for field in asked:
        try:
            column = await attribute(run, field, found)
        except SQLAlchemyError as error:
            await run.survive(error)
            column = [error] * len(found)
        except Exception as error:  # reported at the field, as GraphQL asks
            column = [error] * len(found)
        for node, entry in zip(nodes, column, strict=True):
            node[field.key] = entry
    return nodes


async def attribute(run: Run, field: Asked, found: Sequence[Any]) -> Sequence[Any]:
    """One field of plain values, for all of them; also a root field, whose value is the root itself."""
    spec = field.spec
    if field.fault is not None:
        return [field.fault] * len(found)
    if isinstance(spec, ComputedSpec) and spec.python is not None:
        column: Sequence[Any] = [spec.python(entry, run.ctx) for entry in found]
    elif isinstance(spec, CallSpec):
        column = [await call(run, spec, entry, field.arguments) for entry in found]
    elif isinstance(spec, BatchedSpec):
        leading = [*([found] if spec.signature.subject else []), *([run.ctx] if spec.signature.ctx else [])]
        column = await spec.call(*leading, **spec.signature.arguments(field.arguments))
    elif isinstance(spec, NamespaceSpec):
        # Its fields are declarations, so there is nothing to construct.
        column = [object.__new__(spec.origin)] * len(found)
    elif isinstance(spec, ManySpec):
        return [await _many(run, field, spec)] * len(found)
    elif isinstance(spec, OneSpec):
        return [await _one(run, field, spec)] * len(found)
    else:
        column = [getattr(entry, field.column) for entry in found]
    return await expand(run, field.field.type, field.details, column, field.arguments)


def plain_names(type_: Any) -> list[str]:
    """The attributes that the plain fields of a type read."""
    found = [field for field in shape_of(type_).fields.values() if isinstance(field.spec, ColumnSpec)]
    return [attribute_of(field) for field in found]


async def call(run: Run, spec: CallSpec, subject: Any, arguments: Mapping[str, Any]) -> Any:
    """Ask a resolver, which may be synchronous; what it raises is its answer."""
    leading = [*([subject] if spec.signature.subject else []), *([run.ctx] if spec.signature.ctx else [])]
    try:
        found = spec.call(*leading, **spec.signature.arguments(arguments))
        return await found if isawaitable(found) else found
    except SQLAlchemyError as error:
        await run.survive(error)
        return error
    except Exception as error:  # reported at the field, as GraphQL asks
        return error


async def _many(run: Run, field: Asked, spec: ManySpec) -> Any:
    if spec.dataset is not None:
        async with run.sharing(spec.dataset) as shared:
            return await lists.of_all(shared, field, spec)
    try:
        return await lists.of_all(run, field, spec)
    except Otherwise:
        pass
    assert spec.otherwise is not None
    assert spec.signature is not None
    leading = [run.ctx] if spec.signature.ctx else []
    answer = await spec.otherwise(*leading, **spec.signature.arguments(field.arguments))
    return (await expand(run, field.field.type, field.details, [answer], field.arguments))[0]


async def _one(run: Run, field: Asked, spec: OneSpec) -> Any:
    target = cast(GraphQLObjectType, field.shape.below)
    asked = run.document.fields(target, field.details)
    need = rows.needed(run, target, asked)
    attribute = spec.by.key if spec.by is not None else key_of(need.model)[0]
    wanted = next(iter(field.arguments.values()))
    conditions = run.conditions(rows.bound_of(target))
    read = await apart.read(
        run, need, lambda: reading.by_key(run.session, need, attribute, [wanted], conditions), lambda found: found
    )
    found = read[:1]
    return (await rows.fill(run, asked, found))[0] if found else None


async def _connection(run: Run, type_: Any, details: Details, page: Any, arguments: Mapping[str, Any]) -> Any:
    if not isinstance(page, Page):
        return TypeError("a field of type Connection returns connection(...)")
    field = Asked("", "", cast(Any, None), FieldShape(ColumnSpec(), "", type_), details, dict(arguments))
    try:
        return await lists.of_all(run, field, page)
    except SQLAlchemyError as error:
        await run.survive(error)
        return error
    except Exception as error:  # reported at the field, as GraphQL asks
        return error


async def _abstract(run: Run, details: Details, found: Sequence[Any]) -> list[Any]:
    """Values of an interface: each one's class says which type it is."""
    answers: list[Any] = []
    for entry in found:
        name = entry.graphql_type if isinstance(entry, Refusal) else type(entry).__strawberry_definition__.name
        concrete = cast(GraphQLObjectType, run.document.schema.type_map[name])
        (answer,) = await objects(run, concrete, details, [entry])
        answer[TYPENAME] = name
        answers.append(answer)
    return answers
