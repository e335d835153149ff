"""The unit of work: one town, one caller, one transaction. And the scope that opens such units for a town."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from regiohub.auth.permissions import Permission
from regiohub.auth.principal import SYSTEM, Principal
from regiohub.errors import Forbidden, Unauthenticated
from regiohub.plugins.host import Contribution
from regiohub.plugins.manifest import PluginSettings
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Language

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession
    from regiohub.events.event import Event
    from regiohub.mail import Mail
    from regiohub.platform import Platform
    from regiohub.resources import Resources

S = TypeVar("S", bound=PluginSettings)
T = TypeVar("T")
_RETRIES = 3
_TRANSIENT = frozenset({"40001", "40P01"})
"""SQL states serialization_failure and deadlock_detected: the same work may succeed when it is tried again."""


class PluginCalls:
    """Hooks of the plugins that are on in one town."""

    def __init__(self, platform: Platform, tenant: TenantInfo) -> None:
        self._platform, self._tenant = platform, tenant

    def call(self, hook: str, **arguments: Any) -> list[Contribution[Any]]:
        """What each plugin returned, in dependency order; one that raises is left out and counted."""
        return self._platform.plugins.call(hook, self._tenant.enabled, **arguments)

    def collect(self, hook: str) -> list[Contribution[Any]]:
        """Like `call` for hooks that return sequences: one contribution per item."""
        return self._platform.plugins.collect(hook, self._tenant.enabled)


class Ctx:
    """One unit of work. It ends with the transaction; keep nothing of it beyond."""

    def __init__(
        self, platform: Platform, tenant: TenantInfo, session: TenantSession, principal: Principal, locale: Language
    ) -> None:
        self.platform = platform
        self.tenant = tenant
        self.session = session
        self.principal = principal
        self.locale: Language = locale
        self.plugins = PluginCalls(platform, tenant)
        self.audited = 0
        """Audit entries written by this unit of work."""
        self.changes_town = False
        """Whether this unit of work has called `town_changed`."""
        self._after_commit: list[Callable[[], None]] = []
        self._woken = False

    @property
    def data_dir(self) -> Path:
        """A folder of the town's own for files."""
        return self.platform.tenant_dir(self.tenant)

    def now(self) -> datetime:
        """The present moment in UTC."""
        return self.platform.clock.now()

    @property
    def scope(self) -> TenantScope:
        """The town's scope, for work that outlives this unit; it acts as the platform itself."""
        return TenantScope(self.platform, self.tenant, locale=self.locale)

    def derive_key(self, purpose: str) -> bytes:
        """32 secret bytes of this town for one purpose ("booking.access_code"), always the same; never store them."""
        return self.platform.derive_key(self.tenant, purpose)

    def settings(self, model: type[S]) -> S:
        """The settings of the plugin that this model belongs to, for this town: defaults < file < console."""
        return self.platform.settings_of(self.tenant, model)

    def can(self, permission: Permission) -> bool:
        """Whether the caller may do this here."""
        return self.principal.can(permission)

    def require(self, permission: Permission) -> None:
        """Raise Unauthenticated (nobody signed in) or Forbidden unless the caller may do this here."""
        if self.can(permission):
            return
        raise Unauthenticated() if self.principal.subject is None else Forbidden()

    def require_person(self) -> Principal:
        """The signed-in person. Raises Unauthenticated for anonymous callers, Forbidden for machines."""
        if self.principal.is_signed_in:
            return self.principal
        raise Unauthenticated() if self.principal.subject is None else Forbidden()

    async def audit(
        self,
        action: str,
        *,
        kind: str,
        id: str,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        note: str | None = None,
    ) -> None:
        """Write down who did what: `action` is "<plugin>.<verb>"; ids and values only, never personal data."""
        from regiohub.audit import record

        await record(self, action, kind=kind, id=id, before=before, after=after, note=note)

    async def emit(self, event: Event) -> None:
        """Store an event with this transaction; its handlers run after the commit, at least once."""
        from regiohub.events.outbox import put_event

        await put_event(self.session, event, now=self.now())
        self._wake_worker()

    async def enqueue(
        self, task: str, payload: Mapping[str, Any], *, key: str | None = None, delay: timedelta = timedelta()
    ) -> UUID | None:
        """Store a task with this transaction. With a `key` it is stored once: None when the key is known already."""
        from regiohub.events.outbox import put_task

        queued = await put_task(self.session, task, payload, now=self.now(), key=key, delay=delay)
        self._wake_worker()
        return queued

    async def mail(self, mail: Mail) -> None:
        """Store a mail with this transaction; it is sent after the commit. Raises InvalidInput for a bad address."""
        from regiohub.events.outbox import put_mail

        await put_mail(self.session, mail, now=self.now())
        self._wake_worker()

    async def town_changed(self) -> None:
        """Switches, settings or facts of the town change here: after the commit every process loads them anew.

        This process does so before the unit of work returns, and calls the hooks of what went on or off.
        """
        from regiohub.tenancy.registry import touch

        await touch(self.session)
        self.changes_town = True

    def notify(self, topic: str, message: dict[str, Any]) -> None:
        """Wake listeners of `topic` after the commit with a small JSON message; it may be lost."""
        self.after_commit(lambda: self.platform.live.publish(self.tenant.id, topic, message))

    def after_commit(self, function: Callable[[], None]) -> None:
        """Call a function once the transaction is committed; not at all if it is rolled back."""
        self._after_commit.append(function)

    def _wake_worker(self) -> None:
        if not self._woken:
            self._woken = True
            self.after_commit(self.platform.live.wake)

    def committed(self) -> None:
        """Run what waited for the commit; called by the scope."""
        waiting, self._after_commit = self._after_commit, []
        for function in waiting:
            function()


