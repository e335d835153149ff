"""What a plugin adds to the schemas: its query fields, mutations and subscriptions, as they stand there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakKeyDictionary

from graphql import GraphQLField, GraphQLObjectType, get_named_type

from regiohub.auth.permissions import Permission
from regiohub.graphql.authoring.fields import camel
from regiohub.graphql.authoring.spec import FieldSpec, MutationSpec, NamespaceSpec, OneSpec
from regiohub.graphql.compose.schemas import Composed
from regiohub.graphql.core.parts import REGION_PART, TOWN_PART
from regiohub.graphql.engine.shape import shape_of
from regiohub.graphql.transport.service import REGION, GraphQLService
from regiohub.platform import Platform
from regiohub.plugins.parts import GraphQLPart
from regiohub.testing.world import World

CORE = "core"
"""In the place of a plugin's id: the platform's own fields."""
Kind = Literal["query", "mutation", "subscription"]
_SERVICES: WeakKeyDictionary[Platform, GraphQLService] = WeakKeyDictionary()
"""One for each installation, so that documents and plans are made once."""
HOOKS = {False: "register_graphql", True: "register_region_graphql"}
"""Which hook adds to the schema of towns (False) and to that of the region (True)."""


@dataclass(frozen=True)
class Operation:
    """One root field of a plugin. `namespace`: the field of the root that holds it, for queries."""

    kind: Kind
    name: str
    owner: GraphQLObjectType
    field: GraphQLField
    spec: FieldSpec
    namespace: str | None = None

    @property
    def place(self) -> str:
        """How a reader of the schema finds it: ``booking.resources``, ``createBooking``."""
        return f"{self.namespace}.{self.name}" if self.namespace else self.name

    @property
    def permission(self) -> Permission | None:
        """What a caller needs; None: it is for everybody."""
        return self.spec.permission

    @property
    def about(self) -> GraphQLObjectType | None:
        """The object type that it answers with: the entry of a list, the thing that a mutation has changed."""
        type_ = get_named_type(self.field.type)
        if isinstance(self.spec, MutationSpec) and isinstance(type_, GraphQLObjectType):
            returned = camel(self.spec.returns) if self.spec.returns else None
            type_ = get_named_type(type_.fields[returned].type) if returned in type_.fields else None
        if not isinstance(type_, GraphQLObjectType):
            return None
        return shape_of(type_).node or type_

    @property
    def table(self) -> str | None:
        """The table whose rows it answers with, where it says so."""
        bound = shape_of(self.about).bound if self.about is not None else None
        return str(bound.model.__tablename__) if bound is not None else None

    @property
    def key(self) -> Any:
        """The column by which a single row is looked up, if that is what it does and the key is not the usual one."""
        return self.spec.by if isinstance(self.spec, OneSpec) else None


@dataclass(frozen=True)
class Offer:
    """All root fields of a plugin in one schema: of a town, or of the region (`where` is then "region")."""

    where: str
    composed: Composed
    operations: Sequence[Operation]

    def of(self, *kinds: Kind) -> list[Operation]:
        """Those of some kinds."""
        return [operation for operation in self.operations if operation.kind in kinds]


def offer(world: World, plugin: str, where: str = "potsdam") -> Offer:
    """What a plugin (or `CORE`, the platform itself) adds to the schema of a town or of the region."""
    region = where == REGION
    service = _SERVICES.get(world.platform) or _SERVICES.setdefault(world.platform, GraphQLService.of(world.platform))
    composed = service.schema_of(None if region else world.tenant(where))
    parts = {found.plugin: found.value for found in world.platform.plugins.call(HOOKS[region], None)}
    part = (REGION_PART if region else TOWN_PART) if plugin == CORE else parts.get(plugin)
    return Offer(where, composed, tuple(_found(composed, plugin, part)) if part else ())


def _found(composed: Composed, plugin: str, part: GraphQLPart) -> Iterator[Operation]:
    schema = composed.schema
    assert schema.query_type is not None
    for name, entry in shape_of(schema.query_type).fields.items():
        if not isinstance(entry.spec, NamespaceSpec):
            if plugin == CORE:
                yield Operation("query", name, schema.query_type, schema.query_type.fields[name], entry.spec)
        elif entry.spec.plugin == plugin:
            below: Any = entry.below
            for inner, shape in shape_of(below).fields.items():
                yield Operation("query", inner, below, below.fields[inner], shape.spec, name)
    declared: tuple[tuple[Kind, GraphQLObjectType | None, Sequence[Any]], ...] = (
        ("mutation", schema.mutation_type, part.mutations),
        ("subscription", schema.subscription_type, part.subscriptions),
    )
    for kind, root, functions in declared:
        for function in functions:
            assert root is not None
            made = function.__regiohub_field__
            name = made.graphql_name or camel(made.python_name)
            yield Operation(kind, name, root, root.fields[name], made.metadata["regiohub"])
