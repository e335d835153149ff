"""Who keeps data in a town: the platform and each healthy plugin, with the times that hold there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regiohub.db.base import TenantTable
from regiohub.plugins.data import DataCategory
from regiohub.privacy.reports import CORE, CORE_TITLE
from regiohub.tenancy.context import Ctx
from regiohub.texts import Text

from .core import MODELS, core_categories
from .rules import Rules, rules_of


@dataclass(frozen=True)
class Keeper:
    """The platform ("core") or a plugin, and what it keeps in one town."""

    id: str
    title: Text
    switched_on: bool
    categories: Sequence[DataCategory]
    rules: Rules
    chosen: Mapping[str, int]
    """Days by the name of the setting, as the town has them."""


def keepers_in(ctx: Ctx) -> list[Keeper]:
    """The platform first, then each healthy plugin: one that is off keeps its data, and the law goes on."""
    platform, zone = ctx.platform, ctx.tenant.timezone
    own = core_categories(platform.settings)
    found = [Keeper(CORE, CORE_TITLE, True, own, Rules(rules_of(own, MODELS, {}), ctx.now(), zone), {})]
    for id_, plugin in platform.plugins.healthy.items():
        if not plugin.data_categories:
            continue
        models = {str(m.__tablename__): m for m in plugin.models if issubclass(m, TenantTable)}
        chosen = _chosen(ctx, plugin.data_categories, plugin.settings)
        rules = Rules(rules_of(plugin.data_categories, models, chosen), ctx.now(), zone)
        on = plugin.level == "platform" or id_ in ctx.tenant.enabled
        found.append(Keeper(id_, plugin.title, on, plugin.data_categories, rules, chosen))
    return found


def days_in(ctx: Ctx, plugin: str, category: DataCategory) -> int | None:
    """After how many whole days a plugin's category goes in this town; None without a fixed time."""
    found = ctx.platform.plugins.healthy.get(plugin)
    chosen = _chosen(ctx, (category,), found.settings) if found else {}
    if category.setting in chosen:
        return chosen[category.setting]
    return category.retention.days if category.retention else None


def _chosen(ctx: Ctx, categories: Sequence[DataCategory], model: type[Any]) -> dict[str, int]:
    names = {category.setting for category in categories}
    names |= {one.setting for category in categories for one in category.expiries}
    wanted = sorted(name for name in names if name)
    if not wanted:
        return {}
    values = ctx.settings(model)
    return {name: getattr(values, name) for name in wanted}
