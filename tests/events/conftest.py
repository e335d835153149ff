"""An installation with one plugin made for the test, on both databases; the plugin's effects are audit entries."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
import sqlalchemy as sa

from regiohub.audit import AuditEntry
from regiohub.clock import FrozenClock
from regiohub.db.migrate import upgrade
from regiohub.events import Background, Event, EventHandler, Job, Task
from regiohub.platform import Platform
from regiohub.plugins.manifest import Plugin, PluginSettings
from regiohub.plugins.setting import setting
from regiohub.tenancy.context import TenantScope
from regiohub.tenancy.sync import apply_town
from regiohub.testing import START
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, settings_for
from regiohub.testing.towns import small_towns
from regiohub.texts import t

PACKAGE = "sampler_plugin"
ENTRY = EntryPoint(name="sampler", value=f"{PACKAGE}:plugin", group="regiohub.plugins")


@dataclass(frozen=True)
class ThingHappened(Event):
    """The event of these tests."""

    name: ClassVar[str] = "sampler.happened"
    thing_id: UUID
    count: int = 1


class SamplerSettings(PluginSettings):
    """What a town may adjust."""

    every: int = setting(5, t("Abstand", "Pause"), t("Zum Prüfen.", "For tests."))


@dataclass
class Sampler:
    """What the test's plugin declares; fill it before the platform starts."""

    handlers: list[EventHandler[Any]] = field(default_factory=list[EventHandler[Any]])
    tasks: list[Task] = field(default_factory=list[Task])
    jobs: list[Job] = field(default_factory=list[Job])
    backgrounds: list[Background] = field(default_factory=list[Background])

    def plugin(self) -> Plugin:
        """The plugin with these parts."""
        made = Plugin(
            id="sampler",
            title=t("Probe", "Sample"),
            description=t("Zum Prüfen.", "For tests."),
            settings=SamplerSettings,
        )
        made.hooks = {
            "register_event_handlers": lambda: self.handlers,
            "register_tasks": lambda: self.tasks,
            "register_jobs": lambda: self.jobs,
            "register_background": lambda: self.backgrounds,
        }
        return made


Start = Callable[[], AbstractAsyncContextManager[Platform]]


@pytest.fixture
def sampler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Sampler]:
    """A plugin's package on the path, with mail templates."""
    package = tmp_path / "packages" / PACKAGE
    (package / "mail").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "mail" / "hello.de.txt").write_text("Hallo {{ name }}\nGuten Tag, {{ name }}.\n", encoding="utf-8")
    monkeypatch.syspath_prepend(package.parent)
    declared = Sampler()
    importlib.import_module(PACKAGE).plugin = declared.plugin()  # type: ignore[attr-defined]
    yield declared
    sys.modules.pop(PACKAGE)


class _Postgres(PostgresTemplate):
    NAME = "regiohub_events_template"


async def _prepare(address: Address, folder: Path) -> None:
    platform = Platform(settings_for(address, folder), entries=[])
    try:
        await upgrade(platform.database, platform.migrations)
        for town in small_towns(["sampler"], []):
            await apply_town(platform, town)
    finally:
        await platform.stop()


@pytest.fixture(scope="session")
def core_sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """A migrated SQLite file without plugins' tables."""
    folder = tmp_path_factory.mktemp("core-sqlite")
    template = SqliteTemplate(folder)
    asyncio.run(_prepare(template.address, folder))
    return template


@pytest.fixture(scope="session")
def core_postgres(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> _Postgres:
    """A migrated PostgreSQL database without plugins' tables."""
    template = _Postgres(request.getfixturevalue("postgres_server"))
    folder = tmp_path_factory.mktemp("core-postgres")

    async def make() -> None:
        await template.create()
        await _prepare(template.address, folder)

    asyncio.run(make())
    return template


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def core_database(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Address]:
    """A fresh database, once on each engine."""
    template = request.getfixturevalue("core_sqlite" if request.param == "sqlite" else "core_postgres")
    with template.copy(tmp_path) as address:
        yield address


@pytest.fixture
def clock() -> FrozenClock:
    """The clock of the platforms of one test."""
    return FrozenClock(START)


@pytest.fixture
def start(core_database: Address, sampler: Sampler, clock: FrozenClock, tmp_path: Path) -> Start:
    """Starts a platform on the test's database: one for each process that a test plays."""
    del sampler

    @asynccontextmanager
    async def started() -> AsyncGenerator[Platform]:
        platform = Platform(settings_for(core_database, tmp_path / "data"), entries=[ENTRY], clock=clock)
        await platform.start()
        try:
            yield platform
        finally:
            await platform.stop()

    return started


@pytest.fixture
async def platform(start: Start) -> AsyncGenerator[Platform]:
    """One running platform. Parts declared in the test before its first worker count."""
    async with start() as started:
        yield started


def scope_of(platform: Platform, slug: str = "potsdam") -> TenantScope:
    """A town's scope."""
    tenant = platform.tenants.get(slug)
    assert tenant is not None
    return platform.scope(tenant)


@pytest.fixture
def scope(platform: Platform) -> TenantScope:
    """Potsdam."""
    return scope_of(platform)


Effects = Callable[[str], Awaitable[int]]


@pytest.fixture
def effects(scope: TenantScope) -> Effects:
    """Counts the committed effects of a name in Potsdam."""

    async def count(action: str) -> int:
        async with scope.read() as ctx:
            found = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
            return await ctx.session.scalar(found) or 0

    return count


@pytest.fixture
def happened() -> type[ThingHappened]:
    """The type of the event."""
    return ThingHappened
