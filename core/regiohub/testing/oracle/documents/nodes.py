"""A document as a tree that can be changed, and its text."""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass(slots=True)
class Field:
    """A selected field. `children` is None for leaves."""

    name: str
    alias: str | None
    arguments: str
    directives: str
    children: list[Node] | None

    @property
    def key(self) -> str:
        """Its key in the answer."""
        return self.alias or self.name


@dataclass(slots=True)
class Inline:
    """An inline fragment; without `on` it only carries directives."""

    on: str | None
    directives: str
    children: list[Node]


@dataclass(slots=True)
class Spread:
    """A fragment by its name."""

    fragment: Fragment
    directives: str


@dataclass(slots=True)
class Fragment:
    """A named fragment, never changed after its first spread. `depth`: levels of fields in it."""

    name: str
    on: str
    children: list[Node]
    depth: int = 0
    spreads: int = 0


Node = Field | Inline | Spread


@dataclass(slots=True)
class Variable:
    """A variable of the operation."""

    name: str
    type: str
    default: str | None = None


@dataclass(slots=True)
class Tree:
    """A whole document with one operation that counts; `others` only stand beside it."""

    children: list[Node]
    fragments: list[Fragment] = field(default_factory=list[Fragment])
    variables: list[Variable] = field(default_factory=list[Variable])
    name: str | None = None
    others: list[str] = field(default_factory=list[str])


class Printer:
    """Writes a tree as text, with the freedom of spaces, commas and comments that the language gives."""

    def __init__(self, rng: random.Random) -> None:
        self._space = rng.choice((" ", " ", " ", "\n", "\n  ", " , ", "\t", '\n# Straße "{\n'))

    def text(self, tree: Tree) -> str:
        """The document."""
        parts = [self._operation(tree), *(self._fragment(fragment) for fragment in tree.fragments)]
        parts[1:1] = tree.others
        return "\n".join(parts)

    def _operation(self, tree: Tree) -> str:
        if not tree.name and not tree.variables:
            return self._set(tree.children)
        declared = ", ".join(
            f"${v.name}: {v.type}" + (f" = {v.default}" if v.default is not None else "") for v in tree.variables
        )
        return f"query {tree.name or ''}{f'({declared})' if declared else ''} {self._set(tree.children)}"

    def _fragment(self, fragment: Fragment) -> str:
        return f"fragment {fragment.name} on {fragment.on} {self._set(fragment.children)}"

    def _set(self, children: list[Node]) -> str:
        return "{ " + self._space.join(map(self._node, children)) + " }"

    def _node(self, node: Node) -> str:
        if isinstance(node, Spread):
            return f"...{node.fragment.name}{node.directives}"
        if isinstance(node, Inline):
            return f"...{f' on {node.on}' if node.on else ''}{node.directives} {self._set(node.children)}"
        head = f"{f'{node.alias}: ' if node.alias else ''}{node.name}{node.arguments}{node.directives}"
        return head if node.children is None else f"{head} {self._set(node.children)}"
