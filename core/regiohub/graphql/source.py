"""Where an operation reads and writes: one town, or all towns that share with the region."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, Protocol, TypeVar, cast

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


class _NoSession:
    """In place of a session where declarations may only say what they want, not read."""

    def __getattr__(self, name: str) -> NoReturn:
        raise TypeError(f"session.{name}: a declaration of what is read cannot read itself")


NO_SESSION = _NoSession()


class Source(Protocol):
    """What an execution needs of a town or of the region."""

    platform: Platform
    principal: Principal
    locale: Language

    @property
    def tenant(self) -> int | None:
        """The town; None at the region."""
        ...

    def reading(self) -> Any:
        """Context manager of (context, towns by id) for one reading unit of work."""
        ...

    def closed(self) -> tuple[Any, Towns]:
        """A context without a session, and the towns by id: enough to ask declarations for their conditions."""
        ...

    async def rooms(self, datasets: Iterable[str | None]) -> Mapping[str | None, Towns]:
        """The towns that share each of the datasets with the region now; None: all of them."""
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
        self.platform = scope.platform
        self.principal = scope.principal
        self.locale: Language = scope.locale

    @property
    def tenant(self) -> int | None:
        """The town."""
        return self.scope.tenant.id

    def closed(self) -> tuple[Any, Towns]:
        """The town's context without a session."""
        tenant = self.scope.tenant
        return Ctx(self.platform, tenant, cast(Any, NO_SESSION), self.principal, self.locale), {tenant.id: tenant}

    async def rooms(self, datasets: Iterable[str | None]) -> Mapping[str | None, Towns]:
        """A town's schema has no fields over several towns."""
        raise TypeError(f"{list(datasets)}: only the region's schema reads across towns")

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
        self.platform = platform
        self.principal = principal
        self.locale: Language = locale

    @property
    def tenant(self) -> int | None:
        """No town in particular."""
        return None

    def reading(self) -> Any:
        """The tables of the core, of all towns."""
        return self._across(self._all(), "region: towns and measures")

    def closed(self) -> tuple[Any, Towns]:
        """The region's context without a session."""
        towns = self._all()
        return RegionCtx(self.platform, cast(Any, NO_SESSION), self.principal, self.locale, towns), towns

    async def rooms(self, datasets: Iterable[str | None]) -> Mapping[str | None, Towns]:
        """The consents are asked anew, and each reading is noted as one."""
        return {name: self._all() if name is None else await self._sharing(name) for name in datasets}

    def _all(self) -> Towns:
        return {town.id: town for town in self.platform.tenants.all()}

    async def _sharing(self, dataset: str) -> Towns:
        towns = {town.id: town for town in await consented_tenants(self.platform, dataset)}
        self.platform.shared_reads.note(dataset, REGION, towns, self.platform.clock.now())
        return towns

    @asynccontextmanager
    async def shared(self, dataset: str) -> AsyncGenerator[tuple[Any, Towns]]:
        """Exactly the towns that share the dataset now."""
        towns = await self._sharing(dataset)
        async with self._across(towns, f"region: {dataset}") as opened:
            yield opened

    async def run(self, work: Callable[[Ctx], Awaitable[T]]) -> T:
        """The region's schema has no mutations."""
        raise TypeError(f"{work.__qualname__}: nothing is written at the region")

    @asynccontextmanager
    async def _across(self, towns: Towns, reason: str) -> AsyncGenerator[tuple[Any, Towns]]:
        async with self.platform.database.read_across(list(towns), reason=reason) as session:
            yield RegionCtx(self.platform, session, self.principal, self.locale, towns), towns
