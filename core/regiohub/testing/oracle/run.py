"""Runs a document by the plan and by the ordinary executor, and compares what a client would read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import OperationType

from regiohub.auth.principal import ANONYMOUS, Principal
from regiohub.graphql.answer import Answer
from regiohub.graphql.comparison import Difference, difference
from regiohub.graphql.compose.schemas import Composed
from regiohub.graphql.execute import Request, Terms, prepare
from regiohub.graphql.limits.bounds import Limits
from regiohub.graphql.source import RegionSource, Source, TownSource
from regiohub.graphql.transport.service import REGION, GraphQLService
from regiohub.testing.world import World
from regiohub.texts import Language

_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Compared:
    """Both answers to one document. `planned` is None where there is no plan, and for operations that were refused.

    `fell_back`: the plan failed, and the ordinary executor answered in its place.
    """

    document: str
    variables: Mapping[str, Any]
    town: str
    ordinary: Answer
    planned: Answer | None = None
    plan: Any = None
    difference: Difference | None = None
    fell_back: bool = False


class Oracle:
    """Compares answers of one world. Documents must be queries: a mutation cannot be run twice."""

    def __init__(self, world: World, limits: Limits | None = None) -> None:
        self._world = world
        self._service = GraphQLService.of(world.platform)
        self._terms = Terms(limits or Limits.of(world.platform.settings), _SECONDS, request_id="oracle")

    def schema(self, town: str) -> Composed:
        """The schema of a town, or of "region"."""
        return self._service.schema_of(None if town == REGION else self._world.tenant(town))

    async def compare(
        self,
        town: str,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        principal: Principal | None = None,
        roles: Iterable[str] = (),
        subject: str | None = None,
        language: Language = "en",
        operation_name: str | None = None,
    ) -> Compared:
        """Both answers, anonymous unless `principal`, or roles or a subject, are given. Raises ValueError for others
        than queries."""
        roles = tuple(roles)
        if principal is None and (roles or subject):
            principal = self._world.principal(town, roles=roles, subject=subject or "anna")
        source = self.source(town, principal or ANONYMOUS, language)
        request = Request(document, dict(variables or {}), operation_name)
        prepared = prepare(self.schema(town), request, source, self._terms)
        given = dict(variables or {})
        if isinstance(prepared, Answer):
            return Compared(document, given, town, prepared)
        if prepared.operation.operation is not OperationType.QUERY:
            raise ValueError("only queries can be compared: anything else would be done twice")
        ordinary = await prepared.ordinary()
        if prepared.plan is None:
            return Compared(document, given, town, ordinary)
        planned = await prepared.run()
        found = difference(planned.dump(), ordinary.dump())
        return Compared(document, given, town, ordinary, planned, prepared.plan, found, planned.plan is None)

    async def assert_same(
        self, town: str, document: str, variables: Mapping[str, Any] | None = None, **who: Any
    ) -> Compared:
        """Like `compare`; raises an AssertionError that shows the first difference, if there is one."""
        from .report import explained

        compared = await self.compare(town, document, variables, **who)
        if compared.difference is not None:
            raise AssertionError(explained(compared))
        return compared

    def source(self, town: str, principal: Principal, language: Language) -> Source:
        """Where a document runs."""
        platform = self._world.platform
        if town == REGION:
            return RegionSource(platform, principal, language)
        return TownSource(platform.scope(self._world.tenant(town), principal=principal, locale=language))
