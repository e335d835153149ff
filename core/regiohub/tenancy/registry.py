"""All towns in memory, renewed when anything about them changes: a request never asks the database who it is for.

Whoever changes a town says which (`touch`), so that every process reads that town anew and not thousands of others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog

from regiohub.auth.roles.reading import read_roles
from regiohub.auth.roles.town import TownRoles
from regiohub.db.database import Database
from regiohub.errors import InvalidInput
from regiohub.plugins.host import PluginHost
from regiohub.tenancy.appearance.model import KEY as APPEARANCE
from regiohub.tenancy.changes import changed_towns, touch
from regiohub.tenancy.config.slugs import NearNames
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.models import Activation, PlatformState, PluginSetting, TenantRow
from regiohub.tenancy.transfers import TownKey, hidden_towns
from regiohub.texts import t

__all__ = ["TenantRegistry", "touch"]

log = structlog.get_logger(__name__)

_AT_ONCE = 200
"""Towns made before other work gets its turn: thousands in one go would hold up every request."""


class TenantRegistry:
    """Snapshot of the towns by slug, id and host name."""

    def __init__(self, database: Database, plugins: PluginHost) -> None:
        self._database, self._plugins = database, plugins
        self._by_slug: Mapping[str, TenantInfo] = {}
        self._by_id: Mapping[int, TenantInfo] = {}
        self._by_host: Mapping[str, TenantInfo] = {}
        self._sorted: Sequence[TenantInfo] = ()
        self._near: NearNames | None = None
        self._version = -1
        self._lock = asyncio.Lock()

    @property
    def version(self) -> int:
        """Number of the state that the snapshot shows."""
        return self._version

    def all(self) -> Sequence[TenantInfo]:
        """Every town, by name; the same object until a town changes."""
        return self._sorted

    def ids(self) -> Mapping[int, TenantInfo]:
        """Every town by its id; the same object until a town changes."""
        return self._by_id

    def get(self, slug: str) -> TenantInfo | None:
        """The town with this slug."""
        return self._by_slug.get(slug)

    def by_id(self, id: int) -> TenantInfo | None:
        """The town with this id. A town that has not changed is the same object as before."""
        return self._by_id.get(id)

    def by_host(self, host: str) -> TenantInfo | None:
        """The town whose file names this host."""
        return self._by_host.get(host.lower())

    def near(self, slug: str) -> Sequence[str]:
        """Slugs that look like this one, for the answer to a mistyped address."""
        if self._near is None:
            self._near = NearNames(self._by_slug)
        return self._near.of(slug)

    async def refresh(self) -> bool:
        """Read what another process or this one has changed since. Returns whether the snapshot is new."""
        async with self._lock:
            async with self._database.platform() as session:
                version = await session.scalar(sa.select(PlatformState.version)) or 0
                if version == self._version:
                    return False
                changed = await changed_towns(session, self._version, version)
            await self._load(version, changed)
            return True

    async def reload(self) -> None:
        """Reload all towns in any case, e.g. after a plugin went into quarantine."""
        async with self._lock:
            async with self._database.platform() as session:
                version = await session.scalar(sa.select(PlatformState.version)) or 0
            await self._load(version, None)

    async def on_its_way(self, id: int) -> TenantInfo:
        """A town that is not seen yet, for the one who brings it.

        :raises InvalidInput: its rows make no town.
        """
        found = await self._read([id], hidden=True)
        if not found:
            raise InvalidInput(
                t(
                    "Die Einträge der Kommune ergeben zusammen keine; sie bleibt unsichtbar.",
                    "The town's rows do not make a town together; nobody sees it.",
                ),
                field="file",
            )
        return found[0]

    async def _load(self, version: int, changed: Collection[int] | None) -> None:
        """Read these towns, or all of them (None), and put them in the place of what was known of them."""
        found = await self._read(changed)
        kept = {} if changed is None else {id_: town for id_, town in self._by_id.items() if id_ not in changed}
        towns = {**kept, **{town.id: town for town in found}}
        self._by_id = towns
        self._by_slug = {town.slug: town for town in towns.values()}
        self._by_host = {host: town for town in towns.values() for host in town.hosts}
        self._sorted = tuple(sorted(towns.values(), key=lambda town: town.short_name))
        self._near = None
        self._version = version

    async def _read(self, changed: Collection[int] | None, *, hidden: bool = False) -> list[TenantInfo]:
        """The towns with these ids, or all; a number of statements that does not depend on theirs.

        A town whose rows cannot be read is left out, so that it keeps no other from being seen.
        """
        if changed is not None and not changed:
            return []
        try:
            return await self._make(changed, hidden=hidden)
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            wanted = sa.select(TenantRow.id, TenantRow.slug)
            if changed is not None:
                wanted = wanted.where(TenantRow.id.in_(changed))
            async with self._database.platform() as session:
                slugs = {row.id: row.slug for row in await session.execute(wanted)}
            ids = list(slugs)
            if len(ids) == 1:
                log.error("town_unreadable", town=slugs[ids[0]], error=f"{type(error).__name__}: {error}")
                return []
            half = len(ids) // 2
            parts = [await self._read(part, hidden=hidden) for part in (ids[:half], ids[half:])]
            return [*parts[0], *parts[1]]

    async def _make(self, changed: Collection[int] | None, *, hidden: bool) -> list[TenantInfo]:
        # Columns, not objects of the ORM: with thousands of towns those are most of the time of a start.
        wanted = sa.select(*TenantRow.__table__.c)
        if not hidden:
            wanted = wanted.where(TenantRow.id.not_in(hidden_towns()))
        if changed is not None:
            wanted = wanted.where(TenantRow.id.in_(changed))
        async with self._database.platform() as session:
            rows = (await session.execute(wanted)).all()
        ids = [row.id for row in rows]
        switches: dict[int, dict[UUID | None, set[str]]] = {id_: {} for id_ in ids}
        settings: dict[int, dict[str, dict[str, object]]] = {id_: {} for id_ in ids}
        on = sa.select(Activation.tenant_id, Activation.measure_id, Activation.plugin).where(Activation.on)
        # Origin "file" sorts before "local": what a person set in the console wins.
        stored = sa.select(PluginSetting.tenant_id, PluginSetting.plugin, PluginSetting.values)
        async with self._database.read_across(ids, reason="registry of towns") as session:
            for tenant_id, measure_id, plugin in await session.execute(on):
                switches[tenant_id].setdefault(measure_id, set()).add(plugin)
            for tenant_id, plugin, values in await session.execute(stored.order_by(PluginSetting.origin)):
                settings[tenant_id].setdefault(plugin, {}).update(values)
            roles = await read_roles(session, ids)
            keys: dict[int, dict[str, bytes]] = {}
            for row in await session.scalars(sa.select(TownKey)):
                keys.setdefault(row.tenant_id, {})[row.purpose] = row.sealed
        made: list[TenantInfo] = []
        effective: dict[frozenset[str], tuple[frozenset[str], frozenset[str]]] = {}
        for number, row in enumerate(rows):
            switched = frozenset[str]().union(*switches[row.id].values())
            # Towns with the same plugins share the sets.
            sets = effective.get(switched)
            if sets is None:
                sets = effective[switched] = (switched, self._plugins.effective(switched))
            made.append(_info(row, sets, switches[row.id], settings[row.id], roles[row.id], keys.get(row.id, _NO_KEYS)))
            if number % _AT_ONCE == _AT_ONCE - 1:
                await asyncio.sleep(0)
        return made


_NO_KEYS: Mapping[str, bytes] = {}


def _info(
    row: sa.Row[Any],
    sets: tuple[frozenset[str], frozenset[str]],
    switches: Mapping[UUID | None, Collection[str]],
    settings: Mapping[str, Mapping[str, object]],
    roles: TownRoles,
    keys: Mapping[str, bytes],
) -> TenantInfo:
    """A town from its row and what belongs to it; `sets`: plugins that are switched on, and those that work."""
    switched, enabled = sets
    serving = {measure: frozenset(names) for measure, names in switches.items() if measure is not None}
    return TenantInfo(
        id=row.id, slug=row.slug, name=row.name, short_name=row.short_name, ags=row.ags, subdivision=row.state,
        timezone=ZoneInfo(row.timezone), centre=(row.lon, row.lat), locale=row.locale,
        population=row.population, area_km2=row.area_km2, programme_id=row.programme_id, programme=row.programme,
        phase=row.phase, phase_until=row.phase_until, motto=row.motto, office=row.office, client=row.client,
        innovation_fields=tuple(row.innovation_fields),
        branding={**row.branding, **settings.get(APPEARANCE, {})}, hosts=tuple(map(str.lower, row.hosts)),
        cors_origins=tuple(row.cors_origins), enabled=enabled, switched=switched,
        serving=serving, settings=settings, roles=roles, keys=keys,
    )  # fmt: skip
