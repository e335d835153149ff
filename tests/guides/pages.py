"""Pages whose code is a plugin: what they say is put together as a reader would, installed, and used.

Rules for such a page, the same that its readers are told. The first line of a block of code names its file. The first
block of a file is the file. A later Python block holds what changes: a definition that is there already is replaced, a
new one stands before the replaced one that follows it in the block, or else at the end; imports are added. A later
block of another kind is the whole file again.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMES = re.compile(r"(?:# |\{# |<!-- )([\w./-]+\.\w+)(?: #\}| -->)?\Z")


@dataclass(frozen=True)
class Block:
    """One block of a page. `file`: the file that its first line names; `content` is then without that line."""

    language: str
    content: str
    file: str | None = None


def blocks(page: str | Path) -> list[Block]:
    """All blocks of a page, given as text or as a path below `docs/`."""
    text = page if isinstance(page, str) else (DOCS / page).read_text(encoding="utf-8")
    return [_block(language, content) for language, content in _BLOCK.findall(text)]


def _block(language: str, content: str) -> Block:
    first, _, rest = content.partition("\n")
    named = _NAMES.match(first)
    return Block(language, rest, named[1]) if named else Block(language, content)


def asked(found: list[Block], question: str, answer: str) -> list[tuple[str, str]]:
    """Blocks of one kind, each with the block of the other kind that follows it at once."""
    pairs = pairwise(found)
    return [
        (one.content, other.content) for one, other in pairs if (one.language, other.language) == (question, answer)
    ]


class Project:
    """A folder with a plugin in it, written from blocks."""

    def __init__(self, folder: Path, package: str = "") -> None:
        """`package`: folder that the names of the blocks start from, for pages that name files inside the package."""
        self.folder, self.package = folder, package
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, name: str) -> Path:
        """Where a file of the page stands."""
        outside = name.startswith(("tests/", "src/")) or name in ("pyproject.toml", "README.md", "CHANGELOG.md")
        return self.folder / name if outside else self.folder / self.package / name

    def write(self, found: list[Block]) -> None:
        """Add what some blocks say, in their order."""
        for block in found:
            if block.file is None:
                continue
            path = self.path(block.file)
            path.parent.mkdir(parents=True, exist_ok=True)
            old = path.read_text(encoding="utf-8") if path.exists() else ""
            python = path.suffix == ".py"
            path.write_text(merged(old, block.content) if python and old else block.content, encoding="utf-8")

    def put(self, files: Mapping[str, str]) -> None:
        """Add what the page does not show: tables that another page explains, empty packages."""
        self.write([Block("", content, name) for name, content in files.items()])

    def install(self, site: Path) -> None:
        """What an installer writes: the distribution's name, version, requirements and entry points."""
        project: dict[str, Any] = tomllib.loads((self.folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        needs = [f"Requires-Dist: {need}" for need in project.get("dependencies", ())]
        head = ["Metadata-Version: 2.4", f"Name: {project['name']}", f"Version: {project['version']}", *needs]
        (info / "METADATA").write_text("\n".join([*head, ""]))
        lines = [
            line
            for group, entries in project.get("entry-points", {}).items()
            for line in (f"[{group}]", *(f"{name} = {target}" for name, target in entries.items()))
        ]
        (info / "entry_points.txt").write_text("\n".join([*lines, ""]))


def merged(old: str, new: str) -> str:
    """A module after the changes that a block shows."""
    before, block = ast.parse(old), ast.parse(new)
    changes = {name: node for node in block.body for name in _defined(node)}
    replaced = {name: node for node in before.body for name in _defined(node) if name in changes}
    pieces: list[str] = [_source(old, node) for node in before.body if _is_docstring(node)]
    pieces += _imports([*before.body, *block.body])
    waiting: dict[int, list[str]] = {}
    following = ""
    loose: list[str] = []
    for node in reversed(block.body):
        names = list(_defined(node))
        if not names:
            continue
        known = next((name for name in names if name in replaced), "")
        if known:
            following = known
        elif following:
            waiting.setdefault(id(replaced[following]), []).insert(0, _source(new, node))
        else:
            loose.insert(0, _source(new, node))
    for node in before.body:
        if _is_docstring(node) or isinstance(node, ast.Import | ast.ImportFrom):
            continue
        pieces += waiting.get(id(node), [])
        name = next((name for name in _defined(node) if name in changes), None)
        pieces.append(_source(old, node) if name is None else _source(new, changes[name]))
    return "\n\n\n".join([*pieces, *loose]) + "\n"


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _source(text: str, node: ast.stmt) -> str:
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def _imports(nodes: list[ast.stmt]) -> list[str]:
    plain = {ast.unparse(node) for node in nodes if isinstance(node, ast.Import)}
    named: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            named.setdefault("." * node.level + (node.module or ""), set()).update(ast.unparse(a) for a in node.names)
    lines = sorted(plain) + [f"from {module} import {', '.join(sorted(names))}" for module, names in named.items()]
    return ["\n".join(lines)] if lines else []
