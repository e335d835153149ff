"""Markdown that a person can read in the repository and MkDocs can show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_CODE = re.compile(r"(`[^`]*`)")
_TAG = re.compile(r"<(?!br>)")
NOTE = "*This page is generated from {source}; edit that instead, then run `make reference`.*"


def page(title: str, source: str, *parts: str) -> str:
    """A page: title, the note that it is generated, its parts with a blank line between."""
    return blocks(f"# {title}", NOTE.format(source=source), *parts) + "\n"


def blocks(*parts: str) -> str:
    """Parts with one blank line between, the empty ones left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing if it has no rows."""
    lines = [f"| {' | '.join(cell(words) or '–' for words in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *lines])


def cell(words: str) -> str:
    """Text in one line in which no bar ends the cell."""
    return " ".join(text(words).split()).replace("|", "\\|")


def text(words: str) -> str:
    """Words in which an angle bracket is one, and no tag of HTML; code and line breaks stay as they are."""
    return "".join(part if part.startswith("`") else _TAG.sub("&lt;", part) for part in _CODE.split(words))


def code(text: object) -> str:
    """Inline code; nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def fenced(text: str, language: str) -> str:
    """A block of code."""
    return f"```{language}\n{text.strip(chr(10))}\n```"


def anchor(heading: str) -> str:
    """The anchor that a heading gets, in the repository's browser and on the site alike."""
    kept = "".join(sign for sign in heading.lower().replace("`", "") if sign.isalnum() or sign in " -_")
    return kept.replace(" ", "-")
