"""Plugins made in memory, offered by entry points as an installed distribution would offer them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, EntryPoint
from types import ModuleType
from typing import Any

import pytest

from regiohub.api import Plugin, t
from regiohub.plugins.loading import GROUP

Offer = Callable[..., EntryPoint]


class FakeDistribution(Distribution):
    """Metadata of a distribution that is not on disk."""

    def __init__(self, name: str, version: str, requires: list[str]) -> None:
        self._text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(
            f"Requires-Dist: {text}\n" for text in requires
        )

    def read_text(self, filename: str) -> str | None:
        return self._text if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Any:
        raise FileNotFoundError(path)


def make_plugin(id: str, **kwargs: Any) -> Plugin:
    """A plugin with a title, and whatever else a test gives it."""
    return Plugin(id=id, title=t("Probe", "Sample"), description=t("Probe", "Sample"), **kwargs)


@pytest.fixture
def offer() -> Iterator[Offer]:
    """Offers an object as the plugin of a made-up distribution; a callable is called when it is imported."""
    made: list[str] = []

    def make(
        name: str, thing: Any, *, version: str = "1.0", requires: tuple[str, ...] = ("regiohub>=0.1,<0.2",)
    ) -> EntryPoint:
        module = f"sample_{name}_{len(made)}"
        sys.modules[module] = _Lazy(module, thing) if callable(thing) else ModuleType(module)
        if not callable(thing):
            sys.modules[module].__dict__["plugin"] = thing
        made.append(module)
        entry = EntryPoint(name=name, value=f"{module}:plugin", group=GROUP)
        vars(entry)["dist"] = FakeDistribution(f"regiohub-{name}", version, list(requires))
        return entry

    yield make
    for module in made:
        sys.modules.pop(module, None)


class _Lazy(ModuleType):
    """A module whose import has the effect of calling a function."""

    def __init__(self, name: str, effect: Callable[[], Any]) -> None:
        super().__init__(name)
        self.__dict__["_effect"] = effect

    def __getattr__(self, name: str) -> Any:
        if name == "plugin":
            return self.__dict__["_effect"]()
        raise AttributeError(name)
