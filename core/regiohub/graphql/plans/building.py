"""From the selected fields of bound types to the contents of objects and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from graphql import GraphQLNonNull, GraphQLObjectType

from regiohub.graphql.authoring.fields import takes
from regiohub.graphql.authoring.filters import checked, conditions_of
from regiohub.graphql.authoring.light import row_class
from regiohub.graphql.authoring.spec import (
    Bound,
    ColumnSpec,
    ComputedSpec,
    CountSpec,
    ExpressionSpec,
    FirstOfSpec,
    ListSpec,
    ManySpec,
    NestedSpec,
    RowsSpec,
    ToManySpec,
    ToOneSpec,
    TownSpec,
)
from regiohub.graphql.authoring.types import bound_type
from regiohub.graphql.engine import keyset
from regiohub.graphql.engine.need import TENANT, join_of, key_of
from regiohub.graphql.engine.nested import correlated
from regiohub.graphql.engine.shape import attribute_of, shape_of

from . import jsonsql
from .content import Constant, Content, Entry, Json, ListEntry, One, Page, Plain, Worked
from .errors import Unplannable
from .facts import Facts
from .leaves import Shown, shown
from .moving import Arguments, Check, ListPart, Make, Part
from .output import of_value
from .readback import readback
from .scope import Entity, Reach, confine
from .tree import TYPENAME, Pick
from .workshop import Workshop
from .written import Writer, select_from

_INSIDE = {"cursor", "startCursor", "endCursor"}


class Builder:
    """Builds the contents of one root field; `Unplannable` says why one cannot be."""

    def __init__(self, shop: Workshop, reach: Reach, writer: Writer) -> None:
        self._shop, self._reach, self.writer = shop, reach, writer
        self._postgresql = reach.postgresql

    # Objects

    def entries(self, entity: Entity, type_: GraphQLObjectType, picks: Sequence[Pick]) -> list[Entry]:
        """The contents of an object of a bound type."""
        bound = bound_of(type_)
        return [Entry(pick.key, self._content(entity, bound, pick)) for pick in picks]

    def _content(self, entity: Entity, bound: Bound, pick: Pick) -> Content:
        if pick.name == TYPENAME:
            return Constant(pick.parent.name)
        spec = pick.spec
        self._shop.admit(pick)
        if not (bound.cacheable if spec.cacheable is None else spec.cacheable):
            self._shop.cacheable = False
        match spec:
            case ColumnSpec():
                return self._column(entity, pick)
            case ToOneSpec():
                return self._to_one(entity, spec, pick)
            case ToManySpec():
                return self._to_many(entity, spec, pick)
            case ComputedSpec():
                return self._computed(entity, spec, pick)
            case CountSpec():
                return self._count(entity, spec, pick)
            case FirstOfSpec():
                return self._first(entity, spec, pick)
            case NestedSpec():
                return self._nested(entity, spec, pick)
            case RowsSpec():
                return self._chosen_rows(entity, spec, pick)
            case ExpressionSpec():
                return self._expression(entity, spec, pick)
            case TownSpec():
                return self._town(entity, pick)
            case _:
                raise Unplannable(f"{pick.parent.name}.{pick.name} is a function")

    def _column(self, entity: Entity, pick: Pick) -> Content:
        spec, shape = cast(ColumnSpec, pick.spec), pick.shape
        assert shape is not None
        name = shape.attribute if spec.of is None else spec.of if isinstance(spec.of, str) else spec.of.key
        expression = entity.column(name)
        guard = isinstance(pick.type, GraphQLNonNull) and bool(getattr(expression, "nullable", True))
        return Plain(shown(pick.type, expression, postgresql=self._postgresql), guard)

    def _computed(self, entity: Entity, spec: ComputedSpec, pick: Pick) -> Content:
        if spec.sql is not None:
            make = spec.sql
            part = self._shop.part(lambda number: Part(number, _context_only(make)))
            (expression,) = self._shop.elements(part)
            adapted = entity.adapt(expression)
            return Plain(shown(pick.type, adapted, postgresql=self._postgresql), isinstance(pick.type, GraphQLNonNull))
        if spec.reads is None or spec.python is None:
            raise Unplannable(f"{pick.parent.name}.{pick.name} is Python on the whole row (no reads=, no sql=)")
        reads = [readback(entity.column(name), postgresql=self._postgresql) for name in spec.reads]
        row, call = row_class(spec.python, spec.reads), spec.python
        write = of_value(self._shop.selection, pick.type, pick.details)
        if spec.cacheable is not True:
            self._shop.python(call)

        def work(facts: Facts, *values: Any) -> Any:
            return write(call(row(*values), facts.ctx), facts)

        return Worked(reads, work, guard=False)

    def _expression(self, entity: Entity, spec: ExpressionSpec, pick: Pick) -> Content:
        part = self._shop.part(
            lambda number: Part(number, lambda ctx, given: [spec.expression(ctx, given)], self.arguments(pick))
        )
        (expression,) = self._shop.elements(part)
        adapted = entity.adapt(expression)
        return Plain(shown(pick.type, adapted, postgresql=self._postgresql), isinstance(pick.type, GraphQLNonNull))

    def _town(self, entity: Entity, pick: Pick) -> Content:
        write = of_value(self._shop.selection, pick.type, pick.details)
        read = readback(entity.column(TENANT), postgresql=self._postgresql)

        def show(facts: Facts, id_: int) -> Any:
            return write(facts.towns[id_], facts)

        return Worked([read], show, guard=False)

    # Relations

    def _joined(self, entity: Entity, relation: Any) -> tuple[Entity, list[Any], Any]:
        """The other side of a relation, what leads there, and the column of this side."""
        join = join_of(relation)
        target = self._shop.entity(join.target, self._reach)
        here, there = entity.column(join.local), target.column(join.remote)
        return target, [there == here, *target.confined, *self._reach.same(target.table, entity.table)], here

    def _to_one(self, entity: Entity, spec: ToOneSpec, pick: Pick) -> Content:
        type_ = below(pick)
        target, on, here = self._joined(entity, spec.relation)
        rows = self.rows(type_)
        certain = not rows and not here.nullable and _references(entity.source.c[here.key], target)
        on += [target.adapt(condition) for condition in rows]
        picks = self._shop.selection.below(type_, pick.details)
        entries = self.entries(target, type_, picks)
        guard = isinstance(pick.type, GraphQLNonNull) and not certain
        return One(target, sa.and_(*on), entries, guard)

    def rows(self, type_: GraphQLObjectType) -> list[Any]:
        """The predicate that every read of a bound type carries."""
        bound = bound_of(type_)
        if bound.rows is None:
            return []
        part = self._shop.part(lambda number: Part(number, _rows_of(bound)))
        return [element for element in self._shop.elements(part) if element is not None]

    def _count(self, entity: Entity, spec: CountSpec, pick: Pick) -> Content:
        bound = bound_type(spec.of)
        target, on, _ = self._joined(entity, spec.relation)
        make = _together(_rows_of(bound), _conditions(spec))
        part = self._shop.part(lambda number: Part(number, make, self.arguments(pick), _checks(spec)))
        conditions = [*on, *(target.adapt(element) for element in self._shop.elements(part) if element is not None)]
        counted = select_from(target.table, *conditions).with_only_columns(sa.func.count()).scalar_subquery()
        return Plain(Shown(counted), guard=False)

    def _first(self, entity: Entity, spec: FirstOfSpec, pick: Pick) -> Content:
        type_ = below(pick)
        target, on, _ = self._joined(entity, spec.relation)
        make = _together(_rows_of(bound_of(type_)), _conditions(spec))
        part = self._shop.part(lambda number: Part(number, make, self.arguments(pick), _checks(spec)))
        conditions = [*on, *(target.adapt(element) for element in self._shop.elements(part) if element is not None)]
        entries = self.entries(target, type_, self._shop.selection.below(type_, pick.details))
        items, mend = self.writer.items(target, entries)
        order = [target.adapt(term.ordering) for term in keyset.terms(spec.order_by, self._key(target.model))]
        rows = select_from(target.table, *conditions).order_by(*order).limit(sa.literal_column("1"))
        found = jsonsql.row_object(rows, items, self.writer.number(), postgresql=self._postgresql)
        return Json(found, None if mend is None else lambda value, facts: value and mend(value, facts))

    def _nested(self, entity: Entity, spec: NestedSpec, pick: Pick) -> Content:
        model = entity.model
        part = self._shop.part(
            lambda number: Part(number, lambda ctx, given: [correlated(spec, model, ctx, given)], self.arguments(pick)),
        )
        (made,) = self._shop.elements(part)
        # A derived table sees nothing around it unless it says so.
        inner = entity.adapt(made).correlate(entity.table)
        if not spec.many:
            inner = inner.limit(sa.literal_column("1"))
        rows = inner.subquery(f"q{self.writer.number()}")
        type_ = below(pick)
        items: list[jsonsql.Item] = []
        for entry in self._shop.selection.below(type_, pick.details):
            if entry.name == TYPENAME:
                items.append(self.writer.items(entity, [Entry(entry.key, Constant(type_.name))])[0][0])
                continue
            if not isinstance(entry.spec, ColumnSpec) or entry.shape is None or entry.spec.permission is not None:
                raise Unplannable(f"{type_.name}.{entry.name} is no label of the SELECT")
            value = shown(entry.type, rows.c[attribute_of(entry.shape)], postgresql=self._postgresql)
            items.append(jsonsql.Item(entry.key, value.inside, value.json or value.nested is not None))
        base = sa.select(sa.literal_column("1")).select_from(rows)
        write = jsonsql.rows_array if spec.many else jsonsql.row_object
        found = write(base, items, self.writer.number(), postgresql=self._postgresql)
        return Json(found, None, guard=False)

    def _chosen_rows(self, entity: Entity, spec: RowsSpec, pick: Pick) -> Content:
        type_, model = below(pick), entity.model
        part = self._shop.part(
            lambda number: Part(number, lambda ctx, given: [correlated(spec, model, ctx, given)], self.arguments(pick))
        )
        (made,) = self._shop.elements(part)
        rows = self.rows(type_)
        target = self._shop.entity(bound_of(type_).model, self._reach)
        columns = [getattr(target.model, mapped.key) for mapped in target.mapper.column_attrs]
        inner = entity.adapt(made.with_only_columns(*columns, maintain_column_froms=True).where(*rows))
        target.stand_in(inner.correlate(entity.table))
        entries = self.entries(target, type_, self._shop.selection.below(type_, pick.details))
        items, mend = self.writer.items(target, entries)
        base = sa.select(sa.literal_column("1")).select_from(target.table)
        if spec.many:
            found = jsonsql.rows_array(base, items, self.writer.number(), postgresql=self._postgresql)
            return Json(found, None if mend is None else lambda values, facts: [mend(value, facts) for value in values])
        found = jsonsql.row_object(
            base.limit(sa.literal_column("1")), items, self.writer.number(), postgresql=self._postgresql
        )
        return Json(found, None if mend is None else lambda value, facts: value and mend(value, facts))

    # Lists

    def _to_many(self, entity: Entity, spec: ToManySpec, pick: Pick) -> Content:
        target, on, _ = self._joined(entity, spec.relation)
        page = self.page(target, spec, pick, on)
        expression, mend = self.writer.page(page)
        return Json(expression, mend)

    def page(self, entity: Entity, spec: ListSpec, pick: Pick, on: Sequence[Any]) -> Page:
        """The page that a list field asks for. `on`: conditions that lead there from the row above."""
        connection = below(pick)
        node = self.node_of(pick)
        key = self._key(entity.model)
        make = _together(_rows_of(bound_of(node)), _conditions(spec), _source(spec))
        part = cast(
            ListPart,
            self._shop.part(lambda number: ListPart(number, make, self.arguments(pick), spec, key)),
        )
        conditions = [*on]
        for element in self._shop.elements(part):
            if isinstance(element, sa.Select):
                conditions.append(_chosen(entity, element))
            elif element is not None:
                conditions.append(entity.adapt(element))
        # Cursors are told apart by the order as the request has it; in the statement its values are parameters.
        terms, marks = part.terms(self._shop.facts), part.marks(self._shop.facts)
        moved = self._moved(part, spec, pick, key) or terms
        behind = [] if marks is None else [entity.adapt(keyset.behind(moved, marks))]
        reads = [readback(entity.adapt(term.expression), postgresql=self._postgresql) for term in moved]
        first = self._shop.facts.parts[part.number].first
        order = [entity.adapt(term.ordering) for term in moved]
        page = Page(entity, conditions, behind, order, reads, terms, first)
        for entry in self._shop.selection.below(connection, pick.details):
            page.parts.append(self._list_entry(page, node, entry))
        return page

    def _moved(self, part: ListPart, spec: ListSpec, pick: Pick, key: Sequence[Any]) -> tuple[keyset.Term, ...] | None:
        """The order with its values as parameters, where it depends on arguments."""
        if not part.order_moves or part.asking(self._shop.facts).given.get("order_by") is not None:
            return None
        order = self._shop.part(
            lambda number: Part(number, lambda ctx, given: list(spec.order(ctx, given)), self.arguments(pick))
        )
        return keyset.terms(self._shop.elements(order), key)

    def node_of(self, pick: Pick) -> GraphQLObjectType:
        """The type of a list's entries."""
        return cast(GraphQLObjectType, shape_of(below(pick)).node)

    def _list_entry(self, page: Page, node: GraphQLObjectType, pick: Pick) -> ListEntry:
        selection = self._shop.selection
        if pick.name == TYPENAME:
            return ListEntry(pick.key, pick.name, [pick.parent.name])
        if pick.name == "nodes":
            return ListEntry(
                pick.key, "nodes", self.entries(page.entity, node, selection.below(node, pick.details))
            )  # fmt: skip
        if pick.name == "totalCount":
            return ListEntry(pick.key, pick.name)
        found = ListEntry(pick.key, pick.name)
        for entry in selection.below(below(pick), pick.details):
            page.cursors = page.cursors or entry.name in _INSIDE
            if entry.name == TYPENAME:
                found.below.append(ListEntry(entry.key, entry.name, [entry.parent.name]))
            elif entry.name == "node":
                picks = selection.below(node, entry.details)
                found.below.append(ListEntry(entry.key, "node", self.entries(page.entity, node, picks)))
            else:
                found.below.append(ListEntry(entry.key, entry.name))
        return found

    def _key(self, model: type[Any]) -> list[Any]:
        return [getattr(model, name) for name in (*key_of(model), *([TENANT] if self._reach.region else []))]

    def arguments(self, pick: Pick) -> Arguments:
        """The arguments of a field."""
        assert pick.field is not None
        return Arguments(pick.field, pick.details[0].node, self._shop.facts)


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


