"""The public surface of a package as lines of text, so that a change of it can be seen, judged and told."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, get_origin

from pydantic import BaseModel

import regiohub.api
from regiohub.deprecation import DEPRECATED, Deprecation

MODULES = (
    "regiohub.api",
    # Whatever stands there: what is not listed would be neither described nor kept.
    *sorted(f"regiohub.api.{module.name}" for module in pkgutil.iter_modules(regiohub.api.__path__)),
    "regiohub.testing",
    "regiohub.testing.contract",
)
"""What authors of plugins may import."""
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_QUOTED = re.compile(r"(: |-> )'([^']*)'")


def public_surface() -> list[str]:
    """The platform's own: whatever the authors of plugins may use, and the hooks."""
    from regiohub.plugins.hookspecs import CoreHooks

    return surface_of(MODULES, [CoreHooks])


def surface_of(modules: Iterable[str], hookspecs: Iterable[type[Any]] = ()) -> list[str]:
    """One line for each public name, each public member of a class and each hook, sorted.

    :param modules: importable modules with `__all__`.
    :param hookspecs: classes of hooks; a line of theirs begins with `hook `.
    """
    lines: set[str] = set()
    first: dict[int, str] = {}
    for name in modules:
        module = import_module(name)
        for public in module.__all__:
            path, value = f"{name}.{public}", getattr(module, public)
            known = first.setdefault(id(value), path)
            lines.update(_described(path, value) if known == path else [f"{path} is {known}"])
        for old, deprecation in getattr(module, DEPRECATED, {}).items():
            lines.add(f"{name}.{old} {_mark(deprecation)}")
    for specs in hookspecs:
        lines.update(f"hook {line}" for line in _hooks(specs))
    return sorted(lines)


def _described(path: str, value: Any) -> Iterator[str]:
    if get_origin(value) is not None:
        yield f"{path} = {_tidy(str(value))}"
    elif inspect.isclass(value):
        yield f"{path} class({', '.join(base.__name__ for base in value.__bases__ if base is not object)})"
        yield from _members(path, value)
    elif inspect.ismodule(value):
        for name in value.__all__:
            yield from _described(f"{path}.{name}", getattr(value, name))
    elif callable(value) and hasattr(value, "__name__"):
        yield f"{path}{_signature(value)}"
    elif isinstance(value, str | int | float | tuple):
        yield f"{path} = {value!r}"
    else:
        yield f"{path}: {type(value).__name__}"


def _members(path: str, owner: type[Any]) -> Iterator[str]:
    if issubclass(owner, enum.Enum):
        yield from (f"{path}.{member.name} = {member.value!r}" for member in owner)
        return
    if dataclasses.is_dataclass(owner):
        # As written: a library may have put objects of its own in the place of annotations.
        written = {name: as_is for base in owner.__mro__[::-1] for name, as_is in inspect.get_annotations(base).items()}
        for field in dataclasses.fields(owner):
            if not field.name.startswith("_"):
                required = field.default is field.default_factory is dataclasses.MISSING
                kind = _annotation(written.get(field.name, field.type))
                yield f"{path}.{field.name}: {kind}{'' if required else ' = …'}"
    elif issubclass(owner, BaseModel):
        for name, info in owner.model_fields.items():
            yield f"{path}.{name}: {_annotation(info.annotation)}{'' if info.is_required() else ' = …'}"
    elif issubclass(owner, BaseException) and "__init__" in vars(owner):
        # What plugins raise they make themselves; other objects are handed to them.
        yield f"{path}.__init__{_signature(vars(owner)['__init__'])}"
    for name, member in _own(owner):
        if isinstance(member, property):
            yield f"{path}.{name}: {_returns(member.fget)}"
        elif isinstance(member, classmethod | staticmethod):
            yield f"{path}.{name}{_signature(member.__func__)}"
        elif inspect.isfunction(member):
            yield f"{path}.{name}{_signature(member)}"


def _own(owner: type[Any]) -> Iterator[tuple[str, Any]]:
    """Public members that the platform's own classes define; what a library's base brings is not ours to promise."""
    seen: set[str] = set()
    for base in owner.__mro__:
        if not base.__module__.startswith("regiohub"):
            continue
        for name, member in vars(base).items():
            if not name.startswith("_") and name not in seen:
                seen.add(name)
                yield name, member


def _hooks(specs: type[Any]) -> Iterator[str]:
    for name, function in vars(specs).items():
        if name.startswith("_") or not inspect.isfunction(function):
            continue
        signature = inspect.signature(function)
        parameters = [parameter for parameter in signature.parameters.values() if parameter.name != "self"]
        going = getattr(function, "regiohub_spec", {}).get("warn_on_impl_args") or {}
        note = f" deprecated: {', '.join(sorted(going))}" if going else ""
        yield f"{name}{_tidy(str(signature.replace(parameters=parameters)))}{note}"


def _signature(function: Any) -> str:
    try:
        return _tidy(str(inspect.signature(function)))
    except (TypeError, ValueError):  # written in C
        return "(…)"


def _returns(function: Any) -> str:
    return _annotation(inspect.signature(function).return_annotation)


def _annotation(annotation: Any) -> str:
    return annotation.__name__ if inspect.isclass(annotation) else str(annotation)


def _tidy(signature: str) -> str:
    """Annotations without the quotes that stand around those not yet evaluated, values without their addresses."""
    return _QUOTED.sub(r"\1\2", _ADDRESS.sub("", signature))


def _mark(deprecation: Deprecation) -> str:
    return f"deprecated since {deprecation.since}, gone in {deprecation.gone_in}"
