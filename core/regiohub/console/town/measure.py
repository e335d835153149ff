"""One measure: its facts, the plugins that serve it, its goals; and the forms to add and change one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.responses import Response

from regiohub.audit import history
from regiohub.auth.permissions import TENANT_AUDIT, TENANT_MEASURES, TENANT_PLUGINS
from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormModel, asked
from regiohub.console.listing import Cell
from regiohub.console.page import Page
from regiohub.errors import NotFound
from regiohub.tenancy import measures as service
from regiohub.tenancy.consequences import switched_off, switched_on
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.indicators.reading import goals_of
from regiohub.tenancy.models import Activation, Measure, Origin
from regiohub.tenancy.portfolio import held_by_plugins
from regiohub.tenancy.switches import switch_plugin
from regiohub.texts import Text, t
from regiohub.web.pages.words import STATUS, term

from .access import require_staff
from .measures import bundles_of
from .words import KINDS, standing_cell, status_cell

router = APIRouter()
_YEAR: dict[str, Any] = {"ge": 1990, "le": 2100}


class MeasureForm(FormModel):
    """Facts about a measure."""

    title: str = asked(t("Titel", "Title"), min_length=1, max_length=200)
    title_en: str | None = asked(t("Titel auf Englisch", "Title in English"), default=None, max_length=200)
    summary: str | None = asked(
        t("Zusammenfassung", "Summary"),
        default=None,
        kind="textarea",
        max_length=4000,
        help=t("Wenige Sätze für Einwohnerinnen und Einwohner.", "A few sentences for residents."),
    )
    summary_en: str | None = asked(
        t("Zusammenfassung auf Englisch", "Summary in English"), default=None, kind="textarea", max_length=4000
    )
    bundle_key: str | None = asked(t("Bündel", "Bundle"), default=None, kind="choice")
    bundle_title: str | None = asked(
        t("Oder ein neues Bündel", "Or a new bundle"),
        default=None,
        max_length=200,
        help=t(
            "Der Titel; er hat Vorrang vor der Auswahl darüber.",
            "Its title; it takes precedence over the choice above.",
        ),
    )
    bundle_title_en: str | None = asked(
        t("Neues Bündel auf Englisch", "New bundle in English"), default=None, max_length=200
    )
    lead: str | None = asked(t("Federführung", "Lead office"), default=None, max_length=200)
    partners: list[str] = asked(t("Beteiligte", "Partners"), default=[], help=t("Eine Zeile je Name.", "One per line."))
    fields: list[str] = asked(
        t("Handlungsfelder", "Fields of action"), default=[], help=t("Eine Zeile je Feld.", "One per line.")
    )
    from_year: int | None = asked(t("Erstes Jahr", "First year"), default=None, **_YEAR)
    to_year: int | None = asked(t("Letztes Jahr", "Last year"), default=None, **_YEAR)
    phase: str | None = asked(t("Phase", "Phase"), default=None, max_length=200)
    status: Literal["planned", "running", "paused", "finished", "cancelled"] | None = asked(
        t("Stand", "Status"), default=None, kind="choice", choices=tuple(STATUS.items())
    )


@router.get("/measures/new")
async def new(page: TownPage) -> Response:
    """The form of a new measure."""
    page.require(TENANT_MEASURES)
    return await _form_page(page, page.form(MeasureForm), None)


@router.post("/measures/new")
async def add(page: TownPage) -> Response:
    """Add it."""
    page.require(TENANT_MEASURES)
    form = await page.posted(MeasureForm)
    key = service.key_from(form.value.title) if form.value else ""
    if await page.submit(form, lambda ctx, value: service.add_measure(ctx, key, _values(value))):
        return page.done(t("Die Maßnahme ist angelegt.", "The measure has been added."), page.town_url("measures", key))
    return await _form_page(page, form, None)


@router.get("/measures/{key}")
async def show(page: TownPage, key: str) -> Response:
    """Everything about one measure."""
    require_staff(page)
    async with page.read() as ctx:
        row = await service.find_measure(ctx, key)
        if row.retired_at is not None and not page.can(TENANT_MEASURES):
            raise NotFound
        switched = await _switched(ctx, row)
        context: dict[str, Any] = {
            "goals": await goals_of(ctx, row.id),
            "held": await held_by_plugins(ctx),
            "log": await history(ctx, "measure", key) if page.can(TENANT_AUDIT) else [],
        }
    return page.show(
        "town/measure.html",
        row=row,
        facts=_facts(page, row),
        plugins=_plugins(page, switched),
        may_edit=page.can(TENANT_MEASURES),
        may_switch=page.can(TENANT_PLUGINS),
        kinds=KINDS,
        standing=standing_cell,
        **context,
    )


@router.get("/measures/{key}/edit")
async def edit(page: TownPage, key: str) -> Response:
    """The form with the present facts."""
    page.require(TENANT_MEASURES)
    async with page.read() as ctx:
        row = await service.find_measure(ctx, key)
    present = {name: getattr(row, name) for name in MeasureForm.model_fields if name in (*service.FACTS, "bundle_key")}
    return await _form_page(page, page.form(MeasureForm, present), row)


@router.post("/measures/{key}/edit")
async def save(page: TownPage, key: str) -> Response:
    """Save the facts."""
    page.require(TENANT_MEASURES)
    form = await page.posted(MeasureForm)
    if await page.submit(form, lambda ctx, value: service.change_measure(ctx, key, _values(value))):
        return page.done(t("Gespeichert.", "Saved."), page.town_url("measures", key))
    async with page.read() as ctx:
        row = await service.find_measure(ctx, key)
    return await _form_page(page, form, row)


@router.post("/measures/{key}/retire")
async def retire(page: TownPage, key: str) -> Response:
    """Take it out of the portfolio, after the question."""
    page.require(TENANT_MEASURES)
    back = page.town_url("measures", key)
    async with page.read() as ctx:
        row = await service.find_measure(ctx, key)
        if not await page.confirmed():
            question = t(f"„{row.title}“ aus dem Programm nehmen?", f"Take “{row.title_en or row.title}” out?")
            return page.ask(question, await _lost(ctx, row), submit=t("Herausnehmen", "Take out"), back=back)
    await page.act(lambda ctx: service.retire_measure(ctx, key))
    return page.done(t("Die Maßnahme ist herausgenommen.", "The measure has been taken out."), back)


@router.post("/measures/{key}/restore")
async def restore(page: TownPage, key: str) -> Response:
    """Bring it back."""
    page.require(TENANT_MEASURES)
    await page.act(lambda ctx: service.restore_measure(ctx, key))
    return page.done(t("Die Maßnahme ist wieder da.", "The measure is back."), page.town_url("measures", key))


@router.post("/measures/{key}/plugins/{plugin}")
async def switch(page: TownPage, key: str, plugin: str) -> Response:
    """Switch a plugin for this measure, after a question that names what appears or vanishes."""
    page.require(TENANT_PLUGINS)
    on, back = page.values().get("on") == ["1"], page.town_url("measures", key)
    found = page.platform.plugins.healthy.get(plugin)
    if found is None:
        raise NotFound
    name = found.title
    if not await page.confirmed():
        async with page.read() as ctx:
            consequences = switched_on(ctx, plugin) if on else await switched_off(ctx, plugin, key)
        question = (
            t(f"{name.de} für diese Maßnahme einschalten?", f"Switch on {name.en} for this measure?")
            if on
            else t(f"{name.de} für diese Maßnahme ausschalten?", f"Switch off {name.en} for this measure?")
        )
        submit = t("Einschalten", "Switch on") if on else t("Ausschalten", "Switch off")
        return page.ask(question, consequences, submit=submit, back=back, danger=not on)
    await page.act(lambda ctx: switch_plugin(ctx, plugin, on=on, measure=key))
    return page.done(t("Geschaltet.", "Switched."), back)


def _values(form: MeasureForm) -> dict[str, Any]:
    values = form.model_dump()
    if form.bundle_title:
        values["bundle_key"] = service.key_from(form.bundle_title)
    return values


async def _form_page(page: Page, form: Form[MeasureForm], row: Measure | None) -> Response:
    async with page.read() as ctx:
        form.choices("bundle_key", await bundles_of(ctx))
    return page.show("town/measure_form.html", form=form, row=row)


async def _switched(ctx: Ctx, row: Measure) -> set[str]:
    on = sa.select(Activation.plugin).where(Activation.measure_id == row.id, Activation.on)
    return set(await ctx.session.scalars(on))


def _plugins(page: Page, switched: set[str]) -> list[tuple[str, Text, Text, bool, Cell]]:
    """Id, title, description, whether it is switched on for the measure, and its state."""
    found: list[tuple[str, Text, Text, bool, Cell]] = []
    for id_, plugin in page.platform.plugins.healthy.items():
        if plugin.level != "tenant":
            continue
        if id_ in switched:
            state = Cell(t("an", "on"), badge="good")
        elif id_ in page.town.enabled:
            state = Cell(t("nicht für diese Maßnahme", "not for this measure"), badge="plain")
        else:
            state = Cell(t("aus", "off"), badge="plain")
        found.append((id_, plugin.title, plugin.description, id_ in switched, state))
    return found


def _facts(page: Page, row: Measure) -> list[tuple[Text, Any]]:
    bundle = (row.bundle_title_en if page.language == "en" else None) or row.bundle_title
    origin = t("aus der Datei der Kommune", "from the town's file")
    return [
        (t("Stand", "Status"), status_cell(row.status)),
        (t("Bündel", "Bundle"), bundle),
        (t("Federführung", "Lead"), row.lead),
        (t("Beteiligte", "Partners"), row.partners),
        (t("Handlungsfelder", "Fields of action"), row.fields),
        (t("Laufzeit", "Term"), term(row.from_year, row.to_year, page.language)),
        (t("Phase", "Phase"), row.phase),
        (t("Kennung", "Key"), row.key),
        (t("Angaben", "Facts"), origin if row.origin is Origin.FILE else t("hier gepflegt", "kept here")),
    ]


async def _lost(ctx: Ctx, row: Measure) -> list[Text]:
    found = [
        t(
            "Die Maßnahme und ihre Indikatoren sind für Einwohnerinnen und Einwohner nicht mehr zu sehen.",
            "Residents do not see the measure and its indicators any more.",
        )
    ]
    titles: Mapping[str, Text] = {id_: plugin.title for id_, plugin in ctx.platform.plugins.healthy.items()}
    for plugin in sorted(await _switched(ctx, row)):
        title = titles.get(plugin, Text(plugin, plugin))
        lost = await switched_off(ctx, plugin, row.key)
        found += [Text(f"{title.de}: {words.de}", f"{title.en}: {words.en}") for words in lost]
    found.append(
        t(
            "Alles bleibt gespeichert und lässt sich zurückholen; Plugins bleiben dann aus.",
            "Everything is kept and can be brought back; plugins stay off then.",
        )
    )
    return found
