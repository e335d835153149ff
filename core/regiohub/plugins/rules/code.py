"""Rules about how the code is written, as far as tests, clocks and type checkers depend on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .rule import Project, Rule
from .sources import modules

_CLOCKS = frozenset(
    {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "datetime.datetime.now",
     "datetime.date.today", "datetime.datetime.utcnow", "datetime.datetime.today"}
)  # fmt: skip
_ASKS = frozenset(name.rpartition(".")[2] for name in _CLOCKS)
_EDGES = frozenset({"graphql", "console", "portal", "pages", "routes"})
_WRITES = frozenset({"add", "add_all", "delete", "merge", "upsert", "insert", "insert_all", "flush", "commit"})


def _typed(project: Project) -> Iterator[str]:
    if not (project.package / "py.typed").is_file():
        yield f"{project.package.name}/py.typed is missing, so type checkers ignore the annotations"
    for module in modules(project):
        methods = {
            function
            for cls in module.nodes
            if isinstance(cls, ast.ClassDef)
            for function in cls.body
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                bare = list(_bare(node, method=node in methods))
                if bare:
                    yield f"{module.at(node)}: {node.name} does not annotate {', '.join(bare)}"


def _bare(function: ast.FunctionDef | ast.AsyncFunctionDef, *, method: bool) -> Iterator[str]:
    arguments = function.args
    ordinary = [*arguments.posonlyargs, *arguments.args]
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)
    given = ordinary[1:] if method and not static else ordinary
    others = [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    yield from (one.arg for one in (*given, *arguments.kwonlyargs, *others) if one.annotation is None)
    if function.returns is None:
        yield "what it returns"


def _clock(project: Project) -> Iterator[str]:
    for module in modules(project):
        for node in module.nodes:
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _ASKS
                and ast.unparse(node.func) in _CLOCKS
            ):
                yield f"{module.at(node)}: {ast.unparse(node.func)}() asks the machine's clock"


def _writes(project: Project) -> Iterator[str]:
    for module in modules(project):
        if module.path.relative_to(project.package).parts[0].removesuffix(".py") not in _EDGES:
            continue
        for node in module.nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _WRITES:
                owner = ast.unparse(node.func.value)
                if owner == "session" or owner.endswith(".session"):
                    yield f"{module.at(node)}: {owner}.{node.func.attr}() changes rows past the service"


RULES = (
    Rule(
        "typed",
        "Every function is annotated, and the package says so",
        "Annotate arguments and what is returned, and add an empty file py.typed to the package.",
        _typed,
    ),
    Rule(
        "clock-from-context",
        "Time comes from the platform's clock",
        "Ask ctx.now() or ctx.clock; then tests can stop the clock, and all parts of the platform agree.",
        _clock,
    ),
    Rule(
        "writes-in-service",
        "Pages, routes and GraphQL change nothing past the service",
        "Move the change into a function of service.py, which checks the permission and writes the audit log, and call "
        "that from everywhere.",
        _writes,
    ),
)
