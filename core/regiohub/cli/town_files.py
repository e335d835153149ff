"""Towns' files as commands read them: also with what only the installed plugins can tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .exits import Problem

if TYPE_CHECKING:
    from regiohub.plugins.host import PluginHost
    from regiohub.tenancy.config import Town


def towns_to_add(folder: Path, slugs: Sequence[str], host: PluginHost) -> tuple[list[Town], list[str]]:
    """The towns to add, and remarks about them: a host name that another town claims, too, is left out.

    :raises TenantConfigError: a file is faulty. :raises Problem: its plugins are unknown or their settings do not fit.
    """
    from regiohub.tenancy.config import load_all, load_town

    # Only all files together show whether two towns claim the same host name.
    found, errors = load_all(folder)
    sound = {town.slug: town for town in found}
    towns = [sound.get(slug) or load_town(folder, slug) for slug in slugs]
    if faults := plugin_faults(host, towns):
        raise Problem("\n".join(faults), "The file is refused; the other towns are not affected.")
    return towns, [line for error in errors if error.slug in slugs for line in error.lines("en")]


def plugin_faults(host: PluginHost, towns: Iterable[Town]) -> list[str]:
    """Unknown plugins and settings that do not fit, one line each: ``file:line:column: path: reason``."""
    installed = {record.id for record in host.records}
    return [line for town in towns for line in _faults_of(host, installed, town)]


def _faults_of(host: PluginHost, installed: set[str], town: Town) -> list[str]:
    from pydantic import ValidationError

    from regiohub.tenancy.config.positions import index_positions

    path = town.folder / "tenant.toml"
    places = index_positions(path.read_text(encoding="utf-8"))

    def at(*keys: str | int) -> str:
        place = places.find(keys)
        return ":".join(str(part) for part in (path, *(place or ())))

    named = {*town.plugin_measures(), *town.file.plugins}
    faults: list[str] = []
    for name in sorted(named - installed):
        keys = ("plugins", name) if name in town.file.plugins else ("enable",)
        faults.append(f"{at(*keys)}: plugin {name} is not installed")
    for name, values in town.file.plugins.items():
        plugin = host.healthy.get(name)
        try:
            if plugin is not None:
                plugin.settings.model_validate(values)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                keys = ("plugins", name, *fault["loc"])
                faults.append(f"{at(*keys)}: {'.'.join(map(str, keys))}: {fault['msg']}")
    return faults
