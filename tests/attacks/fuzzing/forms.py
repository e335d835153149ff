"""The forms that pages of the console show: where each leads and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass(slots=True)
class PageForm:
    """One form: the path that it is sent to, and its fields as the page fills them in."""

    path: str
    fields: dict[str, str] = field(default_factory=dict[str, str])


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._open: PageForm | None = None
        self._choice: str | None = None
        self.found: list[PageForm] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: Mapping[str, str | None] = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "a" and given.get("href"):
            self.links.append(urlsplit(urljoin(self._path, given["href"] or "")).path)
        if tag == "form":
            address = given.get("action") or given.get("hx-post") or self._path
            method = (given.get("method") or ("post" if given.get("hx-post") else "get")).lower()
            self._open = PageForm(urlsplit(urljoin(self._path, address)).path) if method == "post" else None
            if self._open is not None:
                self.found.append(self._open)
        elif self._open is None:
            return
        elif tag in ("input", "button", "textarea") and name:
            self._open.fields.setdefault(name, value)
        elif tag == "select":
            self._choice = name
        elif tag == "option" and self._choice and (value or "selected" in given):
            self._open.fields.setdefault(self._choice, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._choice = None


def forms(path: str, html: str) -> tuple[list[PageForm], list[str]]:
    """The forms of a page that are sent by POST, and the paths that its links lead to."""
    reader = _Reader(path)
    reader.feed(html)
    return reader.found, reader.links
