"""Compares two surfaces: what came, what went, and whether that was announced and told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from regiohub.testing.surface import MODULES

_NAME = re.compile(r"(hook )?([\w.]+)(.*)")
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
    for name in sorted(old.keys() & new.keys()):
        lost = parameters(old[name]).keys() - parameters(new[name]).keys() - _announced(name, old, version)
        needed = {one for one, optional in parameters(new[name]).items() if not optional} - {
            one for one, optional in parameters(old[name]).items() if not optional
        }
        if name.startswith("hook "):
            if lost := lost - _deprecated_arguments(old[name]):
                faults[name] = f"no longer gives {', '.join(sorted(lost))}: first announce it by warn_on_impl_args"
        elif lost:
            faults[name] = (
                f"no longer takes {', '.join(sorted(lost))}: first name it in DEPRECATED, as {name}.{min(lost)}"
            )
        elif needed:
            faults[name] = f"demands {', '.join(sorted(needed))}, which callers so far do not give: add a default"
        elif old[name].endswith(" = …") and not new[name].endswith(" = …") and ":" in new[name]:
            faults[name] = "must be given now: put its default back"
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


def parameters(signature: str) -> dict[str, bool]:
    """The parameters of a function's line, each with whether it may be left out."""
    text = signature.partition(") -> ")[0]
    if not text.startswith("("):
        return {}
    found: dict[str, bool] = {}
    for part in _split(text.removeprefix("(").removesuffix(")")):
        name = part.split(":")[0].split("=")[0].strip()
        if name.strip("*/"):
            found[name.lstrip("*")] = name.startswith("*") or "=" in part
    return found


def _split(text: str) -> list[str]:
    """At commas that stand in no bracket and in no quotation."""
    parts, depth, quote = [""], 0, ""
    for sign in text:
        if quote or sign in "'\"":
            quote = "" if sign == quote else quote or sign
        depth += (sign in "([{") - (sign in ")]}") if not quote else 0
        if sign == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _announced(name: str, old: Mapping[str, str], version: tuple[int, int]) -> set[str]:
    """Parameters of a function that were deprecated, as `module.function.parameter`, and whose time has come."""
    going = {path: _GOING.search(line) for path, line in old.items() if path.startswith(f"{name}.")}
    return {path.rpartition(".")[2] for path, mark in going.items() if mark and (int(mark[1]), int(mark[2])) <= version}


def _deprecated_arguments(signature: str) -> set[str]:
    _, _, names = signature.partition(" deprecated: ")
    return set(names.split(", ")) if names else set()


def _is_told(name: str, told: str) -> bool:
    """Whether the changelog names it, or the class it belongs to: as code, since many names are also plain words."""
    module = max((module for module in MODULES if name.startswith(f"{module}.")), key=len, default="")
    words = name.removeprefix("hook ").removeprefix(f"{module}.").split(".")
    return any(re.search(rf"`[^`\n]*(?<!\w){re.escape(word)}(?!\w)[^`\n]*`", told) for word in words[-2:])
