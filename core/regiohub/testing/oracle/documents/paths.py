"""Ways through a schema: how a query reaches a type, and where lists stand inside lists."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from functools import cached_property

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    get_named_type,
)

_PAGE = frozenset({"edges", "nodes", "totalCount", "pageInfo"})
Step = tuple[str, str]
"""Type and field."""


class Paths:
    """The object types that queries of a schema reach."""

    def __init__(self, schema: GraphQLSchema) -> None:
        assert schema.query_type is not None
        self.schema, self.root = schema, schema.query_type.name
        self.incoming: dict[str, list[Step]] = defaultdict(list)
        self.distance = {self.root: 0}
        waiting = deque([self.root])
        while waiting:
            owner = waiting.popleft()
            for name, below in self.composites(owner):
                self.incoming[below].append((owner, name))
                if below not in self.distance:
                    self.distance[below] = self.distance[owner] + 1
                    waiting.append(below)

    def composites(self, owner: str) -> list[Step]:
        """Fields of a type with an object type below, and that type; the possible types of an interface too."""
        found: list[Step] = []
        for name, field in self._fields(owner).items():
            below = get_named_type(field.type)
            if isinstance(below, GraphQLObjectType):
                found.append((name, below.name))
            elif isinstance(below, GraphQLInterfaceType):
                found += [(name, kind.name) for kind in (below, *self.schema.get_possible_types(below))]
        return found

    def field(self, owner: str, name: str) -> GraphQLField:
        """The declaration of a field."""
        return self._fields(owner)[name]

    def below(self, owner: str, name: str) -> str:
        """The name of the type below a field."""
        return get_named_type(self.field(owner, name).type).name

    def _fields(self, owner: str) -> dict[str, GraphQLField]:
        return getattr(self.schema.type_map[owner], "fields", {})

    @cached_property
    def coordinates(self) -> tuple[str, ...]:
        """Everything that a query can name: fields, arguments, fields of inputs; in a fixed order."""
        found: dict[str, None] = {}
        for owner in self.distance:
            for name, field in self._fields(owner).items():
                found[f"{owner}.{name}"] = None
                for key, argument in field.args.items():
                    found[f"{owner}.{name}({key})"] = None
                    self._inputs(argument.type, found)
        return tuple(found)

    def _inputs(self, type_: GraphQLType, found: dict[str, None]) -> None:
        named = get_named_type(type_)
        for name, field in getattr(named, "fields", {}).items():
            if f"{named.name}.{name}" not in found:
                found[f"{named.name}.{name}"] = None
                self._inputs(field.type, found)

    @cached_property
    def fields(self) -> tuple[Step, ...]:
        """All fields of all reachable types."""
        return tuple((owner, name) for owner in self.distance for name in self._fields(owner))

    @cached_property
    def lists_in_lists(self) -> tuple[Step, ...]:
        """Lists of objects that are fields of what another list holds."""
        inside = {kind for kind in self.distance if self._entry(kind)}
        return tuple((owner, name) for owner, name in self.fields if owner in inside and self.to_many(owner, name))

    def _entry(self, kind: str) -> bool:
        """Whether objects of a type come in lists."""
        return any(
            (_is_list(self._fields(owner)[name].type) and not kind.endswith("Edge")) or name == "node"
            for owner, name in self.incoming[kind]
        )

    def to_many(self, owner: str, name: str) -> bool:
        """Whether a field is a list or a connection of objects; the parts of a connection are none themselves."""
        type_ = self._fields(owner)[name].type
        named = get_named_type(type_)
        if owner.endswith("Connection") and name in _PAGE:
            return False
        parts = getattr(named, "fields", {})
        return bool(parts) and (_is_list(type_) or parts.keys() >= _PAGE)

    def to(self, rng: random.Random, owner: str, listed: bool) -> list[Step]:
        """A short way from the root to a type; `listed`: through a list, if there is such a way."""
        path: list[Step] = []
        here = owner
        while here != self.root:
            steps = [s for s in self.incoming[here] if self.distance[s[0]] < self.distance[here]]
            near = [s for s in self.incoming[here] if self.distance[s[0]] <= self.distance[here] + 2]
            manys = [s for s in near if _is_list(self._fields(s[0])[s[1]].type)]
            if listed and manys and not any(_is_list(self._fields(o)[n].type) for o, n in path):
                steps = manys
            step = rng.choice(steps)
            path.insert(0, step)
            here = step[0]
            if len(path) > 12:
                return self.to(rng, owner, listed=False)
        return path


def _is_list(type_: GraphQLType) -> bool:
    return isinstance(type_.of_type if isinstance(type_, GraphQLNonNull) else type_, GraphQLList)
