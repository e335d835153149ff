"""The parts of a plan that move with the request: arguments, conditions, orders, places of cursors.

Each part says for a request which shape it takes; a plan keeps one statement per combination of shapes. What
differs within a shape are parameters only.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from graphql import GraphQLField, VariableNode
from graphql.execution.values import get_argument_values
from graphql.language import visit
from graphql.language.visitor import Visitor
from sqlalchemy.sql import visitors

from regiohub.graphql.authoring.filters import checked
from regiohub.graphql.authoring.spec import ListSpec
from regiohub.graphql.engine import keyset
from regiohub.graphql.engine.lists import page_size

from .errors import Unplannable
from .facts import Facts, Seen, Tracing
from .lazy import Lazy, Read, given, is_open, kind_of
from .scope import unique
from .sqlforms import clause

Elements = list[Any]
Make = Callable[[Any, Mapping[str, Any]], Elements]
"""Makes SQL expressions from a context and arguments; None stands for "no condition"."""


@dataclass(slots=True)
class Asking:
    """What a request wants of one part."""

    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    first: int = 0
    after: Sequence[Any] | None = None
    values: Sequence[Any] = ()


Check = Callable[[Any, Mapping[str, Any]], None]
"""Looks at the real arguments of a request; raises domain errors."""


class Part:
    """One moving part: arguments of a field, and what a declaration makes of them."""

    def __init__(
        self, number: int, make: Make, arguments: Arguments | None = None, check: Check | None = None
    ) -> None:  # fmt: skip
        self.number = number
        self._check = check
        self._make = make
        self._arguments = arguments
        self.traced: bool | None = None
        self._watched: list[Read] = []

    def ask(self, facts: Facts) -> Hashable:
        """Work out what the request wants; returns the shape. Raises domain errors and errors of GraphQL."""
        asking = facts.parts[self.number] = Asking(self._arguments.given(facts) if self._arguments else {})
        if self._check is not None:
            self._check(facts.ctx, asking.given)
        return self._shape(facts, asking)

    def _shape(self, facts: Facts, asking: Asking) -> Hashable:
        if self.traced:
            return outline(asking.given), tuple(kind_of(read(facts)) for read in self._watched)
        elements = self._make(facts.ctx, asking.given)
        keys, asking.values = _keys(elements)
        return keys

    def asking(self, facts: Facts) -> Asking:
        """What the request wants of this part."""
        return facts.parts[self.number]

    def elements(self, facts: Facts, seen: Seen) -> Elements:
        """The expressions with a `Lazy` wherever a value of the request stands."""
        asking = facts.parts[self.number]
        real = self._make(facts.ctx, asking.given)
        if self.traced is not False:
            number = self.number
            lazy = {
                name: lazily(value, Lazy(lambda facts, name=name: facts.parts[number].given[name]))
                for name, value in asking.given.items()
            }
            tracing = Tracing(facts, seen)
            made = self._try(tracing, lazy)
            self.traced = made is not None and _same(made, real, facts)
            self._watched += tracing.watched if self.traced else []
            if self.traced:
                assert made is not None
                return made
        return self._opened(real, facts)

    def _try(self, tracing: Any, lazy: Mapping[str, Any]) -> Elements | None:
        try:
            return self._make(tracing, lazy)
        except Exception:  # a declaration that wants to see the value: it is asked again for each request
            return None

    def _opened(self, real: Elements, facts: Facts) -> Elements:
        """The expressions of this request with their values taken out, to be put in by each request of this shape."""
        number = self.number
        opened: Elements = []
        at = 0
        for element in real:
            if element is None:
                opened.append(None)
                continue
            before = _key(element)
            made = visitors.replacement_traverse(clause(element), {}, _fresh)
            after = _key(made)
            if after.key != before.key:
                raise Unplannable("a condition that cannot be taken apart")
            for parameter in after.bindparams:
                parameter.value = lazily(parameter.value, Lazy(lambda facts, at=at: facts.parts[number].values[at]))
                at += 1
            opened.append(made)
        facts.parts[number].values = _keys(real)[1]
        return opened


class Arguments:
    """The arguments of a field: worked out once where no variable stands in them."""

    def __init__(self, declared: GraphQLField, node: Any, facts: Facts) -> None:
        self._field, self._node = declared, node
        moves = _Variables()
        for argument in node.arguments or ():
            visit(argument, moves)
        self._fixed = None if moves.found else get_argument_values(declared, node, facts.variables)

    def given(self, facts: Facts) -> dict[str, Any]:
        """By their Python names. Raises `GraphQLError` for a value that does not fit."""
        if self._fixed is not None:
            return self._fixed
        return get_argument_values(self._field, self._node, facts.variables, hide_suggestions=True)


class ListPart(Part):
    """A list: its conditions, its page and its order."""

    def __init__(
        self, number: int, make: Make, arguments: Arguments, spec: ListSpec, key: Sequence[Any]
    ) -> None:  # fmt: skip
        super().__init__(number, make, arguments, lambda ctx, given: checked(spec, given, ctx))
        self._spec, self._key = spec, key
        self._orders: dict[Any, tuple[keyset.Term, ...]] = {}
        self.order_moves = getattr(spec, "order_call", None) is not None
        """Whether the order depends on arguments."""

    def ask(self, facts: Facts) -> Hashable:
        """Conditions, page size, place of the cursor and order."""
        shape = super().ask(facts)
        asking = facts.parts[self.number]
        asking.first = page_size(asking.given, self._spec.page, self._spec.most)
        after = asking.given.get("after")
        if after:
            asking.after = keyset.decode(self.terms(facts), after)
        nulls = None if asking.after is None else tuple(value is None for value in asking.after)
        chosen = asking.given.get("order_by")
        return (shape, asking.first, nulls, chosen and chosen.value)

    def terms(self, facts: Facts) -> tuple[keyset.Term, ...]:
        """The order of this request, made unique."""
        asking = facts.parts[self.number]
        chosen = asking.given.get("order_by")
        name = chosen and chosen.value
        if name is None and self.order_moves:
            return keyset.terms(self._spec.order(facts.ctx, asking.given), self._key)
        found = self._orders.get(name)
        if found is None:
            found = self._orders[name] = keyset.terms(self._spec.order(facts.ctx, asking.given), self._key)
        return found

    def marks(self, facts: Facts) -> list[Any] | None:
        """The values that the page stands behind, as values of the request."""
        asking = facts.parts[self.number]
        if asking.after is None:
            return None
        number = self.number
        return [
            None if value is None else Lazy(lambda facts, at=at: facts.parts[number].after[at])
            for at, value in enumerate(asking.after)
        ]


class _Variables(Visitor):
    """Finds out whether a value mentions a variable."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_variable(self, _node: VariableNode, *_: Any) -> None:
        """Called for each variable."""
        self.found = True


