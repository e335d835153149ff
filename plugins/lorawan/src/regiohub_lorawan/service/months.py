"""Partitions of the months that values lie in (PostgreSQL; nothing to do on SQLite)."""

from collections.abc import Iterable
from datetime import datetime

from regiohub.api import TenantScope
from regiohub_lorawan.store import observations
from regiohub_lorawan.store.observations import Point


async def ensure_months(scope: TenantScope, points: Iterable[Point]) -> None:
    """Make the partitions that these points need, each once per process.

    In a transaction of its own before the batch's: making a partition takes a lock that no batch should hold.
    """
    known = scope.resources.get("lorawan.months", set[datetime], _forget)
    for month in sorted(observations.months_of(points) - known):
        async with scope.write() as ctx:
            if ctx.session.dialect == "postgresql":
                await observations.ensure_month(ctx.session, month)
        known.add(month)


async def _forget(known: set[datetime]) -> None:
    known.clear()
