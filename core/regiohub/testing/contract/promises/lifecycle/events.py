"""Events say what they are: handlers of other plugins rely on it."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module

from pydantic import TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation

from regiohub.events.event import Event, event_name
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise


async def _faults(case: Case) -> list[str]:
    _import_events(case.plugin.package)
    names: dict[str, type[Event]] = {}
    faults: list[str] = []
    for event in _events_of(case.plugin.package):
        found = list(_faults_of(event, case.id))
        faults += found
        if found or event_name(event) not in names:
            names.setdefault(getattr(event, "name", ""), event)
            continue
        faults.append(f"{event.__qualname__} has the name {event.name}, as {names[event.name].__qualname__} has")
    return faults


def _import_events(package: str) -> None:
    """The rooms in which events are declared; what nobody imports yet would not be seen."""
    home = import_module(package)
    for module in pkgutil.walk_packages(home.__path__, f"{package}."):
        if module.name.rpartition(".")[2] == "events":
            import_module(module.name)


def _events_of(package: str) -> Iterator[type[Event]]:
    waiting: list[type[Event]] = list(Event.__subclasses__())
    while waiting:
        event = waiting.pop(0)
        waiting += event.__subclasses__()
        if event.__module__.partition(".")[0] == package:
            yield event


def _faults_of(event: type[Event], plugin: str) -> Iterator[str]:
    try:
        name = event_name(event)
    except TypeError as error:
        yield str(error)
        return
    if name.partition(".")[0] != plugin:
        yield f"{event.__qualname__} has the name {name}; it must begin with {plugin}."
    # A dataclass without words of its own gets its signature as docstring.
    words = inspect.cleandoc(event.__doc__ or "")
    if not words or words.startswith(f"{event.__name__}("):
        yield f"{event.__qualname__} ({name}) does not say when it happens: it has no docstring"
    try:
        TypeAdapter(event)
    except (PydanticSchemaGenerationError, PydanticUndefinedAnnotation, NameError) as error:
        yield f"{event.__qualname__} ({name}) cannot be stored: {str(error).splitlines()[0]}"
    if not fields(event):
        yield f"{event.__qualname__} ({name}) does not say what it is about: it has no field"
    if event.version < 1:
        yield f"{event.__qualname__} ({name}) has the version {event.version}; count from 1"


EVENTS_DESCRIBED = Promise(
    "events-described",
    "each of its events is a frozen dataclass with the plugin's prefix, words, and fields that can be stored",
    'write @dataclass(frozen=True), name: ClassVar[str] = "<plugin>.<what happened>", a docstring that says when, and'
    " ids (UUID, str, int, datetime …) as fields",
    _faults,
    engines=False,
)
