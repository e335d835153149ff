"""Answers a request by its plan: works out the parameters, reads, and puts the bytes together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql.execution.values import get_argument_values
from sqlalchemy.exc import SQLAlchemyError

from regiohub.db.scope import Scope
from regiohub.graphql.authoring.spec import CallSpec
from regiohub.graphql.engine import values as engine
from regiohub.graphql.engine.asked import Asked, Document
from regiohub.graphql.engine.run import Run

from .errors import Unusual
from .facts import Facts
from .fields import Root
from .plan import Plan, Room
from .statement import Statement
from .store import Operation
from .tree import TYPENAME, Selection

Found = dict[int, bytes]
"""The bytes of each field, by the identity of its record."""


Rows = Callable[[Statement], Awaitable[Sequence[Any]]]
"""Reads the rows of a statement."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a plan reads: the town (or the region's towns) of the request, and how to open the ordinary way."""

    source: Any
    database: Any
    tenant: int | None

    @property
    def postgresql(self) -> bool:
        """Which of the two databases."""
        return self.database.dialect == "postgresql"


@dataclass(frozen=True, slots=True)
class _Info:
    """What the engine needs to know of a running operation."""

    schema: Any
    variable_values: Any
    operation: Any
    fragments: Mapping[str, Any]


async def run(plan: Plan, operation: Operation, selection: Selection, facts: Facts, reading: Reading) -> bytes:
    """The `data` of the answer. Raises `Unusual`, domain errors and errors of GraphQL and of the database."""
    region = reading.tenant is None
    if region:
        facts.rooms = await reading.source.rooms(plan.rooms)
    if plan.needs_session:
        return await _with_resolvers(plan, operation, selection, facts, reading)
    variant = plan.variant(selection, facts, postgresql=reading.postgresql, region=region)
    if plan.needs_session:  # a field turned out to need its resolver
        return await _with_resolvers(plan, operation, selection, facts, reading)
    found: Found = {}
    for root in plan.resolved:
        found[id(root)] = _from_memory(root, facts)
    for room in variant.rooms:
        await _read_room(room, facts, reading, found)
    return _put_together(plan, found)


async def _read_room(room: Room, facts: Facts, reading: Reading, found: Found) -> None:
    direct = reading.database.direct
    scope = Scope(tenant=reading.tenant)
    if reading.tenant is None:
        scope = Scope(readable=tuple(facts.rooms[room.name]) or (0,), reason=f"region: {room.name}")
    if room.statements == 1 and room.point:
        await _read(room, facts, lambda made: direct.rows(scope, made.text, made.values(facts)), found)
        return
    async with direct.snapshot(scope, several=room.statements > 1) as snapshot:
        await _read(room, facts, lambda made: snapshot.rows(made.text, made.values(facts)), found)


async def _read(room: Room, facts: Facts, rows: Rows, found: Found) -> None:
    if room.json is not None:
        (row,) = await rows(room.json)
        for column, value in zip(room.columns, row, strict=True):
            found[id(column.root)] = _json(column.root, value, column.mend, facts)
    for root, statement, shape in room.rows:
        made = shape(await rows(statement), facts)
        if made is None:
            _may_be_null(root)
        found[id(root)] = orjson.dumps(made)


def _json(root: Root, value: Any, mend: Any, facts: Facts) -> bytes:
    if value is None:
        _may_be_null(root)
        return b"null"
    if mend is not None:
        return orjson.dumps(mend(orjson.loads(value), facts))
    return value.encode() if isinstance(value, str) else value


def _may_be_null(root: Root) -> None:
    if str(root.pick.type).endswith("!"):
        raise Unusual(f"{root.path} cannot be null")


async def _with_resolvers(
    plan: Plan, operation: Operation, selection: Selection, facts: Facts, reading: Reading
) -> bytes:
    """Resolvers and statements in one snapshot: that of the session which resolvers get."""
    found: Found = {}
    region = reading.tenant is None
    async with reading.source.reading() as (ctx, towns):
        facts.ctx = ctx
        variant = plan.variant(selection, facts, postgresql=reading.postgresql, region=region)
        for room in variant.rooms:
            if room.name is None:
                await _read(room, facts, lambda made: _in_session(ctx.session, made, facts), found)
            else:
                await _read_room(room, facts, reading, found)
        info: Any = _Info(selection.schema, facts.variables, operation.node, operation.fragments)
        engine_run = Run(Document(info), ctx, towns, reading.source.shared)
        for root in plan.resolved:
            found[id(root)] = await _resolve(root, engine_run, facts)
    return _put_together(plan, found)


async def _in_session(session: Any, made: Statement, facts: Facts) -> Sequence[Any]:
    connection = await session.connection()
    return (await connection.exec_driver_sql(made.plain, tuple(made.values(facts)))).all()


async def _resolve(root: Root, run: Run, facts: Facts) -> bytes:
    pick = root.pick
    assert pick.field is not None
    assert pick.shape is not None
    assert root.write is not None
    given = get_argument_values(pick.field, pick.details[0].node, facts.variables, hide_suggestions=True)
    asked = Asked(pick.key, pick.name, pick.field, pick.shape, pick.details, given, owner=pick.parent)
    if not run.open([asked]):
        raise Unusual(str(asked.fault))
    if root.direct is not None and isinstance(pick.spec, CallSpec):
        return orjson.dumps(root.direct(_sound(await engine.call(run, pick.spec, root.subject, given)), facts))
    (value,) = await engine.attribute(run, asked, [root.subject])
    return orjson.dumps(root.write(_sound(value), facts))


def _from_memory(root: Root, facts: Facts) -> bytes:
    pick = root.pick
    assert pick.field is not None
    assert root.direct is not None
    given = get_argument_values(pick.field, pick.details[0].node, facts.variables, hide_suggestions=True)
    return orjson.dumps(root.direct(root.asked(facts.ctx, given), facts))


def _sound(value: Any) -> Any:
    if isinstance(value, SQLAlchemyError):
        raise value
    if isinstance(value, Exception):
        raise Unusual(str(value)) from value
    return value


def _put_together(plan: Plan, found: Found) -> bytes:
    parts: list[bytes] = []
    for before, root in plan.layout:
        parts.append(before)
        parts.append(found[id(root)] if id(root) in found else constant(root))
    parts.append(plan.closing)
    return b"".join(parts)


def constant(root: Root) -> bytes:
    """The bytes of a field that is the same for everybody: a type's name."""
    return orjson.dumps(root.pick.parent.name) if root.pick.name == TYPENAME else b"{}"
