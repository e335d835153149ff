"""Runs an operation against a composed schema and answers, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationType,
    execute,
    subscribe,
)

from regiohub.auth.permissions import Permission
from regiohub.texts import Language

from .answer import Answer, all_shown, refused
from .completion import Completion
from .compose.schemas import Composed
from .engine.shape import shape_of
from .execution import Execution
from .limits.bounds import Limits
from .prepare import Refused
from .source import Source


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller sends."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    operation_name: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which conditions operations run: limits, seconds, the gate of public mutations, the request's number."""

    limits: Limits = field(default_factory=Limits)
    timeout: float = 15.0
    gate: Callable[[], None] = lambda: None
    request_id: str = "-"


async def run(composed: Composed, request: Request, source: Source, terms: Terms) -> Answer:
    """Execute a query or mutation; every fault becomes part of the answer."""
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
    try:
        async with asyncio.timeout(terms.timeout), Execution(source, composed.error_types, terms.gate) as context:
            result = execute(
                composed.schema,
                document,
                context_value=context,
                variable_values=request.variables,
                operation_name=request.operation_name,
                executor_class=Completion,
                hide_suggestions=True,
            )
            done = await result if isawaitable(result) else result
    except TimeoutError:
        words = f"The operation took longer than {terms.timeout:g} seconds and was ended."
        return refused([GraphQLError(words, extensions={"code": "TIMEOUT"})], locale, terms.request_id)
    return _answer(done, locale, terms.request_id)


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
        return _answer(found, locale, terms.request_id)
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
            yield _answer(result, locale, request_id)
    finally:
        close = getattr(results, "aclose", None)
        if close is not None:
            await close()


def _answer(result: ExecutionResult, locale: Language, request_id: str) -> Answer:
    errors = result.errors or []
    # Errors without data before any field ran (variables that do not fit) are errors of the request.
    executed = result.data is not None or any(error.path for error in errors)
    return Answer(result.data, all_shown(errors, locale, request_id), executed=executed)