def outline(value: Any) -> Hashable:
    """The form of a value without what it says: what is null, how long lists are, which of few values it is."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return tuple((name, outline(entry)) for name, entry in value.items())
    if isinstance(value, list):
        return ("list", *(outline(entry) for entry in value))
    if is_dataclass(value):
        return (type(value), *(outline(getattr(value, f.name)) for f in fields(value)))
    return kind_of(value)


def lazily(value: Any, lazy: Lazy) -> Any:
    """A stand-in of the same form, whose contents are known only in a request."""
    if not is_open(value):
        return value
    if isinstance(value, (list, tuple)):
        return [lazily(entry, _entry(lazy, at)) for at, entry in enumerate(value)]
    if is_dataclass(value) and not isinstance(value, type):
        made = object.__new__(type(value))
        for f in fields(value):
            object.__setattr__(made, f.name, lazily(getattr(value, f.name), getattr(lazy, f.name)))
        return made
    return lazy


def _entry(lazy: Lazy, at: int) -> Lazy:
    return Lazy(lambda facts: given(lazy, facts)[at])


def _fresh(element: Any, **_: Any) -> Any:
    return unique(element)


def _key(element: Any) -> Any:
    key = clause(element)._generate_cache_key()
    if key is None:
        raise Unplannable("a condition that SQLAlchemy cannot tell from others")
    return key


def _keys(elements: Elements) -> tuple[Hashable, list[Any]]:
    keys: list[Hashable] = []
    values: list[Any] = []
    for element in elements:
        if element is None:
            keys.append(None)
            continue
        key = _key(element)
        keys.append(key.key)
        for parameter in key.bindparams:
            values.append(parameter.effective_value)
            if isinstance(parameter.effective_value, (list, tuple)):
                keys.append(len(parameter.effective_value))
    return tuple(keys), values


def _same(made: Elements, real: Elements, facts: Facts) -> bool:
    """Whether the traced expressions are those of the request, and would get its values."""
    if len(made) != len(real):
        return False
    for one, other in zip(made, real, strict=True):
        if one is None or other is None:
            if one is not other:
                return False
            continue
        left, right = _key(one), _key(other)
        if left.key != right.key:
            return False
        for traced, parameter in zip(left.bindparams, right.bindparams, strict=True):
            wanted = parameter.effective_value
            found = _resolved(traced.value, facts)
            if type(found) is not type(wanted) or found != wanted:
                return False
    return True


def _resolved(value: Any, facts: Facts) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(_resolved(entry, facts) for entry in value)
    return given(value, facts)
