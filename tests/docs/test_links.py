"""Every link of the documentation leads somewhere, in the repository as on the site."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from .pages import ROOT, anchors, documents, links, without_code, words


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", documents(), ids=_name)
def test_internal_links_and_their_anchors_lead_somewhere(page: Path) -> None:
    missing: list[str] = []
    for link in links(page):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, fragment = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        there = target.exists() and target.is_relative_to(ROOT)
        if not there or (fragment and (target.suffix != ".md" or fragment not in anchors(target))):
            missing.append(link)
    assert missing == []


# The headings of a changelog repeat from release to release, and nothing links to them.
@pytest.mark.parametrize("page", [page for page in documents() if page.name != "CHANGELOG.md"], ids=_name)
def test_no_two_headings_share_an_anchor(page: Path) -> None:
    assert [name for name, count in anchors(page).items() if count > 1] == []


@pytest.mark.parametrize("page", documents(), ids=_name)
def test_a_page_has_one_title_and_stands_first(page: Path) -> None:
    assert words(page).startswith("# "), "the navigation takes the page's name from its first line"


@pytest.mark.parametrize("page", documents(), ids=_name)
def test_a_list_is_a_list_on_the_site_too(page: Path) -> None:
    """MkDocs wants an empty line before a list that follows a paragraph; the repository's browser does not."""
    glued: list[str] = []
    before = ""
    for line in without_code(words(page)).splitlines():
        begins = line.startswith(("- ", "* ", "1. "))
        within = not before or before.startswith(("- ", "* ", " ", "#", "|")) or before[:1].isdigit()
        if begins and not within:
            glued.append(line)
        before = line
    assert glued == []
