"""What developers of apps read is what the server answers: every query, command and program of the pages is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Hub
from .walk import ROOT, follow, sections, steps

PAGES = ("graphql-guide.md", "graphql-queries.md", "graphql-clients.md")
ADDRESS = "http://127.0.0.1:8000"


def text_of(page: str) -> str:
    return (ROOT / "docs" / "apps" / page).read_text(encoding="utf-8")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_the_page_answers_as_it_says(page: str, hub: Hub, tmp_path: Path) -> None:
    follow(text_of(page).replace(ADDRESS, hub.address), tmp_path, hub.environment)


def test_the_queries_cover_every_plugin_and_the_region() -> None:
    found = sections(text_of("graphql-queries.md"))
    for plugin in (path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml")):
        word = "".join(part.title() if number else part for number, part in enumerate(plugin.split("_")))
        assert any(f"{word} {{" in part or f"{word}(" in part for part in found.values()), plugin
    assert "ask region" in text_of("graphql-queries.md")


def test_a_block_that_nobody_runs_is_noticed() -> None:
    with pytest.raises(ValueError, match="never run"):
        list(steps("```graphql\n{ __typename }\n```\n"))
    assert list(steps("<!-- not run: it needs a phone -->\n```swift\nlet a = 1\n```\n")) == []
