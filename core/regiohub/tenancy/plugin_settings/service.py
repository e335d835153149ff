"""A plugin's settings in a town: read with their origin; changed as its model allows, audited, at once in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from pydantic import SecretStr, ValidationError

from regiohub.auth.permissions import TENANT_SETTINGS
from regiohub.errors import InvalidInput, NotFound
from regiohub.plugins.manifest import Plugin, PluginSettings
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.faults import refusal
from regiohub.tenancy.models import Origin, PluginSetting
from regiohub.texts import t

from .fields import HIDDEN, SettingField, fields_of, fitting
from .sealing import PURPOSE, opened_settings, stored


class SettingSource(StrEnum):
    """Where the value in force comes from."""

    DEFAULT = "default"
    FILE = "file"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting with its value in force and the one it would fall back to. Of a secret only `is_set` is told."""

    field: SettingField
    value: Any
    source: SettingSource
    inherited: Any
    inherited_from: SettingSource
    is_set: bool


@dataclass(frozen=True, slots=True)
class _Present:
    """What is stored for a plugin: the file's values, the console's (as stored, and opened), and the models of both."""

    file: Mapping[str, Any]
    row: PluginSetting | None
    local: Mapping[str, Any]
    opened: Mapping[str, Any]
    inherited: PluginSettings
    current: PluginSettings


def plugin_with_settings(ctx: Ctx, plugin: str) -> Plugin:
    """The plugin, whether it is on here or not. Raises ``NotFound``."""
    found = ctx.platform.plugins.healthy.get(plugin)
    if found is None:
        raise NotFound(
            t(f"Das Plugin {plugin} gibt es hier nicht.", f"There is no plugin {plugin} here."), field="plugin"
        )
    return found


async def settings_view(ctx: Ctx, plugin: str) -> Sequence[SettingView]:
    """All settings of a plugin in this town, in the order of its model.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises NotFound: no such plugin.
    """
    ctx.require(TENANT_SETTINGS)
    found = plugin_with_settings(ctx, plugin)
    present = await _present(ctx, found)
    return [_view(field, present) for field in fields_of(found.settings)]


def as_changes(values: object) -> Mapping[str, Any]:
    """A JSON object of settings by name. Raises ``InvalidInput`` for anything else."""
    if not isinstance(values, Mapping):
        raise InvalidInput(t("Hier muss ein Objekt stehen.", "This must be an object."), field="values")
    return cast("Mapping[str, Any]", values)


async def change_settings(ctx: Ctx, plugin: str, changes: Mapping[str, Any]) -> list[str]:
    """Set the named settings; returns the names of those that changed. It takes effect with the commit, everywhere.

    A value equal to the inherited one is not stored: the setting follows the file (or the default) again.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises NotFound: no such plugin.
    :raises InvalidInput: an unknown setting, or a value that the plugin's model refuses; ``field`` names it.
    """
    ctx.require(TENANT_SETTINGS)
    found = plugin_with_settings(ctx, plugin)
    await ctx.session.lock("settings", plugin)
    present = await _present(ctx, found)
    _check_known(found, changes)
    wanted = _validated(found, {**present.file, **present.opened, **changes})
    _check_secrets_stay(found, present, changes, wanted)
    key, local = ctx.derive_key(PURPOSE), dict(present.local)
    for name in changes:
        value = getattr(wanted, name)
        if value == getattr(present.inherited, name):
            local.pop(name, None)
        elif name not in present.opened or value != getattr(present.current, name):
            local[name] = stored(key, f"{plugin}.{name}", value)
    return await _keep(ctx, found, present, local, wanted)


def _check_secrets_stay(found: Plugin, present: _Present, changes: Mapping[str, Any], wanted: PluginSettings) -> None:
    """A stored secret is not sent to another place by somebody who does not know it.

    Going back to what the file says needs no secret: that place is the operator's choice.
    """
    for field in fields_of(found.settings):
        if field.name in changes or getattr(wanted, field.name) is None:
            continue
        moved = [name for name in field.words.goes_to if getattr(wanted, name) != getattr(present.current, name)]
        if moved:
            title = field.words.title
            raise InvalidInput(
                t(
                    f"Wohin „{title.de}“ geschickt wird, hat sich geändert: bitte neu eingeben.",
                    f"The place that “{title.en}” is sent to has changed: please enter it again.",
                ),
                field=field.name,
            )


