"""The documentation keeps up with the code: links lead somewhere, hooks say what they are for."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from regiohub.plugins.hookspecs import CoreHooks

ROOT = Path(__file__).resolve().parents[2]
PAGES = [page for page in ROOT.rglob("*.md") if not {"node_modules", ".venv", "vendor"} & set(page.parts)]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_internal_links_lead_somewhere(page: Path) -> None:
    targets = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    missing = [link for link in targets if not (page.parent / link).exists()]
    assert missing == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in sorted(folder.glob("0*.md")) if page.name not in index] == []


@pytest.mark.parametrize("name", [name for name in vars(CoreHooks) if name.startswith(("register_", "on_"))])
def test_every_hook_says_when_it_is_called_and_names_its_arguments(name: str) -> None:
    hook = getattr(CoreHooks, name)
    text = inspect.getdoc(hook) or ""
    assert text.splitlines()[0].endswith("."), f"{name}: begin with a sentence"
    arguments = [argument for argument in inspect.signature(hook).parameters if argument != "self"]
    assert [argument for argument in arguments if f":param {argument}:" not in text] == []
    assert name.startswith("on_") or ":return:" in text, f"{name}: say what to return"
