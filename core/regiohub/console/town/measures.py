"""The town's measures: a list with filters, and a timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.permissions import TENANT_MEASURES
from regiohub.console.dependencies import TownPage
from regiohub.console.listing import Cell, Column, Filter, Listing
from regiohub.console.page import Page
from regiohub.region.measures import INDICATORS, PROGRESS
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.models import Activation, Measure
from regiohub.texts import Text, t
from regiohub.web.pages.words import STATUS

from .access import require_staff
from .words import share, status_cell

router = APIRouter()


def listing(page: Page, bundles: Sequence[tuple[str, Text]]) -> Listing:
    """The list, with the bundles and plugins of this town."""
    healthy = page.platform.plugins.healthy

    def titled(row: Any) -> Cell:
        english = page.language == "en" and row.Measure.title_en
        return Cell(english or row.Measure.title, note=row.Measure.bundle_title)

    def plugins(row: Any) -> list[str]:
        return [healthy[id_].title.get(page.language) for id_ in page.town.working_for(row.Measure.id)]

    return Listing(
        "measures",
        t("Maßnahmen", "Measures"),
        columns=(
            Column("key", t("Kennung", "Key"), lambda row: row.Measure.key, export_only=True),
            Column(
                "title",
                t("Maßnahme", "Measure"),
                titled,
                sort=Measure.title,
                link=lambda row: page.town_url("measures", row.Measure.key),
            ),
            Column("bundle", t("Bündel", "Bundle"), lambda row: row.Measure.bundle_title, export_only=True),
            Column("lead", t("Federführung", "Lead"), lambda row: row.Measure.lead, sort=Measure.lead),
            Column("status", t("Stand", "Status"), lambda row: status_cell(row.Measure.status), sort=Measure.status),
            Column("from", t("Von", "From"), lambda row: _year(row.Measure.from_year), sort=Measure.from_year),
            Column("to", t("Bis", "Until"), lambda row: _year(row.Measure.to_year), sort=Measure.to_year),
            Column("plugins", t("Plugins", "Plugins"), plugins),
            Column(
                "progress", t("Fortschritt", "Progress"), lambda row: share(row.progress), sort=PROGRESS, numeric=True
            ),
            Column(
                "indicators", t("Indikatoren", "Indicators"), lambda row: row.indicators, sort=INDICATORS, numeric=True
            ),
            Column(
                "place",
                t("Platz", "Place"),
                lambda row: row.Measure.position + 1,
                sort=Measure.position,
                export_only=True,
            ),
        ),
        filters=(
            Filter.text("q", t("Titel oder Federführung", "Title or lead"), _worded),
            Filter.choice("bundle", t("Bündel", "Bundle"), bundles, lambda value: Measure.bundle_key == value),
            Filter.choice("status", t("Stand", "Status"), tuple(STATUS.items()), lambda value: Measure.status == value),
            Filter.choice(
                "plugin", t("Plugin", "Plugin"), [(id_, plugin.title) for id_, plugin in healthy.items()], _served_by
            ),
            Filter.flag(
                "retired", t("Nur herausgenommene", "Taken out only"), lambda _: Measure.retired_at.is_not(None)
            ),
        ),
        order="place",
        last=Measure.key,
        empty=t("Noch keine Maßnahmen.", "No measures yet."),
    )


@router.get("/measures")
async def show(page: TownPage) -> Response:
    """The portfolio, as a list or on a timeline."""
    require_staff(page)
    only_retired = page.request.query_params.get("measures.retired") and page.can(TENANT_MEASURES)
    statement = sa.select(Measure, PROGRESS.label("progress"), INDICATORS.label("indicators"))
    if not only_retired:
        statement = statement.where(Measure.retired_at.is_(None))
    async with page.read() as ctx:
        found = await page.list(ctx, listing(page, await bundles_of(ctx)), statement)
    as_timeline = page.request.query_params.get("view") == "timeline"
    return page.show(
        "town/measures.html",
        found=found,
        as_timeline=as_timeline,
        years=_years([row.Measure for row in found.rows]) if as_timeline else [],
        may_edit=page.can(TENANT_MEASURES),
    )


async def bundles_of(ctx: Ctx) -> list[tuple[str, Text]]:
    """Keys and titles of the town's bundles, in the order of their first measure."""
    statement = (
        sa.select(Measure.bundle_key, Measure.bundle_title, Measure.bundle_title_en)
        .where(Measure.bundle_key.is_not(None))
        .order_by(Measure.position)
    )
    found: dict[str, Text] = {}
    for key, title, title_en in await ctx.session.execute(statement):
        if key:
            found.setdefault(key, Text(title or key, title_en or title or key))
    return list(found.items())


def _worded(words: str) -> Any:
    return sa.or_(
        *(column.icontains(words, autoescape=True) for column in (Measure.title, Measure.title_en, Measure.lead))
    )


def _served_by(plugin: str) -> Any:
    serving = sa.select(Activation.measure_id).where(
        Activation.tenant_id == Measure.tenant_id, Activation.plugin == plugin, Activation.on
    )
    return Measure.id.in_(serving)


def _years(rows: Sequence[Measure]) -> list[int]:
    named = [year for row in rows for year in (row.from_year, row.to_year) if year]
    return list(range(min(named), max(named) + 1)) if named else []


def _year(value: int | None) -> str | None:
    return None if value is None else str(value)
