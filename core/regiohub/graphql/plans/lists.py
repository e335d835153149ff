"""Lists: which rows, in which order, how many, and what is asked about the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from graphql import GraphQLObjectType

from regiohub.graphql.authoring.spec import ListSpec
from regiohub.graphql.engine import keyset
from regiohub.graphql.engine.shape import shape_of

from .content import ListEntry, Page
from .makes import below, bound_of, chosen, conditions_by, rows_of, source_of, together
from .moving import ListPart, Part
from .readback import readback
from .scope import Entity
from .tree import TYPENAME, Pick
from .workshop import Workshop

if TYPE_CHECKING:
    from .building import Builder

_INSIDE = {"cursor", "startCursor", "endCursor"}


class Lists:
    """Builds the pages of one root field."""

    def __init__(self, shop: Workshop, builder: Builder) -> None:
        self._shop, self._builder = shop, builder

    def page(self, entity: Entity, spec: ListSpec, pick: Pick, on: Sequence[Any]) -> Page:
        """The page that a list field asks for. `on`: conditions that lead there from the row above."""
        connection = below(pick)
        node = node_of(pick)
        key = self._builder.key(entity.model)
        make = together(rows_of(bound_of(node)), conditions_by(spec), source_of(spec))
        part = cast(
            ListPart,
            self._shop.part(lambda number: ListPart(number, make, self._builder.arguments(pick), spec, key)),
        )
        conditions = [*on]
        for element in self._shop.elements(part):
            if isinstance(element, sa.Select):
                conditions.append(chosen(entity, element))
            elif element is not None:
                conditions.append(entity.adapt(element))
        # Cursors are told apart by the order as the request has it; in the statement its values are parameters.
        terms, marks = part.terms(self._shop.facts), part.marks(self._shop.facts)
        moved = self._moved(part, spec, pick, key) or terms
        behind = [] if marks is None else [entity.adapt(keyset.behind(moved, marks))]
        reads = [readback(entity.adapt(term.expression), postgresql=entity.reach.postgresql) for term in moved]
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
            lambda number: Part(number, lambda ctx, given: list(spec.order(ctx, given)), self._builder.arguments(pick))
        )
        return keyset.terms(self._shop.elements(order), key)

    def _list_entry(self, page: Page, node: GraphQLObjectType, pick: Pick) -> ListEntry:
        selection = self._shop.selection
        if pick.name == TYPENAME:
            return ListEntry(pick.key, pick.name, [pick.parent.name])
        if pick.name == "nodes":
            return ListEntry(
                pick.key, "nodes", self._builder.entries(page.entity, node, selection.below(node, pick.details))
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
                found.below.append(ListEntry(entry.key, "node", self._builder.entries(page.entity, node, picks)))
            else:
                found.below.append(ListEntry(entry.key, entry.name))
        return found


def node_of(pick: Pick) -> GraphQLObjectType:
    """The type of a list's entries."""
    return cast(GraphQLObjectType, shape_of(below(pick)).node)
