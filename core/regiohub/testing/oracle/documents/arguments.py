"""Arguments of fields, as literals and as variables in every way that the language allows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLType,
    Undefined,
    get_named_type,
    is_enum_type,
)

from .nodes import Variable
from .scalars import Scalars
from .together import partners, together

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
ODD_CURSORS = ("", "abc", "////", "W10", "eyJhIjoxfQ", "ß🌳", "WzEyM10", "WzEsWyJwIixudWxsXV0", "x" * 400)
"""Cursors that no list gave out: empty, no base64, no list, another fingerprint, too long."""


@dataclass(frozen=True, slots=True)
class Name:
    """A variable inside a value."""

    name: str


@dataclass(slots=True)
class Wishes:
    """How a field's arguments are to be: `page`: largest page; `calm`: only what is needed for entries to come."""

    page: int
    calm: bool = False
    must: frozenset[str] = frozenset()


@dataclass(slots=True)
class Arguments:
    """Makes arguments, and notes the variables that they use. `odd`: how often something wrong is sent on purpose."""

    scalars: Scalars
    odd: float
    variables: list[Variable] = field(default_factory=list[Variable])
    given: dict[str, Any] = field(default_factory=dict[str, Any])
    used: set[str] = field(default_factory=set[str])
    aims: frozenset[str] = frozenset()
    """Fields of inputs that are given wherever they can be."""
    nesting: int = 0
    """How deep in inputs inside inputs."""
    literally: bool = False
    """Whether no variables are wanted."""

    def of(self, owner: str, name: str, declared: GraphQLField, below: str | None, wishes: Wishes) -> str:
        """The text of a field's arguments with its parentheses; `below`: the type that the field is about."""
        rng = self.scalars.rng
        types = {key: argument.type for key, argument in declared.args.items()}
        ready = together(self.scalars, types)
        texts: list[str] = []
        for key, argument in declared.args.items():
            needed = isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined
            wanted = key in wishes.must or (not wishes.calm and rng.random() < _WANTED.get(key, 0.5))
            if not needed and not wanted and not (wishes.calm and key == "first"):
                continue
            self.used.add(f"{owner}.{name}({key})")
            if key == "after":
                ready[key] = self._cursor(owner, name, texts)
            elif key == "first":
                ready[key] = self._page(wishes)
            elif needed and wishes.calm and key not in ready:
                ready.pop(key, None)
            has_default = argument.default_value is not Undefined
            texts.append(f"{key}: {self._argument(key, argument.type, has_default, ready, below, wishes)}")
        rng.shuffle(texts)
        return f"({', '.join(texts)})" if texts else ""

    def switch(self, value: bool) -> str:
        """A Boolean for a directive: a literal or a variable."""
        if self.scalars.rng.random() < 0.5:
            return json.dumps(value)
        return self._variable(GraphQLNonNull(GraphQLBoolean), value, has_default=False, calm=True)

    def _argument(
        self, key: str, type_: GraphQLType, has_default: bool, ready: dict[str, Any], below: str | None, wishes: Wishes
    ) -> str:
        rng = self.scalars.rng
        as_variable = not self.literally and rng.random() < 0.45
        value = ready[key] if key in ready else self._value(type_, key, below, as_variable, wishes.calm)
        if as_variable:
            return self._variable(type_, value, has_default, wishes.calm)
        return self.literal(value, type_)

    def _variable(self, type_: GraphQLType, value: Any, has_default: bool, calm: bool) -> str:
        """Declare a variable of a fitting type and give it the value, or a default, or neither."""
        rng = self.scalars.rng
        name = f"{rng.choice(('v', 'wert_', 'V', '_'))}{len(self.variables) + 1}"
        variable = Variable(name, str(type_))
        nullable = not isinstance(type_, GraphQLNonNull)
        plain = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if not nullable and has_default and rng.random() < 0.5:
            variable.type = str(plain)
            nullable = True
        roll = rng.random()
        if roll < 0.2 and value is not None:
            variable.default = self.literal(value, type_)
            if roll < 0.07:
                self.given[name] = value
        elif nullable and not calm and roll < 0.3:
            # Without a default, an absent variable is an absent argument and not null.
            if roll < 0.24 and not (has_default and rng.random() > self.odd * 4):
                self.given[name] = None
        else:
            self.given[name] = value
            if nullable and value is not None and roll > 0.85:
                variable.type = f"{plain}!"
        self.variables.append(variable)
        return f"${name}"

    def _value(
        self, type_: GraphQLType, key: str, owner: str | None, plain: bool, calm: bool, nullable: bool = True
    ) -> Any:
        """A JSON value; unless `plain`, variables may stand inside it."""
        rng = self.scalars.rng
        if isinstance(type_, GraphQLNonNull):
            return self._value(type_.of_type, key, owner, plain, calm, nullable=False)
        if nullable and not calm and rng.random() < 0.04:
            return _NULL if not plain else None
        if isinstance(type_, GraphQLList):
            if rng.random() < 0.06:
                return self._value(type_.of_type, key, owner, plain, True, nullable=False)
            number = rng.choice((1, 1, 2, 3)) if calm or rng.random() < 0.9 else 0
            return [self._inner(type_.of_type, key, owner, plain) for _ in range(number)]
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_, owner, plain, calm)
        value = self.scalars.draw(get_named_type(type_), key, owner)
        if is_enum_type(type_):
            self.used.add(f"{type_}.{value}")
        return value

    def _object(self, type_: GraphQLInputObjectType, owner: str | None, plain: bool, calm: bool) -> dict[str, Any]:
        rng = self.scalars.rng
        types = {key: entry.type for key, entry in type_.fields.items()}
        needed = [
            key for key, entry in type_.fields.items()
            if isinstance(entry.type, GraphQLNonNull) and entry.default_value is Undefined
        ]  # fmt: skip
        free = [key for key in types if key not in needed]
        if self.nesting >= _NESTING:
            free = []
        few = rng.sample(free, min(len(free), rng.choice((0, 1, 1, 1, 2, 3) if not calm else (0, 1, 1))))
        ready = together(self.scalars, types)
        made: dict[str, Any] = {}
        self.nesting += 1
        aimed = [key for key in free if f"{type_.name}.{key}" in self.aims and key not in few]
        other = [key for key in partners((*needed, *few, *aimed)) if key in types and rng.random() < 0.7]
        for key in (*needed, *few, *aimed, *other):
            self.used.add(f"{type_.name}.{key}")
            made[key] = ready[key] if key in ready else self._inner(types[key], key, owner, plain)
        self.nesting -= 1
        return made

    def _inner(self, type_: GraphQLType, key: str, owner: str | None, plain: bool) -> Any:
        value = self._value(type_, key, owner, plain, plain or isinstance(type_, GraphQLNonNull))
        if (
            not plain
            and not self.literally
            and _free_of_names(value)
            and value is not _NULL
            and self.scalars.rng.random() < 0.15
        ):
            return Name(self._variable(type_, value, has_default=False, calm=False)[1:])
        return value

    def _cursor(self, owner: str, name: str, texts: list[str]) -> str | None:
        rng, cursors = self.scalars.rng, self.scalars.known.cursors
        order = next((text.partition(": ")[2] for text in texts if text.startswith("orderBy: ")), None)
        mine = cursors.get((owner, name, order)) or cursors.get((owner, name, None))
        roll = rng.random()
        if mine and roll < 0.85:
            return rng.choice(mine)
        if cursors and roll < 0.85 + self.odd:
            return rng.choice(cursors[rng.choice(sorted(cursors, key=str))])
        return rng.choice(ODD_CURSORS) if roll > 1 - self.odd else None

    def _page(self, wishes: Wishes) -> int:
        rng = self.scalars.rng
        if self.literally:
            return wishes.page
        if not wishes.calm and rng.random() < self.odd / 2:
            return rng.choice((-1, 101, 2**31 - 1))
        least = 3 if wishes.calm else 0
        most = max(least, wishes.page)
        return most if rng.random() < 0.15 else min(most, rng.choice((least, 1, 2, 3, 4, 5, 8, 20)) or least)

    def literal(self, value: Any, type_: GraphQLType | None) -> str:
        """A value as text; the type says whether a text is the name of an enum's value."""
        inner: Any = type_
        while isinstance(inner, GraphQLNonNull):
            inner = inner.of_type
        if isinstance(value, Name):
            return f"${value.name}"
        if value is None or value is _NULL:
            return "null"
        if isinstance(value, list):
            item = inner.of_type if isinstance(inner, GraphQLList) else None
            return "[" + ", ".join(self.literal(entry, item) for entry in value) + "]"
        if isinstance(inner, GraphQLList):
            return self.literal(value, inner.of_type)
        if isinstance(value, dict):
            fields = inner.fields if isinstance(inner, GraphQLInputObjectType) else {}
            pairs = [(k, self.literal(v, fields[k].type if k in fields else None)) for k, v in value.items()]
            return "{" + ", ".join(f"{key}: {text}" for key, text in pairs if _NAME.fullmatch(key)) + "}"
        if is_enum_type(inner):
            return value
        return json.dumps(value, ensure_ascii=self.scalars.rng.random() < 0.5)


class _Null:
    """An explicit null among literals."""


_NULL = _Null()
_NESTING = 3
"""Inputs inside each other, at most; an input may contain itself."""
_WANTED = {"first": 0.7, "after": 0.3, "filter": 0.45, "orderBy": 0.5}
"""How often an optional argument is given, by its name; half of the time otherwise."""


def _free_of_names(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_free_of_names, value.values()))
    if isinstance(value, list):
        return all(map(_free_of_names, value))
    return not isinstance(value, (Name, _Null))
