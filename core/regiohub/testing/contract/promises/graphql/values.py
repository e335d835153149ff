"""Arguments for operations: as valid as a machine can make them, with identifiers of rows that are there."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLType,
    Undefined,
    get_named_type,
    is_input_object_type,
)

from regiohub.graphql.authoring.fields import camel
from regiohub.testing.contract.case import Case, Given
from regiohub.testing.oracle.documents.known import Known
from regiohub.testing.oracle.documents.scalars import Scalars
from regiohub.testing.oracle.documents.together import together
from regiohub.testing.world import World

from .operations import Operation
from .rows import Content, content

Path = tuple[str, ...]
"""Names of arguments and fields of inputs, from the outside in; of a list it means the first entry."""
Declared = tuple[GraphQLType, bool]
"""Type of an argument or field, and whether it has to be given."""
_NESTING = 3
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_VERBS = frozenset({"create", "update", "delete", "remove", "set", "add", "for", "by", "of", "the", "and", "or", "my"})


@dataclass
class Values:
    """Draws arguments. `rows`: of the town in which they are to mean something; `wrong`: share of refused values.

    `given`: those that the plugin's author knows to be sound; only the others are drawn.
    """

    rng: random.Random
    known: Known
    rows: Content
    wrong: float = 0.0
    given: Given = field(default_factory=dict[str, Mapping[str, Any]])
    scalars: Scalars = field(init=False)

    def __post_init__(self) -> None:
        self.scalars = Scalars(self.rng, self.known, self.wrong)

    def of(self, operation: Operation, must: Path = (), generous: bool = False) -> dict[str, Any]:
        """Values of the arguments: the required ones, the one on the path `must`, and with `generous` more."""
        declared = {key: (argument.type, _needed(argument)) for key, argument in operation.field.args.items()}
        return _merged(
            self._several(operation, declared, must, generous, 0), self.given.get(operation.place, {}), declared
        )

    def _several(
        self,
        operation: Operation,
        given: Mapping[str, tuple[GraphQLType, bool]],
        must: Path,
        generous: bool,
        depth: int,
    ) -> dict[str, Any]:
        ready = together(self.scalars, {key: type_ for key, (type_, _) in given.items()})
        made: dict[str, Any] = {}
        for key, (type_, needed) in given.items():
            aimed = must[:1] == (key,)
            if key in ("first", "after") or not (
                needed or aimed or (generous and depth < 2 and self.rng.random() < 0.5)
            ):
                continue
            made[key] = self._value(operation, type_, key, ready, must[1:] if aimed else (), generous, depth)
        return made

    def _value(
        self, operation: Operation, type_: GraphQLType, key: str, ready: Mapping[str, Any], must: Path,
        generous: bool, depth: int,
    ) -> Any:  # fmt: skip
        if isinstance(type_, GraphQLNonNull):
            return self._value(operation, type_.of_type, key, ready, must, generous, depth)
        if isinstance(type_, GraphQLList):
            return [self._value(operation, type_.of_type, key, {}, must, generous, depth)]
        if key in ready:
            return ready[key]
        named = get_named_type(type_)
        if isinstance(named, GraphQLInputObjectType):
            return self._several(operation, _fields(named), must, generous, depth + 1)
        return self.leaf(operation, named, key)

    def leaf(self, operation: Operation, named: GraphQLNamedType, key: str) -> Any:
        """One value of a scalar or enum."""
        found = self.meant(operation, named.name, key, self.rows)
        if found and self.rng.random() >= self.wrong:
            return self.rng.choice(found)
        about = operation.about.name if operation.about is not None else None
        return str(uuid.UUID(int=self.rng.getrandbits(128))) if named.name == "ID" else self.scalars.draw(
            named, key, about
        )  # fmt: skip

    def meant(self, operation: Operation, kind: str, key: str, rows: Content) -> list[str]:
        """Values of a town's rows that an argument of this name can mean: identifiers, or what a text column holds."""
        if kind == "ID":
            return [id_ for table in self.tables(operation, key, rows) for id_ in rows.ids(table)]
        if kind != "String":
            return []
        if operation.key is not None and operation.key.key == _snake(key):
            return list(rows.values.get(operation.table or "", {}).get(operation.key.key, ()))
        name = _snake(key)
        columns = [columns[name] for columns in rows.values.values() if name in columns and name in _KEYS]
        return [value for values in columns for value in values]

    def tables(self, operation: Operation, key: str, rows: Content) -> list[str]:
        """Tables whose rows an identifier may mean, told by names; all tables where the names tell nothing."""
        named = rows.named()
        words = [_singular(word) for word in _words(key)]
        words = words[:-1] if words[-1:] == ["id"] else words
        fitting = [table for short, table in named.items() if words and _ends(short, words)]
        if fitting:
            return fitting
        if operation.table in named.values() and not words:
            return [str(operation.table)]
        spoken = [_singular(word) for word in _words(operation.name) if word not in _VERBS]
        fitting = [table for short, table in named.items() if set(map(_singular, short.split("_"))) & set(spoken)]
        return fitting or list(named.values())


