"""What hooks return: declared data and callables. The core reads and awaits; plugins only describe."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regiohub.texts import Text

if TYPE_CHECKING:
    from fastapi import APIRouter

    from regiohub.auth.permissions import Permission
    from regiohub.tenancy.context import Ctx, TenantScope


@dataclass(frozen=True, slots=True)
class RoutePart:
    """HTTP routes mounted at `/{tenant}/<prefix>`; the prefix defaults to the plugin's id."""

    router: APIRouter
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class DemoHint:
    """A command to try, shown when the demo starts; `{town}` in it becomes the town's address without final slash."""

    title: Text
    command: str


@dataclass(frozen=True, slots=True)
class Demo:
    """Demo content.

    `load(scope, folder)` is repeatable; it is called again when the plugin's version or a file of the town's folder
    changes. `live(scope)` goes on producing data while the demo runs. `hints(scope)` offers commands to try.
    """

    load: Callable[[TenantScope, Path], Awaitable[None]]
    live: Callable[[TenantScope], Awaitable[None]] | None = None
    hints: Callable[[TenantScope], Awaitable[Sequence[DemoHint]]] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """What a plugin holds, shown at a measure: `kind` is a stable word, `url` an address within the town's pages."""

    kind: str
    title: Text
    count: int
    url: str


LinkProvider = Callable[["Ctx"], Awaitable[Sequence[Link]]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Data that a town can share with the region or with another town; the id starts with the plugin's id."""

    id: str
    title: Text
    description: Text


@dataclass(frozen=True, slots=True)
class Health:
    """Answer of a health check."""

    ok: bool
    detail: Text


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A check that `doctor` runs for each town that has the plugin on."""

    name: str
    run: Callable[[TenantScope], Awaitable[Health]]


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry of the town's page; `url` is relative to the town, for example `/atlas/procedures.geojson`."""

    title: Text
    url: str


@dataclass(frozen=True, slots=True)
class ConsoleEntry:
    """An entry of the staff console's navigation, shown to whoever has the permission.

    `path` is relative to the plugin's pages: `devices` stands for `/console/{tenant}/<plugin>/devices`. `pending`
    counts what waits for somebody; the number is shown at the entry and on the town's first page.
    """

    title: Text
    path: str
    permission: Permission
    pending: Callable[[Ctx], Awaitable[int]] | None = None


@dataclass(frozen=True, slots=True)
class ConsolePart:
    """Pages of a plugin in the staff console.

    `router` is mounted at `/console/{tenant}/<plugin>` and answers 404 in towns that have the plugin off. `templates`
    is an importable package with a folder `templates`; pages name them with the plugin's id: `booking/queue.html`.
    """

    router: APIRouter
    templates: str
    navigation: Sequence[ConsoleEntry] = ()


@dataclass(frozen=True, slots=True)
class GraphQLPart:
    """A plugin's share of a schema. `query`: a class made with @query, shown under one root field named after the
    plugin. `mutations`, `subscriptions`: functions made with @mutation and @subscription. `types`: types that no field
    names. `errors`: classes made with @error_type."""

    query: type[Any] | None = None
    mutations: Sequence[Any] = ()
    subscriptions: Sequence[Any] = ()
    types: Sequence[type[Any]] = ()
    errors: Sequence[type[Any]] = ()
