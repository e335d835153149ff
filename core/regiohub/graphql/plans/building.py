"""From the selected fields of bound types to the contents of objects and pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy as sa
from graphql import GraphQLNonNull, GraphQLObjectType

from regiohub.graphql.authoring.light import row_class
from regiohub.graphql.authoring.spec import (
    Bound,
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
from regiohub.graphql.authoring.types import bound_type
from regiohub.graphql.engine import keyset
from regiohub.graphql.engine.need import TENANT, join_of, key_of
from regiohub.graphql.engine.nested import correlated
from regiohub.graphql.engine.shape import attribute_of

from . import jsonsql
from .content import Constant, Content, Entry, Json, One, Plain, Worked
from .errors import Unplannable
from .facts import Facts
from .leaves import Shown, shown
from .lists import Lists
from .makes import below, bound_of, checks, conditions_by, context_only, references, rows_of, together
from .moving import Arguments, Part
from .output import of_value
from .readback import readback
from .scope import Entity, Reach
from .tree import TYPENAME, Pick
from .workshop import Workshop
from .written import Writer, select_from


class Builder:
    """Builds the contents of one root field; `Unplannable` says why one cannot be."""

    def __init__(self, shop: Workshop, reach: Reach, writer: Writer) -> None:
        self._shop, self._reach, self.writer = shop, reach, writer
        self._postgresql = reach.postgresql
        self.lists = Lists(shop, self)

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
            part = self._shop.part(lambda number: Part(number, context_only(make)))
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
        certain = not rows and not here.nullable and references(entity.source.c[here.key], target)
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
        part = self._shop.part(lambda number: Part(number, rows_of(bound)))
        return [element for element in self._shop.elements(part) if element is not None]

    def _count(self, entity: Entity, spec: CountSpec, pick: Pick) -> Content:
        bound = bound_type(spec.of)
        target, on, _ = self._joined(entity, spec.relation)
        make = together(rows_of(bound), conditions_by(spec))
        part = self._shop.part(lambda number: Part(number, make, self.arguments(pick), checks(spec)))
        conditions = [*on, *(target.adapt(element) for element in self._shop.elements(part) if element is not None)]
        counted = select_from(target.table, *conditions).with_only_columns(sa.func.count()).scalar_subquery()
        return Plain(Shown(counted), guard=False)

    def _first(self, entity: Entity, spec: FirstOfSpec, pick: Pick) -> Content:
        type_ = below(pick)
        target, on, _ = self._joined(entity, spec.relation)
        make = together(rows_of(bound_of(type_)), conditions_by(spec))
        part = self._shop.part(lambda number: Part(number, make, self.arguments(pick), checks(spec)))
        conditions = [*on, *(target.adapt(element) for element in self._shop.elements(part) if element is not None)]
        entries = self.entries(target, type_, self._shop.selection.below(type_, pick.details))
        items, mend = self.writer.items(target, entries)
        order = [target.adapt(term.ordering) for term in keyset.terms(spec.order_by, self.key(target.model))]
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
        page = self.lists.page(target, spec, pick, on)
        expression, mend = self.writer.page(page)
        return Json(expression, mend)

    def key(self, model: type[Any]) -> list[Any]:
        """What makes an order unique."""
        return [getattr(model, name) for name in (*key_of(model), *([TENANT] if self._reach.region else []))]

    def arguments(self, pick: Pick) -> Arguments:
        """The arguments of a field."""
        assert pick.field is not None
        return Arguments(pick.field, pick.details[0].node, self._shop.facts)
