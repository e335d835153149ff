"""The response cache: which answers may be kept, under which key, and whether they are still true."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

import orjson
import structlog

from regiohub.auth.principal import Principal
from regiohub.db.version_looks import PLATFORM, Look, LookFailed, Looks, looks_at, stamp
from regiohub.db.versions import watched
from regiohub.graphql.prepared import Request
from regiohub.platform import Platform
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Language

from .shelf import Kept, Shelf

log = structlog.get_logger(__name__)
_KEY_BYTES = 20_000
"""Longest document with its variables under which an answer is kept."""


class PlanFacts(Protocol):
    """What the cache has to know of a plan."""

    @property
    def cacheable(self) -> bool:
        """Whether all of it is declared so."""
        ...

    @property
    def reads_person(self) -> bool:
        """Whether it looks at who calls."""
        ...

    @property
    def reads_clock(self) -> bool:
        """Whether it looks at what time it is."""
        ...

    @property
    def tables(self) -> frozenset[str]:
        """Names of all tables in its statements."""
        ...


@dataclass(frozen=True, slots=True)
class Key:
    """Everything an answer may depend on, except the data. `number`: state of the platform in this process's memory."""

    value: Hashable
    number: int
    weight: int


class ResponseCache:
    """Answers of towns. Never old: each use looks at the counters of the tables first, and so does each new answer."""

    def __init__(self, platform: Platform) -> None:
        settings = platform.settings
        self._platform = platform
        self._shelf = Shelf(settings.graphql_response_cache_bytes)
        self._looks: Looks | None = None
        self._unwatched: set[frozenset[str]] = set()
        if settings.graphql_response_cache:
            try:
                address = platform.database.url
                self._looks = platform.resources.get("core.looks", lambda: looks_at(address), lambda it: it.close())
            except ValueError as error:
                log.warning("response_cache_off", reason=str(error))

    @property
    def shelf(self) -> Shelf:
        """Where the answers are."""
        return self._shelf

    def key(self, tenant: TenantInfo | None, request: Request, principal: Principal, locale: Language) -> Key | None:
        """The key of an operation; None where nothing is kept: off, at the region, or too large."""
        if self._looks is None or tenant is None:
            return None
        try:
            variables = orjson.dumps(request.variables, option=orjson.OPT_SORT_KEYS) if request.variables else b""
        except TypeError:
            return None
        weight = len(request.query) + len(variables)
        if weight > _KEY_BYTES:
            return None
        tenants = self._platform.tenants
        now = tenants.by_id(tenant.id) or tenant
        # The text itself and not its hash, the rights themselves and not their names: nothing can be mistaken.
        value = (
            tenant.id, tenants.version, now.enabled, request.query, request.operation_name, variables,
            principal.kind, principal.roles, principal.permissions, locale,
        )  # fmt: skip
        return Key(value, tenants.version, weight)

    def kept(self, key: Key) -> Kept | None:
        """An answer that may be old: `is_true` says."""
        return self._shelf.get(key.value)

    async def look(self, tenant: TenantInfo, key: Key) -> Look | None:
        """The counters as they are now; None where they are not known, or the platform has changed since the key.

        In the second case the towns have been loaded again, and a new key may be asked for.
        """
        if self._looks is None:
            return None
        try:
            found = await self._looks.look(tenant.id)
        except LookFailed:
            return None
        if found.get(PLATFORM) == key.number:
            return found
        # Another process has switched something. Answers of old switches must not be kept under the new number.
        await self._platform.tenants.refresh()
        return None

    def is_true(self, kept: Kept, look: Look) -> bool:
        """Whether nothing has changed in the tables of an answer."""
        return kept.stamp == stamp(look, kept.tables)

    def may_keep(self, plan: PlanFacts | None) -> bool:
        """Whether answers of a plan may be kept: declared so, reading neither person nor clock, all tables counted."""
        if plan is None or not plan.cacheable or plan.reads_person or plan.reads_clock:
            return False
        unwatched = plan.tables - watched()
        if unwatched and unwatched not in self._unwatched:
            self._unwatched.add(unwatched)
            log.warning(
                "response_not_kept", tables=sorted(unwatched), remedy="declare their types cacheable, or watch(Model)"
            )
        return not unwatched

    def keep(self, key: Key, look: Look, plan: PlanFacts, body: bytes) -> None:
        """Keep an answer. `look`: the counters as they were before its rows were read."""
        tables = tuple(sorted(plan.tables))
        self._shelf.put(key.value, key.weight, tables, stamp(look, tables), body)
