"""A town's measures as its pages show them: with the plugins that serve each, and what those plugins hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
import structlog

from regiohub.errors import NotFound
from regiohub.plugins.parts import Link, LinkProvider
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.models import Activation, Measure
from regiohub.texts import t

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measure and the ids of the plugins that work for it now, in dependency order."""

    row: Measure
    plugins: tuple[str, ...]


async def measures_of(ctx: Ctx) -> Sequence[MeasureView]:
    """All measures of the town's portfolio in their order."""
    in_portfolio = sa.select(Measure).where(Measure.retired_at.is_(None))
    rows = (await ctx.session.scalars(in_portfolio.order_by(Measure.position, Measure.key))).all()
    serving = await _serving(ctx)
    return [MeasureView(row, serving.get(row.id, ())) for row in rows]


async def measure_of(ctx: Ctx, key: str) -> MeasureView:
    """One measure by its key. Raises ``NotFound``, also for a retired one."""
    row = await ctx.session.scalar(sa.select(Measure).where(Measure.key == key))
    if row is None or row.retired_at is not None:
        raise NotFound(t("Diese Maßnahme gibt es hier nicht.", "There is no such measure here."))
    return MeasureView(row, (await _serving(ctx)).get(row.id, ()))


async def held_by_plugins(ctx: Ctx) -> Mapping[str, Sequence[Link]]:
    """What the plugins of the town hold, by plugin. One that fails is left out and logged; the page still comes."""
    held: dict[str, Sequence[Link]] = {}
    for contribution in ctx.plugins.call("register_links"):
        provider: LinkProvider = contribution.value
        try:
            # A savepoint: on PostgreSQL a failed statement would spoil the rest of the page's transaction.
            async with ctx.session.begin_nested():
                held[contribution.plugin] = await provider(ctx)
        except Exception:
            log.exception("links_failed", plugin=contribution.plugin)
    return held


async def _serving(ctx: Ctx) -> Mapping[UUID, tuple[str, ...]]:
    on = await ctx.session.scalars(sa.select(Activation).where(Activation.on, Activation.measure_id.is_not(None)))
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    order = {plugin: place for place, plugin in enumerate(ctx.platform.plugins.healthy)}
    for activation in on:
        if activation.measure_id is not None and activation.plugin in ctx.tenant.enabled:
            found[activation.measure_id].append(activation.plugin)
    return {measure: tuple(sorted(plugins, key=lambda id_: order.get(id_, 0))) for measure, plugins in found.items()}
