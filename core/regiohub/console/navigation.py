"""The navigation of the console: what this person may open here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regiohub.auth.permissions import Permission
from regiohub.auth.principal import Principal
from regiohub.platform import Platform
from regiohub.plugins.parts import ConsolePart
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the navigation."""

    title: Text
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Links under one heading; ``plugin`` is the id of the plugin they belong to."""

    title: Text
    entries: Sequence[Entry]
    plugin: str | None = None


@dataclass(frozen=True, slots=True)
class CoreEntry:
    """A page of the core in the navigation: shown to whoever has one of the permissions (none: to everybody)."""

    title: Text
    path: str
    permissions: tuple[Permission, ...] = ()


def entries_of(base: str, listed: Sequence[CoreEntry], person: Principal, path: str) -> list[Entry]:
    """Those entries that the person may open."""
    return [
        Entry(entry.title, (url := f"{base}/{entry.path}".rstrip("/") if entry.path else f"{base}/"), _is_at(path, url))
        for entry in listed
        if not entry.permissions or any(person.can(permission) for permission in entry.permissions)
    ]


def plugin_sections(platform: Platform, town: TenantInfo, person: Principal, path: str) -> list[Section]:
    """One section per plugin that is on in the town and has pages for this person."""
    found: list[Section] = []
    for contribution in platform.plugins.collect("register_console", town.enabled):
        part: ConsolePart = contribution.value
        base = f"/console/{town.slug}/{contribution.plugin}"
        entries = [
            Entry(entry.title, f"{base}/{entry.path}", _is_at(path, f"{base}/{entry.path}"))
            for entry in part.navigation
            if person.can(entry.permission)
        ]
        if entries:
            found.append(Section(platform.plugins.healthy[contribution.plugin].title, entries, contribution.plugin))
    return found


def _is_at(path: str, url: str) -> bool:
    return path == url or (not url.endswith("/") and path.startswith(url + "/"))
