"""Plugins of the town and their settings: forms generated from each plugin's own model."""

from __future__ import annotations

from enum import Enum
from typing import Any, cast

from fastapi import APIRouter
from pydantic import create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from starlette.responses import Response

from regiohub.auth.permissions import TENANT_PLUGINS, TENANT_SETTINGS
from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormModel, asked
from regiohub.console.forms.kinds import kind_of, plain_type
from regiohub.console.listing import Cell
from regiohub.console.page import Page
from regiohub.errors import NotFound
from regiohub.plugins.manifest import Plugin
from regiohub.tenancy.consequences import switched_off, switched_on
from regiohub.tenancy.plugin_settings.fields import SettingField, fields_of
from regiohub.tenancy.plugin_settings.service import (
    SettingSource,
    SettingView,
    change_settings,
    reset_settings,
    settings_view,
)
from regiohub.tenancy.switches import switch_plugin
from regiohub.texts import Text, t

from .access import require_staff
from .words import SOURCES

router = APIRouter()


@router.get("/settings")
async def overview(page: TownPage) -> Response:
    """All plugins with their state; from here to the settings of each."""
    require_staff(page)
    rows = [(plugin, _state(page, plugin)) for plugin in page.platform.plugins.healthy.values()]
    return page.show(
        "town/settings.html",
        rows=rows,
        faulty=[r for r in page.platform.plugins.records if not r.healthy],
        may_set=page.can(TENANT_SETTINGS),
        may_switch=page.can(TENANT_PLUGINS),
    )


@router.get("/settings/{plugin}")
async def show(page: TownPage, plugin: str) -> Response:
    """The form with the values in force, and where each comes from."""
    page.require(TENANT_SETTINGS)
    found = _plugin(page, plugin)
    async with page.read() as ctx:
        views = await settings_view(ctx, plugin)
    present = {view.field.name: view.value for view in views if not view.field.secret}
    return _form_page(page, found, page.form(form_of(found), present), views)


@router.post("/settings/{plugin}")
async def save(page: TownPage, plugin: str) -> Response:
    """Save what was changed; a secret that was left empty stays as it is."""
    page.require(TENANT_SETTINGS)
    found = _plugin(page, plugin)
    form = await page.posted(form_of(found))

    async def work(ctx: Any, value: FormModel) -> None:
        secret = {field.name for field in fields_of(found.settings) if field.secret}
        given = {name: getattr(value, name) for name in type(value).model_fields}
        await change_settings(ctx, plugin, {n: v for n, v in given.items() if n not in secret or v is not None})

    if await page.submit(form, work):
        return page.done(t("Gespeichert. Die Einstellungen gelten sofort.", "Saved, and in force."), _url(page, plugin))
    async with page.read() as ctx:
        views = await settings_view(ctx, plugin)
    return _form_page(page, found, form, views)


@router.post("/settings/{plugin}/reset")
async def reset(page: TownPage, plugin: str) -> Response:
    """Take one value back to the inherited one."""
    page.require(TENANT_SETTINGS)
    names = page.values().get("name", [])
    await page.act(lambda ctx: reset_settings(ctx, plugin, names))
    return page.done(t("Zurückgesetzt.", "Reset."), _url(page, plugin))


@router.post("/settings/{plugin}/switch")
async def switch(page: TownPage, plugin: str) -> Response:
    """Switch a plugin for the whole town, after a question that names what appears or vanishes."""
    page.require(TENANT_PLUGINS)
    found, on, back = _plugin(page, plugin), page.values().get("on") == ["1"], page.town_url("settings")
    place, name = page.town.short_name, found.title
    if not await page.confirmed():
        async with page.read() as ctx:
            consequences = switched_on(ctx, plugin) if on else await switched_off(ctx, plugin)
        question = (
            t(f"{name.de} in {place} einschalten?", f"Switch on {name.en} in {place}?")
            if on
            else t(f"{name.de} in {place} ausschalten?", f"Switch off {name.en} in {place}?")
        )
        submit = t("Einschalten", "Switch on") if on else t("Ausschalten", "Switch off")
        return page.ask(question, consequences, submit=submit, back=back, danger=not on)
    await page.act(lambda ctx: switch_plugin(ctx, plugin, on=on))
    return page.done(t("Geschaltet.", "Switched."), back)


