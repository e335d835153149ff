"""The installation that the pages describe: the core and the plugins of this repository, whatever else is installed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import EntryPoint

from regiohub.platform import Platform
from regiohub.plugins.host import PluginHost
from regiohub.plugins.loading import installed
from regiohub.plugins.manifest import Plugin
from regiohub.settings import Settings
from regiohub_docs.site.places import ROOT

NAMES = frozenset(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml"))


def entries() -> Sequence[EntryPoint]:
    """The entry points of the plugins in plugins/."""
    return [entry for entry in installed() if entry.name in NAMES]


@cache
def platform() -> Platform:
    """An application object that serves nobody: no database is opened."""
    return Platform(Settings(_env_file=None, strict_plugins=True), entries=entries())  # pyright: ignore[reportCallIssue]


def host() -> PluginHost:
    """Its plugins."""
    return platform().plugins


def plugins() -> Sequence[Plugin]:
    """Its plugins by their English titles."""
    return sorted(host().healthy.values(), key=lambda plugin: plugin.title.en)


def readme_of(plugin: str, *, up: str = "../..") -> str:
    """A link from a page of docs/reference to a plugin's README."""
    title = host().healthy[plugin].title.en
    return f"[{title}]({up}/plugins/{plugin}/README.md)"
