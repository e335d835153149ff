"""One schema object per set of enabled plugins, made when first asked for and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

import structlog
from graphql import GraphQLObjectType, GraphQLSchema, print_schema

from regiohub.graphql.cache.described import Described
from regiohub.graphql.engine.shape import SHAPE
from regiohub.graphql.plans.store import Plans
from regiohub.graphql.prepare import Documents
from regiohub.plugins.host import PluginHost
from regiohub.plugins.parts import GraphQLPart

from .build import build
from .checks import check

log = structlog.get_logger()
_KEPT = 32
"""Sets of plugins in use at a time are few; a schema is some megabytes."""


class Composed:
    """A schema ready to run, with the documents that were found valid for it."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.documents = Documents(schema)
        self.plans = Plans(schema)
        self.described = Described()
        self.error_types: dict[type[Exception], str] = {}
        for name, type_ in schema.type_map.items():
            shape = type_.extensions.get(SHAPE) if isinstance(type_, GraphQLObjectType) else None
            if shape is not None and shape.error is not None:
                self.error_types[shape.error] = name
        self._sdl: str | None = None

    @property
    def sdl(self) -> str:
        """The schema in the definition language, with all descriptions."""
        if self._sdl is None:
            self._sdl = print_schema(self.schema) + "\n"
        return self._sdl


class Schemas:
    """Composes schemas from the parts that one hook collects.

    Parts that clash or lack words put their plugin into quarantine, once, when this object is made; in strict mode
    that is an error.
    """

    def __init__(self, host: PluginHost, hook: str, core: GraphQLPart) -> None:
        self._core = core
        self._parts: Mapping[str, GraphQLPart] = {c.plugin: _hashable(c.value) for c in host.call(hook, None)}
        self._made: OrderedDict[frozenset[str], Composed] = OrderedDict()
        self.faults = check(core, self._parts)
        for plugin, fault in self.faults.items():
            host.quarantine(plugin, fault.reason)
        if host.strict and self.faults:
            host.refuse_quarantined()

    @property
    def plugins(self) -> frozenset[str]:
        """Plugins that add anything and are sound."""
        return frozenset(plugin for plugin in self._parts if plugin not in self.faults)

    def of(self, enabled: frozenset[str]) -> Composed:
        """The schema for a set of enabled plugins."""
        key = enabled & self.plugins
        found = self._made.get(key)
        if found is None:
            # In the order of the parts, not of the set: the same plugins always print the same schema.
            parts = {plugin: part for plugin, part in self._parts.items() if plugin in key}
            found = self._made[key] = Composed(build(self._core, tuple(parts.items())))
            log.info("schema composed", plugins=list(parts), types=len(found.schema.type_map))
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return found


def _hashable(part: GraphQLPart) -> GraphQLPart:
    return replace(
        part,
        mutations=tuple(part.mutations),
        subscriptions=tuple(part.subscriptions),
        types=tuple(part.types),
        errors=tuple(part.errors),
    )
