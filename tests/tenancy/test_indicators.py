"""Objectives, indicators and their figures: kept by staff, seen by residents once published."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.audit import AuditFilter, list_entries
from regiohub.errors import Forbidden, InvalidInput, NotFound
from regiohub.tenancy.indicators import reading, service
from regiohub.tenancy.indicators.models import Direction, ImpactKind
from regiohub.tenancy.indicators.progress import Standing, progress
from regiohub.testing import World
from regiohub.testing.towns import MEASURE

TODAY = date(2026, 6, 1)
HOTSPOTS = {
    "title": "Standorte mit freiem WLAN", "title_en": "Places with free Wi-Fi", "unit": "Standorte",
    "kind": ImpactKind.OUTPUT, "start_value": 10.0, "target_value": 50.0, "due": date(2026, 12, 31),
}  # fmt: skip


async def add(world: World, values: dict[str, Any] | None = None, *, slug: str = "potsdam", **more: Any) -> UUID:
    async with world.scope(slug).write() as ctx:
        return (await service.add_indicator(ctx, MEASURE, {**HOTSPOTS, **(values or {}), **more})).id


async def record(world: World, indicator: UUID, on: date, value: float, note: str | None = None) -> None:
    async with world.scope("potsdam").write() as ctx:
        await service.record_figure(ctx, indicator, on, value, note)


async def actions(world: World) -> list[str]:
    async with world.scope("potsdam").read() as ctx:
        found = await list_entries(ctx, AuditFilter())
    return [entry.action for entry in reversed(found)]


async def test_progress_is_the_way_from_start_to_target_by_the_latest_figure(world: World) -> None:
    indicator = await add(world)
    await record(world, indicator, date(2026, 5, 1), 40)
    await record(world, indicator, date(2026, 4, 1), 20)
    async with world.scope("potsdam").read() as ctx:
        found = (await reading.indicator_of(ctx, indicator)).view
        history = await reading.history_of(ctx, indicator)
    assert found.latest is not None
    assert (found.latest.on, found.share, found.standing) == (date(2026, 5, 1), 0.75, Standing.UNDERWAY)
    assert [(figure.on.month, figure.value) for figure in history] == [(4, 20), (5, 40)]


async def test_a_second_figure_of_the_same_day_replaces_the_first_and_both_are_audited(world: World) -> None:
    indicator = await add(world)
    await record(world, indicator, TODAY, 12, "Zählung")
    await record(world, indicator, TODAY, 13, "Zählung, berichtigt")
    await record(world, indicator, TODAY, 13, "Zählung, berichtigt")
    async with world.scope("potsdam").read() as ctx:
        assert [figure.value for figure in await reading.history_of(ctx, indicator)] == [13]
        entries = [e for e in await list_entries(ctx) if e.action == "tenant.figure_recorded"]
    assert [(entry.before or {}).get("value") for entry in entries] == [12, None]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"unit": "x" * 41}, "unit"),
        ({"start_value": 50.0, "target_value": 50.0}, "target_value"),
        ({"direction": Direction.DOWN}, "direction"),
        ({"target_value": float("nan")}, "target_value"),
    ],
    ids=["no title", "long title", "long unit", "target equals start", "wrong direction", "no number"],
)
async def test_what_makes_no_sense_is_refused_at_its_field(
    world_sqlite: World, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await add(world_sqlite, values)
    assert refused.value.field == field


async def test_a_figure_of_a_day_to_come_is_refused(world_sqlite: World) -> None:
    indicator = await add(world_sqlite)
    with pytest.raises(InvalidInput) as refused:
        await record(world_sqlite, indicator, TODAY + timedelta(days=1), 12)
    assert refused.value.field == "on"


async def test_today_is_the_towns_day_not_utcs(world_sqlite: World) -> None:
    indicator = await add(world_sqlite)
    world_sqlite.clock.advance(timedelta(hours=15))  # 23:00 UTC is 01:00 of the next day in Potsdam
    await record(world_sqlite, indicator, TODAY + timedelta(days=1), 12)


async def test_an_objective_is_as_far_as_the_mean_of_its_key_results(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        objective = (await service.add_objective(ctx, MEASURE, {"title": "Alle kommen ins Netz"})).id
    half = await add(world, objective_id=objective)
    full = await add(world, objective_id=objective, title="Nutzung", target_value=20.0)
    await add(world, objective_id=objective, title="Noch ohne Wert")
    await add(world, title="Ohne Ziel")
    await record(world, half, TODAY, 30)
    await record(world, full, TODAY, 25)
    async with world.scope("potsdam").read() as ctx:
        measure = (await reading.indicator_of(ctx, half)).measure
        with world.statements() as seen:
            goals = await reading.goals_of(ctx, measure.id)
    assert len(seen) == 3
    (found,) = goals.objectives
    assert (found.share, len(found.results)) == (0.5, 3)
    assert [view.row.title for view in goals.others] == ["Ohne Ziel"]
    assert [view.standing for view in found.results] == [Standing.UNDERWAY, Standing.REACHED, Standing.UNKNOWN]


async def test_deleting_an_objective_keeps_its_key_results(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        objective = (await service.add_objective(ctx, MEASURE, {"title": "Ziel"})).id
    indicator = await add(world, objective_id=objective)
    async with world.scope("potsdam").write() as ctx:
        assert await service.delete_objective(ctx, objective) == 1
    async with world.scope("potsdam").read() as ctx:
        assert (await reading.indicator_of(ctx, indicator)).view.row.objective_id is None


async def test_deleting_an_indicator_takes_its_figures_along_and_says_how_many(world: World) -> None:
    indicator = await add(world)
    await record(world, indicator, TODAY, 12)
    async with world.scope("potsdam").write() as ctx:
        assert await service.delete_indicator(ctx, indicator) == 1
    async with world.scope("potsdam").read() as ctx:
        with pytest.raises(NotFound):
            await reading.history_of(ctx, indicator)
        (entry,) = [e for e in await list_entries(ctx) if e.action == "tenant.indicator_deleted"]
    assert entry.before == {"title": HOTSPOTS["title"], "figures": 1}


async def test_everything_is_audited(world_sqlite: World) -> None:
    before = len(await actions(world_sqlite))
    async with world_sqlite.scope("potsdam").write() as ctx:
        objective = await service.add_objective(ctx, MEASURE, {"title": "Ziel"})
        await service.change_objective(ctx, objective.id, {"title": "Anderes Ziel"})
        await service.change_objective(ctx, objective.id, {"title": "Anderes Ziel"})
        indicator = await service.add_indicator(ctx, MEASURE, HOTSPOTS)
        await service.change_indicator(ctx, indicator.id, {"published": True})
        figure = await service.record_figure(ctx, indicator.id, TODAY, 3)
        await service.delete_figure(ctx, figure.id)
        await service.delete_indicator(ctx, indicator.id)
        await service.delete_objective(ctx, objective.id)
    assert (await actions(world_sqlite))[before:] == [
        "tenant.objective_added", "tenant.objective_changed", "tenant.indicator_added", "tenant.indicator_changed",
        "tenant.figure_recorded", "tenant.figure_deleted", "tenant.indicator_deleted", "tenant.objective_deleted",
    ]  # fmt: skip


async def test_a_key_result_belongs_to_an_objective_of_its_own_measure(world_sqlite: World) -> None:
    async with world_sqlite.scope("bad-belzig").write() as ctx:
        foreign = (await service.add_objective(ctx, MEASURE, {"title": "Ziel"})).id
    with pytest.raises(NotFound) as refused:
        await add(world_sqlite, objective_id=foreign)
    assert refused.value.field == "objective_id"


async def test_an_auditor_may_not_keep_indicators_and_an_editor_may(world_sqlite: World) -> None:
    for roles, allowed in ((("auditor",), False), (("editor",), True)):
        scope = world_sqlite.scope("potsdam", principal=world_sqlite.principal(roles=roles))
        async with scope.write() as ctx:
            if allowed:
                await service.add_indicator(ctx, MEASURE, HOTSPOTS)
            else:
                with pytest.raises(Forbidden):
                    await service.add_indicator(ctx, MEASURE, HOTSPOTS)


QUERY = """{ measures { nodes { key indicators { nodes {
    title kind unit progress published latest { on value } figures { totalCount nodes { value note } }
} } } } }"""


async def test_residents_see_published_indicators_with_history_and_progress(world: World) -> None:
    shown = await add(world, published=True)
    await add(world, title="Entwurf")
    await record(world, shown, date(2026, 5, 1), 20, "Stadtwerke")
    await record(world, shown, TODAY, 30)
    answer = await world.graphql("potsdam", QUERY)
    assert answer.errors == []
    (measure,) = answer.data["measures"]["nodes"]
    assert measure["indicators"]["nodes"] == [
        {
            "title": "Places with free Wi-Fi", "kind": "OUTPUT", "unit": "Standorte", "published": True,
            "progress": 0.5, "latest": {"on": "2026-06-01", "value": 30.0},
            "figures": {
                "totalCount": 2, "nodes": [{"value": 20.0, "note": "Stadtwerke"}, {"value": 30.0, "note": None}],
            },
        }
    ]  # fmt: skip
    staff = await world.graphql("potsdam", QUERY, roles=["editor"])
    assert len(staff.data["measures"]["nodes"][0]["indicators"]["nodes"]) == 2


async def test_staff_keep_all_of_it_over_graphql(world: World) -> None:
    async def change(document: str, **variables: Any) -> Any:
        answer = await world.graphql("potsdam", document, variables, roles=["editor"])
        assert answer.errors == []
        (payload,) = answer.data.values()
        return payload

    made = await change(
        'mutation { addObjective(measure: "modellvorhaben", input: {title: "Ziel"})'
        " { objective { id } errors { code } } }"
    )
    objective = made["objective"]["id"]
    made = await change(
        'mutation ($input: IndicatorInput!) { addIndicator(measure: "modellvorhaben", input: $input)'
        " { indicator { id objectiveId } errors { code field } } }",
        input={"title": "Standorte", "startValue": 0, "targetValue": 4, "objectiveId": objective, "published": True},
    )
    indicator = made["indicator"]["id"]
    assert made["indicator"]["objectiveId"] == objective
    recorded = await change(
        'mutation ($id: ID!) { recordFigure(indicator: $id, on: "2026-06-01", value: 1, note: "Zählung")'
        " { figure { id value } errors { code } } }",
        id=indicator,
    )
    assert recorded["figure"]["value"] == 1.0
    wrong = await change(
        "mutation ($id: ID!) { changeIndicator(id: $id, input: {direction: DOWN})"
        " { indicator { id } errors { code field } } }",
        id=indicator,
    )
    assert wrong == {"indicator": None, "errors": [{"code": "INVALID_INPUT", "field": "direction"}]}
    goals = await world.graphql(
        "potsdam", "{ measures { nodes { objectives { nodes { title keyResults { nodes { progress } } } } } } }"
    )
    assert goals.data["measures"]["nodes"][0]["objectives"]["nodes"] == [
        {"title": "Ziel", "keyResults": {"nodes": [{"progress": 0.25}]}}
    ]
    for document, thing in (
        ("mutation ($id: ID!) { deleteFigure(id: $id) { errors { code } } }", recorded["figure"]["id"]),
        ("mutation ($id: ID!) { deleteIndicator(id: $id) { errors { code } } }", indicator),
        ("mutation ($id: ID!) { deleteObjective(id: $id) { errors { code } } }", objective),
    ):
        assert await change(document, id=thing) == {"errors": []}


@given(start=st.floats(-1e6, 1e6), target=st.floats(-1e6, 1e6), latest=st.floats(-1e6, 1e6))
def test_progress_lies_between_nothing_and_everything(start: float, target: float, latest: float) -> None:
    found = progress(start, target, latest)
    assert (found is None) == (start == target)
    if found is not None:
        assert 0.0 <= found <= 1.0


@pytest.mark.parametrize(
    ("start", "target", "latest", "expected"),
    [(10, 0, 5, 0.5), (10, 0, -3, 1.0), (10, 0, 12, 0.0), (None, 5, 5, None), (0, None, 5, None), (0, 5, None, None)],
)
def test_progress_also_runs_downwards(start: Any, target: Any, latest: Any, expected: Any) -> None:
    assert progress(start, target, latest) == expected
