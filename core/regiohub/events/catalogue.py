"""All parts that the healthy plugins declared for the worker, by name, each with its plugin."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .event import Event, event_name
from .parts import Background, EventHandler, Job, Task

if TYPE_CHECKING:
    from regiohub.plugins.host import PluginHost

P = TypeVar("P")
CORE = "core"
"""Owner of the platform's own jobs: they run in every town."""


class PartConflict(ValueError):
    """Two plugins declared a part of the same name, or a name lacks its plugin's prefix; ``plugin`` came last."""

    def __init__(self, plugin: str, message: str) -> None:
        super().__init__(message)
        self.plugin = plugin


@dataclass(frozen=True, slots=True)
class Owned(Generic[P]):
    """A part and the id of the plugin that declared it; the platform's own are those of "core"."""

    plugin: str
    part: P

    def runs_in(self, enabled: Container[str]) -> bool:
        """Whether it is for a town that has these plugins on."""
        return self.plugin == CORE or self.plugin in enabled


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be done, for all towns; whether a town has the plugin on is asked when it is done."""

    handlers: Mapping[str, tuple[Owned[EventHandler[Event]], ...]] = field(default_factory=dict)
    """By name of the event, in the order of the plugins."""
    tasks: Mapping[str, Owned[Task]] = field(default_factory=dict)
    jobs: Mapping[str, Owned[Job]] = field(default_factory=dict)
    backgrounds: Mapping[str, Owned[Background]] = field(default_factory=dict)


def catalogue(
    *,
    handlers: Iterable[tuple[str, EventHandler[Event]]] = (),
    tasks: Iterable[tuple[str, Task]] = (),
    jobs: Iterable[tuple[str, Job]] = (),
    backgrounds: Iterable[tuple[str, Background]] = (),
) -> Catalogue:
    """Arrange the declared parts; each comes with its plugin's id.

    :raises PartConflict: a name occurs twice, or the name of a task, job or background task does not begin with the
        id of its plugin and a dot.
    """
    by_event: dict[str, list[Owned[EventHandler[Event]]]] = {}
    for plugin, handler in handlers:
        entries = by_event.setdefault(event_name(handler.event), [])
        for other in entries:
            if other.part.name == handler.name:
                raise PartConflict(
                    plugin, f"{other.plugin} and {plugin} both name a handler {handler.name}; rename one"
                )
        entries.append(Owned(plugin, handler))
    return Catalogue(
        handlers={name: tuple(entries) for name, entries in by_event.items()},
        tasks=_named("task", tasks),
        jobs=_named("job", jobs),
        backgrounds=_named("background task", backgrounds),
    )


N = TypeVar("N", Task, Job, Background)


def _named(kind: str, parts: Iterable[tuple[str, N]]) -> dict[str, Owned[N]]:
    named: dict[str, Owned[N]] = {}
    for plugin, part in parts:
        if not part.name.startswith(f"{plugin}."):
            raise PartConflict(
                plugin, f"{plugin} declares the {kind} {part.name}; its name has to begin with '{plugin}.'"
            )
        if part.name in named:
            raise PartConflict(plugin, f"{plugin} declares the {kind} {part.name} twice; rename one")
        named[part.name] = Owned(plugin, part)
    return named


def plugin_of(name: str) -> str:
    """Id of the plugin that a task, event or mail template belongs to: what stands before the first dot or slash."""
    return name.replace("/", ".").partition(".")[0]


def catalogue_of(plugins: PluginHost, core: Iterable[Job] = ()) -> Catalogue:
    """The parts of all healthy plugins, and the platform's own jobs (`core`).

    A plugin whose parts clash goes into quarantine with the reason.

    :raises PartConflict: the plugin host is strict.
    """
    while True:
        try:
            return catalogue(
                handlers=_declared(plugins, "register_event_handlers"),
                tasks=_declared(plugins, "register_tasks"),
                jobs=[*((CORE, job) for job in core), *_declared(plugins, "register_jobs")],
                backgrounds=_declared(plugins, "register_background"),
            )
        except PartConflict as conflict:
            if plugins.strict:
                raise
            plugins.quarantine(conflict.plugin, str(conflict))


def _declared(plugins: PluginHost, hook: str) -> Iterable[tuple[str, Any]]:
    return [(contribution.plugin, contribution.value) for contribution in plugins.collect(hook)]