async def reset_settings(ctx: Ctx, plugin: str, names: Collection[str]) -> list[str]:
    """Forget what the console says about these settings: they follow the file, or the default. Returns what changed.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises NotFound: no such plugin.
    :raises InvalidInput: an unknown setting, or the others do not fit without it.
    """
    ctx.require(TENANT_SETTINGS)
    found = plugin_with_settings(ctx, plugin)
    await ctx.session.lock("settings", plugin)
    present = await _present(ctx, found)
    _check_known(found, names)
    kept = {name: value for name, value in present.opened.items() if name not in names}
    wanted = _validated(found, {**present.file, **kept})
    local = {name: value for name, value in present.local.items() if name not in names}
    return await _keep(ctx, found, present, local, wanted)


async def _present(ctx: Ctx, plugin: Plugin) -> _Present:
    found = await ctx.session.scalars(sa.select(PluginSetting).where(PluginSetting.plugin == plugin.id))
    rows = {row.origin: row for row in found}
    row = rows.get(Origin.LOCAL)
    # Values that no longer fit count as not there, as they do wherever settings are read.
    file = _fitting(plugin, rows[Origin.FILE].values if Origin.FILE in rows else {})
    local = row.values if row else {}
    opened, _ = opened_settings(ctx.derive_key(PURPOSE), plugin.id, local)
    current, left_out = fitting(plugin.settings, {**file, **opened})
    opened = {name: value for name, value in opened.items() if name not in left_out}
    return _Present(file, row, local, opened, fitting(plugin.settings, file)[0], current)


def _fitting(plugin: Plugin, values: Mapping[str, Any]) -> dict[str, Any]:
    _, left_out = fitting(plugin.settings, values)
    return {name: value for name, value in values.items() if name not in left_out}


def _view(field: SettingField, present: _Present) -> SettingView:
    below = SettingSource.FILE if field.name in present.file else SettingSource.DEFAULT
    source = SettingSource.CONSOLE if field.name in present.opened else below
    value, inherited = getattr(present.current, field.name), getattr(present.inherited, field.name)
    if field.secret:
        return SettingView(field, None, source, None, below, is_set=_filled(value))
    return SettingView(field, value, source, inherited, below, is_set=True)


def _filled(secret: Any) -> bool:
    return bool(secret.get_secret_value()) if isinstance(secret, SecretStr) else bool(secret)


def _check_known(plugin: Plugin, names: Collection[str]) -> None:
    for name in names:
        if name not in plugin.settings.model_fields:
            raise InvalidInput(t(f"Die Einstellung {name} gibt es nicht.", f"There is no setting {name}."), field=name)


def _validated(plugin: Plugin, values: Mapping[str, Any]) -> PluginSettings:
    try:
        return plugin.settings.model_validate(dict(values))
    except ValidationError as error:
        raise refusal(error, secret=_secrets(plugin)) from None


def _secrets(plugin: Plugin) -> frozenset[str]:
    return frozenset(field.name for field in fields_of(plugin.settings) if field.secret)


async def _keep(
    ctx: Ctx, plugin: Plugin, present: _Present, local: dict[str, Any], wanted: PluginSettings
) -> list[str]:
    changed = sorted(name for name in {*local, *present.local} if local.get(name) != present.local.get(name))
    if not changed:
        return []
    if present.row is None:
        ctx.session.add(PluginSetting(plugin=plugin.id, origin=Origin.LOCAL, values=local))
    elif local:
        present.row.values = local
    else:
        await ctx.session.delete(present.row)
    await ctx.session.flush()
    secret, key = _secrets(plugin), ctx.derive_key(PURPOSE)

    def said(model: PluginSettings, name: str) -> Any:
        value = getattr(model, name)
        return (HIDDEN if _filled(value) else None) if name in secret else stored(key, name, value)

    await ctx.audit(
        "tenant.settings_changed", kind="plugin", id=plugin.id,
        before={name: said(present.current, name) for name in changed},
        after={name: said(wanted, name) for name in changed},
    )  # fmt: skip
    await ctx.town_changed()
    return changed
