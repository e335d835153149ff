"""What a test has set off: events, tasks and runs of jobs, read from the database that is the truth about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from regiohub.events.event import Event, event_name
from regiohub.events.models import EntryKind, JobState, OutboxEntry

if TYPE_CHECKING:
    from regiohub.testing.world import World

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class CapturedEvent:
    """An event that was committed. `payload`: its fields as JSON; `state`: pending, waiting, done or dead."""

    town: str
    name: str
    payload: Mapping[str, Any]
    version: int = 1
    state: str = "pending"


@dataclass(frozen=True, slots=True)
class CapturedTask:
    """A task that was asked for by `ctx.enqueue`."""

    town: str
    name: str
    payload: Mapping[str, Any]
    state: str = "pending"
    error: str | None = None


@dataclass(frozen=True, slots=True)
class CapturedJob:
    """The runs of a job in one town since the capture began; `error` is that of the last run."""

    town: str
    name: str
    runs: int
    error: str | None = None


class Capture:
    """What has been committed since it began. Made by `await world.capture()` and the fixture `capture`.

    An event exists exactly if the changes of its unit of work do: one of a rolled back unit is not here.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: set[tuple[int, UUID]] = set()
        self._runs: dict[tuple[int, str], int] = {}

    async def begin(self) -> Capture:
        """Forget what has been so far."""
        self._seen = {(entry.tenant_id, entry.id) for entry in await self._read(OutboxEntry)}
        self._runs = {(job.tenant_id, job.name): job.runs for job in await self._read(JobState)}
        return self

    async def events(self, kind: type[Event] | str | None = None, *, town: str | None = None) -> list[CapturedEvent]:
        """Events, oldest first; only of one type or name, only of one town."""
        wanted = event_name(kind) if isinstance(kind, type) else kind
        return [
            CapturedEvent(slug, entry.name, entry.payload, entry.version, entry.state)
            for slug, entry in await self._entries(EntryKind.EVENT, town)
            if wanted in (None, entry.name)
        ]

    async def facts(self, kind: type[E], *, town: str | None = None) -> list[E]:
        """Events of one type as the objects that handlers get, oldest first."""
        return [kind.from_payload(found.payload, found.version) for found in await self.events(kind, town=town)]

    async def tasks(self, name: str | None = None, *, town: str | None = None) -> list[CapturedTask]:
        """Tasks, oldest first."""
        return [
            CapturedTask(slug, entry.name, entry.payload, entry.state, entry.error)
            for slug, entry in await self._entries(EntryKind.TASK, town)
            if name in (None, entry.name)
        ]

    async def jobs(self, name: str | None = None, *, town: str | None = None) -> list[CapturedJob]:
        """Jobs that have run, by town and name."""
        slugs = self._slugs()
        found: list[CapturedJob] = []
        for job in await self._read(JobState):
            runs = job.runs - self._runs.get((job.tenant_id, job.name), 0)
            if runs and name in (None, job.name) and town in (None, slugs[job.tenant_id]):
                found.append(CapturedJob(slugs[job.tenant_id], job.name, runs, job.error))
        return sorted(found, key=lambda job: (job.town, job.name))

    async def _entries(self, kind: EntryKind, town: str | None) -> list[tuple[str, OutboxEntry]]:
        slugs = self._slugs()
        entries = [entry for entry in await self._read(OutboxEntry) if entry.kind == kind]
        new = [entry for entry in entries if (entry.tenant_id, entry.id) not in self._seen]
        placed = [(slugs[entry.tenant_id], entry) for entry in sorted(new, key=lambda entry: entry.id)]
        return [(slug, entry) for slug, entry in placed if town in (None, slug)]

    def _slugs(self) -> dict[int, str]:
        return {tenant.id: tenant.slug for tenant in self._world.platform.tenants.all()}

    async def _read(self, model: type[Any]) -> list[Any]:
        database = self._world.platform.database
        async with database.read_across(list(self._slugs()), reason="test: capture") as session:
            return list((await session.scalars(sa.select(model))).all())
