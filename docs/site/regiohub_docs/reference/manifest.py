"""The manifest and everything that hooks return, field by field."""

from __future__ import annotations

from collections.abc import Mapping

import griffe

from regiohub_docs.reference.docstrings import inline, parse
from regiohub_docs.reference.markdown import blocks, code, page, table
from regiohub_docs.reference.sources import class_of, fields_of

_INTRO = """\
A plugin is one object: `plugin = Plugin(id="booking", …)` in its `plugin.py`, named by an entry point of the group
`regiohub.plugins`. It is checked when it is loaded; what contradicts itself puts the plugin into quarantine with a
reason that names every fault, and `regiohub plugin check` shows the same. Everything here is exported by `regiohub.api`
([signatures](api.md)); what the parts are for stands with the [hooks](hooks.md)."""
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("The manifest", ("Plugin", "DataCategory", "PersonalTable", "Permission")),
    ("Parts for the API", ("GraphQLPart", "RoutePart", "Dataset")),
    (
        "Parts for people",
        ("ConsolePart", "ConsoleEntry", "NavEntry", "Link"),
    ),
    (
        "Parts for the worker",
        ("EventHandler", "Task", "Job", "Background"),
    ),
    (
        "Parts for operation",
        ("SubjectData", "HealthCheck", "Health", "Demo", "DemoHint"),
    ),
)


def documented() -> frozenset[str]:
    """Names of the classes on this page."""
    return frozenset(name for _, names in _GROUPS for name in names)


def pages() -> Mapping[str, str]:
    """The page of the manifest."""
    parts = [blocks(f"## {title}", *map(_class, names)) for title, names in _GROUPS]
    source = "the classes in `core/regiohub/plugins/` and `core/regiohub/events/parts.py`"
    return {"manifest.md": page("Manifest and parts", source, _INTRO, *parts)}


def _class(name: str) -> str:
    found = class_of(name)
    said = parse(found.docstring.value if found.docstring else "")
    return blocks(f"### {found.name}", said.summary, said.text, _fields(found))


def _fields(found: griffe.Class) -> str:
    rows = [
        (code(field.name), code(field.type), code(field.default) or "needed", inline(field.meaning))
        for field in fields_of(found)
    ]
    if any(row[3] for row in rows):
        return table(("field", "type", "default", "meaning"), rows)
    return table(("field", "type", "default"), [row[:3] for row in rows])
