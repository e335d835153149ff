"""Connections: what a page needs to be read, and its answer in the caller's keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy as sa
from graphql import GraphQLObjectType, get_named_type

from regiohub.errors import InvalidInput
from regiohub.graphql.authoring.connection import Page
from regiohub.graphql.authoring.filters import conditions_of
from regiohub.graphql.authoring.spec import DEFAULT_PAGE, MAX_PAGE, ListSpec, ManySpec, ToManySpec
from regiohub.texts import t

from . import apart, keyset, reading, rows, values
from .asked import Asked
from .need import TENANT, Need, Record, join_of, key_of
from .reading import Found
from .run import Run
from .selects import Cut
from .shape import Kind, shape_of


class PageTooLarge(InvalidInput):
    """More entries than one page has."""

    code = "PAGE_TOO_LARGE"


class Plan:
    """What a selection on a connection asks for, sorted by kind."""

    def __init__(self, run: Run, field: Asked) -> None:
        self.run = run
        self.type = cast(GraphQLObjectType, field.shape.below)
        self.node = cast(GraphQLObjectType, shape_of(self.type).node)
        self.parts: list[tuple[Asked, list[tuple[Asked, list[Asked]]]]] = []
        self.selections: list[list[Asked]] = []
        self.cursors = False
        for part in run.document.fields(self.type, field.details):
            self.parts.append((part, self._below(part)))
        self.total = any(part.name == "totalCount" for part, _ in self.parts)

    def _below(self, part: Asked) -> list[tuple[Asked, list[Asked]]]:
        document = self.run.document
        if part.name == "nodes":
            return [(part, self._selection(part))]
        if part.name not in ("edges", "pageInfo"):
            return []
        found: list[tuple[Asked, list[Asked]]] = []
        for entry in document.fields(cast(GraphQLObjectType, get_named_type(part.field.type)), part.details):
            self.cursors = self.cursors or entry.name in ("cursor", "startCursor", "endCursor")
            found.append((entry, self._selection(entry) if entry.name == "node" else []))
        return found

    def _selection(self, part: Asked) -> list[Asked]:
        if shape_of(self.node).kind is not Kind.BOUND:
            return []
        asked = self.run.document.fields(self.node, part.details)
        self.selections.append(asked)
        return asked

    def need(self) -> Need:
        """What the statement has to bring."""
        return rows.needed(self.run, self.node, *self.selections)

    async def nodes(self, records: Sequence[Record]) -> dict[int, list[rows.Node]]:
        """The answers of all records, for each selection on them."""
        return {id(asked): await rows.fill(self.run, asked, records) for asked in self.selections}

    def answer(
        self, nodes: dict[int, list[Any]], length: int, marks: Sequence[str], more: bool, before: bool, total: int
    ) -> rows.Node:
        """One connection in the caller's keys. `length`: entries of the page, looked into or not."""
        page: rows.Node = {}
        info = {
            "hasNextPage": more,
            "hasPreviousPage": before,
            "startCursor": marks[0] if marks else None,
            "endCursor": marks[-1] if marks else None,
        }
        for part, below in self.parts:
            if part.name == "nodes":
                page[part.key] = nodes[id(below[0][1])]
            elif part.name == "totalCount":
                page[part.key] = total
            elif part.name == "pageInfo":
                page[part.key] = {entry.key: info[entry.name] for entry, _ in below}
            else:
                columns = [(entry.key, marks if entry.name == "cursor" else nodes[id(asked)]) for entry, asked in below]
                page[part.key] = [{key: column[at] for key, column in columns} for at in range(length)]
        return page


def page_size(arguments: dict[str, Any], page: int = DEFAULT_PAGE, most: int = MAX_PAGE) -> int:
    """The wanted page size. Raises `PageTooLarge`, or `InvalidInput` for a negative one."""
    first = arguments.get("first", page)
    if first > most:
        raise PageTooLarge(
            t(f"Eine Seite hat höchstens {most} Einträge.", f"A page has at most {most} entries."),
            field="first", allowed=most, actual=first,
        )  # fmt: skip
    if first < 0:
        raise InvalidInput(t("Die Seitengröße ist negativ.", "The page size is negative."), field="first")
    return int(first)


