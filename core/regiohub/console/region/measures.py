"""Measures across towns: as a list, and on a timeline."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.permissions import REGION_READ
from regiohub.console.dependencies import RegionPage
from regiohub.console.listing import Cell, Column, Filter, Listing
from regiohub.console.page import Page
from regiohub.region.measures import INDICATORS, PROGRESS, measures
from regiohub.tenancy.models import Measure
from regiohub.texts import Text, t
from regiohub.web.pages.words import STATUS

router = APIRouter()


def listing(page: Page) -> Listing:
    """The list, with the towns of this installation."""
    towns = {town.id: town for town in page.platform.tenants.all()}

    def town(row: Any) -> str:
        return towns[row.Measure.tenant_id].short_name

    def titled(row: Any) -> Cell:
        measure = row.Measure
        english = page.language == "en" and measure.title_en
        return Cell(measure.title_en if english else measure.title, note=measure.bundle_title)

    return Listing(
        "measures",
        t("Maßnahmen", "Measures"),
        columns=(
            Column("town", t("Kommune", "Town"), town),
            Column(
                "title",
                t("Maßnahme", "Measure"),
                titled,
                sort=Measure.title,
                link=lambda row: f"/{towns[row.Measure.tenant_id].slug}/measures/{row.Measure.key}",
            ),
            Column("bundle", t("Bündel", "Bundle"), lambda row: row.Measure.bundle_title, export_only=True),
            Column("lead", t("Federführung", "Lead"), lambda row: row.Measure.lead, sort=Measure.lead),
            Column(
                "status",
                t("Stand", "Status"),
                lambda row: STATUS.get(row.Measure.status or "", row.Measure.status),
                sort=Measure.status,
            ),
            Column("from", t("Von", "From"), lambda row: _year(row.Measure.from_year), sort=Measure.from_year),
            Column("to", t("Bis", "Until"), lambda row: _year(row.Measure.to_year), sort=Measure.to_year),
            Column(
                "progress", t("Fortschritt", "Progress"), lambda row: _share(row.progress), sort=PROGRESS, numeric=True
            ),
            Column(
                "indicators", t("Indikatoren", "Indicators"), lambda row: row.indicators, sort=INDICATORS, numeric=True
            ),
        ),
        filters=(
            Filter.text(
                "q",
                t("Titel oder Bündel", "Title or bundle"),
                lambda value: sa.or_(
                    Measure.title.icontains(value, autoescape=True),
                    Measure.bundle_title.icontains(value, autoescape=True),
                ),
            ),
            Filter.choice(
                "town",
                t("Kommune", "Town"),
                [(town.slug, town.short_name) for town in towns.values()],
                lambda value: Measure.tenant_id == next(t.id for t in towns.values() if t.slug == value),
            ),
            Filter.choice("status", t("Stand", "Status"), tuple(STATUS.items()), lambda value: Measure.status == value),
        ),
        order="title",
        last=Measure.id,
    )


@router.get("/measures")
async def show(page: RegionPage) -> Response:
    """The measures of all towns."""
    page.require(REGION_READ)
    ids = [town.id for town in page.platform.tenants.all()]
    async with page.platform.database.read_across(ids, reason="measures of all towns") as session:
        found = await page.list(session, listing(page), measures(page.person))
    as_timeline = page.request.query_params.get("view") == "timeline"
    years = _years([row.Measure for row in found.rows]) if as_timeline else []
    towns = {town.id: town.short_name for town in page.platform.tenants.all()}
    return page.show("region/measures.html", found=found, as_timeline=as_timeline, years=years, towns=towns)


def _years(rows: list[Measure]) -> list[int]:
    named = [year for row in rows for year in (row.from_year, row.to_year) if year]
    return list(range(min(named), max(named) + 1)) if named else []


def _year(value: int | None) -> str | None:
    return None if value is None else str(value)


def _share(value: float | None) -> Text | None:
    return None if value is None else Text(f"{round(value * 100)} %", f"{round(value * 100)}%")
