"""Ways to run one operation: without leaving a trace, by the plan too, or past the platform's guard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from inspect import isawaitable
from typing import Any, TypeVar

from graphql import execute, parse

from regiohub.auth.permissions import Permission
from regiohub.auth.principal import Principal
from regiohub.graphql.answer import Answer
from regiohub.graphql.completion import Completion
from regiohub.graphql.execute import Prepared, Request, Terms, prepare
from regiohub.graphql.execution import Execution
from regiohub.graphql.limits.bounds import Limits
from regiohub.graphql.prepared import answer_of
from regiohub.graphql.source import RegionSource, Source, TownSource
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.testing.world import World
from regiohub.texts import Language

from .operations import Offer, Operation
from .selections import Tree, written

T = TypeVar("T")
_WIDE = Limits(depth=60, aliases=10_000, tokens=100_000, directives=10, roots=10_000, cost=10**9)
_TERMS = Terms(_WIDE, 60.0, request_id="contract")


class Undone(Exception):
    """Takes back what an operation has written, once it has answered."""


Look = Callable[[Ctx], Awaitable[None]]
"""Looks at what an operation has written before it is taken back."""


class _Fleeting(TownSource):
    """A town in which everything is taken back at the end of its unit of work."""

    def __init__(self, scope: TenantScope, look: Look | None) -> None:
        super().__init__(scope)
        self._look = look

    async def run(self, work: Callable[[Ctx], Awaitable[T]]) -> T:
        answers: list[T] = []

        async def done(ctx: Ctx) -> None:
            answers.append(await work(ctx))
            await ctx.session.flush()
            if self._look is not None:
                await self._look(ctx)
            raise Undone

        try:
            await self.scope.run(done)
        except Undone:
            return answers[-1]
        raise AssertionError("a unit of work ended without an end")


class _Unguarded(Execution):
    """Lets everybody in, so that only what the plugin itself asks for stands in the way."""

    def require(self, permission: Permission | None) -> None:
        """Nothing."""


def text_of(operation: Operation, given: Iterable[str], tree: Tree | None) -> str:
    """The operation with the given arguments as variables."""
    names = sorted(given)
    declared = ", ".join(f"${key}: {operation.field.args[key].type}" for key in names)
    handed = ", ".join(f"{key}: ${key}" for key in names)
    inner = f"{operation.name}{f'({handed})' if handed else ''}{written(tree)}"
    kind = "query" if operation.kind == "query" else "mutation"
    body = f"{{ {operation.namespace} {{ {inner} }} }}" if operation.namespace else f"{{ {inner} }}"
    return f"{kind} Contract{f'({declared})' if declared else ''} {body}"


def value_of(operation: Operation, data: Any) -> Any:
    """What an answer's data hold for the operation."""
    inner = data.get(operation.namespace) if operation.namespace and isinstance(data, dict) else data
    return inner.get(operation.name) if isinstance(inner, dict) else None


class Runner:
    """Runs the operations of one offer without leaving a trace."""

    def __init__(self, world: World, offer: Offer, look: Look | None = None) -> None:
        self._world, self._offer, self._look = world, offer, look

    def source(self, principal: Principal, language: Language = "en") -> Source:
        """Where an operation runs."""
        if self._offer.where == "region":
            return RegionSource(self._world.platform, principal, language)
        scope = self._world.scope(self._offer.where, principal=principal, locale=language)
        return _Fleeting(scope, self._look)

    def prepared(
        self, text: str, variables: Mapping[str, Any], principal: Principal, *, plans: bool = True
    ) -> Prepared:
        """An operation that may run. Raises AssertionError where the document itself is refused."""
        terms = replace(_TERMS, plans=plans)
        found = prepare(self._offer.composed, Request(text, dict(variables)), self.source(principal), terms)
        assert not isinstance(found, Answer), (text, found.errors)
        return found

    async def answers(
        self, text: str, variables: Mapping[str, Any], principal: Principal, *, plans: bool = True
    ) -> list[Answer]:
        """The answer of the ordinary executor, and with `plans` that of the plan where there is one."""
        prepared = self.prepared(text, variables, principal, plans=plans)
        found = [await prepared.ordinary()]
        return [*found, await prepared.run()] if prepared.plan is not None else found

    async def unguarded(self, text: str, variables: Mapping[str, Any], principal: Principal) -> Answer:
        """The answer when the platform does not ask for the declared permission."""
        source = self.source(principal)
        result = execute(
            self._offer.composed.schema,
            parse(text),
            context_value=_Unguarded(source, self._offer.composed.error_types, lambda: None),
            variable_values=dict(variables),
            executor_class=Completion,
        )
        return answer_of(await result if isawaitable(result) else result, "en", "contract")


def codes(answer: Answer) -> list[str]:
    """Codes of the errors of the response."""
    return [str(error.get("extensions", {}).get("code")) for error in answer.errors]


def codes_of(operation: Operation, answer: Answer) -> list[str]:
    """Codes of the errors of the response and of those in a mutation's payload."""
    payload = value_of(operation, answer.data)
    inner = payload.get("errors") if isinstance(payload, dict) else None
    return [*codes(answer), *(str(error["code"]) for error in inner or ())]


def done(operation: Operation, answer: Answer) -> bool:
    """Whether a mutation was carried out."""
    payload = value_of(operation, answer.data)
    return not answer.errors and isinstance(payload, dict) and not payload.get("errors")
