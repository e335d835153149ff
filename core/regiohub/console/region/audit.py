"""The region's audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.audit.models import AuditEntry
from regiohub.audit.wording import CORE_ACTIONS
from regiohub.auth.permissions import REGION_AUDIT
from regiohub.auth.principal import PrincipalKind
from regiohub.console.dependencies import RegionPage
from regiohub.console.listing import Cell, Column, Filter, Listing
from regiohub.console.page import Page
from regiohub.console.words import REGION_ZONE
from regiohub.region.trail import entries
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Text, t

router = APIRouter()
ACTORS = {
    PrincipalKind.REGIONAL: t("Region", "region"),
    PrincipalKind.PERSON: t("Person", "person"),
    PrincipalKind.MACHINE: t("Programm", "program"),
    PrincipalKind.SYSTEM: t("Regio.hub selbst", "Regio.hub itself"),
    PrincipalKind.ANONYMOUS: t("ohne Anmeldung", "not signed in"),
}


def listing(towns: Mapping[int, TenantInfo]) -> Listing:
    """The list, with the towns of this installation."""
    return Listing(
        "audit",
        t("Protokoll der Region", "Audit trail of the region"),
        columns=(
            Column("at", t("Zeit", "Time"), lambda row: row.at, sort=AuditEntry.id),
            Column("town", t("Kommune", "Town"), lambda row: towns[row.tenant_id].short_name),
            Column("who", t("Wer", "Who"), lambda row: Cell(ACTORS[row.actor_kind], note=row.actor)),
            Column("what", t("Was", "What"), lambda row: Cell(Text(row.text_de, row.text_en), note=row.note)),
            Column("action", t("Vorgang", "Action"), lambda row: row.action, export_only=True),
        ),
        filters=(
            Filter.choice(
                "town",
                t("Kommune", "Town"),
                [(town.slug, town.short_name) for town in towns.values()],
                lambda value: AuditEntry.tenant_id == next(t.id for t in towns.values() if t.slug == value),
            ),
            Filter.choice(
                "action", t("Vorgang", "Action"), tuple(CORE_ACTIONS.items()), lambda value: AuditEntry.action == value
            ),
            Filter.choice(
                "who",
                t("Wer", "Who"),
                [(kind.value, words) for kind, words in ACTORS.items()],
                lambda value: AuditEntry.actor_kind == PrincipalKind(value),
            ),
            Filter.day("from", t("Von", "From"), lambda day: AuditEntry.at >= _begin(day)),
            Filter.day("to", t("Bis", "Until"), lambda day: AuditEntry.at < _begin(day + timedelta(days=1))),
        ),
        order="-at",
        last=AuditEntry.id,
        empty=t("Noch ist nichts verzeichnet.", "Nothing has been recorded yet."),
    )


def _begin(day: Any) -> datetime:
    return datetime.combine(day, time(), REGION_ZONE)


@router.get("/audit")
async def show(page: RegionPage) -> Response:
    """Entries of all towns, the newest first."""
    page.require(REGION_AUDIT)
    found = await _found(page)
    return page.show("region/audit.html", found=found)


async def _found(page: Page) -> Any:
    towns = {town.id: town for town in page.platform.tenants.all()}
    async with page.platform.database.read_across(list(towns), reason="the region's audit trail") as session:
        return await page.list(session, listing(towns), entries(page.person))
