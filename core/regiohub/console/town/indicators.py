"""All indicators of the town, and the page of one with its history as a chart and a table."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.permissions import TENANT_MEASURES
from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormModel, asked
from regiohub.console.listing import Cell, Column, Filter, Found, Listing
from regiohub.console.page import Page
from regiohub.tenancy.indicators import service
from regiohub.tenancy.indicators.models import Figure
from regiohub.tenancy.indicators.progress import Standing
from regiohub.tenancy.indicators.reading import PlacedIndicator, all_indicators, history_of, indicator_of
from regiohub.texts import Text, t

from .access import require_staff
from .words import DIRECTIONS, KINDS, STANDINGS, share, standing_cell

router = APIRouter()


class FigureForm(FormModel):
    """The value of a day."""

    on: date = asked(t("Tag", "Day"))
    value: float = asked(t("Wert", "Value"))
    note: str | None = asked(
        t("Quelle oder Bemerkung", "Source or remark"),
        default=None,
        max_length=1000,
        help=t(
            "Woher der Wert stammt, ohne Namen von Personen.", "Where the value comes from, without names of people."
        ),
    )


@router.get("/indicators")
async def show_all(page: TownPage) -> Response:
    """All indicators of the portfolio."""
    require_staff(page)
    async with page.read() as ctx:
        found = await page.list(None, _listing(page), await all_indicators(ctx))
    return page.show("town/indicators.html", found=found)


@router.get("/indicators/{id}")
async def show(page: TownPage, id: UUID) -> Response:
    """One indicator."""
    require_staff(page)
    return await _page(page, id, page.form(FigureForm, {"on": _today(page)}))


@router.post("/indicators/{id}")
async def record(page: TownPage, id: UUID) -> Response:
    """Write down a value."""
    page.require(TENANT_MEASURES)
    form = await page.posted(FigureForm)
    if await page.submit(form, lambda ctx, value: service.record_figure(ctx, id, value.on, value.value, value.note)):
        return page.done(
            t("Der Wert ist eingetragen.", "The figure has been recorded."), page.town_url("indicators", id)
        )
    return await _page(page, id, form)


@router.get("/indicators/{id}/chart")
async def chart(page: TownPage, id: UUID) -> Response:
    """Its history for the chart, with the target as a second line."""
    require_staff(page)
    async with page.read() as ctx:
        row = (await indicator_of(ctx, id)).view.row
        figures = await history_of(ctx, id)
    series: list[dict[str, Any]] = [
        {"label": _title(page, row), "unit": row.unit, "values": [one.value for one in figures], "kind": "line"}
    ]
    if row.target_value is not None:
        label = t("Zielwert", "Target").get(page.language)
        series.append({"label": label, "unit": row.unit, "values": [row.target_value] * len(figures), "kind": "line"})
    # Noon, so that no time zone moves the day.
    times = [int(datetime.combine(one.on, time(12), UTC).timestamp()) for one in figures]
    return page.json({"times": times, "series": series, "quality": []})


@router.post("/indicators/{id}/delete")
async def delete(page: TownPage, id: UUID) -> Response:
    """Delete it with its history, after the question."""
    page.require(TENANT_MEASURES)
    async with page.read() as ctx:
        placed = await indicator_of(ctx, id)
        count = len(await history_of(ctx, id))
    if not await page.confirmed():
        title = placed.view.row.title
        lost = t(f"{count} eingetragene Werte gehen verloren.", f"{count} recorded figures are lost.")
        question = t(
            f"Den Indikator „{title}“ löschen?", f"Delete the indicator “{placed.view.row.title_en or title}”?"
        )
        return page.ask(question, [lost], submit=t("Löschen", "Delete"), back=page.town_url("indicators", id))
    await page.act(lambda ctx: service.delete_indicator(ctx, id))
    words = t("Der Indikator ist gelöscht.", "The indicator has been deleted.")
    return page.done(words, page.town_url("measures", placed.measure.key))


@router.post("/indicators/{id}/figures/{figure}/delete")
async def delete_figure(page: TownPage, id: UUID, figure: UUID) -> Response:
    """Delete one value, after the question."""
    page.require(TENANT_MEASURES)
    back = page.town_url("indicators", id)
    if not await page.confirmed():
        lost = t("Der Wert fehlt dann im Verlauf; im Protokoll bleibt er stehen.", "It is then missing in the history.")
        return page.ask(
            t("Diesen Wert löschen?", "Delete this figure?"), [lost], submit=t("Löschen", "Delete"), back=back
        )
    await page.act(lambda ctx: service.delete_figure(ctx, figure))
    return page.done(t("Der Wert ist gelöscht.", "The figure has been deleted."), back)


async def _page(page: Page, id: UUID, form: Form[FigureForm]) -> Response:
    async with page.read() as ctx:
        placed = await indicator_of(ctx, id)
        figures = list(reversed(await history_of(ctx, id)))
    view = placed.view
    form.fields["value"].unit = view.row.unit or None
    return page.show(
        "town/indicator.html",
        view=view,
        measure=placed.measure,
        form=form,
        facts=_facts(view.row, view),
        figures=await _history(page, figures, view.row.unit),
        kinds=KINDS,
        standing=standing_cell,
        may_edit=page.can(TENANT_MEASURES),
    )


async def _history(page: Page, figures: list[Figure], unit: str) -> Found:
    listing = Listing(
        "figures",
        t("Werte", "Figures"),
        columns=(
            Column("on", t("Tag", "Day"), lambda row: row.on, sort=lambda row: row.on),
            Column("value", t("Wert", "Value"), lambda row: row.value, sort=lambda row: row.value, numeric=True),
            Column("unit", t("Einheit", "Unit"), lambda _: unit),
            Column("note", t("Quelle", "Source"), lambda row: row.note),
        ),
        order="-on",
        empty=t("Noch kein Wert eingetragen.", "No figure recorded yet."),
    )
    return await page.list(None, listing, figures)


def _facts(row: Any, view: Any) -> list[tuple[Text, Any]]:
    return [
        (t("Stand", "Standing"), standing_cell(view)),
        (t("Wirkungskette", "Impact chain"), KINDS[row.kind]),
        (t("Einheit", "Unit"), row.unit),
        (t("Ausgangswert", "Start"), row.start_value),
        (t("Zielwert", "Target"), row.target_value),
        (t("Richtung", "Direction"), DIRECTIONS[row.direction]),
        (t("Zu erreichen bis", "To be reached by"), row.due),
        (t("Letzter Wert", "Latest figure"), view.latest.value if view.latest else None),
        (t("Vom", "Of"), view.latest.on if view.latest else None),
        (t("Veröffentlicht", "Published"), row.published),
    ]


def _listing(page: Page) -> Listing:
    def titled(one: PlacedIndicator) -> Cell:
        measure = one.measure
        return Cell(
            _title(page, one.view.row), note=(measure.title_en if page.language == "en" else None) or measure.title
        )

    def latest(one: PlacedIndicator) -> Any:
        return one.view.latest.value if one.view.latest else None

    return Listing(
        "indicators",
        t("Indikatoren", "Indicators"),
        columns=(
            Column(
                "title",
                t("Indikator", "Indicator"),
                titled,
                sort=lambda one: one.view.row.title,
                link=lambda one: page.town_url("indicators", one.view.row.id),
            ),
            Column("measure", t("Maßnahme", "Measure"), lambda one: one.measure.key, export_only=True),
            Column(
                "kind", t("Art", "Kind"), lambda one: KINDS[one.view.row.kind], sort=lambda one: one.view.row.kind.value
            ),
            Column("start", t("Ausgangswert", "Start"), lambda one: one.view.row.start_value, export_only=True),
            Column("target", t("Zielwert", "Target"), lambda one: one.view.row.target_value, numeric=True),
            Column("latest", t("Letzter Wert", "Latest"), latest, sort=latest, numeric=True),
            Column("unit", t("Einheit", "Unit"), lambda one: one.view.row.unit),
            Column(
                "day", t("Vom", "Of"), lambda one: one.view.latest.on if one.view.latest else None, export_only=True
            ),
            Column(
                "share",
                t("Fortschritt", "Progress"),
                lambda one: share(one.view.share),
                sort=lambda one: one.view.share,
                numeric=True,
            ),
            Column("due", t("Bis", "By"), lambda one: one.view.row.due, sort=lambda one: one.view.row.due),
            Column("standing", t("Stand", "Standing"), lambda one: standing_cell(one.view)),
        ),
        filters=(
            Filter.text("q", t("Suche", "Search"), lambda value: lambda one: _worded(one, value)),
            Filter.choice(
                "kind",
                t("Wirkungskette", "Impact chain"),
                [(kind.value, words) for kind, words in KINDS.items()],
                lambda value: lambda one: one.view.row.kind.value == value,
            ),
            Filter.choice(
                "standing",
                t("Stand", "Standing"),
                [(s.value, words) for s, (words, _) in STANDINGS.items()],
                lambda value: lambda one: one.view.standing is Standing(value),
            ),
            Filter.flag("drafts", t("Nur Entwürfe", "Drafts only"), lambda _: lambda one: not one.view.row.published),
        ),
        empty=t(
            "Noch keine Indikatoren. Sie entstehen auf der Seite einer Maßnahme.",
            "No indicators yet. They are added on the page of a measure.",
        ),
    )


def _worded(one: PlacedIndicator, value: str) -> bool:
    words = f"{one.view.row.title} {one.view.row.title_en or ''} {one.measure.title}"
    return value.casefold() in words.casefold()


def _title(page: Page, row: Any) -> str:
    return (row.title_en if page.language == "en" else None) or row.title


def _today(page: Page) -> date:
    return page.speaker.now.astimezone(page.speaker.zone).date()
