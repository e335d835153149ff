"""What the server's planner makes of each operation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from graphql import OperationDefinitionNode, OperationType, validate

from regiohub.graphql.answer import Answer
from regiohub.graphql.compose.schemas import Composed
from regiohub.graphql.execute import Request, Terms, prepare
from regiohub.graphql.source import RegionSource, Source, TownSource
from regiohub.graphql.transport.service import GraphQLService
from regiohub.testing.world import World

from .collect import Found
from .variables import values

TOWN, ROLES = "potsdam", ("tenant-admin",)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An operation and what became of it: `kind` is query, mutation, subscription, or refused; `reasons` by field.

    Refused are those that are made to be: a page that is too long, an argument that does not fit.
    """

    found: Found
    name: str
    kind: str
    where: str
    reasons: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def compiles(self) -> bool:
        """Whether no field of it needs a resolver."""
        return self.kind == "query" and not self.reasons


async def compile_all(world: World, documents: Iterable[Found]) -> tuple[list[Outcome], list[Found]]:
    """The operations of our schemas with their outcomes, and the documents that fit neither schema."""
    service = GraphQLService.of(world.platform)
    principal = world.principal(TOWN, roles=ROLES)
    places: list[tuple[str, Composed, Source]] = [
        ("town", service.schema_of(world.tenant(TOWN)), TownSource(world.scope(TOWN, principal=principal))),
        ("region", service.schema_of(None), RegionSource(world.platform, principal, "de")),
    ]
    outcomes: list[Outcome] = []
    foreign: list[Found] = []
    for found in documents:
        fitting = next((place for place in places if not validate(place[1].schema, found.document)), None)
        if fitting is None:
            foreign.append(found)
            continue
        nodes = [node for node in found.document.definitions if isinstance(node, OperationDefinitionNode)]
        outcomes += [await _outcome(found, node, *fitting) for node in nodes]
    return outcomes, foreign


async def _outcome(
    found: Found, node: OperationDefinitionNode, where: str, composed: Composed, source: Source
) -> Outcome:
    name = node.name.value if node.name else None
    outcome = Outcome(found, name or "", node.operation.value, where)
    if node.operation is not OperationType.QUERY:
        return outcome
    prepared = prepare(composed, Request(found.text, values(composed.schema, node), name), source, Terms())
    if isinstance(prepared, Answer):
        return replace(outcome, kind="refused")
    answer = await prepared.run()
    if prepared.plan is None:
        outcome.reasons["*"] = prepared.reason or "no plan"
        return outcome
    # Read afterwards: some fields turn out to need their resolver only when the statements are made.
    for entry in prepared.plan.fields:
        if entry.way == "resolver":
            outcome.reasons[entry.path] = entry.reason or "a resolver"
    if answer.plan is None and not outcome.reasons:
        if answer.errors:
            return replace(outcome, kind="refused")
        outcome.reasons["*"] = "answered without its plan"
    return outcome
