"""Forms of objectives, and of indicators as part of a measure."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.permissions import TENANT_MEASURES
from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormModel, asked
from regiohub.console.page import Page
from regiohub.errors import NotFound
from regiohub.tenancy.indicators import service
from regiohub.tenancy.indicators.models import Direction, ImpactKind, Indicator, Objective
from regiohub.tenancy.measures import find_measure
from regiohub.tenancy.models import Measure
from regiohub.texts import t

from .words import DIRECTIONS, KINDS

router = APIRouter()
_KINDS = tuple((kind.value, words) for kind, words in KINDS.items())
_DIRECTIONS = tuple((direction.value, words) for direction, words in DIRECTIONS.items())


class ObjectiveForm(FormModel):
    """An objective."""

    title: str = asked(
        t("Ziel", "Objective"),
        min_length=1,
        max_length=200,
        help=t(
            "Was soll anders sein? Ohne Zahlen, in einem Satz.", "What shall be different? In one sentence, no figures."
        ),
    )
    title_en: str | None = asked(t("Ziel auf Englisch", "Objective in English"), default=None, max_length=200)


class IndicatorForm(FormModel):
    """An indicator or key result."""

    title: str = asked(
        t("Was wird gezählt oder gemessen?", "What is counted or measured?"), min_length=1, max_length=200
    )
    title_en: str | None = asked(t("Dasselbe auf Englisch", "The same in English"), default=None, max_length=200)
    kind: ImpactKind = asked(
        t("Platz in der Wirkungskette", "Place in the impact chain"),
        choices=_KINDS,
        help=t(
            "Einsatz: Geld, Zeit. Leistung: was entsteht. Wirkung: was sich ändert. Nutzen: wofür das alles.",
            "Input: money, time. Output: what is made. Outcome: what changes. Impact: what it is for.",
        ),
    )
    objective_id: UUID | None = asked(
        t("Ziel, für das es steht", "Objective that it stands for"),
        default=None,
        kind="choice",
        help=t("Mit einem Ziel ist es ein Schlüsselergebnis.", "With an objective it is a key result."),
    )
    unit: str = asked(
        t("Einheit", "Unit"),
        default="",
        max_length=40,
        help=t(
            "Ein Zeichen nach UCUM (t, kW.h, %) oder Wörter (Geräte).", "A UCUM symbol (t, kW.h, %) or words (devices)."
        ),
    )
    start_value: float | None = asked(t("Ausgangswert", "Start value"), default=None)
    target_value: float | None = asked(t("Zielwert", "Target value"), default=None)
    direction: Direction = asked(t("Richtung", "Direction"), choices=_DIRECTIONS)
    due: date | None = asked(t("Zu erreichen bis", "To be reached by"), default=None)
    published: bool = asked(
        t("Veröffentlichen", "Publish"),
        default=False,
        help=t(
            "Einwohnerinnen und Einwohner sehen Indikator und Verlauf.", "Residents see the indicator and its history."
        ),
    )


@router.get("/measures/{key}/objectives/new")
async def new_objective(page: TownPage, key: str) -> Response:
    """The form of a new objective."""
    page.require(TENANT_MEASURES)
    return await _objective_page(page, page.form(ObjectiveForm), key)


@router.post("/measures/{key}/objectives/new")
async def add_objective(page: TownPage, key: str) -> Response:
    """Add it."""
    page.require(TENANT_MEASURES)
    form = await page.posted(ObjectiveForm)
    if await page.submit(form, lambda ctx, value: service.add_objective(ctx, key, value.model_dump())):
        return page.done(t("Das Ziel ist angelegt.", "The objective has been added."), page.town_url("measures", key))
    return await _objective_page(page, form, key)


@router.get("/measures/{key}/objectives/{id}")
async def edit_objective(page: TownPage, key: str, id: UUID) -> Response:
    """The form with the present words."""
    page.require(TENANT_MEASURES)
    row = await _objective(page, id)
    return await _objective_page(
        page, page.form(ObjectiveForm, {"title": row.title, "title_en": row.title_en}), key, row
    )


@router.post("/measures/{key}/objectives/{id}")
async def save_objective(page: TownPage, key: str, id: UUID) -> Response:
    """Save them."""
    page.require(TENANT_MEASURES)
    form = await page.posted(ObjectiveForm)
    if await page.submit(form, lambda ctx, value: service.change_objective(ctx, id, value.model_dump())):
        return page.done(t("Gespeichert.", "Saved."), page.town_url("measures", key))
    return await _objective_page(page, form, key, await _objective(page, id))


@router.post("/measures/{key}/objectives/{id}/delete")
async def delete_objective(page: TownPage, key: str, id: UUID) -> Response:
    """Delete it, after the question."""
    page.require(TENANT_MEASURES)
    back = page.town_url("measures", key)
    row = await _objective(page, id)
    if not await page.confirmed():
        stays = t(
            "Seine Schlüsselergebnisse bleiben mit ihrem Verlauf als Indikatoren der Maßnahme.",
            "Its key results stay with their history as indicators of the measure.",
        )
        question = t(f"Das Ziel „{row.title}“ löschen?", f"Delete the objective “{row.title_en or row.title}”?")
        return page.ask(question, [stays], submit=t("Löschen", "Delete"), back=back)
    await page.act(lambda ctx: service.delete_objective(ctx, id))
    return page.done(t("Das Ziel ist gelöscht.", "The objective has been deleted."), back)


@router.get("/measures/{key}/indicators/new")
async def new_indicator(page: TownPage, key: str) -> Response:
    """The form of a new indicator, for an objective if the address names one."""
    page.require(TENANT_MEASURES)
    usual = {"kind": ImpactKind.OUTPUT, "direction": Direction.UP}
    form = page.form(IndicatorForm, usual | {"objective_id": page.request.query_params.get("objective")})
    return await _indicator_page(page, form, key)


@router.post("/measures/{key}/indicators/new")
async def add_indicator(page: TownPage, key: str) -> Response:
    """Add it."""
    page.require(TENANT_MEASURES)
    form = await page.posted(IndicatorForm)
    made: list[UUID] = []

    async def work(ctx: Any, value: IndicatorForm) -> None:
        made[:] = [(await service.add_indicator(ctx, key, value.model_dump())).id]

    if await page.submit(form, work):
        words = t("Der Indikator ist angelegt. Jetzt den ersten Wert eintragen.", "The indicator has been added.")
        return page.done(words, page.town_url("indicators", made[0]))
    return await _indicator_page(page, form, key)


@router.get("/indicators/{id}/edit")
async def edit_indicator(page: TownPage, id: UUID) -> Response:
    """The form with the present values."""
    page.require(TENANT_MEASURES)
    row, measure = await _indicator(page, id)
    present = {name: getattr(row, name) for name in IndicatorForm.model_fields}
    return await _indicator_page(page, page.form(IndicatorForm, present), measure.key, row)


@router.post("/indicators/{id}/edit")
async def save_indicator(page: TownPage, id: UUID) -> Response:
    """Save them."""
    page.require(TENANT_MEASURES)
    form = await page.posted(IndicatorForm)
    if await page.submit(form, lambda ctx, value: service.change_indicator(ctx, id, value.model_dump())):
        return page.done(t("Gespeichert.", "Saved."), page.town_url("indicators", id))
    row, measure = await _indicator(page, id)
    return await _indicator_page(page, form, measure.key, row)


async def _objective_page(page: Page, form: Form[ObjectiveForm], key: str, row: Objective | None = None) -> Response:
    async with page.read() as ctx:
        measure = await find_measure(ctx, key)
    return page.show("town/objective_form.html", form=form, measure=measure, row=row)


async def _indicator_page(page: Page, form: Form[IndicatorForm], key: str, row: Indicator | None = None) -> Response:
    async with page.read() as ctx:
        measure = await find_measure(ctx, key)
        of_measure = sa.select(Objective).where(Objective.measure_id == measure.id).order_by(Objective.position)
        objectives = await ctx.session.scalars(of_measure)
        form.choices("objective_id", [(str(one.id), t(one.title, one.title_en or one.title)) for one in objectives])
    return page.show("town/indicator_form.html", form=form, measure=measure, row=row)


async def _objective(page: Page, id: UUID) -> Objective:
    async with page.read() as ctx:
        row = await ctx.session.find(Objective, id)
    if row is None:
        raise NotFound
    return row


async def _indicator(page: Page, id: UUID) -> tuple[Indicator, Measure]:
    async with page.read() as ctx:
        row = await ctx.session.find(Indicator, id)
        measure = await ctx.session.find(Measure, row.measure_id) if row else None
    if row is None or measure is None:
        raise NotFound
    return row, measure
