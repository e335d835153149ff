"""Runs an operation against a composed schema and answers, whatever happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from inspect import isawaitable

from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationType,
    subscribe,
)

from regiohub.auth.permissions import Permission
from regiohub.texts import Language

from .answer import Answer, refused
from .completion import Completion
from .compose.schemas import Composed
from .engine.shape import shape_of
from .execution import Execution
from .limits.bounds import Limits
from .prepare import Refused
from .prepared import Prepared, Request, Terms, answer_of
from .source import Source


def prepare(composed: Composed, request: Request, source: Source, terms: Terms) -> Prepared | Answer:
    """An operation that may run, with its plan if it has one; or the answer that says why it may not."""
    locale = source.locale
    try:
        document, operation = composed.documents.operation(
            request.query, request.operation_name, request.variables, terms.limits
        )
    except Refused as fault:
        return refused(fault.errors, locale, terms.request_id)
    if operation.operation is OperationType.SUBSCRIPTION:
        words = "Subscriptions need a websocket with the protocol graphql-transport-ws."
        return refused([GraphQLError(words)], locale, terms.request_id)
    return Prepared(composed, request, source, terms, document, operation)


async def run(composed: Composed, request: Request, source: Source, terms: Terms) -> Answer:
    """Execute a query or mutation; every fault becomes part of the answer."""
    prepared = prepare(composed, request, source, terms)
    return prepared if isinstance(prepared, Answer) else await prepared.run()


async def stream(composed: Composed, request: Request, source: Source, terms: Terms) -> AsyncIterator[Answer] | Answer:
    """Start a subscription: the stream of its answers, or one answer that says why there is none."""
    locale = source.locale
    try:
        document, operation = composed.documents.operation(
            request.query, request.operation_name, request.variables, terms.limits
        )
    except Refused as fault:
        return refused(fault.errors, locale, terms.request_id)
    if operation.operation is not OperationType.SUBSCRIPTION:
        return await run(composed, request, source, terms)
    started = subscribe(
        composed.schema,
        document,
        context_value=Execution(source, composed.error_types, terms.gate),
        variable_values=request.variables,
        operation_name=request.operation_name,
        executor_class=Completion,
        hide_suggestions=True,
    )
    found = await started if isawaitable(started) else started
    if isinstance(found, ExecutionResult):
        return answer_of(found, locale, terms.request_id)
    return _answers(found, locale, terms.request_id)


def followed(composed: Composed, request: Request, limits: Limits) -> dict[str, Permission | None]:
    """The root fields of a subscription with the rights they need; nothing for an operation that will not run."""
    try:
        document, operation = composed.documents.operation(
            request.query, request.operation_name, request.variables, limits
        )
    except Refused:
        return {}
    root = composed.schema.subscription_type
    if operation.operation is not OperationType.SUBSCRIPTION or root is None:
        return {}
    fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
    names: list[str] = []
    waiting = [operation.selection_set]
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                names.append(node.name.value)
            elif isinstance(node, FragmentSpreadNode):
                waiting.append(fragments[node.name.value].selection_set)
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
    fields = shape_of(root).fields
    return {name: fields[name].spec.permission for name in names if name in fields}


async def _answers(results: AsyncIterator[ExecutionResult], locale: Language, request_id: str) -> AsyncIterator[Answer]:
    try:
        async for result in results:
            yield answer_of(result, locale, request_id)
    finally:
        close = getattr(results, "aclose", None)
        if close is not None:
            await close()


__all__ = ["Prepared", "Request", "Terms", "followed", "prepare", "run", "stream"]
