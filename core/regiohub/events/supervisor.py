"""Background tasks: started when a plugin is switched on for a town, cancelled when it is switched off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import structlog

from .backoff import BACKGROUND, Backoff
from .catalogue import Catalogue
from .faults import describe
from .parts import Background

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.plugins.manifest import PluginSettings
    from regiohub.tenancy.context import TenantScope
    from regiohub.tenancy.info import TenantInfo

log = structlog.get_logger(__name__)

HEALTHY_SECONDS = 60.0
"""A run of this length counts as a success: the next failure is the first again."""
STOP_SECONDS = 5.0

Key = tuple[int, str]


class Supervisor:
    """Keeps exactly the wanted background tasks running in this process."""

    def __init__(self, platform: Platform, parts: Catalogue, *, backoff: Backoff = BACKGROUND) -> None:
        self._platform = platform
        self._backgrounds = parts.backgrounds
        self._backoff = backoff
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._settings: dict[Key, PluginSettings | None] = {}
        """What each running task was started with, where it wants to be started anew when that changes."""
        self._known: Mapping[int, TenantInfo] | None = None
        """The towns as they were when this was last looked at: without a change there is nothing to do."""

    @property
    def running(self) -> frozenset[Key]:
        """Id of the town and name of each task under way."""
        return frozenset(self._running)

    async def reconcile(self, *, leads: bool) -> None:
        """Start what is missing and stop what is no longer wanted; a process that does not lead runs nothing."""
        towns = self._platform.tenants.ids() if leads else {}
        if towns is self._known:
            return
        wanted: dict[Key, Callable[[], asyncio.Task[None]]] = {}
        settings: dict[Key, PluginSettings | None] = {}
        for tenant in towns.values():
            for name, owned in self._backgrounds.items():
                if owned.plugin not in tenant.enabled:
                    continue
                model = owned.part.settings
                values = self._platform.settings_of(tenant, model) if model else None
                if owned.part.wanted is not None and not owned.part.wanted(values):
                    continue
                settings[tenant.id, name] = values
                wanted[tenant.id, name] = lambda scope=self._platform.scope(tenant), part=owned.part: (
                    asyncio.create_task(self._keep(scope, part), name=f"{scope.tenant.slug}:{part.name}")
                )
        stale = [key for key in self._running if key not in wanted or self._settings[key] != settings[key]]
        await self._stop(stale)
        self._settings = settings
        for key, start in wanted.items():
            if key not in self._running:
                self._running[key] = start()
        self._known = towns

    async def stop(self) -> None:
        """Cancel everything and wait for it."""
        await self._stop(list(self._running))

    async def _stop(self, keys: list[Key]) -> None:
        tasks = [self._running.pop(key) for key in keys]
        for task in tasks:
            task.cancel()
        if tasks:
            _, stubborn = await asyncio.wait(tasks, timeout=STOP_SECONDS)
            for task in stubborn:
                log.error("background_does_not_stop", task=task.get_name())

    async def _keep(self, scope: TenantScope, background: Background) -> None:
        failures = 0
        clock = asyncio.get_running_loop().time
        while True:
            started = clock()
            try:
                await background.run(scope)
                reason = "it ended by itself"
            except Exception as error:
                reason = describe(error)
            failures = 1 if clock() - started >= HEALTHY_SECONDS else failures + 1
            pause = self._backoff.pause(failures).total_seconds()
            log.warning(
                "background_restarts", tenant=scope.tenant.slug, task=background.name, reason=reason, pause=pause
            )
            await asyncio.sleep(pause)