def _context_only(function: Any) -> Make:
    return lambda ctx, _given: [function(ctx) if takes(function) else function()]


def _rows_of(bound: Bound) -> Make:
    def make(ctx: Any, _given: Mapping[str, Any]) -> list[Any]:
        found = None if bound.rows is None else bound.rows(ctx)
        return list(found) if isinstance(found, Sequence) else [found]

    return make


def _conditions(record: Any) -> Make:
    return lambda ctx, given: conditions_of(record, given, ctx, check=False)


def _checks(record: Any) -> Check:
    return lambda ctx, given: checked(record, given, ctx)


def _source(spec: ListSpec) -> Make:
    if not isinstance(spec, ManySpec):
        return lambda _ctx, _given: []
    return lambda ctx, given: [spec.source(ctx, given)]


def _together(*makes: Make) -> Make:
    return lambda ctx, given: [element for make in makes for element in make(ctx, given)]


def _chosen(entity: Entity, select: Any) -> Any:
    """A SELECT of the model as a condition on its rows: its own conditions, or its keys where it has more."""
    plain = select.get_final_froms() == [entity.source] and select._limit_clause is None and not select._distinct
    if plain and not select._group_by_clauses:
        where = select.whereclause
        return sa.true() if where is None else entity.adapt(where)
    (key,) = key_of(entity.model)
    keys = confine(select.with_only_columns(getattr(entity.model, key), maintain_column_froms=True), entity.reach)
    return entity.column(key).in_(keys)


def _references(column: Any, target: Entity) -> bool:
    """Whether a foreign key promises that the row pointed to is there."""
    return any(key.column.table is target.source for key in column.foreign_keys)
