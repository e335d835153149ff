"""The hooks: what each is for, its exact signature, when it is called, what it returns, an example."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from regiohub.plugins.hookspecs import CoreHooks
from regiohub_docs.reference.docstrings import parse
from regiohub_docs.reference.installation import host, plugins, readme_of
from regiohub_docs.reference.manifest import documented
from regiohub_docs.reference.markdown import blocks, code, fenced, page, table

_INTRO = """\
A plugin implements a hook by a function of its name, decorated with `@plugin.hook`. `register_*` collects declarations,
`on_*` reacts. All hooks are synchronous and optional; they return data and callables, and the core awaits. They are
called in dependency order. A hook that raises is logged and counted against its plugin; what the others returned stays
in force. An implementation may take fewer arguments than stand here, never others: that is how hooks can grow. A
misspelt hook puts the plugin into quarantine with the list of known ones.

A plugin may also declare hooks of its own for other plugins: classes with `@hookspec` methods in the manifest's
`hookspecs`."""


def hooks() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The core's hooks by name, in the order of their declaration."""
    for name, value in vars(CoreHooks).items():
        if name.startswith(("register_", "on_")):
            yield name, value


def hooks_of_plugins() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """The hooks that plugins of this repository offer to others: the plugin's id, the hook's name, the hook."""
    for plugin in plugins():
        for specs in plugin.hookspecs:
            yield from ((plugin.id, name, value) for name, value in vars(specs).items() if not name.startswith("_"))


def signature(name: str, hook: Callable[..., Any]) -> str:
    """The signature as a plugin writes it."""
    full = inspect.signature(hook)
    own = full.replace(parameters=[entry for entry in full.parameters.values() if entry.name != "self"])
    return f"def {name}{own}".replace("'", "")


def pages() -> Mapping[str, str]:
    """The page of all hooks."""
    found = list(hooks())
    offered = list(hooks_of_plugins())
    every = [*found, *((name, hook) for _, name, hook in offered)]
    index = table(
        ("hook", "for"), ((f"[`{name}`](#{name})", parse(inspect.getdoc(hook)).first) for name, hook in every)
    )
    parts = [_hook(name, hook) for name, hook in found]
    parts += [_hook(name, hook, owner) for owner, name, hook in offered]
    return {"hooks.md": page("Hooks", "the docstrings in `core/regiohub/plugins/hookspecs.py`", _INTRO, index, *parts)}


def _hook(name: str, hook: Callable[..., Any], owner: str | None = None) -> str:
    said = parse(inspect.getdoc(hook))
    users = [entry.id for entry in host().records if entry.plugin and name in entry.plugin.hooks]
    return blocks(
        f"## {name}",
        f"A hook of {readme_of(owner)}: name `{owner}` in your manifest's `requires`, or nobody knows the hook."
        if owner
        else "",
        fenced(f"@plugin.hook\n{signature(name, hook)}: ...", "python"),
        said.summary,
        said.text,
        table(("argument", "meaning"), ((code(entry), text) for entry, text in said.params.items())),
        f"**Returns** {said.returns}" if said.returns else "",
        _parts(signature(name, hook)),
        f"**Since** {said.since}." + (f" **Used by** {', '.join(map(readme_of, users))}." if users else ""),
    )


def _parts(text: str) -> str:
    named = [part for part in sorted(documented()) if part in text.replace("[", " ").replace("]", " ").split()]
    return "\n".join(f"Fields: [{part}](manifest.md#{part.lower()})." for part in named)
