"""Whether a plugin's tables were filled: with too few rows, promises about rows would hold for want of any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from regiohub.db.base import TenantTable
from regiohub.plugins.manifest import Plugin
from regiohub.tenancy.context import TenantScope

from .promise import Promise

if TYPE_CHECKING:
    from .case import Case


async def too_few(scope: TenantScope, plugin: Plugin, rows: int) -> list[str]:
    """A sentence for each table of a town with fewer rows than wanted; of one row per town, one is enough."""
    faults: list[str] = []
    async with scope.read() as ctx:
        for model in plugin.models:
            if not issubclass(model, TenantTable):
                continue
            wanted = 1 if [column.name for column in model.__table__.primary_key] == ["tenant_id"] else rows
            found = await ctx.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
            if found < wanted:
                faults.append(
                    f"{model.__tablename__} has {found} rows in {scope.tenant.slug} after filling, {wanted} were wanted"
                )
    return faults


async def _faults(case: Case) -> Iterable[str]:
    # Opening it is what counts them.
    async with case.filled():
        return ()


ROWS_FILLED = Promise(
    "rows-filled",
    "its tables can be filled in each town, so that promises about rows are tried on rows",
    "let fill= of contract(…) put at least `rows` rows into every table of the plugin in whichever town it is given;"
    " references of its rows lead to rows of the same call",
    _faults,
)
