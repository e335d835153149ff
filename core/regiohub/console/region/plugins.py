"""Plugins of this installation: versions, state, failures with their reason."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.permissions import REGION_READ
from regiohub.console.dependencies import RegionPage
from regiohub.console.listing import Cell, Column, Filter, Listing, Tone
from regiohub.plugins.host import CallStats
from regiohub.plugins.loading import Record
from regiohub.region.overview import health
from regiohub.texts import Text, t

router = APIRouter()


@dataclass(frozen=True, slots=True)
class _Row:
    record: Record
    stats: CallStats
    towns: int

    @property
    def title(self) -> Text | str:
        """The plugin's title, its id where it could not be loaded."""
        return self.record.plugin.title if self.record.plugin else self.record.id

    @property
    def state(self) -> str:
        """healthy, quarantined or blocked."""
        return "blocked" if not self.record.allowed else "healthy" if self.record.healthy else "quarantined"


_STATES = {
    "healthy": t("arbeitet", "works"),
    "quarantined": t("in Quarantäne", "in quarantine"),
    "blocked": t("nicht zugelassen", "not allowed"),
}
_TONES: dict[str, Tone] = {"healthy": "good", "quarantined": "bad", "blocked": "plain"}

PLUGINS = Listing(
    "plugins",
    t("Plugins", "Plugins"),
    columns=(
        Column(
            "title",
            t("Plugin", "Plugin"),
            lambda row: Cell(row.title, note=row.record.id),
            sort=lambda row: row.record.id,
        ),
        Column(
            "version", t("Version", "Version"), lambda row: row.record.plugin.version if row.record.plugin else None
        ),
        Column(
            "state",
            t("Zustand", "State"),
            lambda row: Cell(_STATES[row.state], badge=_TONES[row.state], note=row.record.fault),
            sort=lambda row: row.state,
        ),
        Column("towns", t("Kommunen", "Towns"), lambda row: row.towns, sort=lambda row: row.towns, numeric=True),
        Column("needs", t("Braucht", "Needs"), lambda row: row.record.plugin.requires if row.record.plugin else None),
        Column(
            "calls",
            t("Aufrufe seit dem Start", "Calls since the start"),
            lambda row: row.stats.calls,
            sort=lambda row: row.stats.calls,
            numeric=True,
        ),
        Column(
            "errors",
            t("Fehler", "Errors"),
            lambda row: row.stats.errors,
            sort=lambda row: row.stats.errors,
            numeric=True,
        ),
        Column("last", t("Letzter Fehler", "Last error"), lambda row: row.stats.last_error),
    ),
    filters=(
        Filter.choice(
            "state", t("Zustand", "State"), tuple(_STATES.items()), lambda value: lambda row: row.state == value
        ),
    ),
    order="title",
)


@router.get("/plugins")
async def show(page: RegionPage) -> Response:
    """All installed plugins, and what their own checks find in the towns."""
    page.require(REGION_READ)
    platform, towns = page.platform, page.platform.tenants.all()
    rows = [
        _Row(
            record, platform.plugins.stats.get(record.id, CallStats()), sum(record.id in town.enabled for town in towns)
        )
        for record in platform.plugins.records
    ]
    found = await page.list(None, PLUGINS, rows)
    faults = await health(platform, towns)
    findings = [(town, fault) for town in towns for fault in faults.get(town.id, ())]
    return page.show("region/plugins.html", found=found, findings=findings)
