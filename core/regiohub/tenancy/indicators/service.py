"""Keeping objectives, indicators and figures: staff add, change and delete them; each change is audited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from regiohub.auth.permissions import TENANT_MEASURES
from regiohub.db.base import TenantModel
from regiohub.errors import InvalidInput, NotFound
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.measures import find_measure
from regiohub.texts import Text, t

from .models import Direction, Figure, ImpactKind, Indicator, Objective
from .values import INDICATOR, LONGEST_NOTE, OBJECTIVE, checked_indicator, checked_objective, number, text

M = TypeVar("M", bound=TenantModel)
_NO_OBJECTIVE = t("Dieses Ziel gibt es hier nicht.", "There is no such objective here.")
_NO_INDICATOR = t("Diesen Indikator gibt es hier nicht.", "There is no such indicator here.")
_NO_FIGURE = t("Diesen Wert gibt es hier nicht.", "There is no such figure here.")


async def add_objective(ctx: Ctx, measure: str, values: Mapping[str, Any]) -> Objective:
    """Add an objective to a measure (by its key). `values`: title, title_en, position.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises NotFound: no such measure.
    :raises InvalidInput: no title, or one that is too long.
    """
    ctx.require(TENANT_MEASURES)
    measure_id = (await find_measure(ctx, measure)).id
    found = {"title_en": None, **checked_objective({"title": "", **values})}
    found["position"] = await _place(ctx, Objective.position, Objective.measure_id == measure_id, found)
    row = Objective(measure_id=measure_id, **found)
    ctx.session.add(row)
    await ctx.session.flush()
    await ctx.audit("tenant.objective_added", kind="objective", id=str(row.id), after=_said(measure, found))
    return row


async def change_objective(ctx: Ctx, id: UUID, values: Mapping[str, Any]) -> Objective:
    """Change what `values` names. Raises ``Forbidden``, ``NotFound``, ``InvalidInput`` as `add_objective`."""
    ctx.require(TENANT_MEASURES)
    row = await _get(ctx, Objective, id, _NO_OBJECTIVE)
    await _set(ctx, row, checked_objective(values), OBJECTIVE, "tenant.objective_changed", "objective")
    return row


async def delete_objective(ctx: Ctx, id: UUID) -> int:
    """Delete an objective. Its key results stay as indicators of the measure; returns how many they are.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises NotFound: no such objective.
    """
    ctx.require(TENANT_MEASURES)
    row = await _get(ctx, Objective, id, _NO_OBJECTIVE)
    results = list(await ctx.session.scalars(sa.select(Indicator).where(Indicator.objective_id == id)))
    for result in results:
        result.objective_id = None
    await ctx.session.flush()
    await ctx.session.delete(row)
    await ctx.session.flush()
    before = {"title": row.title, "key_results": len(results)}
    await ctx.audit("tenant.objective_deleted", kind="objective", id=str(id), before=before)
    return len(results)


async def add_indicator(ctx: Ctx, measure: str, values: Mapping[str, Any]) -> Indicator:
    """Add an indicator to a measure (by its key); with an objective of the measure it is a key result.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises NotFound: no such measure or objective.
    :raises InvalidInput: a value does not fit; ``field`` names it.
    """
    ctx.require(TENANT_MEASURES)
    measure_id = (await find_measure(ctx, measure)).id
    defaults: dict[str, Any] = {
        **dict.fromkeys(INDICATOR), "kind": ImpactKind.OUTPUT, "direction": Direction.UP, "published": False,
        "title": "", "unit": "",
    }  # fmt: skip
    found = checked_indicator({}, {**defaults, **values})
    await _check_objective(ctx, found.get("objective_id"), measure_id)
    found["position"] = await _place(ctx, Indicator.position, Indicator.measure_id == measure_id, found)
    row = Indicator(measure_id=measure_id, **found)
    ctx.session.add(row)
    await ctx.session.flush()
    await ctx.audit("tenant.indicator_added", kind="indicator", id=str(row.id), after=_said(measure, found))
    return row


async def change_indicator(ctx: Ctx, id: UUID, values: Mapping[str, Any]) -> Indicator:
    """Change what `values` names. Raises ``Forbidden``, ``NotFound``, ``InvalidInput`` as `add_indicator`."""
    ctx.require(TENANT_MEASURES)
    row = await _get(ctx, Indicator, id, _NO_INDICATOR)
    found = checked_indicator({name: getattr(row, name) for name in INDICATOR}, values)
    if "objective_id" in found:
        await _check_objective(ctx, found["objective_id"], row.measure_id)
    await _set(ctx, row, found, INDICATOR, "tenant.indicator_changed", "indicator")
    return row


async def delete_indicator(ctx: Ctx, id: UUID) -> int:
    """Delete an indicator with its history; returns how many figures went with it.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises NotFound: no such indicator.
    """
    ctx.require(TENANT_MEASURES)
    row = await _get(ctx, Indicator, id, _NO_INDICATOR)
    counted = sa.select(sa.func.count()).select_from(Figure).where(Figure.indicator_id == id)
    figures = await ctx.session.scalar(counted) or 0
    await ctx.session.delete(row)
    await ctx.session.flush()
    before = {"title": row.title, "figures": figures}
    await ctx.audit("tenant.indicator_deleted", kind="indicator", id=str(id), before=before)
    return figures


async def record_figure(ctx: Ctx, indicator: UUID, on: date, value: float, note: str | None = None) -> Figure:
    """Write down the value of a day, with its source; a value that the day has already is replaced.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises NotFound: no such indicator.
    :raises InvalidInput: a day to come (in the town's time zone), no finite number, or a note that is too long.
    """
    ctx.require(TENANT_MEASURES)
    await _get(ctx, Indicator, indicator, _NO_INDICATOR)
    if on > ctx.now().astimezone(ctx.tenant.timezone).date():
        raise InvalidInput(t("Der Tag liegt in der Zukunft.", "This day is still to come."), field="on")
    value, note = number("value", value), text("note", note, LONGEST_NOTE)
    await ctx.session.lock("figure", indicator, on)
    same_day = sa.select(Figure).where(Figure.indicator_id == indicator, Figure.on == on)
    row = await ctx.session.scalar(same_day)
    before = {"value": row.value, "note": row.note} if row else None
    if row is None:
        row = Figure(indicator_id=indicator, on=on)
        ctx.session.add(row)
    row.value, row.note = value, note
    await ctx.session.flush()
    after = {"value": value, "note": note}
    if before != after:
        await ctx.audit(
            "tenant.figure_recorded", kind="indicator", id=str(indicator), before=before, after={"on": on, **after}
        )
    return row


async def delete_figure(ctx: Ctx, id: UUID) -> None:
    """Delete a value that should not be there. Raises ``Forbidden``, ``NotFound``."""
    ctx.require(TENANT_MEASURES)
    row = await _get(ctx, Figure, id, _NO_FIGURE)
    await ctx.session.delete(row)
    await ctx.session.flush()
    before = {"on": row.on, "value": row.value, "note": row.note}
    await ctx.audit("tenant.figure_deleted", kind="indicator", id=str(row.indicator_id), before=before)


def _said(measure: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the log says about something new: what it is, not what it lacks."""
    known = {name: value for name, value in values.items() if value not in (None, "") and name != "position"}
    return {"title": known.pop("title", None), "measure": measure, **known}


async def _get(ctx: Ctx, model: type[M], id: UUID, missing: Text) -> M:
    row = await ctx.session.find(model, id)
    if row is None:
        raise NotFound(missing, field="id")
    return row


async def _set(ctx: Ctx, row: Any, wanted: Mapping[str, Any], names: Any, action: str, kind: str) -> None:
    # A place that nobody chose stays.
    chosen = {name: wanted[name] for name in names if name in wanted}
    if chosen.get("position", 0) is None:
        del chosen["position"]
    before = {name: getattr(row, name) for name in chosen if getattr(row, name) != chosen[name]}
    if not before:
        return
    for name in before:
        setattr(row, name, chosen[name])
    await ctx.session.flush()
    await ctx.audit(action, kind=kind, id=str(row.id), before=before, after={name: chosen[name] for name in before})


async def _place(ctx: Ctx, position: Any, of_measure: Any, found: Mapping[str, Any]) -> int:
    if found.get("position") is not None:
        return int(found["position"])
    last = await ctx.session.scalar(sa.select(sa.func.max(position)).where(of_measure))
    return 0 if last is None else int(last) + 1


async def _check_objective(ctx: Ctx, id: UUID | None, measure_id: UUID) -> None:
    if id is None:
        return
    objective = await ctx.session.find(Objective, id)
    if objective is None or objective.measure_id != measure_id:
        raise NotFound(_NO_OBJECTIVE, field="objective_id")
