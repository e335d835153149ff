"""Plugins whose data nobody can look into at present."""

from __future__ import annotations

import sqlalchemy as sa

from regiohub.tenancy.context import Ctx
from regiohub.tenancy.models import Activation
from regiohub.texts import Text, t


async def unusable(ctx: Ctx) -> list[Text]:
    """Plugins that were on here and cannot be used now: nobody can look into their tables."""
    ever = set(await ctx.session.scalars(sa.select(Activation.plugin).distinct()))
    return [_unusable(id_) for id_ in sorted(ever - ctx.platform.plugins.healthy.keys())]


def _unusable(plugin: str) -> Text:
    return t(
        f"Das Plugin {plugin} war hier eingeschaltet und ist zurzeit nicht nutzbar; seine Daten sind nicht dabei.",
        f"The plugin {plugin} was on here and cannot be used at present; its data is not included.",
    )
