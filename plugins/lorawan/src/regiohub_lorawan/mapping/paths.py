"""Paths into a decoded object: ``temperature``, ``air.temperature``, ``probes[0].value``, ``["odd key"].x``."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from regiohub.api import t
from regiohub_lorawan.errors import InvalidPath
from regiohub_lorawan.formats.reading import JsonValue

_STEP = re.compile(r"""(?:^|(?<=.)\.)(?P<name>[^.\[\]"]+)|\[(?P<index>\d{1,4})\]|\["(?P<quoted>[^"]+)"\]""")
_MAX_LENGTH = 200

Path = tuple[str | int, ...]


@lru_cache(maxsize=4096)
def parse_path(path: str) -> Path:
    """The steps of a path: names and indices. Raises InvalidPath for anything else."""
    steps: list[str | int] = []
    at = 0
    while at < len(path) <= _MAX_LENGTH:
        found = _STEP.match(path, at)
        if found is None:
            break
        index = found["index"]
        steps.append(int(index) if index is not None else found["name"] or found["quoted"])
        at = found.end()
    if not steps or at != len(path):
        raise InvalidPath(
            t(
                "Der Pfad ist ungültig. Beispiele: temperature, air.temperature, probes[0].value.",
                "The path is not valid. Examples: temperature, air.temperature, probes[0].value.",
            ),
            field="path",
        )
    return tuple(steps)


def value_at(decoded: Mapping[str, JsonValue], path: Path) -> JsonValue:
    """What stands at the path, or None when any step of it is missing."""
    found: JsonValue = decoded
    for step in path:
        if isinstance(step, str):
            found = found.get(step) if isinstance(found, Mapping) else None
        elif isinstance(found, list):
            items = cast("list[JsonValue]", found)
            found = items[step] if step < len(items) else None
        else:
            return None
    return found
