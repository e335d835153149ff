"""The page of promises: each names tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from .pages import ROOT

PAGE = ROOT / "docs/security.md"
_PROOF = re.compile(r"`((?:tests|plugins)/[^`]+)`")


def _rows() -> list[tuple[str, list[str]]]:
    """Promise, proof and figure of each row, by section."""
    section, found = "", list[tuple[str, list[str]]]()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.startswith("|") and not line.startswith(("| Promise", "|---")):
            found.append((section, [cell.strip() for cell in line.strip("|").split(" | ")]))
    return found


@cache
def _tests(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    classes = [node.targets[0].id for node in tree.body
               if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]  # fmt: skip
    return frozenset(name for name in (*functions, *classes) if name.lower().startswith("test"))


@pytest.mark.parametrize("row", _rows(), ids=[f"{number}" for number in range(len(_rows()))])
def test_every_promise_names_a_test_that_exists_and_a_figure(row: tuple[str, list[str]]) -> None:
    promise, proof, figure = row[1]
    assert promise
    assert figure
    proofs = _PROOF.findall(proof)
    assert proofs, "no proof is named"
    for named in proofs:
        path, _, test = named.partition("::")
        assert (ROOT / path).is_file(), path
        assert test in _tests(ROOT / path), named


def test_every_section_makes_promises() -> None:
    sections = [line.removeprefix("## ") for line in PAGE.read_text().splitlines() if line.startswith("## ")]
    assert [section for section in sections if section not in {row[0] for row in _rows()}] == []
    assert len(sections) == 9
