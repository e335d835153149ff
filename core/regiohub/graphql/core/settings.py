"""Settings of plugins in a town, for its admins. Secrets go in and never come out."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_jsonable_python

from regiohub.auth.permissions import TENANT_SETTINGS
from regiohub.graphql.authoring.fields import column
from regiohub.graphql.authoring.operations import mutation
from regiohub.graphql.authoring.scalars import JSON
from regiohub.graphql.authoring.types import value
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.plugin_settings import service
from regiohub.tenancy.plugin_settings.service import SettingSource, SettingView

_PLUGIN = "Short name of the plugin."


@value
class PluginSettingValue:
    """A setting of a plugin, with its value in this town."""

    name: str = column("Its name, as in the town's file.")
    title: str = column("Its heading, in the caller's language.")
    help: str = column("What it means, in the caller's language.")
    secret: bool = column("Whether it is a secret: then no value is ever told.")
    value: JSON | None = column("The value in force; null for secrets and for what is not set.")
    is_set: bool = column("For secrets: whether there is one. True for all others.")
    source: SettingSource = column("Where the value in force comes from.")
    inherited: JSON | None = column("The value that holds without the console's; null for secrets.")
    inherited_from: SettingSource = column("Where that one comes from.")
    schema: JSON = column("Type and bounds of the value as a JSON schema.")


@mutation(
    "Sets settings of a plugin; they take effect at once. A value equal to the inherited one is not kept.",
    permission=TENANT_SETTINGS,
    returns="settings",
    args={"plugin": _PLUGIN, "values": "The settings to change, as an object: name to value. Secrets are texts."},
)
async def change_plugin_settings(ctx: Ctx, plugin: str, values: JSON) -> list[PluginSettingValue]:
    await service.change_settings(ctx, plugin, service.as_changes(values))
    return await setting_values(ctx, plugin)


@mutation(
    "Takes settings of a plugin back to the inherited value: that of the town's file, or the default.",
    permission=TENANT_SETTINGS,
    returns="settings",
    args={"plugin": _PLUGIN, "names": "The settings."},
)
async def reset_plugin_settings(ctx: Ctx, plugin: str, names: list[str]) -> list[PluginSettingValue]:
    await service.reset_settings(ctx, plugin, names)
    return await setting_values(ctx, plugin)


async def setting_values(ctx: Any, plugin: str) -> list[PluginSettingValue]:
    """The settings of a plugin as the caller may see them."""
    properties = service.plugin_with_settings(ctx, plugin).settings.model_json_schema()["properties"]
    return [_value(view, properties[view.field.name], ctx) for view in await service.settings_view(ctx, plugin)]


def _value(view: SettingView, schema: Any, ctx: Any) -> PluginSettingValue:
    words = view.field.words
    return PluginSettingValue(
        name=view.field.name, title=words.title.get(ctx.locale), help=words.help.get(ctx.locale),
        secret=view.field.secret, value=to_jsonable_python(view.value), is_set=view.is_set, source=view.source,
        inherited=to_jsonable_python(view.inherited), inherited_from=view.inherited_from, schema=schema,
    )  # fmt: skip


MUTATIONS = (change_plugin_settings, reset_plugin_settings)
