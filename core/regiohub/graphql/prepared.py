"""An operation that may run: by its plan where it has one, and always by the ordinary way too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

import asyncpg
import orjson
import structlog
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    execute,
)
from graphql.execution.values import get_variable_values

from regiohub.errors import DomainError
from regiohub.texts import Language

from .answer import Answer, all_shown, refused
from .authoring.spec import Otherwise
from .completion import Completion
from .compose.schemas import Composed
from .execution import Execution
from .limits.bounds import Limits
from .limits.introspection import is_about_schema
from .plans import running
from .plans.errors import Unplannable, Unusual
from .plans.facts import Facts
from .plans.plan import Plan
from .plans.workshop import Refused as NotAllowed
from .source import Source

log = structlog.get_logger()
_TIMEOUT_STATE = "57014"
"""SQL state query_canceled: PostgreSQL's own limit of time."""
_NOT_THE_PLANS = ("08", "22", "40", "53", "57")
"""Classes of SQL states that values or the server are to blame for: connection, data, conflict, resources, shutdown."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller sends."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    operation_name: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which conditions operations run: limits, seconds, the gate of public mutations, the request's number.

    `plans`: whether plans answer what they can; without them everything goes the ordinary way.
    """

    limits: Limits = field(default_factory=Limits)
    timeout: float = 15.0
    gate: Callable[[], None] = lambda: None
    request_id: str = "-"
    plans: bool = True


class Prepared:
    """One request whose operation is valid and within the limits."""

    def __init__(
        self,
        composed: Composed,
        request: Request,
        source: Source,
        terms: Terms,
        document: DocumentNode,
        operation: OperationDefinitionNode,
    ) -> None:
        self.composed, self.request, self.source, self.terms = composed, request, source, terms
        self.document, self.operation = document, operation
        self.plan: Plan | None = None
        self.reason: str | None = None
        """Why there is no plan."""
        if terms.plans:
            try:
                self._find()
            except Exception as fault:  # of the request's values, or of a declaration: the ordinary way says where
                self.plan, self.reason = None, repr(fault)
                log.debug("no plan", operation=request.operation_name, reason=self.reason)

    def _find(self) -> None:
        schema = self.composed.schema
        variables = get_variable_values(schema, self.operation.variable_definitions or (), self.request.variables)
        if isinstance(variables, list):
            self.reason = "variables that do not fit"  # reported by the ordinary way
            return
        plans = self.composed.plans
        self._operation = plans.operation(
            self.request.query, self.request.operation_name, self.document, self.operation
        )
        ctx, towns = self.source.closed()
        dialect = self.source.platform.database.reading.dialect
        self.plan, self._selection = plans.plan(self._operation, variables, ctx, dialect)
        if self.plan is None:
            self.reason = plans.why_not(self._operation, variables, ctx)
        self._facts = Facts(variables, ctx, self.source.tenant, towns)

    async def run(self) -> Answer:
        """The answer by the plan; what it cannot answer, once by the ordinary way, but never after a timeout."""
        if self.plan is None:
            return await self.ordinary()
        try:
            async with asyncio.timeout(self.terms.timeout):
                written = await self._planned(self.plan)
                if written is not None:
                    return Answer(written=written, plan=self.plan)
                return await self._ordinary()
        except TimeoutError:
            return self._late()

    async def ordinary(self) -> Answer:
        """The answer by graphql-core, whatever the plan."""
        try:
            async with asyncio.timeout(self.terms.timeout):
                return await self._ordinary()
        except TimeoutError:
            return self._late()

    async def _planned(self, plan: Plan) -> bytes | None:
        """The data as JSON, or None if the ordinary way has to say what there is to say."""
        reading = running.Reading(self.source, self.source.platform.database, self.source.tenant)
        try:
            return await running.run(plan, self._operation, self._selection, self._facts, reading)
        except (Unusual, GraphQLError, DomainError, Otherwise):
            return None
        except (Unplannable, NotAllowed) as reason:
            self.composed.plans.give_up(plan, str(reason))
            return None
        except TimeoutError:
            raise
        except Exception as fault:  # of the database, or of a function of a plugin: the ordinary way says where
            if getattr(getattr(fault, "orig", fault), "sqlstate", None) == _TIMEOUT_STATE:
                raise TimeoutError from fault
            state: str = getattr(getattr(fault, "orig", fault), "sqlstate", None) or ""
            if state[:2] in _NOT_THE_PLANS or isinstance(fault, (OSError, OverflowError, asyncpg.InterfaceError)):
                log.info("a plan could not answer", plan=plan.id, fault=type(fault).__name__)
                return None
            plan.faults += 1
            log.warning("a plan failed", plan=plan.id, fault=repr(fault), times=plan.faults)
            if plan.faults >= plan.MOST_FAULTS:
                self.composed.plans.give_up(plan, "it failed several times")
            return None

    async def _ordinary(self) -> Answer:
        if not is_about_schema(self.document, self.operation):
            return await self._executed()
        question, described = (self.request.query, self.request.operation_name), self.composed.described
        written = described.get(question)
        if written is not None:
            return Answer(written=written)
        answer = await self._executed()
        if answer.executed and not answer.errors:
            described.keep(question, orjson.dumps(answer.data))
        return answer

    async def _executed(self) -> Answer:
        terms, source = self.terms, self.source
        async with Execution(source, self.composed.error_types, terms.gate) as context:
            result = execute(
                self.composed.schema,
                self.document,
                context_value=context,
                variable_values=self.request.variables,
                operation_name=self.request.operation_name,
                executor_class=Completion,
                hide_suggestions=True,
            )
            done = await result if isawaitable(result) else result
        return answer_of(done, source.locale, terms.request_id)

    def _late(self) -> Answer:
        words = f"The operation took longer than {self.terms.timeout:g} seconds and was ended."
        late = GraphQLError(words, extensions={"code": "TIMEOUT"})
        return refused([late], self.source.locale, self.terms.request_id)


def answer_of(result: ExecutionResult, locale: Language, request_id: str) -> Answer:
    errors = result.errors or []
    # Errors without data before any field ran (variables that do not fit) are errors of the request.
    executed = result.data is not None or any(error.path for error in errors)
    return Answer(result.data, all_shown(errors, locale, request_id), executed=executed)
