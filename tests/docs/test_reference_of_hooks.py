"""Every hook is documented with its exact arguments, and proved by a test named after it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from regiohub.plugins.hookspecs import CoreHooks
from regiohub_docs.reference.docstrings import parse
from regiohub_docs.reference.hooks import hooks, hooks_of_plugins, pages

from .pages import ROOT

TESTS = ROOT / "tests" / "plugins" / "hooks"
CORE = dict(hooks())
HOOKS = CORE | {name: hook for _, name, hook in hooks_of_plugins()}


def _section(name: str) -> str:
    text = pages()["hooks.md"]
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{name} is not on the page"
    return found[1]


def test_no_hook_is_left_out() -> None:
    public = [name for name, value in vars(CoreHooks).items() if callable(value) and not name.startswith("_")]
    assert list(CORE) == public
    assert "register_lock_adapters" in HOOKS


@pytest.mark.parametrize("name", HOOKS)
def test_the_page_shows_the_exact_arguments(name: str) -> None:
    shown = re.search(r"^def (\w+)\((.*?)\) -> (.+): \.\.\.$", _section(name), re.MULTILINE)
    assert shown is not None
    tree = ast.parse(shown[0])
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    declared = inspect.signature(HOOKS[name])
    written = {entry.arg: ast.unparse(entry.annotation) for entry in function.args.args if entry.annotation}
    assert shown[1] == name
    assert written == {key: str(entry.annotation) for key, entry in declared.parameters.items() if key != "self"}
    assert shown[3] == str(declared.return_annotation)


@pytest.mark.parametrize(("name", "hook"), HOOKS.items())
def test_the_docstring_says_what_an_author_needs(name: str, hook: Callable[..., Any]) -> None:
    said = parse(inspect.getdoc(hook))
    arguments = [argument for argument in inspect.signature(hook).parameters if argument != "self"]
    assert said.summary.endswith("."), "begin with a sentence"
    assert list(said.params) == arguments
    assert name.startswith("on_") == (not said.returns), "say what to return, and only where something is returned"
    assert "Called " in said.text, "say when it is called"
    assert re.fullmatch(r"\d+\.\d+", said.since), "say since which version it is there"
    assert f"def {name}(" in said.text, "show an example"


@pytest.mark.parametrize("name", HOOKS)
def test_a_test_named_after_it_proves_what_it_does(name: str) -> None:
    tree = ast.parse((TESTS / f"test_{name}.py").read_text(encoding="utf-8"))
    named = [node for node in tree.body if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)]
    proofs = [node for node in named if node.name.startswith(f"test_{name}_")]
    assert proofs
    assert all(any(isinstance(part, ast.Assert) for part in ast.walk(node)) for node in proofs)


def test_no_test_is_named_after_a_hook_that_is_gone() -> None:
    assert sorted(path.stem.removeprefix("test_") for path in TESTS.glob("test_*.py")) == sorted(HOOKS)
