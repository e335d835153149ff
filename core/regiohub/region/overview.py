"""Towns at a glance: what works, what waits, what was given up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from regiohub.audit.models import AuditEntry
from regiohub.auth.permissions import REGION_READ
from regiohub.auth.principal import Principal
from regiohub.events.models import EntryState, JobState, OutboxEntry
from regiohub.platform import Platform
from regiohub.plugins.parts import Health
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.models import Measure, TenantRow
from regiohub.texts import Text, t

from .rights import require

log = structlog.get_logger(__name__)
CHECK_SECONDS = 2.0
MOST_CHECKED = 100
"""Up to how many towns at once the plugins' own checks are run: each of them reads for itself."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a health check of a plugin found in a town."""

    plugin: str
    check: str
    detail: Text


@dataclass(frozen=True, slots=True)
class TownState:
    """A town with figures of its operation."""

    town: TenantInfo
    measures: int
    waiting: int
    dead: int
    failing_jobs: int
    last_change: datetime | None
    faults: Sequence[Fault]

    @property
    def not_working(self) -> Sequence[str]:
        """Plugins that are switched on and do not work."""
        return sorted(self.town.switched - self.town.enabled)

    @property
    def tone(self) -> str:
        """ "bad": something was given up or does not work; "warn": something fails for now; else "good"."""
        if self.not_working or self.dead:
            return "bad"
        return "warn" if self.failing_jobs or self.faults else "good"

    @property
    def words(self) -> Text:
        """The state in one sentence."""
        parts_de: list[str] = []
        parts_en: list[str] = []
        for number, de, en in (
            (len(self.not_working), "Plugins gestört", "plugins faulty"),
            (self.dead, "Vorgänge aufgegeben", "entries given up"),
            (self.failing_jobs, "Arbeiten schlagen fehl", "jobs failing"),
            (len(self.faults), "Prüfungen auffällig", "checks with findings"),
        ):
            if number:
                parts_de.append(f"{number} {de}")
                parts_en.append(f"{number} {en}")
        if not parts_de:
            return t("in Ordnung", "fine")
        return Text(", ".join(parts_de), ", ".join(parts_en))


async def overview(
    platform: Platform, person: Principal, towns: Sequence[TenantInfo] | None = None
) -> Sequence[TownState]:
    """These towns, or all by name. The core's number of statements depends neither on towns nor on rows.

    The plugins' own checks are run for at most 100 towns at once; of more only the figures are told.

    :raises Forbidden: without the right to see the region's administration.
    """
    require(person, REGION_READ)
    towns = platform.tenants.all() if towns is None else towns
    async with platform.database.read_across([town.id for town in towns], reason="towns at a glance") as session:

        async def counted(statement: sa.Select[int, Any]) -> Mapping[int, Any]:
            return {key: value for key, value in await session.execute(statement)}  # noqa: C416 - typed rows

        measures = await counted(
            sa.select(Measure.tenant_id, sa.func.count())
            .where(Measure.retired_at.is_(None))
            .group_by(Measure.tenant_id)
        )
        entries: dict[tuple[int, EntryState], int] = {
            (tenant, state): count
            for tenant, state, count in await session.execute(
                sa.select(OutboxEntry.tenant_id, OutboxEntry.state, sa.func.count())
                .where(OutboxEntry.state != EntryState.DONE)
                .group_by(OutboxEntry.tenant_id, OutboxEntry.state)
            )
        }
        failing = await counted(
            sa.select(JobState.tenant_id, sa.func.count()).where(JobState.failures > 0).group_by(JobState.tenant_id)
        )
        # Identifiers are time-ordered, so the newest entry is one step into the index, not a scan of the log.
        newest = (
            sa.select(AuditEntry.at)
            .where(AuditEntry.tenant_id == TenantRow.id)
            .order_by(AuditEntry.id.desc())
            .limit(1)
            .correlate(TenantRow)
            .scalar_subquery()
        )
        changed = await counted(sa.select(TenantRow.id, newest))
    faults = await health(platform, towns) if len(towns) <= MOST_CHECKED else {}
    return [
        TownState(
            town,
            measures.get(town.id, 0),
            entries.get((town.id, EntryState.PENDING), 0) + entries.get((town.id, EntryState.WAITING), 0),
            entries.get((town.id, EntryState.DEAD), 0),
            failing.get(town.id, 0),
            changed.get(town.id),
            faults.get(town.id, ()),
        )
        for town in towns
    ]


async def health(platform: Platform, towns: Sequence[TenantInfo]) -> Mapping[int, Sequence[Fault]]:
    """What the plugins' own checks find. A check that takes longer than two seconds counts as a finding."""

    async def one(town: TenantInfo) -> Sequence[Fault]:
        scope = platform.scope(town)
        found: list[Fault] = []
        for contribution in scope.plugins.collect("register_health"):
            check = contribution.value
            try:
                result: Health = await asyncio.wait_for(check.run(scope), CHECK_SECONDS)
            except Exception as error:
                log.warning(
                    "health_check_failed", plugin=contribution.plugin, check=check.name, error=type(error).__name__
                )
                result = Health(False, t("Die Prüfung ist gescheitert.", "The check failed."))
            if not result.ok:
                found.append(Fault(contribution.plugin, check.name, result.detail))
        return found

    return dict(zip([town.id for town in towns], await asyncio.gather(*map(one, towns)), strict=True))
