"""Compares two surfaces: what came, what went, and whether that was announced and told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from regiohub.testing.surface import MODULES

_NAME = re.compile(r"(hook )?([\w.]+)(.*)")
_ARGUMENT = re.compile(r"(?<=[(,] )\*?\*?(\w+)|(?<=\()\*?\*?(\w+)")
_GOING = re.compile(r"deprecated since [\d.]+, gone in (\d+)\.(\d+)")


def judge(
    before: Iterable[str], after: Iterable[str], told: str, version: tuple[int, int] = (0, 1)
) -> Mapping[str, str]:
    """Faults by public name. `told`: the text of all changelog fragments since `before` was recorded."""
    old, new = _by_name(before), _by_name(after)
    faults: dict[str, str] = {}
    for name in sorted(old.keys() - new.keys()):
        going = _GOING.search(old[name])
        if going is None:
            faults[name] = "is gone without having been deprecated: put it back, and name it in DEPRECATED"
        elif (int(going[1]), int(going[2])) > version:
            faults[name] = f"is gone too early: it was promised until {going[1]}.{going[2]}"
    for name in old.keys() & new.keys():
        if name.startswith("hook "):
            lost = _arguments(old[name]) - _arguments(new[name]) - _deprecated_arguments(old[name])
            if lost:
                faults[name] = f"no longer gives {', '.join(sorted(lost))}: first announce it by warn_on_impl_args"
    for name in sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name)):
        if name not in faults and not _is_told(name, told):
            faults[name] = "changed, and no fragment in docs/changes/ names it"
    return faults


def _by_name(lines: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        match = _NAME.fullmatch(line)
        if match and not line.startswith("#"):
            found[f"{match[1] or ''}{match[2]}"] = match[3]
    return found


def _arguments(signature: str) -> set[str]:
    return {one or other for one, other in _ARGUMENT.findall(signature.partition(" -> ")[0])}


def _deprecated_arguments(signature: str) -> set[str]:
    _, _, names = signature.partition(" deprecated: ")
    return set(names.split(", ")) if names else set()


def _is_told(name: str, told: str) -> bool:
    """Whether the changelog says the name, or that of the class it belongs to."""
    module = max((module for module in MODULES if name.startswith(f"{module}.")), key=len, default="")
    words = name.removeprefix("hook ").removeprefix(f"{module}.").split(".")
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told) for word in words[-2:])
