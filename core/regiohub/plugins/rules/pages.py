"""Templates of pages and mails as rules read them: with Jinja's own parser, then as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

from jinja2 import Environment, TemplateSyntaxError, nodes

from .rule import Project
from .sources import Source, package_files

_PARSER = Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
_VALUE = "\x00"
"""Stands in the HTML for a value that is filled in."""
_WORD = re.compile(r"\W*([^\W\d_]{3,})\W*")
_READ_ALOUD = frozenset({"alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription"})
_LOADING = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
}
_NOT_READ = frozenset({"script", "style", "code", "kbd", "samp", "pre"})
_DATA_TYPES = frozenset({"application/json", "application/ld+json", "text/template"})


@dataclass(frozen=True, slots=True)
class Page:
    """One template. `language`: of a file that is written in one language, as mails are."""

    source: Source
    language: Literal["de", "en"] | None

    @property
    def is_mail(self) -> bool:
        """Whether it is sent, not served: browsers' policies do not apply."""
        return self.language is not None

    @property
    def tree(self) -> nodes.Template:
        """Jinja's view of it.

        :raises TemplateSyntaxError: it is no template.
        """
        return _PARSER.parse(self.source.text)

    @property
    def fault(self) -> str | None:
        """Why it cannot be read."""
        try:
            _ = self.tree
        except TemplateSyntaxError as error:
            return f"{self.source.shown}:{error.lineno}: is no template: {error.message}"
        except RecursionError:
            return f"{self.source.shown}: nests so deeply that Jinja cannot read it"
        except (OSError, UnicodeDecodeError) as error:
            return f"{self.source.shown}: cannot be read: {error}"
        return None

    def words(self) -> Iterator[tuple[str, list[str | None]]]:
        """The halves of every tr(…), None for one that is worked out."""
        for call in self.tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "tr":
                yield self._at(call.lineno), [_literal(part) for part in call.args]

    def bare_texts(self) -> Iterator[tuple[str, str]]:
        """Words between and in tags that do not come from tr(…)."""
        reader = _Html()
        reader.read(self.tree)
        for line, text in reader.texts:
            yield self._at(line), text

    def dangers(self) -> Iterator[str]:
        """What the content security policy refuses, or what lets markup of people through."""
        for found in self.tree.find_all(nodes.Filter):
            if found.name == "safe" and not isinstance(found.node, nodes.Const):
                yield f"{self._at(found.lineno)}: |safe lets markup through unescaped"
        for found in self.tree.find_all(nodes.ScopedEvalContextModifier):
            if any(option.key == "autoescape" for option in found.options):
                yield f"{self._at(found.lineno)}: escaping is switched off"
        if self.is_mail:
            return
        reader = _Html()
        reader.read(self.tree)
        for line, danger in reader.dangers:
            yield f"{self._at(line)}: {danger}"

    def _at(self, line: int) -> str:
        return f"{self.source.shown}:{line}"


def pages(project: Project) -> Iterator[Page]:
    """All HTML templates of the package."""
    for source in package_files(project, "*.html"):
        yield Page(source, _language(source))


def mail_pages(project: Project) -> list[Page]:
    """Templates in one language each, of text mails, too."""
    found = [*package_files(project, "*.html"), *package_files(project, "*.txt")]
    return [Page(source, language) for source in found if (language := _language(source))]


def _language(source: Source) -> Literal["de", "en"] | None:
    suffixes = source.path.suffixes
    return "de" if ".de" in suffixes else "en" if ".en" in suffixes else None


def _literal(node: nodes.Node) -> str | None:
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None


class _Html(HTMLParser):
    """Reads what a template writes, with a mark for each value that is filled in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[tuple[int, str]] = []
        self.dangers: list[tuple[int, str]] = []
        self._fed = 1
        self._marks: list[tuple[int, int]] = []
        self._open: list[str] = []

    def read(self, tree: nodes.Template) -> None:
        """Feed it a template, piece by piece; both branches of a condition count."""
        for piece in _pieces(tree):
            text = piece.data if isinstance(piece, nodes.TemplateData) else _literal(piece)
            shown = _VALUE if text is None else text
            self._marks.append((self._fed, piece.lineno))
            self._fed += shown.count("\n")
            self.feed(shown)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        given = dict(attrs)
        for name, value in attrs:
            if name in _READ_ALOUD and value:
                self._keep(value)
            if name.startswith("on"):
                self._danger(f"the handler {name} stands in the page: no browser runs it")
            if name == "style":
                self._danger("the style stands in the page: no browser applies it")
        address = given.get(_LOADING.get(tag, "")) or ""
        if address.startswith(("http:", "https:", "//")):
            self._danger(f"<{tag}> loads {address} from another server")
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") not in _DATA_TYPES):
            self._danger(f"<{tag}> stands in the page: no browser accepts it")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                continue

    def handle_data(self, data: str) -> None:
        if not _NOT_READ & set(self._open):
            self._keep(data)

    def _keep(self, text: str) -> None:
        words = " ".join(text.replace(_VALUE, " ").split())
        if any(_is_word(part) for part in words.split()):
            self.texts.append((self._here(), words))

    def _danger(self, what: str) -> None:
        self.dangers.append((self._here(), what))

    def _here(self) -> int:
        """The template's line for the place in what was fed: Jinja's own tags are not in there."""
        line, _ = self.getpos()
        fed, written = next(mark for mark in reversed(self._marks) if mark[0] <= line)
        return written + line - fed


def _is_word(part: str) -> bool:
    """Whether something is a word of a language: units (kB), names (GraphQL) and addresses (/graphql) are not."""
    found = _WORD.fullmatch(part)
    return found is not None and (found[1].islower() or found[1].istitle()) and not part.startswith("/")


def _pieces(node: nodes.Node) -> Iterator[nodes.Node]:
    """What is written, in the order in which it stands: data, literals, values."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Output):
            yield from child.nodes
        else:
            yield from _pieces(child)
