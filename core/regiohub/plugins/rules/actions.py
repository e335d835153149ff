"""Which actions a plugin's code records in the audit log, as far as its text tells."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from .rule import Project
from .sources import Source, called, literal, modules

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def recorded(project: Project) -> Iterator[tuple[str, str]]:
    """Places and the actions recorded there, each once.

    The action may be a literal, a choice between literals, a name that the function or module gives one, or a
    parameter: then the calls of that function within the package are looked at.
    """
    sources = list(modules(project))
    seen: set[tuple[str, str]] = set()
    for source in sources:
        for function, call in _audits(source.tree):
            for found in _actions(source, function, call, sources):
                if found not in seen:
                    seen.add(found)
                    yield found


def _audits(tree: ast.Module) -> Iterator[tuple[_Function | None, ast.Call]]:
    """Calls of `….audit(action, …)` with the function around them."""
    functions = [node for node in ast.walk(tree) if isinstance(node, _Function)]
    for function in functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and called(node) == "audit":
                yield function, node


def _actions(
    source: Source, function: _Function | None, call: ast.Call, sources: Iterable[Source]
) -> Iterator[tuple[str, str]]:
    given = call.args[0] if call.args else _keyword(call, "action")
    if given is None:
        return
    words = list(_literals(given, _known(source.tree, function)))
    if words:
        yield from ((source.at(call), word) for word in words)
    elif function is not None and isinstance(given, ast.Name):
        yield from _from_callers(function, given.id, sources)


def _from_callers(function: _Function, parameter: str, sources: Iterable[Source]) -> Iterator[tuple[str, str]]:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    position = names.index(parameter) if parameter in names else None
    for source in sources:
        for node in source.nodes:
            if isinstance(node, ast.Call) and called(node) == function.name:
                given = _keyword(node, parameter)
                if given is None and position is not None and position < len(node.args):
                    given = node.args[position]
                if given is not None:
                    yield from ((source.at(node), word) for word in _literals(given, _known(source.tree, None)))


def _known(tree: ast.Module, function: _Function | None) -> Mapping[str, ast.expr]:
    """What names stand for: assigned once in the module, or in the function."""
    lines = [*tree.body, *(ast.walk(function) if function else ())]
    return {
        line.targets[0].id: line.value
        for line in lines
        if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name)
    }


def _literals(node: ast.expr, known: Mapping[str, ast.expr], depth: int = 3) -> Iterator[str]:
    text = literal(node)
    if text is not None:
        yield text
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, known, depth)
        yield from _literals(node.orelse, known, depth)
    elif isinstance(node, ast.Name) and node.id in known and depth:
        yield from _literals(known[node.id], known, depth - 1)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