async def values_for(world: World, case: Case, slug: str, wrong: float = 0.0, seed: str = "contract") -> Values:
    """Arguments that mean rows of a town; the same in each run. Odd ones are drawn all, the others where not given."""
    plugin = case.plugin_of(world)
    given = await case.given(world.scope(slug)) if not wrong else {}
    rows, known = await content(world, slug, plugin), Known()
    for columns in rows.values.values():
        for name, values in columns.items():
            for value in values:
                known.see("", camel(name), "String", value)
    return Values(random.Random(seed), known, rows, wrong, given)  # noqa: S311 - for variety, not for secrets


def places(operation: Operation) -> Iterator[tuple[Path, str]]:
    """Every path to an identifier or a text among an operation's arguments, with the name of its scalar."""
    for key, argument in operation.field.args.items():
        if key != "after":
            yield from _leaves(argument.type, (key,), 0)


def _leaves(type_: GraphQLType, path: Path, depth: int) -> Iterator[tuple[Path, str]]:
    named: Any = get_named_type(type_)
    if is_input_object_type(named) and depth < _NESTING:
        for key, inner in named.fields.items():
            yield from _leaves(inner.type, (*path, key), depth + 1)
    elif named.name in ("ID", "String"):
        yield path, named.name


def stands(arguments: Mapping[str, Any], path: Path) -> bool:
    """Whether something was given at a path."""
    value: Any = arguments
    for name in path:
        value = value[0] if isinstance(value, list) and value else value
        if not isinstance(value, Mapping) or name not in value:
            return False
        value = value[name]
    return value is not None


def replaced(arguments: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The same arguments with another value at a path."""
    head, *tail = path
    inner = arguments[head]
    entries: Sequence[Any] = inner if isinstance(inner, list) else [inner]
    made = [replaced(entries[0], tuple(tail), value) if tail else value, *entries[1:]]
    return {**arguments, head: made if isinstance(inner, list) else made[0]}


def _merged(
    drawn: Mapping[str, Any], given: Mapping[str, Any], declared: Mapping[str, tuple[GraphQLType, bool]]
) -> dict[str, Any]:
    """What is given in place of what was drawn: in inputs field by field, JSON and lists as a whole."""
    made = dict(drawn)
    for key, value in given.items():
        named: Any = get_named_type(declared[key][0]) if key in declared else None
        inner: Any = made.get(key)
        both = isinstance(inner, Mapping) and isinstance(value, Mapping) and isinstance(named, GraphQLInputObjectType)
        made[key] = _merged(inner, value, _fields(named)) if both else value
    return made


def _needed(argument: Any) -> bool:
    return isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined


def _fields(type_: GraphQLInputObjectType) -> dict[str, Declared]:
    return {key: (entry.type, _needed(entry)) for key, entry in type_.fields.items()}


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _snake(name: str) -> str:
    return "_".join(_words(name))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _ends(short: str, words: Sequence[str]) -> bool:
    parts = [_singular(part) for part in short.split("_")]
    return parts[-len(words) :] == list(words)


_KEYS = frozenset(
    {"slug", "key", "code", "number", "name", "eui", "dev_eui", "gateway_id", "token", "reference", "identifier"}
)
"""Columns that say which row is meant, by name, where an argument has the same name."""
