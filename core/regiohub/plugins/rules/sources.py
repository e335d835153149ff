"""The Python of a plugin as rules read it: parsed, with places that people can go to."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import decode_source
from pathlib import Path

from .rule import Project


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a plugin. `shown`: its path as people see it, from the project's folder where that is known."""

    path: Path
    shown: str

    @property
    def text(self) -> str:
        """What stands in it.

        :raises UnicodeDecodeError: it is not UTF-8.
        """
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        """The parsed module; only of those without a fault."""
        return _parsed(self.path, self.path.stat().st_mtime_ns)

    @property
    def fault(self) -> str | None:
        """Why it cannot be parsed, with the place; None where it can."""
        try:
            _ = self.nodes
        except SyntaxError as error:
            return f"{self.shown}:{error.lineno or 1}: is no Python: {error.msg}"
        except (RecursionError, MemoryError):
            return f"{self.shown}: nests so deeply that Python cannot read it"
        except (OSError, ValueError) as error:
            return f"{self.shown}: cannot be read: {error}"
        return None

    @property
    def nodes(self) -> Sequence[ast.AST]:
        """Everything in the tree, outer before inner."""
        return _nodes(self.path, self.path.stat().st_mtime_ns)

    def at(self, node: ast.AST) -> str:
        """`src/regiohub_places/service.py:12` for a node of the tree."""
        return f"{self.shown}:{getattr(node, 'lineno', 1)}"


@lru_cache(maxsize=1024)
def _parsed(path: Path, _changed: int) -> ast.Module:
    # Bytes would be parsed, too, with comments in any encoding; an import takes only what the file says it is.
    return ast.parse(decode_source(path.read_bytes()), filename=str(path))


@lru_cache(maxsize=1024)
def _nodes(path: Path, changed: int) -> Sequence[ast.AST]:
    return tuple(ast.walk(_parsed(path, changed)))


def source(project: Project, path: Path) -> Source:
    """One file with its shown path."""
    base = project.root or project.package.parent
    shown = path.relative_to(base) if path.is_relative_to(base) else path
    return Source(path, shown.as_posix())


def package_files(project: Project, pattern: str) -> Iterator[Source]:
    """Files of the package by name, in a stable order."""
    for path in sorted(project.package.rglob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            yield source(project, path)


def modules(project: Project) -> Iterator[Source]:
    """The package's modules that can be parsed; `project-shape` tells of the others."""
    yield from sound(package_files(project, "*.py"))


def test_modules(project: Project) -> Iterator[Source]:
    """The modules of the folder `tests` that can be parsed."""
    yield from sound(test_files(project))


def test_files(project: Project) -> Iterator[Source]:
    """All Python files of the folder `tests`."""
    if project.root is None:
        return
    for path in sorted((project.root / "tests").rglob("*.py")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield source(project, path)


def sound(found: Iterable[Source]) -> Iterator[Source]:
    """Those that can be parsed."""
    return (module for module in found if module.fault is None)


def calls(module: Source) -> Iterator[tuple[str, ast.Call]]:
    """All calls with the last word of what is called: `audit` of `ctx.audit(…)`."""
    for node in module.nodes:
        if isinstance(node, ast.Call):
            name = called(node)
            if name:
                yield name, node


def called(node: ast.Call) -> str:
    """The last word of what is called; empty where it has no name."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def literal(node: ast.AST | None) -> str | None:
    """The text of a literal, one in several pieces included; None for everything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def assigned(tree: ast.Module) -> Mapping[str, ast.expr]:
    """What the module itself gives names to, outside of functions and classes; the last value counts."""
    found: dict[str, ast.expr] = {}
    for line in tree.body:
        if isinstance(line, ast.Assign):
            found |= {target.id: line.value for target in line.targets if isinstance(target, ast.Name)}
        elif isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.value is not None:
            found[line.target.id] = line.value
    return found


def field_place(project: Project, cls: type[object], name: str) -> str:
    """Where a class names an attribute, as far as the package's own files tell; otherwise `Class.name`."""
    for owner in cls.__mro__:
        for module in modules(project):
            for node in module.nodes:
                if isinstance(node, ast.ClassDef) and node.name == owner.__name__:
                    line = next((line for line in node.body if _names(line, name)), None)
                    if line is not None:
                        return module.at(line)
    return f"{cls.__name__}.{name}"


def _names(node: ast.stmt, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)
