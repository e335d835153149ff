"""Random selections: fields, aliases, fragments and directives that stay valid together."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, get_named_type

from .arguments import Arguments, Wishes
from .nodes import Field, Fragment, Inline, Node, Spread
from .paths import Step
from .scope import Composite, Scope, absorb, fits

_WORDS = ("a", "b", "x1", "_", "name", "title", "id", "Typ", "zweitesFeld", "__x"[1:])
_LONG = "ein_sehr_langer_name_fuer_ein_feld_der_ueber_die_grenze_hinausgeht_"
_PARTS = frozenset({"edges", "nodes", "totalCount", "pageInfo"})


@dataclass(slots=True)
class Room:
    """How much may still be made: fields, aliases, directives; and how many objects a place may multiply to."""

    fields: int
    aliases: int = 14
    directives: int = 12
    objects: int = 800
    depth: int = 13


@dataclass(slots=True)
class Place:
    """Where a selection is made: its depth, how many objects stand here, and the way that must be gone from here."""

    owner: Composite
    scope: Scope
    depth: int = 0
    objects: int = 1
    way: Sequence[Step] = ()
    must: frozenset[str] = frozenset()


@dataclass(slots=True)
class Selections:
    """Makes selections of one document."""

    rng: random.Random
    schema: GraphQLSchema
    arguments: Arguments
    room: Room
    fragments: list[Fragment] = field(default_factory=list[Fragment])

    def make(self, place: Place) -> list[Node]:
        """The nodes of one selection set; never empty."""
        rng = self.rng
        nodes: list[Node] = []
        if place.way:
            nodes.append(self._step(place))
        for name in self._chosen(place):
            if self.room.fields <= 0:
                break
            nodes.append(self._field(place, name, calm=False))
        if rng.random() < 0.15:
            nodes.append(self._typename(place))
        if nodes and rng.random() < 0.06:
            nodes += self._again(place, nodes)
        if isinstance(place.owner, GraphQLInterfaceType) and self.room.fields > 0:
            nodes += [self._concrete(place, kind) for kind in self.schema.get_possible_types(place.owner)]
        nodes += self._reused(place)
        if not nodes:
            nodes.append(self._typename(place))
        if not place.way:
            rng.shuffle(nodes)
        return self._wrapped(place, nodes)

    def _step(self, place: Place) -> Node:
        """The next field of the way; on an interface it may belong to one of its types only."""
        owner, name = place.way[0]
        if owner == place.owner.name:
            return self._field(place, name, calm=True)
        concrete = self.schema.type_map[owner]
        assert isinstance(concrete, (GraphQLObjectType, GraphQLInterfaceType))
        return Inline(owner, "", [self._field(replace(place, owner=concrete), name, calm=True)])

    def _chosen(self, place: Place) -> list[str]:
        rng, fields = self.rng, place.owner.fields
        plain = [n for n, f in fields.items() if not hasattr(get_named_type(f.type), "fields")]
        deeper = [n for n in fields if n not in plain]
        if fields.keys() >= _PARTS:
            parts = [
                n
                for n, p in (("nodes", 0.6), ("edges", 0.45), ("totalCount", 0.35), ("pageInfo", 0.3))
                if rng.random() < p
            ]
            return parts or ["nodes"]
        if place.depth >= self.room.depth - 1:
            deeper = [n for n in deeper if n == "pageInfo"]
        chosen = [rng.choice(plain) for _ in range(rng.choice((1, 2, 2, 3, 4, 7)))] if plain else []
        most = 1 if place.depth else 2
        few = 0 if place.way else rng.choice((0, 0, 1, most, most)) if plain else 1
        chosen += rng.sample(deeper, min(len(deeper), few))
        rng.shuffle(chosen)
        return chosen

    def _field(self, place: Place, name: str, calm: bool) -> Field:
        declared: GraphQLField = place.owner.fields[name]
        named = get_named_type(declared.type)
        composite = isinstance(named, (GraphQLObjectType, GraphQLInterfaceType))
        self.room.fields -= 1
        page = max(1, min(100, self.room.objects // place.objects))
        last = calm and len(place.way) == 1
        wishes = Wishes(page, calm, place.must if last else frozenset())
        arguments = self.arguments.of(place.owner.name, name, declared, _about(named), wishes) if declared.args else ""
        self.arguments.used.add(f"{place.owner.name}.{name}")
        alias = self._alias(place, name, arguments, str(declared.type))
        below = place.scope.take(alias or name, name, arguments, str(declared.type))
        directives = self._directives(calm)
        if not composite:
            return Field(name, alias, arguments, directives, None)
        objects = place.objects * (min(page, 20) if name in ("nodes", "edges") else 1)
        inner = Place(
            named, below, place.depth + 1, objects, place.way[1:] if calm else (), place.must if calm else frozenset()
        )
        return Field(name, alias, arguments, directives, self.make(inner))

    def _alias(self, place: Place, name: str, arguments: str, kind: str) -> str | None:
        """None where the field can have its own name and no other is wanted."""
        rng, free = self.rng, place.scope.free
        if self.room.aliases > 0 and rng.random() < 0.12:
            self.room.aliases -= 1
            alias = rng.choice((f"{rng.choice(_WORDS)}{rng.randint(0, 3)}", _LONG[:62], f"{_LONG}{rng.randint(0, 3)}"))
            if free(alias, name, arguments, kind):
                return alias
        if free(name, name, arguments, kind):
            return None
        self.room.aliases -= 1
        number = 1
        while not free(f"{name}_{number}", name, arguments, kind):
            number += 1
        return f"{name}_{number}"

    def _typename(self, place: Place) -> Field:
        alias = self._alias(place, "__typename", "", "String!")
        place.scope.take(alias or "__typename", "__typename", "", "String!")
        return Field("__typename", alias, "", self._directives(calm=False), None)

    def _again(self, place: Place, nodes: list[Node]) -> list[Node]:
        """A field that is there already once more, below it something else: the answer merges them."""
        twice = [node for node in nodes if isinstance(node, Field) and node.name != "__typename"]
        if not twice:
            return []
        first = self.rng.choice(twice)
        named = get_named_type(place.owner.fields[first.name].type)
        children = None
        if first.children is not None and isinstance(named, (GraphQLObjectType, GraphQLInterfaceType)):
            inner = place.scope.entries[first.key].below
            children = self.make(Place(named, inner, place.depth + 1, place.objects * 5))
        return [Field(first.name, first.alias, first.arguments, self._directives(calm=False), children)]

    def _concrete(self, place: Place, kind: GraphQLObjectType) -> Inline:
        inner = Place(kind, place.scope, place.depth, place.objects)
        return Inline(kind.name, self._directives(calm=False), self.make(inner))

    def _directives(self, calm: bool) -> str:
        rng = self.rng
        if self.room.directives <= 0 or rng.random() > 0.07:
            return ""
        self.room.directives -= 1
        shown = calm or rng.random() < 0.6
        names = rng.choice((("skip",), ("include",), ("include", "skip") if shown else ("skip",)))
        return "".join(f" @{name}(if: {self.arguments.switch((name == 'include') is shown)})" for name in names)

    def _reused(self, place: Place) -> list[Node]:
        """A fragment that was made elsewhere, where it can be merged."""
        possible = [
            fragment for fragment in self.fragments
            if fragment.on == place.owner.name and fragment.spreads < 4
            and place.depth + fragment.depth < self.room.depth
            and fits(self.schema, fragment.children, place.owner, place.scope)
        ]  # fmt: skip
        if not possible or self.rng.random() < 0.3:
            return []
        fragment = self.rng.choice(possible)
        fragment.spreads += 1
        absorb(self.schema, fragment.children, place.owner, place.scope)
        return [Spread(fragment, self._directives(calm=False))]

    def _wrapped(self, place: Place, nodes: list[Node]) -> list[Node]:
        """The same nodes, some of them inside an inline or a named fragment."""
        rng, roll = self.rng, self.rng.random()
        if roll > 0.3:
            return nodes
        start = rng.randrange(len(nodes))
        end = rng.randint(start + 1, len(nodes))
        part = nodes[start:end]
        calm = bool(place.way)
        if roll < 0.14:
            on = rng.choice((None, place.owner.name, *(interface.name for interface in place.owner.interfaces)))
            if on and on != place.owner.name and not _within(self.schema, on, part):
                on = place.owner.name
            return [*nodes[:start], Inline(on, self._directives(calm), part), *nodes[end:]]
        return [*nodes[:start], self.named(place.owner, part, self._directives(calm)), *nodes[end:]]

    def named(self, owner: Composite, children: list[Node], directives: str = "") -> Spread:
        """A named fragment of these nodes, spread once."""
        name = f"{self.rng.choice(('f', 'Teil', 'F_'))}{len(self.fragments) + 1}"
        fragment = Fragment(name, owner.name, children, _depth(children), 1)
        self.fragments.append(fragment)
        return Spread(fragment, directives)


def _about(named: object) -> str | None:
    """The type that a field is about: of a connection, its entries."""
    fields = getattr(named, "fields", {})
    if fields.keys() >= _PARTS:
        return get_named_type(fields["nodes"].type).name
    return getattr(named, "name", None)


def _depth(nodes: Sequence[Node]) -> int:
    found = 0
    for node in nodes:
        children = node.fragment.children if isinstance(node, Spread) else node.children
        found = max(found, _depth(children or ()) + isinstance(node, Field))
    return found


def _within(schema: GraphQLSchema, on: str, nodes: Sequence[Node]) -> bool:
    """Whether an interface has all these fields itself."""
    fields = getattr(schema.type_map[on], "fields", {})
    return all(isinstance(node, Field) and (node.name in fields or node.name == "__typename") for node in nodes)
