"""Rules about what a plugin imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import packages_distributions

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from .reading import table
from .rule import Project, Rule
from .sources import Source, calls, literal, modules, test_modules

_API, _TESTING, _OTHERS = "regiohub.api", "regiohub.testing", "regiohub_"


@dataclass(frozen=True, slots=True)
class _Import:
    place: str
    module: str
    names: tuple[str, ...] = ()
    typing_only: bool = False


def _imports(source: Source) -> Iterator[_Import]:
    typing_only = {
        inner
        for node in source.nodes
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for line in node.body
        for inner in ast.walk(line)
    }
    for node in source.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _Import(source.at(node), alias.name, (), node in typing_only)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = tuple(alias.name for alias in node.names)
            yield _Import(source.at(node), node.module, names, node in typing_only)
    for name, call in calls(source):
        if name in {"import_module", "__import__"} and call.args and (module := literal(call.args[0])):
            yield _Import(source.at(call), module)


def _within(module: str, parent: str) -> bool:
    return module == parent or module.startswith(f"{parent}.")


@cache
def _exported(module: str) -> frozenset[str] | None:
    """What a module of the public API offers; None if there is no such module."""
    try:
        found = import_module(module)
    except ImportError:
        return None
    return frozenset(getattr(found, "__all__", ()))


def _public(project: Project) -> Iterator[str]:
    own = project.package.name
    for source in modules(project):
        support = "testing" in (source.path.stem, *source.path.relative_to(project.package).parts[:-1])
        for found in _imports(source):
            top = found.module.partition(".")[0]
            if top.startswith(_OTHERS) and top != own:
                yield f"{found.place}: imports {found.module}, a package of another plugin"
            elif top == "regiohub" and not (support and _within(found.module, _TESTING)):
                yield from _private(found, tests=False)
    for source in test_modules(project):
        for found in _imports(source):
            if found.module.partition(".")[0] == "regiohub" and not _within(found.module, _TESTING):
                yield from _private(found, tests=True)


def _private(found: _Import, *, tests: bool) -> Iterator[str]:
    """Faults of an import of the core."""
    if found.module == "regiohub" and set(found.names) <= ({"api", "testing"} if tests else {"api"}) and found.names:
        return
    if not _within(found.module, _API) or any(part.startswith("_") for part in found.module.split(".")):
        allowed = f"{_API} and {_TESTING}" if tests else _API
        yield f"{found.place}: imports {found.module}; only {allowed} may be relied on"
        return
    offered = _exported(found.module)
    if offered is None:
        yield f"{found.place}: imports {found.module}, which the public API does not have"
        return
    for name in found.names:
        if name not in offered and name != "*" and _exported(f"{found.module}.{name}") is None:
            yield f"{found.place}: imports {name} from {found.module}, which does not offer it"


def _declared(project: Project) -> Iterator[str]:
    metadata = table(project.pyproject, "project")
    extras = [line for lines in table(metadata, "optional-dependencies").values() for line in lines]
    named = {name for line in [*metadata.get("dependencies", ()), *extras] if (name := _name(str(line)))}
    told: set[str] = set()
    for source in modules(project):
        for found in _imports(source):
            top = found.module.partition(".")[0]
            if top in sys.stdlib_module_names or top in {project.package.name, "regiohub"} or top in told:
                continue
            # Most packages are called like their distribution; only the others are worth looking up.
            if canonicalize_name(top) in named:
                continue
            offers = _distributions().get(top, frozenset({canonicalize_name(top)}))
            if not offers & named:
                told.add(top)
                missing = " or ".join(sorted(offers))
                yield f"{found.place}: imports {top}, and the dependencies do not name {missing}"


def _name(requirement: str) -> str | None:
    try:
        return canonicalize_name(Requirement(requirement).name)
    except InvalidRequirement:
        return None


@cache
def _distributions() -> Mapping[str, frozenset[str]]:
    """The distributions that offer an importable name in this environment."""
    return {top: frozenset(map(canonicalize_name, names)) for top, names in packages_distributions().items()}


RULES = (
    Rule(
        "imports-public-api",
        "It imports only the public API of the platform, and no other plugin",
        "Import from regiohub.api (in tests also from regiohub.testing). Plugins meet through hooks and events. "
        "What is missing there is asked for in an issue; everything else changes without notice.",
        _public,
    ),
    Rule(
        "dependencies-declared",
        "Every package that it imports stands among its dependencies",
        "Add the distribution to [project] dependencies in pyproject.toml, with a lower bound. What another package "
        "happens to bring along may be gone with its next release.",
        _declared,
        needs_root=True,
    ),
)
