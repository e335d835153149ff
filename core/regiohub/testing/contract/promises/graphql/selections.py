"""What an operation asks for: everything that its answer can show, down to some depth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLNonNull, GraphQLObjectType, Undefined, get_named_type

Arguments = Callable[[GraphQLObjectType, str], str | None]
"""The text of the arguments of a type's field ("" for none); None: the field is left out."""
_SMALL = frozenset({"PageInfo", "Tenant"})
"""Objects of the platform itself that are not looked into."""


@dataclass(frozen=True)
class Pick:
    """A selected field with its arguments, and what is selected below it (None for leaves)."""

    name: str
    arguments: str = ""
    below: Mapping[str, Pick] | None = None
    owner: GraphQLObjectType | GraphQLInterfaceType | None = None

    def __str__(self) -> str:
        return f"{self.name}{self.arguments}{written(self.below)}"


Tree = Mapping[str, Pick]
"""Selected fields by name."""


OUTCOME: Tree = {"errors": Pick("errors", below={name: Pick(name) for name in ("code", "message", "field")})}
"""What every mutation answers: why it was refused."""


def written(tree: Tree | None) -> str:
    """A selection as text."""
    if tree is None:
        return ""
    return " { " + " ".join(["__typename", *map(str, tree.values())]) + " }"


def whole(type_: Any, depth: int, arguments: Arguments) -> Tree | None:
    """All fields of a type, and of the objects in it down to a depth; None for a leaf."""
    named = get_named_type(type_)
    if not isinstance(named, (GraphQLObjectType, GraphQLInterfaceType)):
        return None if not hasattr(named, "types") else {}
    tree: dict[str, Pick] = {}
    page = {"nodes", "totalCount", "pageInfo"} <= named.fields.keys()
    for name, field in named.fields.items():
        below = get_named_type(field.type)
        composite = hasattr(below, "fields") or hasattr(below, "types")
        if (page and name == "edges") or (composite and depth <= 0 and not page):
            continue
        if below.name in _SMALL:
            if page:
                tree[name] = Pick(name, below={"endCursor": Pick("endCursor")}, owner=named)
            continue
        given = "" if not field.args or isinstance(named, GraphQLInterfaceType) else arguments(named, name)
        if given is not None:
            deeper = depth if page else depth - 1
            tree[name] = Pick(name, given, whole(field.type, deeper, arguments) if composite else None, named)
    return tree


def without_arguments(first: int | None = None) -> Arguments:
    """Leaves out fields that cannot do without arguments; lists have their usual page, or `first` entries."""

    def arguments(owner: GraphQLObjectType, name: str) -> str | None:
        declared = owner.fields[name].args
        if any(isinstance(a.type, GraphQLNonNull) and a.default_value is Undefined for a in declared.values()):
            return None
        return f"(first: {first})" if first is not None and "first" in declared else ""

    return arguments


def reached(tree: Tree, value: Any) -> dict[str, Pick]:
    """The part of a selection that an answer has something for: lists that are empty, and nulls, are cut away."""
    entries: Sequence[Any] = value if isinstance(value, list) else [value]
    kept: dict[str, Pick] = {}
    for name, pick in tree.items():
        inner = [entry[name] for entry in entries if isinstance(entry, dict) and entry.get(name) not in (None, [])]
        flat = [one for entry in inner for one in (entry if isinstance(entry, list) else [entry])]
        if pick.below is None:
            kept[name] = pick
        elif flat:
            below = reached(pick.below, flat)
            if below:
                kept[name] = Pick(name, pick.arguments, below, pick.owner)
    return kept
