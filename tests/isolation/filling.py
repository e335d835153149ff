"""Rows for every table of the plugins in one town, made from their models."""

from __future__ import annotations

from collections.abc import Iterable

from regiohub.api import TenantScope
from regiohub.db.base import TenantTable
from regiohub.testing.contract.filling import Filling

_TURN_OF_THE_CENTURY = 946_684_800_000
"""Milliseconds; invented numbers lie after it."""


async def fill_plugins(scope: TenantScope, plugins: Iterable[str]) -> None:
    """Two rows in each table."""
    chosen = list(plugins)
    if "lorawan" in chosen and scope.platform.database.dialect == "postgresql":
        await _make_room(scope)
    for plugin in chosen:
        async with scope.write() as ctx:
            filling = Filling(ctx, 2)
            for model in scope.platform.plugins.healthy[plugin].models:
                if issubclass(model, TenantTable):
                    await filling.rows_of(model)


async def _make_room(scope: TenantScope) -> None:
    """Measurements lie in a table that is divided by month."""
    now = scope.platform.clock.now().timestamp()
    moments = [*(round((now + month * 2_600_000) * 1000) for month in range(4)), _TURN_OF_THE_CENTURY]
    async with scope.write() as ctx:
        for moment in moments:
            await ctx.session.sql("SELECT lorawan_ensure_month(:moment) WHERE :tenant_id > 0", {"moment": moment})