class TenantScope:
    """A town outside any transaction: what routes, jobs and background tasks get to open units of work."""

    def __init__(
        self, platform: Platform, tenant: TenantInfo, *, principal: Principal = SYSTEM, locale: Language = "de"
    ) -> None:
        self.platform = platform
        self._tenant = tenant
        self.principal = principal
        self.locale: Language = locale

    @property
    def tenant(self) -> TenantInfo:
        """The town as it is now: switches and settings may have changed since the scope was made."""
        return self.platform.tenants.by_id(self._tenant.id) or self._tenant

    @property
    def plugins(self) -> PluginCalls:
        """Hooks of the plugins that are on in this town."""
        return PluginCalls(self.platform, self.tenant)

    @property
    def data_dir(self) -> Path:
        """A folder of the town's own for files."""
        return self.platform.tenant_dir(self._tenant)

    def settings(self, model: type[S]) -> S:
        """The settings of the plugin that this model belongs to, for this town."""
        return self.platform.settings_of(self.tenant, model)

    def now(self) -> datetime:
        """The present moment in UTC."""
        return self.platform.clock.now()

    @property
    def resources(self) -> Resources:
        """Pools and clients that live as long as the application: `resources.get(name, make, close)`."""
        return self.platform.resources

    def derive_key(self, purpose: str) -> bytes:
        """32 secret bytes of this town for one purpose, always the same; never store them."""
        return self.platform.derive_key(self._tenant, purpose)

    def listen(self, topic: str) -> AsyncIterator[dict[str, Any]]:
        """Live messages of a topic from now on."""
        return self.platform.live.subscribe(self._tenant.id, topic)

    @asynccontextmanager
    async def read(self, principal: Principal | None = None) -> AsyncGenerator[Ctx]:
        """A reading unit of work: one snapshot, writes are refused."""
        async with self.platform.database.read(self._tenant.id) as session:
            yield Ctx(self.platform, self.tenant, session, principal or self.principal, self.locale)

    @asynccontextmanager
    async def write(self, principal: Principal | None = None) -> AsyncGenerator[Ctx]:
        """A writing unit of work: committed at the end, rolled back on any exception."""
        async with self.platform.database.write(self._tenant.id) as session:
            ctx = Ctx(self.platform, self.tenant, session, principal or self.principal, self.locale)
            before = ctx.tenant
            yield ctx
            await session.commit()
        ctx.committed()
        if ctx.changes_town:
            await self.platform.town_changed(before)

    async def run(self, work: Callable[[Ctx], Awaitable[T]], principal: Principal | None = None) -> T:
        """A writing unit of work that is tried again, at most 3 times, after a deadlock or serialisation failure."""
        for attempt in range(_RETRIES + 1):
            try:
                async with self.write(principal) as ctx:
                    return await work(ctx)
            except DBAPIError as error:
                if attempt == _RETRIES or not is_transient(error):
                    raise
                await asyncio.sleep(random.uniform(0.005, 0.05) * 2**attempt)  # noqa: S311 - spreads retries, no secret
        raise AssertionError("unreachable")


def is_transient(error: DBAPIError) -> bool:
    """Whether the database gave up for a reason that may not recur: deadlock, serialisation failure, busy file."""
    return getattr(error.orig, "sqlstate", None) in _TRANSIENT or "database is locked" in str(error.orig)
