"""The fields of an operation that are answered one by one: at the root, and below each plugin's namespace."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from regiohub.graphql.authoring.spec import CallSpec, ComputedSpec, ManySpec, NamespaceSpec, OneSpec
from regiohub.graphql.engine.need import key_of

from . import flat, jsonsql
from .building import Builder
from .content import Entry, Json, Mend, One, Page, Worked
from .errors import Unplannable
from .lists import node_of
from .makes import below, bound_of
from .moving import Part
from .output import Write, of_tree, of_value
from .scope import Reach
from .tree import TYPENAME, Pick, Selection
from .workshop import Refused, Workshop
from .written import Writer, select_from


@dataclass(frozen=True, slots=True)
class Made:
    """SQL of one field: an expression for the shared statement (json), or a SELECT of its own (rows)."""

    way: str
    select: Any
    point: bool = False
    """One row by its key: however badly the database guesses how many rows there are, it finds it the same way."""
    mend: Mend | None = None
    shape: Callable[..., Any] | None = None
    json: Collection[int] = ()


@dataclass(slots=True, eq=False)
class Root:
    """One field. `keys`: where its value goes; `room`: dataset whose towns it reads, at the region.

    `write`: writes what the engine makes of the resolver's answer; `direct`: writes that answer itself, where it is
    made of plain values.
    """

    keys: tuple[str, ...]
    pick: Pick
    way: str
    reason: str | None = None
    room: str | None = None
    namespace: Pick | None = None
    write: Write | None = None
    direct: Write | None = None

    @property
    def from_memory(self) -> bool:
        """Whether its resolver is synchronous and answers with plain values: then it reads nothing."""
        if self.direct is None:
            return False
        spec = self.pick.spec
        return not (isinstance(spec, CallSpec) and inspect.iscoroutinefunction(inspect.unwrap(spec.call)))

    @property
    def shown_way(self) -> str:
        """The way as it is reported: a function that reads nothing is told from a resolver that may."""
        return "memory" if self.from_memory else self.way

    def asked(self, ctx: Any, given: dict[str, Any]) -> Any:
        """What its synchronous function answers."""
        spec = self.pick.spec
        if isinstance(spec, CallSpec):
            leading = [*([self.subject] if spec.signature.subject else []), *([ctx] if spec.signature.ctx else [])]
            return spec.call(*leading, **spec.signature.arguments(given))
        assert isinstance(spec, ComputedSpec)
        assert spec.python is not None
        return spec.python(self.subject, ctx)

    @property
    def subject(self) -> Any:
        """What the field's function gets as its object: a namespace, whose fields are declarations."""
        if self.namespace is None:
            return None
        spec = self.namespace.spec
        assert isinstance(spec, NamespaceSpec)
        return object.__new__(spec.origin)

    @property
    def path(self) -> str:
        """The names of the fields that lead here."""
        return ".".join([*([self.namespace.name] if self.namespace else []), self.pick.name])

    @property
    def compiled(self) -> bool:
        """Whether statements answer it."""
        return self.way in ("json", "rows")

    @property
    def resolved(self) -> bool:
        """Whether a resolver answers it."""
        return self.way == "resolver"

    @property
    def cacheable(self) -> bool:
        """Whether its declaration lets answers be kept."""
        return self.pick.field is None or bool(self.pick.spec.cacheable)

    def make(self, shop: Workshop, reach: Reach, writer: Writer, *, alone: bool) -> Made:
        """The SQL for this request's shape. `alone`: no other field shares its statement."""
        builder = Builder(shop, reach, writer)
        shop.begin(self.keys)
        if isinstance(self.pick.spec, OneSpec):
            return _one(builder, shop, reach, self.pick)
        return _many(builder, shop, reach, self.pick, alone=alone)


def roots_of(selection: Selection) -> list[Root]:
    """All fields of an operation, in the order of the answer. Raises `Unplannable` for the meta schema."""
    found: list[Root] = []
    for pick in selection.roots():
        if pick.name == TYPENAME:
            found.append(Root((pick.key,), pick, "constant"))
        elif pick.field is None:
            raise Unplannable("the schema about itself")
        elif isinstance(pick.spec, NamespaceSpec):
            inner = selection.below(below(pick), pick.details)
            found += [_root((pick.key, entry.key), entry, pick) for entry in inner]
            if not inner:
                found.append(Root((pick.key,), pick, "constant"))
        else:
            found.append(_root((pick.key,), pick, None))
    return found