def _cut(run: Run, plan: Plan, spec: ListSpec | Page, arguments: dict[str, Any], model: type[Any]) -> Cut:
    declared = spec if isinstance(spec, ListSpec) else ListSpec(order_by=spec.order_by)
    found = unique_order(run, model, declared.order(run.ctx, arguments))
    after = arguments.get("after")
    return Cut(
        first=page_size(arguments, declared.page, declared.most), order=found,
        after=keyset.decode(found, after) if after else None,
        conditions=[*run.conditions(rows.bound_of(plan.node)), *conditions_of(declared, arguments, run.ctx)],
        cursors=plan.cursors, total=plan.total,
    )  # fmt: skip


def unique_order(run: Run, model: type[Any], order: Sequence[Any]) -> tuple[keyset.Term, ...]:
    """An order of a model's rows that no two rows share."""
    key = [*key_of(model), *([TENANT] if run.session.scope.tenant is None else [])]
    return keyset.terms(order, [getattr(model, name) for name in key])


def _marks(cut: Cut, found: Found) -> list[str]:
    return [keyset.encode(cut.order, mark) for mark in found.marks] if cut.cursors else []


async def of_all(run: Run, field: Asked, spec: ManySpec | Page) -> rows.Node:
    """A page of all rows of a type, or of the SELECT that a resolver returned."""
    plan = Plan(run, field)
    base = spec.source if isinstance(spec, Page) else _checked(spec, spec.source(run.ctx, field.arguments))
    if isinstance(base, Sequence):
        return await _of_sequence(run, field, plan, cast(Sequence[Any], base))
    need = plan.need()
    cut = _cut(run, plan, spec, field.arguments, need.model)
    found = await apart.read(run, need, lambda: reading.page(run.session, need, cut, base), lambda page: page.records)
    nodes = await plan.nodes(found.records)
    return plan.answer(
        nodes, len(found.records), _marks(cut, found), found.more, cut.after is not None, found.total or 0
    )


def _checked(spec: ManySpec, source: Any) -> Any:
    if spec.select is None or isinstance(source, sa.Select):
        return source
    words = f"{spec.select.__qualname__} returned {type(source).__name__}"
    raise TypeError(f"{words}: the function of many(of=) is synchronous and returns a SELECT of the bound model")


async def of_parents(run: Run, field: Asked, spec: ToManySpec, parents: Sequence[Record]) -> list[rows.Node]:
    """A page for each parent, read together."""
    plan = Plan(run, field)
    join = join_of(spec.relation)
    need = plan.need()
    cut = _cut(run, plan, spec, field.arguments, need.model)
    owners = [(parent.values[TENANT], parent.values[join.local]) for parent in parents]
    keys = dict.fromkeys(key for _, key in owners)
    pages = await reading.of_each(run, need, join.remote, keys, cut)
    filled = await plan.nodes([record for page in pages.values() for record in page.records])
    slices: dict[Any, rows.Node] = {}
    start = 0
    empty = {mark: [] for mark in filled}
    for owner, page in pages.items():
        end = start + len(page.records)
        mine = {mark: nodes[start:end] for mark, nodes in filled.items()}
        slices[owner] = plan.answer(
            mine, end - start, _marks(cut, page), page.more, cut.after is not None, page.total or 0
        )
        start = end
    nothing = plan.answer(empty, 0, [], more=False, before=cut.after is not None, total=0)
    return [slices.get(owner, nothing) for owner in owners]


async def _of_sequence(run: Run, field: Asked, plan: Plan, entries: Sequence[Any]) -> rows.Node:
    """A page of entries that exist already; cursors count places."""
    first = page_size(field.arguments)
    start = 0
    if field.arguments.get("after"):
        content = keyset.unpack(field.arguments["after"])
        if len(content) != 1 or not isinstance(content[0], int) or content[0] < 0:
            raise keyset.InvalidCursor
        start = content[0] + 1
    kept = list(entries[start : start + first])
    marks = [keyset.pack([start + at]) for at in range(len(kept))]
    nodes: dict[int, list[Any]] = {}
    for part, below in plan.parts:
        for entry, asked in below:
            if part.name == "nodes" or entry.name == "node":
                nodes[id(asked)] = list(await values.objects(run, plan.node, entry.details, kept))
    # An id that leads nowhere for this caller leaves no hole.
    there = [at for at in range(len(kept)) if all(column[at] is not None for column in nodes.values())]
    nodes = {mark: [column[at] for at in there] for mark, column in nodes.items()}
    marks = [marks[at] for at in there]
    return plan.answer(nodes, len(there), marks, start + first < len(entries), start > 0, len(entries))
