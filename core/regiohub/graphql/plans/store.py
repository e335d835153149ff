"""Plans that are kept: found again by document, operation, switches, rights and language."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import structlog
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
)
from graphql.language import visit
from graphql.language.visitor import Visitor

from regiohub.auth.principal import Principal

from .errors import Unplannable
from .fields import refused, resolve, roots_of
from .plan import Plan
from .tree import Selection
from .workshop import Refused

log = structlog.get_logger()
_BYTES = 4_000_000
"""Text of the documents behind the kept plans, in all."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A valid operation with what plans need of it: its fragments, and the variables that switch fields on and off."""

    text: str
    name: str | None
    node: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    switches: tuple[str, ...]


class Plans:
    """The plans of one schema; the least recently used are dropped, bounded by the bytes of their documents."""

    def __init__(self, schema: GraphQLSchema, capacity: int = _BYTES) -> None:
        self._schema = schema
        self._capacity = capacity
        self._held = 0
        self._kept: OrderedDict[Hashable, Plan | str] = OrderedDict()
        self._operations: OrderedDict[tuple[str, str | None], Operation] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def operation(
        self, text: str, name: str | None, document: DocumentNode, node: OperationDefinitionNode
    ) -> Operation:
        """What plans need of an operation, worked out once."""
        found = self._operations.get((text, name))
        if found is None:
            fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
            found = Operation(text, name, node, fragments, _switches(document))
            self._operations[text, name] = found
            while len(self._operations) > 1000:
                self._operations.popitem(last=False)
        self._operations.move_to_end((text, name))
        return found

    def plan(
        self, operation: Operation, variables: Any, ctx: Any, dialect: Any
    ) -> tuple[Plan | None, Selection]:  # fmt: skip
        """The plan for an operation with its switches, as a caller with these rights; None: the ordinary way."""
        selection = Selection(self._schema, operation.fragments, operation.node, variables)
        switches = tuple(variables.coerced.get(name) for name in operation.switches)
        key = (operation.text, operation.name, switches, ctx.locale, _rights(ctx.principal))
        found = self._kept.get(key)
        if found is None:
            found = self._make(operation, selection, ctx, dialect, key)
            self._kept[key] = found
            self._held += len(operation.text)
            while self._held > self._capacity:
                dropped, _ = self._kept.popitem(last=False)
                self._held -= len(dropped[0])  # type: ignore[index] - the key's first part is the text
        self._kept.move_to_end(key)
        return (None if isinstance(found, str) else found), selection

    def _make(self, operation: Operation, selection: Selection, ctx: Any, dialect: Any, key: Any) -> Plan | str:
        if operation.node.operation is not OperationType.QUERY:
            return "no query"
        try:
            roots = roots_of(selection)
            for root in roots:
                refused(root, ctx)
                if root.resolved:
                    resolve(root, selection)
        except (Unplannable, Refused) as reason:
            log.debug("no plan", operation=operation.name, reason=str(reason))
            return str(reason)
        return Plan(key, operation.text, roots, dialect)

    def why_not(self, operation: Operation, variables: Any, ctx: Any) -> str | None:
        """Why an operation has no plan at all, for those who ask."""
        switches = tuple(variables.coerced.get(name) for name in operation.switches)
        key = (operation.text, operation.name, switches, ctx.locale, _rights(ctx.principal))
        found = self._kept.get(key)
        return found if isinstance(found, str) else None

    def give_up(self, plan: Plan, reason: str) -> None:
        """Let an operation go the ordinary way from now on, because its plan turned out not to work."""
        for key, kept in self._kept.items():
            if kept is plan:
                self._kept[key] = reason
                return


def _rights(principal: Principal) -> Hashable:
    """All that a plan may depend on about the caller: never who he is."""
    return principal.is_system, principal.is_signed_in, principal.subject is None, principal.permissions


class _Switches(Visitor):
    """Collects the variables in `@skip` and `@include`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def enter_directive(self, node: Any, *_: Any) -> None:
        """Called for each directive."""
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.found[argument.value.name.value] = None


def _switches(document: DocumentNode) -> tuple[str, ...]:
    collected = _Switches()
    visit(document, collected)
    return tuple(collected.found)
