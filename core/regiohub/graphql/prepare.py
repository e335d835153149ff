"""From the text of a document to an operation that may run: scanned, parsed, validated, measured."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    validate,
)

from regiohub.graphql.limits.bounds import Limits
from regiohub.graphql.limits.introspection import too_much_schema
from regiohub.graphql.limits.measure import Measurement, refuse
from regiohub.graphql.limits.repeats import repeated
from regiohub.graphql.limits.scan import has_nul, no_nul, scan

_BYTES = 1_000_000
_MAX_ERRORS = 10
_SIZES = 200
"""Combinations of page sizes that are remembered of one document."""


class Refused(Exception):
    """An operation that will not run; `errors` say why."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


@dataclass(slots=True)
class _Kept:
    """A valid document. `sizes`: variables that page sizes come from, by operation; `within`: what kept all limits."""

    document: DocumentNode
    sizes: dict[str | None, tuple[str, ...]] = field(default_factory=dict[str | None, tuple[str, ...]])
    within: set[Any] = field(default_factory=set[Any])


class Documents:
    """Valid documents of one schema by their text, the least recently used dropped first, bounded by their bytes."""

    def __init__(self, schema: GraphQLSchema, capacity: int = _BYTES) -> None:
        self._schema = schema
        self._capacity = capacity
        self._held = 0
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def document(self, text: str, limits: Limits) -> DocumentNode:
        """The parsed and valid document. Raises `Refused`."""
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            return known.document
        fault = scan(text, limits)
        if fault is not None:
            raise Refused([fault])
        try:
            document = parse(text, no_location=False)
        except GraphQLError as error:
            raise Refused([error]) from None
        fault = repeated(document)
        if fault is not None:
            raise Refused([fault])
        errors = validate(self._schema, document, max_errors=_MAX_ERRORS, hide_suggestions=True)
        if errors:
            raise Refused(errors)
        self._keep(text, document)
        return document

    def operation(
        self, text: str, name: str | None, variables: dict[str, Any], limits: Limits
    ) -> tuple[DocumentNode, OperationDefinitionNode]:
        """The document and the operation in it that is to run, within the limits. Raises `Refused`."""
        document = self.document(text, limits)
        if has_nul(variables):
            raise Refused([no_nul()])
        operation = get_operation_ast(document, name)
        if operation is None:
            words = f"There is no operation named {name}." if name else "Name one of the operations in operationName."
            raise Refused([GraphQLError(words)])
        if self._schema.get_root_type(operation.operation) is None:
            raise Refused([GraphQLError(f"There is no {operation.operation.value} in this schema.")])
        self._measure(text, document, operation, variables, limits)
        return document, operation

    def _measure(
        self,
        text: str,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        limits: Limits,
    ) -> None:
        """Raise `Refused` for what passes a limit. The same page sizes make the same size: it is not measured twice."""
        kept = self._kept.get(text)
        name = operation.name.value if operation.name else None
        sizes = kept.sizes.get(name) if kept else None
        if kept and sizes is not None and _mark(limits, name, sizes, variables) in kept.within:
            return
        found = Measurement(self._schema, document, operation, variables)
        fault = refuse(found, limits) or too_much_schema(self._schema, document, operation)
        if fault is not None:
            raise Refused([fault])
        if kept:
            kept.sizes[name] = tuple(found.sizes)
            if len(kept.within) < _SIZES:
                kept.within.add(_mark(limits, name, kept.sizes[name], variables))

    def _keep(self, text: str, document: DocumentNode) -> None:
        if len(text) > self._capacity // 10:
            return
        self._kept[text] = _Kept(document)
        self._held += len(text)
        while self._held > self._capacity:
            dropped, _ = self._kept.popitem(last=False)
            self._held -= len(dropped)


def _mark(limits: Limits, name: str | None, sizes: tuple[str, ...], variables: dict[str, Any]) -> Any:
    # What is no number counts as the default when it is measured, and may be of a type that no set takes.
    numbers = (value if isinstance(value, int) else None for value in map(variables.get, sizes))
    return limits, name, *numbers
