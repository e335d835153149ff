"""The first page of a town: what needs attention, its plugins, what they hold, the latest entries of the log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from fastapi import APIRouter
from starlette.responses import Response

from regiohub.audit import AuditFilter, list_entries
from regiohub.auth.permissions import TENANT_AUDIT, TENANT_MEASURES, TENANT_SETTINGS
from regiohub.console.dependencies import TownPage
from regiohub.console.listing import Cell, Tone
from regiohub.console.page import Page
from regiohub.plugins.parts import HealthCheck, Link
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.tenancy.indicators.progress import Standing
from regiohub.tenancy.indicators.reading import all_indicators
from regiohub.tenancy.models import Measure
from regiohub.tenancy.portfolio import held_by_plugins
from regiohub.texts import Text, t
from regiohub.web.pages.words import STATUS
from regiohub.work import Work, WorkState

from .access import require_staff
from .appearance import SLOTS

log = structlog.get_logger(__name__)
router = APIRouter()
_SECONDS_PER_CHECK = 5.0


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that somebody should look at, and where."""

    words: Text
    url: str
    tone: Tone = "warn"


@router.get("/")
async def show(page: TownPage) -> Response:
    """The overview."""
    require_staff(page)
    async with page.read() as ctx:
        held = await held_by_plugins(ctx)
        context: dict[str, Any] = {
            "notices": [*_of_plugins(page), *await _of_indicators(page, ctx), *_of_pages(page)],
            "running": (
                await ctx.session.scalars(sa.select(Work).where(Work.state == WorkState.RUNNING).limit(3))
            ).all(),
            "entries": await list_entries(ctx, AuditFilter(), limit=5) if page.can(TENANT_AUDIT) else [],
            "statuses": await _statuses(ctx),
            "status_words": STATUS,
        }
    return page.show("town/dashboard.html", plugins=_plugins(page, held), may_audit=page.can(TENANT_AUDIT), **context)


@router.get("/health")
async def health(page: TownPage) -> Response:
    """What the plugins' own checks say now. They may ask other machines, so they have a page of their own."""
    require_staff(page)
    checks = [(part.plugin, part.value) for part in page.scope.plugins.collect("register_health")]
    # Checks act as the platform, as they do for the operator.
    scope = page.platform.scope(page.town)
    results = await asyncio.gather(*(_examined(scope, plugin, check) for plugin, check in checks))
    healthy = page.platform.plugins.healthy
    return page.show("town/health.html", results=[(healthy[id_].title, words, cell) for id_, words, cell in results])


async def _examined(scope: TenantScope, plugin: str, check: HealthCheck) -> tuple[str, str, Cell]:
    try:
        async with asyncio.timeout(_SECONDS_PER_CHECK):
            found = await check.run(scope)
    except TimeoutError:
        return plugin, check.name, Cell(t("keine Antwort", "no answer"), badge="warn")
    except Exception:
        log.exception("health_check_failed", plugin=plugin, check=check.name)
        return plugin, check.name, Cell(t("Prüfung fehlgeschlagen", "check failed"), badge="bad")
    state = t("in Ordnung", "fine") if found.ok else t("gestört", "faulty")
    return plugin, check.name, Cell(state, badge="good" if found.ok else "bad", note=found.detail)


def _of_plugins(page: Page) -> list[Notice]:
    """Plugins that are switched on and do not work."""
    url = page.town_url("settings")
    return [
        Notice(
            t(
                f"Das Plugin {id_} ist eingeschaltet, arbeitet aber nicht.",
                f"The plugin {id_} is on but does not work.",
            ),
            url,
            "bad",
        )
        for id_ in sorted(page.town.switched - page.town.enabled)
    ]


async def _of_indicators(page: Page, ctx: Ctx) -> list[Notice]:
    if not page.can(TENANT_MEASURES):
        return []
    standings = [one.view.standing for one in await all_indicators(ctx)]
    late, empty = standings.count(Standing.OVERDUE), standings.count(Standing.UNKNOWN)
    url = page.town_url("indicators")
    found: list[Notice] = []
    if late:
        words = t(f"Überfällige Indikatoren: {late}", f"Overdue indicators: {late}")
        found.append(Notice(words, f"{url}?indicators.standing=overdue", "bad"))
    if empty:
        words = t(f"Indikatoren ohne einen Wert: {empty}", f"Indicators without a figure: {empty}")
        found.append(Notice(words, f"{url}?indicators.standing=unknown"))
    return found


def _of_pages(page: Page) -> list[Notice]:
    """What the law wants on the start page and is not there yet."""
    if not page.can(TENANT_SETTINGS):
        return []
    url = page.town_url("branding")
    return [Notice(slot.missing, url) for slot in SLOTS if not page.town.branding.get(slot.name)]


def _plugins(page: Page, held: Any) -> list[tuple[Text, Text, Cell, Sequence[Link], str | None]]:
    """Title, description, state, what it holds, and its first page in the console."""
    sections = {section.plugin: section.entries for section in page.sections}
    found: list[tuple[Text, Text, Cell, Sequence[Link], str | None]] = []
    for id_, plugin in page.platform.plugins.healthy.items():
        if id_ not in page.town.enabled:
            continue
        entries = sections.get(id_, ())
        first = next((entry.url for entry in entries), None)
        found.append((plugin.title, plugin.description, Cell(t("an", "on"), badge="good"), held.get(id_, ()), first))
    return found


async def _statuses(ctx: Ctx) -> dict[str | None, int]:
    of_portfolio = sa.select(Measure.status, sa.func.count()).where(Measure.retired_at.is_(None))
    rows = await ctx.session.execute(of_portfolio.group_by(Measure.status))
    return {row[0]: row[1] for row in rows}
