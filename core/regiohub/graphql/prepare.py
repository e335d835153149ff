"""From the text of a document to an operation that may run: scanned, parsed, validated, measured."""

from __future__ import annotations

from collections import OrderedDict
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
from regiohub.graphql.limits.measure import Measurement, refuse
from regiohub.graphql.limits.repeats import repeated
from regiohub.graphql.limits.scan import has_nul, no_nul, scan

_BYTES = 1_000_000
_MAX_ERRORS = 10


class Refused(Exception):
    """An operation that will not run; `errors` say why."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


class Documents:
    """Valid documents of one schema by their text, the least recently used dropped first, bounded by their bytes."""

    def __init__(self, schema: GraphQLSchema, capacity: int = _BYTES) -> None:
        self._schema = schema
        self._capacity = capacity
        self._held = 0
        self._kept: OrderedDict[str, DocumentNode] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def document(self, text: str, limits: Limits) -> DocumentNode:
        """The parsed and valid document. Raises `Refused`."""
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            return known
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
        fault = refuse(Measurement(self._schema, document, operation, variables), limits)
        if fault is not None:
            raise Refused([fault])
        return document, operation

    def _keep(self, text: str, document: DocumentNode) -> None:
        if len(text) > self._capacity // 10:
            return
        self._kept[text] = document
        self._held += len(text)
        while self._held > self._capacity:
            dropped, _ = self._kept.popitem(last=False)
            self._held -= len(dropped)
