"""Random valid documents over a schema, each from one number."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, get_named_type

from .arguments import Arguments
from .known import Known
from .nodes import Field, Node, Printer, Tree
from .paths import Paths, Step
from .scalars import Scalars
from .scope import Scope
from .selections import Place, Room, Selections

_STRIDE = 7919
"""A prime: neighbouring numbers aim at places that have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class Made:
    """A document with its variables. `used`: what it names (`Room.name`, `Room.slots(first)`, `RoomFilter.kind`)."""

    seed: int
    document: str
    variables: Mapping[str, Any]
    operation_name: str | None
    tree: Tree
    used: frozenset[str]
    beyond: bool = False
    """Whether it passes one of the usual limits on purpose."""


@dataclass(slots=True)
class DocumentMaker:
    """Makes documents for queries of a schema, with arguments that meet the data.

    Every document aims at one coordinate in turn (a field, an argument, a field of an input), so that as many
    documents as there are coordinates name each of them. `odd`: share of arguments that are wrong on purpose.
    """

    schema: GraphQLSchema
    known: Known = field(default_factory=Known)
    odd: float = 0.03
    paths: Paths = field(init=False)

    def __post_init__(self) -> None:
        self.paths = Paths(self.schema)

    @property
    def root(self) -> GraphQLObjectType:
        """The type of queries."""
        assert self.schema.query_type is not None
        return self.schema.query_type

    def make(self, seed: int) -> Made:
        """The document of this number; the same in each run for the same schema and data."""
        rng = random.Random(f"document {seed}")  # noqa: S311 - for variety, not for secrets
        arguments = Arguments(Scalars(rng, self.known, self.odd / 6), self.odd)
        selections = Selections(rng, self.schema, arguments, Room(fields=rng.choice((6, 15, 25, 40))))
        scope = Scope()
        children: list[Node] = []
        way, must, arguments.aims = self._aim(rng, seed)
        children += selections.make(self._root(scope, way, must))
        for share in (0.92, 0.4):
            if self.paths.lists_in_lists and rng.random() < share:
                owner, name = rng.choice(self.paths.lists_in_lists)
                way = [*self.paths.to(rng, owner, listed=True), (owner, name)]
                children += self._only(selections, scope, way)
        if not selections.fragments and rng.random() < 0.8:
            children = list[Node]([selections.named(self.root, children)])
        tree = Tree(children, selections.fragments, arguments.variables)
        beyond = rng.random() < 0.015
        if beyond:
            _excess(rng, tree)
        if tree.variables or rng.random() < 0.3:
            tree.name = rng.choice(("Abfrage", "q", "_", "Q" * 70))
        if rng.random() < 0.04:
            tree.name = tree.name or "Eine"
            tree.others = ["query Andere { __typename }"]
        used = frozenset(arguments.used)
        name = tree.name if tree.others else None
        return Made(seed, Printer(rng).text(tree), arguments.given, name, tree, used, beyond)

    def aiming(self, coordinate: str) -> Iterator[int]:
        """The numbers of the documents that aim at a coordinate, smallest first, without an end."""
        every = len(self.paths.coordinates)
        wanted = self.paths.coordinates.index(coordinate)
        return count(next(seed for seed in range(every) if seed * _STRIDE % every == wanted), every)

    def _aim(self, rng: random.Random, seed: int) -> tuple[list[Step], frozenset[str], frozenset[str]]:
        """The way to what this number aims at, the argument that must be given there, the fields of inputs in it."""
        coordinates = self.paths.coordinates
        aim = coordinates[(seed * _STRIDE) % len(coordinates)]
        owner, _, name = aim.partition(".")
        name, _, argument = name.rstrip(")").partition("(")
        aims = frozenset[str]()
        if owner not in self.paths.distance:
            leading = (c for c in coordinates if owner in self._inputs(c))
            aims = frozenset({aim, *leading})
            owner, name, argument = rng.choice(
                [
                    (kind, entry, key)
                    for kind, entry in self.paths.fields
                    for key, declared in self.paths.field(kind, entry).args.items()
                    if owner in _inside(get_named_type(declared.type), set())
                ]
            )
        return [*self.paths.to(rng, owner, listed=False), (owner, name)], frozenset({argument} - {""}), aims

    def _inputs(self, coordinate: str) -> set[str]:
        """Input types inside the field of an input."""
        owner, _, name = coordinate.partition(".")
        type_ = self.schema.type_map[owner]
        if not isinstance(type_, GraphQLInputObjectType):
            return set()
        return _inside(get_named_type(type_.fields[name].type), set())

    def _root(self, scope: Scope, way: list[Step], must: frozenset[str]) -> Place:
        return Place(self.root, scope, way=way, must=must)

    def _only(self, selections: Selections, scope: Scope, way: list[Step]) -> list[Node]:
        """Another root field that leads to a list within a list."""
        selections.room.fields = max(selections.room.fields, 12)
        return selections.make(self._root(scope, way, frozenset()))


def _inside(type_: Any, seen: set[str]) -> set[str]:
    if type_.name not in seen:
        seen.add(type_.name)
        for entry in getattr(type_, "fields", {}).values():
            _inside(get_named_type(entry.type), seen)
    return seen


def _excess(rng: random.Random, tree: Tree) -> None:
    """More of something than the platform takes."""
    kind = rng.choice(("aliases", "repeats", "roots", "directives"))
    if kind == "aliases":
        tree.children += [Field("__typename", f"alias{at}", "", "", None) for at in range(35)]
    elif kind == "repeats":
        tree.children += [Field("__typename", None, "", "", None) for _ in range(55)]
    elif kind == "roots":
        tree.children += [Field("__typename", None, "", "", None) for _ in range(25)]
    else:
        tree.children += [Field("__typename", None, "", " @include(if: true)", None) for _ in range(35)]
