"""What hooks have to return: something else would stop the platform where it is used, not the plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from regiohub.events.parts import Background, EventHandler, Job, Task
from regiohub.plugins.manifest import Plugin
from regiohub.plugins.parts import ConsolePart, Dataset, Demo, GraphQLPart, HealthCheck, NavEntry, RoutePart
from regiohub.plugins.subjects import SubjectData

ONE: Final[Mapping[str, Any]] = {
    "register_graphql": GraphQLPart,
    "register_region_graphql": GraphQLPart,
    "register_demo": Demo,
    "register_links": Callable,
    "register_subject_data": SubjectData,
}
"""Hooks that return one thing."""
SEVERAL: Final[Mapping[str, Any]] = {
    "register_routes": RoutePart,
    "register_event_handlers": EventHandler,
    "register_jobs": Job,
    "register_tasks": Task,
    "register_background": Background,
    "register_datasets": Dataset,
    "register_health": HealthCheck,
    "register_navigation": NavEntry,
    "register_console": ConsolePart,
}
"""Hooks that return a sequence of things."""


def wrong_returns(plugin: Plugin) -> Iterator[str]:
    """A sentence for each hook that fails, or returns what the core cannot use."""
    for hook, function in plugin.hooks.items():
        if hook not in ONE and hook not in SEVERAL:
            continue
        try:
            value = function()
        except Exception as error:
            yield f"{hook} fails: {type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
            continue
        yield from _wrong(hook, value)


def _wrong(hook: str, value: object) -> Iterator[str]:
    if hook in ONE:
        if not isinstance(value, ONE[hook]):
            yield f"{hook} returns {_kind(value)}, not {_name(ONE[hook])}"
    elif not isinstance(value, Sequence) or isinstance(value, str):
        yield f"{hook} returns {_kind(value)}, not a sequence of {_name(SEVERAL[hook])}"
    else:
        for item in value:
            if not isinstance(item, SEVERAL[hook]):
                yield f"{hook} returns {_kind(item)} among its parts, not {_name(SEVERAL[hook])}"


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"


def _name(kind: Any) -> str:
    return "a function" if kind is Callable else str(kind.__name__)
