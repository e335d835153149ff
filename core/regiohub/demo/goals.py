"""Example objectives and figures of a town's measures, so that the pages have something to show."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from regiohub.plugins.parts import Demo
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.tenancy.indicators import service
from regiohub.tenancy.indicators.models import Direction, ImpactKind, Indicator
from regiohub.tenancy.models import Measure

FILE = "goals.toml"


async def load(scope: TenantScope, folder: Path) -> None:
    """Read ``goals.toml`` of the town's folder, if there is one. Measures that have indicators stay as they are."""
    file = folder / FILE
    if not file.is_file():
        return
    entries: list[Mapping[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8")).get("measures", [])

    async def work(ctx: Ctx) -> None:
        judged = sa.select(Measure.key).join(
            Indicator, sa.and_(Indicator.tenant_id == Measure.tenant_id, Indicator.measure_id == Measure.id)
        )
        done = set(await ctx.session.scalars(judged))
        known = set(await ctx.session.scalars(sa.select(Measure.key)))
        for entry in entries:
            if entry["measure"] in known - done:
                await _add(ctx, entry)

    await scope.run(work)


async def _add(ctx: Ctx, entry: Mapping[str, Any]) -> None:
    measure = entry["measure"]
    objective = await service.add_objective(
        ctx, measure, {"title": entry["objective"], "title_en": entry.get("objective_en")}
    )
    for one in entry["results"]:
        values = {name: value for name, value in one.items() if name not in ("figures", "start", "target")}
        values |= {"kind": ImpactKind(one["kind"]), "direction": Direction(one.get("direction", "up"))}
        values |= {"start_value": one.get("start"), "target_value": one.get("target"), "published": True}
        made = await service.add_indicator(ctx, measure, {**values, "objective_id": objective.id})
        today = ctx.now().astimezone(ctx.tenant.timezone).date()
        for day, value in one["figures"]:
            if day <= today:
                await service.record_figure(ctx, made.id, day, value, "Beispielwert, nicht gemessen")


DEMO = Demo(load)
