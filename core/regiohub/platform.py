"""The application object: everything one running installation consists of."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TypeVar

import structlog

from regiohub.auth.permissions import TENANT_PERMISSIONS, Permission
from regiohub.auth.principal import SYSTEM, Principal
from regiohub.auth.roles.town import NO_ROLES, TownRoles
from regiohub.clock import Clock
from regiohub.db.database import Database
from regiohub.db.migrate import CORE, Migrations
from regiohub.events.live import Live
from regiohub.graphql.persisted.registry import PersistedDocuments
from regiohub.outgoing import Guard
from regiohub.plugins.host import PluginHost
from regiohub.plugins.manifest import PluginSettings
from regiohub.resources import Resources
from regiohub.settings import Settings
from regiohub.sharing.reads import SharedReads
from regiohub.tenancy.context import TenantScope
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.keys import derived, opened_key
from regiohub.tenancy.plugin_settings.fields import fitting
from regiohub.tenancy.plugin_settings.sealing import PURPOSE as SETTINGS_KEY
from regiohub.tenancy.plugin_settings.sealing import opened_settings
from regiohub.tenancy.registry import TenantRegistry
from regiohub.texts import Language

S = TypeVar("S", bound=PluginSettings)
log = structlog.get_logger()


class Platform:
    """One installation: settings, database, plugins, towns, clock and live messages. No module holds a global one."""

    def __init__(
        self, settings: Settings, *, entries: Iterable[EntryPoint] | None = None, clock: Clock | None = None
    ) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.plugins = PluginHost(entries, allowed=settings.plugins_allowed, strict=settings.strict_plugins)
        self.database = Database(
            settings.database_address,
            settings.database_owner_url or None,
            pool_size=settings.database_pool_size,
            statement_timeout=settings.database_statement_timeout,
            survives_power_cut=settings.is_production,
            clock=self.clock,
        )
        self.tenants = TenantRegistry(self.database, self.plugins)
        self.persisted = PersistedDocuments(self.database, self.tenants)
        self.live = Live()
        self.shared_reads = SharedReads()
        self.resources = Resources()
        self.outgoing = Guard(
            settings.outgoing_allowed, listed_only=settings.outgoing_listed_only, loopback=not settings.is_production
        )
        self._settings: dict[tuple[int, type[PluginSettings]], tuple[TenantInfo, PluginSettings]] = {}
        self._plain_settings: dict[type[PluginSettings], PluginSettings] = {}
        """What towns have that have set nothing; they share it."""
        self._permissions: dict[frozenset[str], tuple[list[tuple[Permission, ...]], tuple[Permission, ...]]] = {}
        self._settings_owner = {plugin.settings: plugin.id for plugin in self.plugins.healthy.values()}

    @property
    def migrations(self) -> Sequence[Migrations]:
        """Migrations of the core and of every healthy plugin that has tables, in dependency order."""
        return [
            CORE,
            *(Migrations(p.id, p.migrations) for p in self.plugins.healthy.values() if p.migrations),
        ]

    def scope(self, tenant: TenantInfo, *, principal: Principal = SYSTEM, locale: Language = "de") -> TenantScope:
        """A town's scope, in which `principal` acts (default: the platform itself)."""
        return TenantScope(self, tenant, principal=principal, locale=locale)

    def tenant_dir(self, tenant: TenantInfo) -> Path:
        """The town's own folder for files, made when it is first asked for."""
        folder = self.settings.data_dir / "tenants" / tenant.slug
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def derive_key(self, tenant: TenantInfo, purpose: str) -> bytes:
        """32 secret bytes for one purpose in one town, derived from the platform's key (HKDF, RFC 5869).

        Where a key for the purpose came with the town's archive, it is that one: what was sealed elsewhere opens here.
        """
        kept = tenant.keys.get(purpose)
        own = opened_key(self.settings.key, purpose, kept) if kept is not None else None
        return own or derived(self.settings.key, f"{tenant.id}:{purpose}")

    def settings_of(self, tenant: TenantInfo, model: type[S]) -> S:
        """A plugin's settings in a town. Stored values that no longer fit are left out and logged, never fatal."""
        plugin = self._settings_owner[model]
        stored = tenant.settings.get(plugin)
        if not stored:
            plain = self._plain_settings.get(model)
            if not isinstance(plain, model):
                plain = self._plain_settings[model] = model()
            return plain
        known = self._settings.get((tenant.id, model))
        if known and known[0] is tenant and isinstance(known[1], model):
            return known[1]
        values, unreadable = opened_settings(self.derive_key(tenant, SETTINGS_KEY), plugin, stored)
        found, unfit = fitting(model, values)
        if unreadable or unfit:
            log.warning("settings do not fit", plugin=plugin, tenant=tenant.slug, fields=sorted(unreadable | unfit))
        self._settings[tenant.id, model] = (tenant, found)
        return found

    def permissions(self, slug: str | None) -> Sequence[Permission]:
        """Permissions in force in a town: the core's, and those of the plugins that are on there.

        For the same set of plugins always the same object, so that callers may keep what they work out from it.
        """
        town = self.tenants.get(slug) if slug else None
        healthy = self.plugins.healthy
        on = frozenset(healthy) & town.enabled if town else frozenset[str]()
        parts = [plugin.permissions for id_, plugin in healthy.items() if id_ in on]
        known = self._permissions.get(on)
        if known is None or any(map(operator.is_not, known[0], parts)):
            known = self._permissions[on] = (parts, (*TENANT_PERMISSIONS, *itertools.chain.from_iterable(parts)))
        return known[1]

    def town_roles(self, slug: str | None) -> TownRoles:
        """The own roles of a town and what its groups carry; at the region (``None``) there are none."""
        town = self.tenants.get(slug) if slug else None
        return town.roles if town else NO_ROLES

    async def town_changed(self, before: TenantInfo) -> None:
        """Load the towns anew and tell the plugins of a town that went on or off since `before`."""
        await self.tenants.refresh()
        after = self.tenants.by_id(before.id) or before
        for hook, plugins in (
            ("on_tenant_enabled", after.enabled - before.enabled),
            ("on_tenant_disabled", before.enabled - after.enabled),
        ):
            if plugins:
                self.plugins.call(hook, plugins, tenant=after)
        self.live.wake()

    async def start(self) -> None:
        """Load the towns and join the live messages of other processes. The database must be migrated."""
        # Plugins say in their GraphQL types which tables' changes are to be counted: so in each process that writes.
        self.plugins.call("register_graphql", None)
        await self.tenants.refresh()
        await self.live.start(self.database.url)

    async def stop(self) -> None:
        """Close the plugins' resources, leave the live messages and return all connections."""
        await self.resources.aclose()
        await self.live.stop()
        await self.database.close()
