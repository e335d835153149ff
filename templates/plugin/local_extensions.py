"""Filters of the template: names made from names, and texts of people put safely into other languages' quotes."""

import json
import re
from typing import Any

from jinja2.ext import Extension

_CHUNK = 88
"""Characters of a text in one line of Python: with indentation and quotes still a line of 120."""


def pascal(name: str) -> str:
    """`public_place` becomes `PublicPlace`."""
    return "".join(word.capitalize() for word in name.split("_"))


def camel(name: str) -> str:
    """`public_place` becomes `publicPlace`, as GraphQL writes it."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def plural(name: str) -> str:
    """The plural of an English word, as far as its ending tells."""
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return f"{name}es" if re.search(r"(s|x|z|ch|sh)$", name) else f"{name}s"


def singular(name: str) -> str:
    """The singular of an English word; a word that is none in the plural becomes an entry of it."""
    for ending, instead in (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("s", "")):
        if name.endswith(ending) and not name.endswith(("ss", "us", "is")) and len(name) > len(ending) + 1:
            return name.removesuffix(ending) + instead
    return f"{name}_entry"


def quoted(text: str) -> str:
    """A text as TOML and JSON write it, which is good Python too: everything that is special is escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def python(text: str) -> str:
    """A text as a Python literal; a long one in several pieces, each short enough for a line."""
    pieces = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
    return "\n".join(map(quoted, pieces)) if pieces else '""'


def markdown(text: str) -> str:
    """A text as Markdown shows it: none of its characters means anything but itself."""
    return re.sub(r"([\\`*_{}\[\]<>#|&~])", r"\\\1", text)


class NamesAndTexts(Extension):
    """Adds the filters to the template's environment."""

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        for made in (pascal, camel, plural, singular, quoted, python, markdown):
            environment.filters[made.__name__] = made
