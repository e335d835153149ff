"""Scheduled jobs: one run for each town and period, however many workers there are."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from .backoff import JOBS
from .catalogue import CORE, Catalogue, Owned, plugin_of
from .faults import describe
from .keeping import LEASE, ClaimLost, kept, surely
from .models import JobState
from .parts import Job
from .periods import next_period, shift_of
from .runs import Runs

if TYPE_CHECKING:
    from regiohub.clock import Clock
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

log = structlog.get_logger(__name__)

JOBS_AT_ONCE = 4
PATIENCE_SECONDS = 1.0
"""Who waits longer than this for the database takes no other worker for dead: that one may be waiting, too."""
TOWNS_A_ROUND = 100
"""For how many towns new jobs are entered in one round."""
MOST_DUE = 200
"""How many due jobs are begun in one round; after a long rest thousands are due at once."""
FORGOTTEN = timedelta(days=1)
"""Due for so long, a job that nobody declares is gone; before, a worker of a newer version may have entered it."""


class Timetable:
    """Runs the jobs that are due."""

    def __init__(self, platform: Platform, parts: Catalogue, clock: Clock | None = None) -> None:
        """``clock``: by which claims are compared; the platform's unless another one is given."""
        self._platform = platform
        self._clock = clock or platform.clock
        self._jobs = parts.jobs
        self._asking = {name: owned for name, owned in parts.jobs.items() if owned.part.work is not None}
        self._asked: dict[str, datetime] = {}
        """When the towns are asked for work again, by job."""
        self._seen: dict[int, TenantInfo] = {}
        """Towns whose jobs are entered, as they were then."""
        self._seen_all: Mapping[int, TenantInfo] | None = None
        self._runs: Runs[tuple[int, str]] = Runs(JOBS_AT_ONCE)

    async def begin(self) -> int:
        """Start each due job of each town without waiting for it: a long one holds up no other."""
        tenants = self._platform.tenants.ids()
        await self._plan(tenants)
        for tenant_id, owned in [*await self._due(tenants), *await self._with_work(tenants)]:
            if tenant_id in tenants and owned.runs_in(tenants[tenant_id].enabled):
                self._runs.start((tenant_id, owned.part.name), partial(self._run, tenants[tenant_id], owned))
        return 0

    async def round(self) -> int:
        """Like ``begin``, and wait for the runs. Returns how many there were."""
        return await self.begin() + await self._runs.all_done()

    async def end(self, seconds: float) -> None:
        """Give the runs under way some time, then cancel them; another worker may take them up at once."""
        await self._runs.end(seconds)

    async def _plan(self, tenants: Mapping[int, TenantInfo]) -> None:
        """Enter jobs that a town has not run yet: a plugin's are due at once, the platform's with their next period.

        Jobs that ask for work are entered when there is some. Not all towns in one round: what is due in some of them
        must not wait for thousands of others.
        """
        if tenants is self._seen_all:
            return
        fresh = [tenant for id_, tenant in tenants.items() if self._seen.get(id_) is not tenant]
        new, left = fresh[:TOWNS_A_ROUND], len(fresh) > TOWNS_A_ROUND
        async with self._platform.database.read_across([t.id for t in new], reason="jobs: timetable") as session:
            rows = await session.execute(sa.select(JobState.tenant_id, JobState.name))
            there = {(tenant_id, name) for tenant_id, name in rows}
        now = self._clock.now()
        gone = self._gone({name for _, name in there})
        for tenant in new:
            missing = [
                {"name": name, "next_at": self._first_at(tenant.id, name, now), "runs": 0, "failures": 0}
                for name, owned in sorted(self._jobs.items())
                if name not in self._asking and owned.runs_in(tenant.enabled) and (tenant.id, name) not in there
            ]
            old = [name for name in gone if (tenant.id, name) in there]
            if missing or old:
                async with self._platform.database.write(tenant.id) as session, session.begin():
                    await session.upsert(JobState, missing, key=("name",))
                    await session.execute(_forgotten(old, now))
            self._seen[tenant.id] = tenant
        if not left:
            self._seen_all = tenants

    def _gone(self, names: Collection[str]) -> set[str]:
        """Those that nobody declares any more. What a plugin in quarantine would declare, nobody knows."""
        silent = {record.id for record in self._platform.plugins.records if not record.healthy}
        return {name for name in names if name not in self._jobs and plugin_of(name) not in silent}

    def _first_at(self, tenant_id: int, name: str, now: datetime) -> datetime:
        owned = self._jobs[name]
        if owned.plugin != CORE:
            return now
        return next_period(now, owned.part.every, shift_of(tenant_id, name, owned.part.every))

    async def _due(self, tenants: Mapping[int, TenantInfo]) -> list[tuple[int, Owned[Job]]]:
        """What is due by the clock, the longest waiting first; of jobs that ask for work what failed or was dropped.

        What is switched off stays due for as long, and counts for nothing: it must not keep others from their turn.
        """
        by_clock = sa.or_(
            JobState.name.not_in(self._asking), JobState.failures > 0, JobState.running_until.is_not(None)
        )
        due = (
            sa.select(JobState.tenant_id, JobState.name)
            .where(_is_due(self._clock.now()), JobState.name.in_(self._jobs), by_clock)
            .order_by(JobState.next_at)
            .execution_options(yield_per=MOST_DUE)
        )
        found: list[tuple[int, Owned[Job]]] = []
        async with self._platform.database.read_across(tuple(tenants), reason="jobs: due") as session:
            rows = await session.stream(due)
            async for tenant_id, name in rows:
                if self._jobs[name].runs_in(tenants[tenant_id].enabled):
                    found.append((tenant_id, self._jobs[name]))
                if len(found) == MOST_DUE:
                    break
            await rows.close()
        return found

    async def _with_work(self, tenants: Mapping[int, TenantInfo]) -> list[tuple[int, Owned[Job]]]:
        """Towns that have something to do for the jobs that ask; one statement per job and period for all towns."""
        now = self._clock.now()
        found: list[tuple[int, Owned[Job]]] = []
        for name, owned in self._asking.items():
            if owned.part.work is None or now < self._asked.get(name, now):
                continue
            self._asked[name] = next_period(now, owned.part.every)
            ids = tuple(id_ for id_, tenant in tenants.items() if owned.runs_in(tenant.enabled))
            try:
                async with self._platform.database.read_across(ids, reason=f"work of {name}") as session:
                    towns = set(await session.scalars(owned.part.work(now).distinct()))
            except Exception as error:
                # A plugin's statement that fails must not keep the jobs of the others from running.
                log.error("job_cannot_ask", job=name, error=describe(error))
                continue
            found += [(tenant_id, owned) for tenant_id in sorted(towns)]
        return found

    async def _run(self, tenant: TenantInfo, owned: Owned[Job]) -> int:
        job = owned.part
        started = self._clock.now()
        if not await self._claim(tenant.id, job, started):
            return 0
        try:
            async with (
                asyncio.timeout(job.most.total_seconds()),
                kept(partial(self._renew, tenant.id, job.name, started)),
            ):
                await job.run(self._platform.scope(tenant))
        except ClaimLost:
            log.warning("job_taken_over", tenant=tenant.slug, job=job.name)
        except asyncio.CancelledError:
            # The worker stops: another one may begin at once.
            await asyncio.shield(self._finish(tenant.id, job, started, error="the worker was stopped"))
            raise
        except Exception as error:
            log.warning("job_failed", tenant=tenant.slug, job=job.name, error=describe(error))
            await surely(partial(self._finish, tenant.id, job, started, error=describe(error)), job.name)
        else:
            await surely(partial(self._finish, tenant.id, job, started), job.name)
        return 1

    async def _claim(self, tenant_id: int, job: Job, now: datetime) -> bool:
        clock = asyncio.get_running_loop().time
        asked = clock()
        async with self._platform.database.write(tenant_id) as session, session.begin():
            await session.connection()  # on SQLite it waits here for all other writers
            if job.work is not None:
                first = {"name": job.name, "next_at": now, "runs": 0, "failures": 0}
                await session.upsert(JobState, [first], key=("name",))
            due = _is_due(now) if clock() - asked < PATIENCE_SECONDS else _is_free(now)
            claimed = (
                sa.update(JobState)
                .where(JobState.name == job.name, due)
                .values(running_until=self._clock.now() + LEASE, started_at=now, runs=JobState.runs + 1)
                .returning(JobState.name)
                .execution_options(synchronize_session=False)
            )
            return (await session.scalars(claimed)).one_or_none() is not None

    async def _renew(self, tenant_id: int, name: str, started: datetime) -> bool:
        """Say that the run goes on; False if another worker has taken over."""
        renewed = (
            sa.update(JobState)
            .where(JobState.name == name, JobState.started_at == started, JobState.running_until.is_not(None))
            .values(running_until=self._clock.now() + LEASE)
            .returning(JobState.name)
            .execution_options(synchronize_session=False)
        )
        async with self._platform.database.write(tenant_id) as session, session.begin():
            return (await session.scalars(renewed)).one_or_none() is not None

    async def _finish(self, tenant_id: int, job: Job, started: datetime, *, error: str | None = None) -> None:
        now = self._clock.now()
        mine = (JobState.name == job.name, JobState.started_at == started)
        async with self._platform.database.write(tenant_id) as session, session.begin():
            state = await session.scalar(sa.select(JobState).where(*mine))
            if state is None:
                return  # the run took longer than it may, and another worker has taken over
            state.failures = state.failures + 1 if error else 0
            # All towns are asked for work at the same moment: a later turn of this one would miss it.
            shift = timedelta() if job.work is not None else shift_of(tenant_id, job.name, job.every)
            next_at = next_period(now, job.every, shift)
            state.next_at = min(next_at, now + JOBS.pause(state.failures)) if error else next_at
            state.running_until, state.finished_at, state.error = None, now, error


def _forgotten(names: Collection[str], now: datetime) -> sa.Delete:
    """Delete jobs that nobody has run for long."""
    since = sa.func.coalesce(JobState.running_until, JobState.next_at)
    forgotten = sa.delete(JobState).where(JobState.name.in_(names), since < now - FORGOTTEN)
    return forgotten.execution_options(synchronize_session=False)


def _is_free(now: datetime) -> sa.ColumnElement[bool]:
    """Due and not under way."""
    return sa.and_(JobState.next_at <= now, JobState.running_until.is_(None))


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    """Due and not under way, or under way in a worker that has died."""
    return sa.or_(_is_free(now), JobState.running_until <= now)
