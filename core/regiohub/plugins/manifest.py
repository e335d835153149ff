"""What a plugin says about itself: one object with a validated manifest and hook implementations."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import pluggy
from pydantic import BaseModel, ConfigDict

from regiohub.auth.permissions import Permission
from regiohub.plugins.data import DataCategory, faults_of
from regiohub.plugins.errors import PluginError
from regiohub.texts import Text

PROJECT = "regiohub"
HOOK_API = 1
"""Raised when the meaning of a hook changes within a release series."""

hookspec = pluggy.HookspecMarker(PROJECT)
_hookimpl = pluggy.HookimplMarker(PROJECT)

Level = Literal["platform", "tenant"]
F = TypeVar("F", bound=Callable[..., Any])
_ID = re.compile(r"^[a-z][a-z0-9_]{1,39}$")


class PluginSettings(BaseModel):
    """Base of a plugin's settings: every field has a default and a German description; secrets are SecretStr."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


@dataclass(eq=False)
class Plugin:
    """One plugin: manifest and hooks."""

    id: str
    """Name of the entry point, prefix of tables and permissions, field of the town's GraphQL schema."""
    title: Text
    """What people read, German and English."""
    description: Text
    """One or two sentences for whoever decides about switching it on."""
    level: Level = "tenant"
    """Plugins of level "tenant" are switched on per town, those of level "platform" are always on."""
    requires: tuple[str, ...] = ()
    """Plugins that must be there and are loaded before."""
    after: tuple[str, ...] = ()
    """Plugins that are loaded before if they are there."""
    settings: type[PluginSettings] = PluginSettings
    """Model of the settings per town, each declared with `setting`."""
    permissions: tuple[Permission, ...] = ()
    """What its services ask for; the ids begin with the plugin's id and a dot."""
    actions: Mapping[str, Text] = field(default_factory=dict[str, Text])
    """What the audit log calls the actions of its services, by `<plugin>.<action>`; an action with the id of a
    permission has the permission's title."""
    data_categories: tuple[DataCategory, ...] = ()
    """What data it keeps, for how long, and whose they are."""
    models: tuple[type[Any], ...] = ()
    """Its tables; their names begin with the plugin's id and an underscore."""
    migrations: str | None = None
    """Importable folder of Alembic revisions; needed with `models`."""
    core_schema: str = ""
    """Oldest revision of the core's tables that it works with ("0009"): the core is not taken back below it while the
    plugin has tables. Empty: any that has towns."""
    hookspecs: tuple[type[Any], ...] = ()
    """Classes with `@hookspec` methods that other plugins may implement."""
    key_purposes: tuple[str, ...] = ()
    """For what its services derive keys of the town (`ctx.derive_key`): these go along when the town leaves with its
    archive, under a passphrase. What is sealed with a key that is not named here cannot be opened elsewhere."""
    hook_api: int = HOOK_API
    """For which meaning of the hooks it is written; leave the default."""
    version: str = ""
    """Filled in from the distribution's metadata when the plugin is loaded."""
    package: str = ""
    """Importable package that the plugin came from; filled in when it is loaded."""
    hooks: dict[str, Callable[..., Any]] = field(default_factory=dict[str, Callable[..., Any]])
    """What `@plugin.hook` has collected."""

    def hook(self, function: F) -> F:
        """Decorator: this function implements the hook of its name."""
        if function.__name__ in self.hooks:
            raise PluginError(self.id, f"hook {function.__name__} is implemented twice; put both into one function")
        self.hooks[function.__name__] = function
        return function

    def implementation(self) -> object:
        """The namespace that pluggy registers: hooks only, so that no other attribute is inspected."""
        marked = {name: staticmethod(_hookimpl(function)) for name, function in self.hooks.items()}
        return type(f"{self.id}_hooks", (), marked)()

    def check(self) -> None:
        """Raise PluginError where the manifest contradicts itself or the naming rules."""
        faults = list(self._faults())
        if faults:
            raise PluginError(self.id, "; ".join(faults))

    def _faults(self) -> Sequence[str]:
        faults: list[str] = []
        if not _ID.match(self.id):
            faults.append("the id needs 2 to 40 characters a-z, 0-9 and _, starting with a letter")
        faults += [
            f"permission {p.id} must start with {self.id}."
            for p in self.permissions
            if not p.id.startswith(f"{self.id}.")
        ]
        faults += [
            f"action {name} must start with {self.id}." for name in self.actions if not name.startswith(f"{self.id}.")
        ]
        faults += [
            f"key purpose {name} must start with {self.id}."
            for name in self.key_purposes
            if not name.startswith(f"{self.id}.")
        ]
        for model in self.models:
            name = str(getattr(model, "__tablename__", model.__name__))
            if not name.startswith(f"{self.id}_"):
                faults.append(f"table {name} must start with {self.id}_")
        if self.models and not self.migrations:
            faults.append("models need migrations: name the importable folder")
        if self.hook_api != HOOK_API:
            faults.append(
                f"written for hook API {self.hook_api}, this core offers {HOOK_API}: install a matching release"
            )
        try:
            self.settings()
        except ValueError as error:
            faults.append(f"settings need a default for each field: {error}")
        tables = {str(getattr(m, "__tablename__", "")): m.__table__ for m in self.models if hasattr(m, "__table__")}
        faults += faults_of(self.data_categories, tables, self.settings)
        return faults
