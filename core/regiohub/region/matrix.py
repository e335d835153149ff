"""Towns and plugins: the four states of each pair, which never mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from regiohub.auth.permissions import REGION_READ
from regiohub.auth.principal import Principal
from regiohub.platform import Platform
from regiohub.plugins.loading import Record
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Text, t

from .rights import require


class State(StrEnum):
    """How a plugin stands in a town."""

    ON = "on"
    """Switched on, and works."""
    OFF = "off"
    """It could be switched on."""
    FAULTY = "faulty"
    """Switched on, but does not work: in quarantine, or what it needs is missing."""
    BLOCKED = "blocked"
    """Installed, but this installation does not allow it."""
    BROKEN = "broken"
    """In quarantine, and off here."""


WORDS: dict[State, Text] = {
    State.ON: t("an", "on"),
    State.OFF: t("aus", "off"),
    State.FAULTY: t("an, gestört", "on, faulty"),
    State.BLOCKED: t("nicht zugelassen", "not allowed"),
    State.BROKEN: t("gestört", "faulty"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One plugin in one town: installed, allowed, healthy, enabled."""

    plugin: str
    state: State
    for_measures: int
    """For how many measures it is switched on."""
    fault: str | None = None

    @property
    def words(self) -> Text:
        """The state in words."""
        return WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Row:
    """One town with all plugins, in the order of the plugins."""

    town: TenantInfo
    standings: Sequence[Standing]


def matrix(platform: Platform, person: Principal) -> Sequence[Row]:
    """All towns by name. Raises ``Forbidden`` without the right to see the region's administration."""
    require(person, REGION_READ)
    return [
        Row(town, [standing(town, record) for record in platform.plugins.records]) for town in platform.tenants.all()
    ]


def standing(town: TenantInfo, record: Record) -> Standing:
    """How one plugin stands in one town."""
    platform_level = record.plugin is not None and record.plugin.level == "platform"
    switched = record.id in town.switched or platform_level
    if record.id in town.enabled:
        state = State.ON
    elif switched:
        state = State.FAULTY
    elif not record.allowed:
        state = State.BLOCKED
    else:
        state = State.OFF if record.healthy else State.BROKEN
    measures = sum(record.id in plugins for plugins in town.serving.values())
    return Standing(record.id, state, measures, record.fault)
