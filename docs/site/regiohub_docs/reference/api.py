"""What plugins import: every public name with its signature and docstring, one page per module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import griffe

from regiohub.testing.surface import MODULES
from regiohub_docs.reference.docstrings import Docstring, parse
from regiohub_docs.reference.entries import described
from regiohub_docs.reference.markdown import anchor, blocks, code, page, table
from regiohub_docs.reference.sources import core

_SOURCE = "the docstrings of what `regiohub.api` and `regiohub.testing` export"
_INTRO = """\
Plugins import these modules and nothing else of the core; their tests import `regiohub.testing`, too. What is not
listed here is private and may change with any release;
[how the public part changes](../explanation/compatibility.md)."""


def pages() -> Mapping[str, str]:
    """An index of all names, and a page for each module."""
    rows = [
        (_link(name, f"api/{home}.md"), code(home), _first(target))
        for name, (home, target) in sorted(_homes().items(), key=lambda entry: (entry[0].lower(), entry[0]))
    ]
    listed = table(("module", "for"), ((f"[`{name}`](api/{name}.md)", _about(name).first) for name in MODULES))
    index = blocks(_INTRO, listed, "## Names", table(("name", "module", "for"), rows))
    return {"api.md": page("Python API", _SOURCE, index)} | {f"api/{name}.md": _module(name) for name in MODULES}


def public(module: str) -> Iterator[tuple[str, griffe.Object | griffe.Alias]]:
    """The names that a module exports, with what they stand for."""
    found = core()[module.partition(".")[2]]
    exported = [str(name) for name in found.exports or ()]
    for name in sorted(exported, key=lambda name: name.lower()):
        member = found.members[name]
        target: griffe.Object | griffe.Alias = member
        while isinstance(target, griffe.Alias) and target.target_path.startswith("regiohub."):
            target = core()[target.target_path.partition(".")[2]]
        if isinstance(target, griffe.Module):
            yield from ((inner, target[inner]) for inner in (str(entry) for entry in target.exports or ()))
        else:
            yield name, target


def _heading(name: str) -> str:
    """The name; with its kind where another differs by upper and lower case only, for anchors do not know it."""
    homes = _homes()
    home, target = homes[name]
    alike = [other for other in homes if other.lower() == name.lower() and homes[other][0] == home]
    return f"{name} ({target.kind.value})" if len(alike) > 1 else name


def _link(name: str, page_path: str = "") -> str:
    return f"[`{name}`]({page_path}#{anchor(_heading(name))})"


@cache
def _homes() -> dict[str, tuple[str, griffe.Object | griffe.Alias]]:
    """Where each name is described: in the module that is for it, not in those that export it for convenience."""
    found: dict[str, tuple[str, griffe.Object | griffe.Alias]] = {}
    for module in MODULES:
        for name, target in public(module):
            known = found.get(name)
            if known is None or known[1].path == target.path:
                found[name] = (module, target)
    return found


def _module(module: str) -> str:
    homes = _homes()
    about = _about(module)
    names = list(public(module))
    here = [(name, target) for name, target in names if homes[name][0] == module]
    elsewhere = [(name, homes[name][0]) for name, _ in names if homes[name][0] != module]
    also = ", ".join(_link(name, f"{home}.md") for name, home in elsewhere)
    return page(
        module,
        _SOURCE,
        about.summary,
        about.text,
        table(("name", "for"), ((_link(name), _first(target)) for name, target in here)),
        f"Also exported here: {also}." if also else "",
        *(blocks(f"## {_heading(name)}", described(name, target)) for name, target in here),
    )


def _about(module: str) -> Docstring:
    found = core()[module.partition(".")[2]]
    return parse(found.docstring.value if found.docstring else "")


def _first(target: griffe.Object | griffe.Alias) -> str:
    if isinstance(target, griffe.Alias):
        return f"From `{target.target_path.partition('.')[0]}`."
    return parse(target.docstring.value if target.docstring else "").first
