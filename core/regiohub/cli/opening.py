"""Opening the platform for one command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from .exits import CONFIGURATION, DATABASE, Problem

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.settings import Settings
    from regiohub.tenancy.info import TenantInfo

T = TypeVar("T")


def settings_with(**changes: Any) -> Settings:
    """The settings in force, with the options of the command that were given."""
    from regiohub.settings import Settings

    return Settings(**{name: value for name, value in changes.items() if value is not None})


@asynccontextmanager
async def platform_for(settings: Settings, *, migrated: bool = True) -> AsyncGenerator[Platform]:
    """The platform, started; with ``migrated`` only on a database that is up to date."""
    from regiohub.logs import configure_logging
    from regiohub.platform import Platform

    configure_logging(settings.model_copy(update={"log_level": max_level(settings.log_level, "WARNING")}))
    platform = Platform(settings)
    try:
        if migrated:
            await require_migrated(platform)
            await platform.start()
        yield platform
    finally:
        await platform.stop()


def run(work: Callable[[Platform], Awaitable[T]], *, migrated: bool = True) -> T:
    """Run an asynchronous command with the platform."""

    async def inside() -> T:
        async with platform_for(settings_with(), migrated=migrated) as platform:
            return await work(platform)

    return asyncio.run(inside())


async def require_migrated(platform: Platform) -> None:
    """:raises Problem: migrations wait."""
    from regiohub.db.migrate import status

    waiting = [state.owner for state in await status(platform.database, platform.migrations) if state.pending]
    if waiting:
        raise Problem(
            f"The database is not up to date: {', '.join(waiting)}.", "Run: regiohub db upgrade", code=DATABASE
        )


def tenant_named(platform: Platform, slug: str) -> TenantInfo:
    """:raises Problem: there is no such town; names that look like it are given."""
    tenant = platform.tenants.get(slug)
    if tenant is not None:
        return tenant
    known = platform.tenants.near(slug) or [town.slug for town in platform.tenants.all()]
    hint = f"Did you mean: {', '.join(known)}?" if known else "There are no towns yet: regiohub tenant add <slug>"
    raise Problem(f"There is no town {slug!r}.", hint, code=CONFIGURATION)


def max_level(*names: str) -> str:
    """The quietest of some log levels: commands answer in their own words, not with log lines."""
    order = ("DEBUG", "INFO", "WARNING", "ERROR")
    return max(names, key=order.index)
