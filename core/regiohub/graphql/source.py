"""Where an operation reads and writes: one town, or all towns that share with the region."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from regiohub.auth.permissions import Permission
from regiohub.auth.principal import Principal
from regiohub.db.session import TenantSession
from regiohub.errors import Forbidden, Unauthenticated
from regiohub.platform import Platform
from regiohub.sharing.service import REGION, consented_tenants
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Language

T = TypeVar("T")
Towns = Mapping[int, TenantInfo]


class Source(Protocol):
    """What an execution needs of a town or of the region."""

    principal: Principal
    locale: Language

    def reading(self) -> Any:
        """Context manager of (context, towns by id) for one reading unit of work."""
        ...

    def shared(self, dataset: str) -> Any:
        """The same over the towns that share a dataset with the region."""
        ...

    async def run(self, work: Callable[[Ctx], Awaitable[T]]) -> T:
        """A writing unit of work, tried again after a deadlock."""
        ...


class TownSource:
    """One town."""

    def __init__(self, scope: TenantScope) -> None:
        self.scope = scope
        self.principal = scope.principal
        self.locale: Language = scope.locale

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[tuple[Any, Towns]]:
        """One snapshot of the town's rows."""
        async with self.scope.read() as ctx:
            yield ctx, {ctx.tenant.id: ctx.tenant}

    def shared(self, dataset: str) -> Any:
        """A town's schema has no fields over several towns."""
        raise TypeError(f"{dataset}: only the region's schema reads across towns")

    async def run(self, work: Callable[[Ctx], Awaitable[T]]) -> T:
        """Write in the town."""
        return await self.scope.run(work)


@dataclass(slots=True)
class RegionCtx:
    """One reading unit of work over several towns. It belongs to no town and writes nothing."""

    platform: Platform
    session: TenantSession
    principal: Principal
    locale: Language
    towns: Towns

    def now(self) -> datetime:
        """The present moment in UTC."""
        return self.platform.clock.now()

    def can(self, permission: Permission) -> bool:
        """Whether the caller may do this at the region."""
        return self.principal.can(permission)

    def require(self, permission: Permission) -> None:
        """Raise Unauthenticated or Forbidden unless the caller may do this at the region."""
        if not self.can(permission):
            raise Unauthenticated() if self.principal.subject is None else Forbidden()


class RegionSource:
    """All towns: their names and measures are public, everything else only as far as they share it."""

    def __init__(self, platform: Platform, principal: Principal, locale: Language) -> None:
        self._platform = platform
        self.principal = principal
        self.locale: Language = locale

    def reading(self) -> Any:
        """The tables of the core, of all towns."""
        return self._across({town.id: town for town in self._platform.tenants.all()}, "region: towns and measures")

    @asynccontextmanager
    async def shared(self, dataset: str) -> AsyncGenerator[tuple[Any, Towns]]:
        """Exactly the towns that share the dataset now."""
        towns = {town.id: town for town in await consented_tenants(self._platform, dataset)}
        self._platform.shared_reads.note(dataset, REGION, towns, self._platform.clock.now())
        async with self._across(towns, f"region: {dataset}") as opened:
            yield opened

    async def run(self, work: Callable[[Ctx], Awaitable[T]]) -> T:
        """The region's schema has no mutations."""
        raise TypeError(f"{work.__qualname__}: nothing is written at the region")

    @asynccontextmanager
    async def _across(self, towns: Towns, reason: str) -> AsyncGenerator[tuple[Any, Towns]]:
        async with self._platform.database.read_across(list(towns), reason=reason) as session:
            yield RegionCtx(self._platform, session, self.principal, self.locale, towns), towns
