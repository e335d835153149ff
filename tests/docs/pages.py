"""The documentation's pages and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from regiohub_docs.reference.markdown import anchor
from regiohub_docs.site.places import DOCS, ROOT, outside_pages

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^(?P=indent)```\s*$", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[(?:[^\]\[]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?\)")
_REASON = re.compile(r"<!-- not run: (.+?) -->\s*\Z")


@dataclass(frozen=True)
class Block:
    """A fenced block: `reason` says why nothing runs it, if the page says so."""

    page: Path
    line: int
    language: str
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line} ({self.language or 'plain'})"


@cache
def documents() -> tuple[Path, ...]:
    """Every page of the site: docs/ and what the site adds, the site's own parts and fragments of changes left out."""
    own = (page for page in DOCS.rglob("*.md") if page.relative_to(DOCS).parts[0] not in ("site", "changes"))
    return tuple(sorted([*own, *(ROOT / page for page in outside_pages())]))


@cache
def words(page: Path) -> str:
    """A page's text."""
    return page.read_text(encoding="utf-8")


def without_code(text: str) -> str:
    """A page's text without its blocks and inline code."""
    return re.sub(r"`[^`\n]+`", "``", _FENCE.sub("", text))


def links(page: Path) -> Iterator[str]:
    """The addresses that a page links to."""
    yield from _LINK.findall(_FENCE.sub("", words(page)))


@cache
def anchors(page: Path) -> Mapping[str, int]:
    """The anchors of a page's headings, and how many headings have each."""
    found: dict[str, int] = {}
    for heading in _HEADING.findall(_FENCE.sub("", words(page))):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        found[anchor(plain)] = found.get(anchor(plain), 0) + 1
    return found


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    text = words(page)
    for match in _FENCE.finditer(text):
        reason = _REASON.search(text[: match.start()])
        indent = len(match["indent"])
        body = "\n".join(line[indent:] for line in match["text"].splitlines())
        line = text.count("\n", 0, match.start()) + 1
        yield Block(page, line, match["language"], f"{body}\n", reason[1] if reason else "")
