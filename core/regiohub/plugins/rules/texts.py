"""Rules about words: German and English, both complete, in code, pages and mails."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter

from .pages import mail_pages, pages
from .rule import Project, Rule
from .sources import calls, literal, modules

_SAME_WORDS = 3
"""From this many words on, the same sentence in both languages is a sentence that nobody has translated."""
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def _complete(project: Project) -> Iterator[str]:
    for module in modules(project):
        for name, call in calls(module):
            if isinstance(call.func, ast.Name) and name in {"t", "Text"}:
                yield from (f"{module.at(call)}: {fault}" for fault in _pair_faults(_halves(call)))
    for page in pages(project):
        if page.fault:
            yield page.fault
            continue
        for place, halves in page.words():
            yield from (f"{place}: {fault}" for fault in _pair_faults(halves))
        if page.language is None:
            yield from (f"{place}: {text!r} stands there in one language only" for place, text in page.bare_texts())
    yield from _mails(project)


def _halves(call: ast.Call) -> list[str | None]:
    """The literal halves of t(…); None for one that is worked out, nothing if it is not called with two."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    given = [*call.args, *(named[name] for name in ("de", "en") if name in named)]
    return (
        [literal(part) for part in given] if not any(isinstance(part, ast.Starred) for part in given) else [None, None]
    )


def _pair_faults(halves: list[str | None]) -> Iterator[str]:
    if len(halves) != 2:
        yield "a text needs German and English words"
        return
    de, en = halves
    for half, language in ((de, "German"), (en, "English")):
        if half is not None and not half.strip():
            yield f"the {language} words are empty"
    if de is None or en is None:
        return
    if de == en and len(_LETTERS.findall(de)) >= _SAME_WORDS:
        yield f"German and English are the same: {de!r}"
    names = _placeholders(de), _placeholders(en)
    if None not in names and names[0] != names[1]:
        yield f"German and English fill in different things: {de!r}, {en!r}"


def _placeholders(text: str) -> set[str] | None:
    """The names in braces; None where braces mean something else."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name}
    except ValueError:
        return None


def _mails(project: Project) -> Iterator[str]:
    shown = {page.source.shown for page in mail_pages(project)}
    for page in mail_pages(project):
        here, there = (".de.", ".en.") if page.language == "de" else (".en.", ".de.")
        other = page.source.shown.replace(here, there)
        if other not in shown:
            yield f"{page.source.shown}: there is no {other.rpartition('/')[2]} beside it"


def _safe(project: Project) -> Iterator[str]:
    for page in pages(project):
        if not page.fault:
            yield from page.dangers()


RULES = (
    Rule(
        "texts-complete",
        "Everything that people read is there in German and English",
        'Write t("Deutsch", "English") in code and tr("Deutsch", "English") in templates; mails are pairs of files, '
        "name.de.html and name.en.html. Placeholders are the same in both.",
        _complete,
    ),
    Rule(
        "pages-safe",
        "Pages work under the platform's content security policy and let no markup through",
        "Keep scripts and styles in files of /static, pictures and fonts in your package, and let Jinja escape values: "
        "no |safe on what people wrote, no inline handlers, nothing from other servers.",
        _safe,
    ),
)
