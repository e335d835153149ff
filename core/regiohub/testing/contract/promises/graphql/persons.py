"""Rows that belong to persons: what nobody, or another resident, is shown of them or can do to them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from enum import Enum
from typing import Any
from uuid import UUID

from graphql import GraphQLObjectType, get_named_type

from regiohub.auth.principal import ANONYMOUS, Principal
from regiohub.graphql.engine.shape import shape_of
from regiohub.plugins.data import parent_of
from regiohub.tenancy.context import Ctx
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promises.personal_data.people import ANNA, BEN, Row, Tables, plant
from regiohub.testing.world import World

from .callers import TOWN
from .operations import Operation, offer
from .running import Runner, text_of, value_of
from .selections import whole, without_arguments
from .values import Values, places, replaced, stands, values_for

_DEPTH = 2
_DRAWS = 3
"""Sets of invented arguments; wherever an identifier fits, rows of persons are tried besides."""
_MOST = 4
_SHORTEST, _LONG = 6, 8
"""Fewer letters may well be the same by chance; from how many on they are looked for within other texts too."""
_SECRETS = ("token", "secret", "code")
"""Columns of which a value is a key by itself: who has it may see the row."""


async def open_rows(case: Case, world: World) -> list[str]:
    """Fields that show rows of others, and mutations for residents that change them; in a filled installation."""
    tables = Tables(case.plugin_of(world))
    await plant(world.scope(TOWN), tables, ANNA, BEN)
    async with world.scope(TOWN).read() as ctx:
        rows = await tables.everything(ctx)
    offers = [offer(world, case.id, where) for where in (TOWN, "region")]
    people = _People(tables, rows, _published(operation for found in offers for operation in found.of("query")))
    if not people.own:
        return []
    values = await values_for(world, case, TOWN)
    values.rows = values.rows.without(_SECRETS)
    who = (("everybody", ANONYMOUS), ("any resident", world.principal(TOWN, subject="resident")))
    faults: dict[str, None] = {}
    for found in offers:
        runner = Runner(world, found, people.look)
        for operation in found.of("query", "mutation"):
            for name, principal in who:
                if operation.permission is None or principal.can(operation.permission):
                    told = dict.fromkeys(
                        [fault async for fault in _tried(operation, runner, people, values, principal)]
                    )
                    faults |= {fault.format(who=name): None for fault in told}
                    if told:
                        break  # whoever is signed in sees no less
    return list(faults)


async def _tried(
    operation: Operation, runner: Runner, people: _People, values: Values, principal: Principal
) -> AsyncGenerator[str]:
    tree = whole(operation.field.type, _DEPTH, without_arguments())
    for arguments in _arguments(operation, people, values):
        # What the caller knows already tells him nothing.
        given = "\n".join(_texts(arguments)).casefold()
        people.touched.clear()
        text = text_of(operation, arguments, tree)
        for answer in await runner.answers(text, arguments, principal):
            for path, found in _leaves(value_of(operation, answer.data), operation.place):
                table = people.table_of(found, given)
                if table is not None:
                    yield f"{path} shows {{who}} rows of {table}, which belong to persons"
        for table in people.touched:
            yield f"{operation.place} lets {{who}} change or delete rows of {table} that belong to somebody else"


def _arguments(operation: Operation, people: _People, values: Values) -> Iterator[Mapping[str, Any]]:
    for at in range(_DRAWS if operation.field.args else 1):
        yield values.of(operation, generous=at > 0)
    for path, kind in places(operation):
        meant = values.meant(operation, kind, path[-1], values.rows)
        for value in [value for value in meant if value in people.texts][:_MOST]:
            arguments = values.of(operation, path)
            if stands(arguments, path):
                yield replaced(arguments, path, value)


class _People:
    """The rows of two persons, in tables that say whose a row is and that are not shown to everybody on purpose.

    `texts`: what stands in these rows and nowhere else, with the table. `touched`: tables in which these rows are no
    longer what they were, as last looked at.
    """

    def __init__(self, tables: Tables, rows: Mapping[str, list[Row]], published: set[str]) -> None:
        self._tables = tables
        both = [tables.of_person(rows, person) for person in (ANNA, BEN)]
        self.own = {
            name: keys
            for name in _private(tables, published)
            if (keys := set().union(*(b.get(name, ()) for b in both)))
        }
        self._before = {name: self._theirs(name, rows[name]) for name in self.own}
        self.touched: dict[str, None] = {}
        elsewhere = "\n".join(
            str(value).casefold()
            for name, some in rows.items()
            for row in some
            if tables.key(name, row) not in self.own.get(name, ())
            for value in row.values()
        )
        self.texts = {
            text: name
            for name, theirs in self._before.items()
            for row in theirs.values()
            for text in (str(value) for column, value in row.items() if _tells(column, value))
            if len(text) >= _SHORTEST and text.casefold() not in elsewhere
        }

    def table_of(self, found: str, given: str) -> str | None:
        """The table from whose rows a text in an answer comes: it is one of theirs, or holds a longer one."""
        found = found.casefold()
        for text, table in self.texts.items():
            known = text.casefold()
            if known not in given and (found == known or (len(known) >= _LONG and known in found)):
                return table
        return None

    async def look(self, ctx: Ctx) -> None:
        """Compare the rows with what they were."""
        for name, before in self._before.items():
            if self._theirs(name, await self._tables.rows(ctx, name)) != before:
                self.touched[name] = None

    def _theirs(self, name: str, rows: list[Row]) -> dict[tuple[str, ...], Row]:
        return {key: row for row in rows if (key := self._tables.key(name, row)) in self.own[name]}


def _tells(column: str, value: object) -> bool:
    return column != "tenant_id" and isinstance(value, (str, UUID)) and not isinstance(value, Enum)


def _private(tables: Tables, published: set[str]) -> set[str]:
    """Tables with accounts of persons, or with addresses that are not meant to be listed, and what belongs to these."""
    found = {name for name, one in tables.declared.items() if one.subject or (one.email and name not in published)}
    for _ in tables.declared:
        for name, one in tables.declared.items():
            above = parent_of(one, tables.table(name)) if one.belongs_to else None
            if above is not None and above[0] in found:
                found.add(name)
    return found & tables.models.keys()


def _published(operations: Iterable[Operation]) -> set[str]:
    """Tables of which a type shows rows to everybody by its declaration: a directory lists addresses of offices."""
    waiting: list[tuple[Any, Any]] = [(operation.field, operation.spec) for operation in operations]
    seen: set[str] = set()
    found: set[str] = set()
    while waiting:
        field, spec = waiting.pop()
        type_ = get_named_type(field.type)
        if spec.permission is not None or not isinstance(type_, GraphQLObjectType) or type_.name in seen:
            continue
        seen.add(type_.name)
        shape = shape_of(type_)
        if shape.bound is not None:
            found.add(str(shape.bound.model.__tablename__))
        waiting += [(inner, shape.fields[name].spec) for name, inner in type_.fields.items()]
    return found


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Each text of an answer with the way to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if name != "__typename":
                yield from _leaves(part, path if name == "nodes" else f"{path}.{name}")
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, path)


def _texts(value: Any) -> Iterator[str]:
    return (text for _, text in _leaves(value, ""))