def _root(keys: tuple[str, ...], pick: Pick, namespace: Pick | None) -> Root:
    if pick.name == TYPENAME:
        return Root(keys, pick, "constant", namespace=namespace)
    spec = pick.spec
    if isinstance(spec, (ManySpec, OneSpec)):
        room = spec.dataset if isinstance(spec, ManySpec) else None
        return Root(keys, pick, "json", room=room, namespace=namespace)
    return Root(keys, pick, "resolver", f"{pick.parent.name}.{pick.name} is a function", namespace=namespace)


def resolve(root: Root, selection: Selection) -> None:
    """Let a resolver answer a field. Raises `Unplannable` for what only graphql-core can write."""
    pick = root.pick
    root.way = "resolver"
    root.write = of_tree(selection, pick.type, pick.details)
    if isinstance(pick.spec, CallSpec) or (isinstance(pick.spec, ComputedSpec) and pick.spec.python is not None):
        with contextlib.suppress(Unplannable):
            root.direct = of_value(selection, pick.type, pick.details)
    if root.from_memory:
        root.reason = None


def refused(root: Root, ctx: Any) -> None:
    """Raise `Refused` for a root field that the caller may not read."""
    permission = root.pick.spec.permission if root.pick.field is not None else None
    if permission is not None and not ctx.can(permission):
        raise Refused(f"{root.path} needs {permission.id}")


def _many(builder: Builder, shop: Workshop, reach: Reach, pick: Pick, *, alone: bool) -> Made:
    node = node_of(pick)
    entity = shop.entity(bound_of(node).model, reach)
    page = builder.lists.page(entity, pick.spec, pick, entity.confined)  # type: ignore[arg-type]
    entries = _entries(page)
    lists = any(part.name in ("nodes", "edges") for part in page.parts)
    if page.cursors or _works(entries) or (alone and lists and not _nests(entries)):
        rows = flat.page(builder.writer, page)
        return Made("rows", rows.select, shape=rows.shape, json=rows.json)
    expression, mend = builder.writer.page(page)
    return Made("json", expression, mend=mend)


def _one(builder: Builder, shop: Workshop, reach: Reach, pick: Pick) -> Made:
    type_ = below(pick)
    spec = pick.spec
    assert isinstance(spec, OneSpec)
    model = bound_of(type_).model
    entity = shop.entity(model, reach)
    attribute = getattr(model, spec.by.key if spec.by is not None else key_of(model)[0])
    arguments = builder.arguments(pick)
    part = shop.part(
        lambda number: Part(number, lambda _ctx, given: [attribute == next(iter(given.values()))], arguments)
    )
    conditions = [*entity.confined, *(entity.adapt(element) for element in shop.elements(part))]
    conditions += [entity.adapt(element) for element in builder.rows(type_)]
    entries = builder.entries(entity, type_, shop.selection.below(type_, pick.details))
    if _works(entries):
        found = flat.one(builder.writer, entity, conditions, entries)
        return Made("rows", found.select, point=not _nests(entries), shape=found.shape, json=found.json)
    items, mend = builder.writer.items(entity, entries)
    rows = select_from(entity.table, *conditions).limit(sa.literal_column("1"))
    value = jsonsql.row_object(rows, items, builder.writer.number(), postgresql=reach.postgresql)
    return Made(
        "json",
        value,
        point=not _nests(entries),
        mend=None if mend is None else lambda value, facts: value and mend(value, facts),
    )


def _entries(page: Page) -> list[Entry]:
    found: list[Entry] = []
    for part in page.parts:
        if part.name == "nodes":
            found += part.below
        elif part.name == "edges":
            found += [entry for edge in part.below if edge.name == "node" for entry in edge.below]
    return found


def _works(entries: list[Entry]) -> bool:
    """Whether Python has a part in the objects themselves (lists below are completed one by one)."""
    return any(
        isinstance(entry.content, Worked) or (isinstance(entry.content, One) and _works(entry.content.entries))
        for entry in entries
    )


def _nests(entries: list[Entry]) -> bool:
    """Whether lists stand below the rows."""
    return any(
        isinstance(entry.content, Json) or (isinstance(entry.content, One) and _nests(entry.content.entries))
        for entry in entries
    )