def form_of(plugin: Plugin) -> type[FormModel]:
    """A form model with the fields, types and bounds of the plugin's settings, and the words of both languages."""
    fields: dict[str, Any] = {field.name: _asked(field) for field in fields_of(plugin.settings)}
    return create_model(f"{plugin.settings.__name__}Form", __base__=FormModel, **fields)


def _asked(field: SettingField) -> tuple[Any, Any]:
    info, words = field.info, field.words
    kind: Any = words.kind or kind_of(info)
    # Lists of anything that is written in one line (days, say) are entered line by line.
    if kind == "json" and not _has_structure(info):
        kind = "lines"
    made = asked(
        words.title,
        help=_with_bounds(words.help, info),
        kind=kind,
        choices=tuple(words.options.items()),
        # What must have a value is asked for; the present one stands in the field already.
        default=PydanticUndefined if _must_be_given(field) else _may_be_left(field),
    )
    # Bounds stand in the record of the field; the annotation carries them along.
    made.metadata = list(info.metadata)
    annotation: Any = info.annotation
    return (annotation | None if field.secret else annotation), made


def _must_be_given(field: SettingField) -> bool:
    kind, nullable = plain_type(field.info.annotation)
    return not nullable and isinstance(kind, type) and issubclass(kind, int | float | Enum) and kind is not bool


def _may_be_left(field: SettingField) -> Any:
    return None if field.secret else field.info.get_default(call_default_factory=True)


def _with_bounds(words: Text, info: FieldInfo) -> Text:
    limits = {name: getattr(rule, name) for rule in info.metadata for name in ("ge", "le") if hasattr(rule, name)}
    if "ge" in limits and "le" in limits:
        low, high = limits["ge"], limits["le"]
        return Text(f"{words.de} Erlaubt: {low} bis {high}.", f"{words.en} Allowed: {low} to {high}.")
    return words


def _has_structure(info: FieldInfo) -> bool:
    schema = create_model("One", value=(cast("Any", info.annotation), ...)).model_json_schema()
    shape = schema["properties"]["value"]
    return shape.get("type") != "array" or shape.get("items", {}).get("type") not in ("string", "number", "integer")


def _form_page(page: Page, plugin: Plugin, form: Form[Any], views: Any) -> Response:
    return page.show("town/plugin_settings.html", plugin=plugin, form=form, origins=[_origin(view) for view in views])


def _origin(view: SettingView) -> tuple[str, Cell, Any, bool]:
    """Name, where the value comes from, what it would be without the console, whether it can be reset."""
    words, tone = SOURCES[view.source]
    if view.field.secret:
        note = t("gesetzt", "set") if view.is_set else t("nicht gesetzt", "not set")
        return view.field.name, Cell(words, badge=tone, note=note), None, view.source is SettingSource.CONSOLE
    return view.field.name, Cell(words, badge=tone), _said(view), view.source is SettingSource.CONSOLE


def _said(view: SettingView) -> Any:
    value: Any = view.inherited
    if isinstance(value, int) and not isinstance(value, bool):
        # Ports and the like are no quantities: no marks for thousands.
        return str(value)
    return view.field.words.options.get(str(getattr(value, "value", value)), value)


def _state(page: Page, plugin: Plugin) -> Cell:
    if plugin.level == "platform":
        return Cell(t("immer an", "always on"), badge="good")
    if plugin.id in page.town.enabled:
        serving = sum(plugin.id in names for names in page.town.serving.values())
        note = (
            t(f"für {serving} Maßnahmen", f"for {serving} measures")
            if serving != 1
            else t("für 1 Maßnahme", "for 1 measure")
        )
        return Cell(t("an", "on"), badge="good", note=note if serving else None)
    if plugin.id in page.town.switched:
        return Cell(t("eingeschaltet, arbeitet aber nicht", "switched on but not working"), badge="bad")
    return Cell(t("aus", "off"), badge="plain")


def _plugin(page: Page, plugin: str) -> Plugin:
    found = page.platform.plugins.healthy.get(plugin)
    if found is None:
        raise NotFound
    return found


def _url(page: Page, plugin: str) -> str:
    return page.town_url("settings", plugin)
