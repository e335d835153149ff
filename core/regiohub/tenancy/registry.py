"""All towns in memory, reloaded when anything about them changes: a request never asks the database who it is for."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from regiohub.auth.roles.reading import read_roles
from regiohub.auth.roles.town import TownRoles
from regiohub.db.database import Database
from regiohub.db.session import TenantSession
from regiohub.plugins.host import PluginHost
from regiohub.tenancy.appearance.model import KEY as APPEARANCE
from regiohub.tenancy.config.slugs import near_names
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.models import Activation, PlatformState, PluginSetting, TenantRow
from regiohub.tenancy.transfers import TownKey, hidden_towns


class TenantRegistry:
    """Snapshot of the towns by slug, id and host name."""

    def __init__(self, database: Database, plugins: PluginHost) -> None:
        self._database, self._plugins = database, plugins
        self._by_slug: Mapping[str, TenantInfo] = {}
        self._by_id: Mapping[int, TenantInfo] = {}
        self._by_host: Mapping[str, TenantInfo] = {}
        self._version = -1
        self._lock = asyncio.Lock()

    @property
    def version(self) -> int:
        """Number of the state that the snapshot shows."""
        return self._version

    def all(self) -> Sequence[TenantInfo]:
        """Every town, by name."""
        return sorted(self._by_slug.values(), key=lambda town: town.short_name)

    def get(self, slug: str) -> TenantInfo | None:
        """The town with this slug."""
        return self._by_slug.get(slug)

    def by_id(self, id: int) -> TenantInfo | None:
        """The town with this id."""
        return self._by_id.get(id)

    def by_host(self, host: str) -> TenantInfo | None:
        """The town whose file names this host."""
        return self._by_host.get(host.lower())

    def near(self, slug: str) -> Sequence[str]:
        """Slugs that look like this one, for the answer to a mistyped address."""
        return near_names(slug, tuple(self._by_slug))

    async def refresh(self) -> bool:
        """Reload if another process or this one has changed anything. Returns whether the snapshot is new."""
        async with self._lock:
            async with self._database.platform() as session:
                version = await session.scalar(sa.select(PlatformState.version)) or 0
            if version == self._version:
                return False
            await self._load(version)
            return True

    async def reload(self) -> None:
        """Reload in any case, e.g. after a plugin went into quarantine."""
        async with self._lock, self._database.platform() as session:
            version = await session.scalar(sa.select(PlatformState.version)) or 0
            await self._load(version)

    async def _load(self, version: int) -> None:
        async with self._database.platform() as session:
            rows = (await session.scalars(sa.select(TenantRow).where(TenantRow.id.not_in(hidden_towns())))).all()
        ids = [row.id for row in rows]
        switched: dict[int, dict[UUID | None, set[str]]] = {id_: {} for id_ in ids}
        settings: dict[int, dict[str, dict[str, object]]] = {id_: {} for id_ in ids}
        async with self._database.read_across(ids, reason="registry of towns") as session:
            for row in await session.scalars(sa.select(Activation).where(Activation.on)):
                switched[row.tenant_id].setdefault(row.measure_id, set()).add(row.plugin)
            # Origin "file" sorts before "local": what a person set in the console wins.
            for row in await session.scalars(sa.select(PluginSetting).order_by(PluginSetting.origin)):
                settings[row.tenant_id].setdefault(row.plugin, {}).update(row.values)
            roles = await read_roles(session, ids)
            keys: dict[int, dict[str, bytes]] = {}
            for row in await session.scalars(sa.select(TownKey)):
                keys.setdefault(row.tenant_id, {})[row.purpose] = row.sealed
        towns = [
            self._info(row, switched[row.id], settings[row.id], roles[row.id], keys.get(row.id, {})) for row in rows
        ]
        self._by_slug = {town.slug: town for town in towns}
        self._by_id = {town.id: town for town in towns}
        self._by_host = {host.lower(): town for town in towns for host in town.hosts}
        self._version = version

    def _info(
        self,
        row: TenantRow,
        switches: Mapping[UUID | None, Collection[str]],
        settings: Mapping[str, Mapping[str, object]],
        roles: TownRoles,
        keys: Mapping[str, bytes],
    ) -> TenantInfo:
        switched = frozenset[str]().union(*switches.values())
        serving = {measure: frozenset(names) for measure, names in switches.items() if measure is not None}
        return TenantInfo(
            id=row.id, slug=row.slug, name=row.name, short_name=row.short_name, ags=row.ags, subdivision=row.state,
            timezone=ZoneInfo(row.timezone), centre=(row.lon, row.lat), locale=row.locale,
            population=row.population, area_km2=row.area_km2, programme_id=row.programme_id, programme=row.programme,
            phase=row.phase, phase_until=row.phase_until, motto=row.motto, office=row.office, client=row.client,
            innovation_fields=tuple(row.innovation_fields),
            branding={**row.branding, **settings.get(APPEARANCE, {})}, hosts=tuple(row.hosts),
            cors_origins=tuple(row.cors_origins), enabled=self._plugins.effective(switched), switched=switched,
            serving=serving, settings=settings, roles=roles, keys=keys,
        )  # fmt: skip


async def touch(session: TenantSession) -> None:
    """Raise the platform's version in a writing session, so that every process reloads its towns."""
    await session.execute(sa.update(PlatformState).values(version=PlatformState.version + 1))
