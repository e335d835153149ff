"""A town as every request sees it: an unchanging snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from regiohub.auth.roles.town import NO_ROLES, TownRoles


@dataclass(frozen=True, slots=True)
class TenantInfo:
    """Facts, branding and switches of one town.

    `subdivision`: state as ISO 3166-2 code without country ("BB"), for regional holidays. `centre`: longitude and
    latitude. `enabled`: plugins that work here now: switched on, healthy, and all they require too.
    `branding`: colours, logo and the texts of the start page, from the file and above it from the console.
    `switched`: plugins that are switched on, healthy or not. `serving`: those switched on for a measure, by its id.
    `roles`: the town's own roles and what its groups carry. `keys`: keys that came with the town's archive, by purpose,
    sealed with the key of this installation.
    """

    id: int
    slug: str
    name: str
    short_name: str
    ags: str
    subdivision: str
    timezone: ZoneInfo
    centre: tuple[float, float]
    locale: str = "de-DE"
    country: str = "DE"
    population: int | None = None
    area_km2: float | None = None
    programme_id: str | None = None
    programme: str | None = None
    phase: str | None = None
    phase_until: date | None = None
    motto: str | None = None
    office: str | None = None
    client: str | None = None
    innovation_fields: tuple[str, ...] = ()
    branding: Mapping[str, Any] = field(default_factory=dict[str, Any])
    hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    enabled: frozenset[str] = frozenset()
    switched: frozenset[str] = frozenset()
    serving: Mapping[UUID, frozenset[str]] = field(default_factory=dict[UUID, frozenset[str]])
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    roles: TownRoles = NO_ROLES
    keys: Mapping[str, bytes] = field(default_factory=dict[str, bytes], repr=False)

    def working_for(self, measure_id: UUID) -> list[str]:
        """Plugins that are switched on for a measure and work, by name."""
        return sorted(self.serving.get(measure_id, frozenset()) & self.enabled)

    @property
    def language(self) -> str:
        """Two-letter language of the town's pages and mails."""
        return self.locale[:2]
