"""The core's source, read without running it: signatures and docstrings exactly as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

import griffe

from regiohub_docs.site.places import ROOT


@cache
def core() -> griffe.Module:
    """The package `regiohub`."""
    package = griffe.load("regiohub", search_paths=[ROOT / "core"], allow_inspection=False, resolve_aliases=True)
    return cast("griffe.Module", package)


def class_of(name: str) -> griffe.Class:
    """A class that `regiohub.api` or `regiohub.api.console` exports."""
    module = next(module for module in ("api", "api.console") if name in core()[module].members)
    return cast("griffe.Class", core()[module][name].final_target)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a dataclass as written."""

    name: str
    type: str
    default: str
    """Empty: it must be given."""
    meaning: str


def fields_of(found: griffe.Class) -> Iterator[Field]:
    """The public fields of a dataclass, in their order."""
    for name, member in found.members.items():
        if name.startswith("_") or not isinstance(member, griffe.Attribute) or "property" in member.labels:
            continue
        if member.annotation is None or str(member.annotation).startswith("ClassVar"):
            continue
        meaning = member.docstring.value if member.docstring else ""
        yield Field(name, plain(str(member.annotation)), default_of(member.value), " ".join(meaning.split()))


def default_of(value: object) -> str:
    """A default as somebody would write it who passes it."""
    text = "" if value is None else str(value)
    made = re.fullmatch(r"field\(default_factory=(\w+)(\[.*\])?\)", text)
    return {"dict": "{}", "list": "[]"}.get(made[1], f"{made[1]}()") if made else text


def plain(text: str) -> str:
    """An annotation without the quotes of forward references."""
    return re.sub(r"""(?<![\w\[])['"]([\w.\[\], |]+)['"]""", r"\1", text)
