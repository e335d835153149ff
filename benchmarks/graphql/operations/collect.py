"""Finds the operations in documentation, tests, code and pages."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, parse

ROOT = Path(__file__).resolve().parents[3]
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_BODY = re.compile(r'"query"\s*:\s*("(?:\\.|[^"\\])*")')
_TEMPLATE = re.compile(r"`([^`]*)`")
_SCRIPTS = frozenset({".js", ".mjs", ".html", ".jinja"})


@dataclass(frozen=True, slots=True)
class Found:
    """A document and where it stands; `kind`: docs, tests, pages or code."""

    kind: str
    place: str
    text: str
    document: DocumentNode


def collect() -> list[Found]:
    """Every text under version control that is a GraphQL document with an operation, the same text once."""
    known: dict[str, Found] = {}
    for path in _files():
        for line, text in _texts(path):
            document = _parsed(text)
            if document is not None:
                known.setdefault(text, Found(_kind(path), f"{path}:{line}", text, document))
    return list(known.values())


def _files() -> list[Path]:
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return sorted(Path(name) for name in listed if name and (ROOT / name).is_file())


def _kind(path: Path) -> str:
    if path.suffix == ".md":
        return "docs"
    if "tests" in path.parts:
        return "tests"
    return "pages" if path.suffix in _SCRIPTS else "code"


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Texts that may be documents, with the line on which they begin."""
    # The template is no Python before it is filled in.
    if path.suffix not in {".py", ".md", *_SCRIPTS} or path.parts[0] == "templates":
        return
    content = (ROOT / path).read_text(encoding="utf-8", errors="ignore")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(content)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "{" in node.value:
                yield node.lineno, node.value
        return
    if path.suffix == ".md":
        for found in _FENCE.finditer(content):
            line = content.count("\n", 0, found.start()) + 2
            if found[1] in {"graphql", "gql"}:
                yield line, found[2]
            yield from ((line, json.loads(body[1])) for body in _BODY.finditer(found[2]))
        return
    for found in _TEMPLATE.finditer(content):
        yield content.count("\n", 0, found.start()) + 1, found[1]


def _parsed(text: str) -> DocumentNode | None:
    try:
        document = parse(text)
    except GraphQLError:
        return None
    return document if any(isinstance(part, OperationDefinitionNode) for part in document.definitions) else None
