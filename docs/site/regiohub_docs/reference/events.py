"""Every event of the core and the plugins, with its fields and who listens."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib import import_module
from inspect import getdoc

from regiohub.events.event import Event, event_name
from regiohub.plugins.manifest import Plugin
from regiohub_docs.reference.docstrings import parse
from regiohub_docs.reference.installation import host, plugins, readme_of
from regiohub_docs.reference.markdown import blocks, code, page, table

_INTRO = """\
An event is a fact that has happened in one town. It is stored in the same transaction as the change it tells of, and
reaches every handler at least once; [how that is done](../explanation/background-work.md). Events carry ids rather
than content: a handler reads the present state. Unknown fields are ignored, and `version` grows when fields change
their meaning, so that stored events of an earlier release still arrive.

The core itself emits no events: switching a plugin on or off reaches it through the
[hooks](hooks.md#on_tenant_enabled) `on_tenant_enabled` and `on_tenant_disabled`."""


def events_of(plugin: Plugin) -> Iterator[type[Event]]:
    """The events that a plugin's package defines, by name."""
    package = import_module(plugin.package.partition(".")[0])
    found: dict[str, type[Event]] = {}
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not re.search(r"\.(migrations|testing)\b", info.name):
            for value in vars(import_module(info.name)).values():
                if isinstance(value, type) and issubclass(value, Event) and value.__module__ == info.name:
                    found[event_name(value)] = value
    yield from (found[name] for name in sorted(found))


def pages() -> Mapping[str, str]:
    """The page of all events."""
    listeners: dict[str, list[str]] = {}
    for contribution in host().collect("register_event_handlers"):
        listeners.setdefault(event_name(contribution.value.event), []).append(contribution.plugin)
    parts = [_plugin(plugin, listeners) for plugin in plugins()]
    return {"events.md": page("Events", "the events' classes in the plugins", _INTRO, *parts)}


def _plugin(plugin: Plugin, listeners: Mapping[str, list[str]]) -> str:
    parts = [_event(event, listeners.get(event_name(event), [])) for event in events_of(plugin)]
    return blocks(f"## {plugin.title.en}", f"Emitted by {readme_of(plugin.id)}.", *parts) if parts else ""


def _event(event: type[Event], listeners: list[str]) -> str:
    said = parse(getdoc(event))
    heard = f"Handled by {', '.join(readme_of(name) for name in dict.fromkeys(listeners))}." if listeners else ""
    own = [(code(item.name), code(_type(item.type))) for item in fields(event)]
    return blocks(
        f"### {event_name(event)}",
        " ".join(filter(None, (said.summary, f"Class `{event.__name__}`, version {event.version}.", heard))),
        said.text,
        table(("field", "type"), own),
    )


def _type(annotation: object) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)
