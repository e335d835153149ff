"""Measures kept by staff: the file gives way to what a person has changed, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from regiohub.audit import list_entries
from regiohub.errors import Conflict, Forbidden, InvalidInput, NotFound
from regiohub.tenancy.config import Town
from regiohub.tenancy.indicators import reading, service
from regiohub.tenancy.measures import add_measure, change_measure, find_measure, restore_measure, retire_measure
from regiohub.tenancy.portfolio import measure_of, measures_of
from regiohub.tenancy.sync import apply_town
from regiohub.testing import World
from regiohub.testing.towns import MEASURE, town


def potsdam(**changes: Any) -> Town:
    found = town("potsdam", ags="12054000", state="BB", centre=(13.0591, 52.3906))
    return Town(**{**{name: getattr(found, name) for name in Town.__slots__}, **changes})


async def test_a_new_measure_stands_last_and_is_of_local_origin(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        row = await add_measure(
            ctx, "trinkbrunnen", {"title": " Trinkbrunnen ", "from_year": 2026, "fields": ["Klima"]}
        )
        assert (row.title, row.origin.value, row.fields, row.partners) == ("Trinkbrunnen", "local", ["Klima"], [])
    async with world.scope("potsdam").read() as ctx:
        assert [view.row.key for view in await measures_of(ctx)] == [MEASURE, "trinkbrunnen"]


async def test_what_a_person_changed_stays_when_the_file_is_read_again(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        await change_measure(ctx, MEASURE, {"title": "Neuer Titel", "status": "running"})
    await apply_town(world.platform, potsdam())
    async with world.scope("potsdam").read() as ctx:
        row = await find_measure(ctx, MEASURE)
    assert (row.title, row.status, row.fields) == ("Neuer Titel", "running", ["Stadt für alle"])


async def test_an_equal_change_leaves_the_row_to_the_file(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam").write() as ctx:
        row = await change_measure(ctx, MEASURE, {"title": "Modellvorhaben"})
        assert (row.origin.value, ctx.audited) == ("file", 0)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"status": "dancing"}, "status"),
        ({"from_year": 2026, "to_year": 2025}, "to_year"),
        ({"from_year": 1800}, "from_year"),
        ({"fields": ["x" * 201]}, "fields"),
        ({"bundle_key": "neu"}, "bundle_title"),
        ({"bundle_key": "Not a key", "bundle_title": "Neu"}, "bundle_key"),
    ],
)
async def test_what_the_file_would_not_take_is_refused_at_its_field(
    world_sqlite: World, values: dict[str, Any], field: str
) -> None:
    async with world_sqlite.scope("potsdam").write() as ctx:
        with pytest.raises(InvalidInput) as refused:
            await change_measure(ctx, MEASURE, values)
    assert refused.value.field == field
    assert refused.value.message.de
    assert refused.value.message.en


async def test_a_bundle_is_chosen_by_its_key_or_made_with_its_title(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam").write() as ctx:
        await change_measure(ctx, MEASURE, {"bundle_key": "klima", "bundle_title": "Klimaschutz"})
        other = await add_measure(ctx, "trinkbrunnen", {"title": "Trinkbrunnen", "bundle_key": "klima"})
        assert other.bundle_title == "Klimaschutz"
        other = await change_measure(ctx, "trinkbrunnen", {"bundle_key": None})
        assert (other.bundle_key, other.bundle_title) == (None, None)


async def test_keys_are_unique(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam").write() as ctx:
        with pytest.raises(Conflict):
            await add_measure(ctx, MEASURE, {"title": "Noch einmal"})


async def test_a_retired_measure_is_gone_for_residents_and_switches_its_plugins_off(world: World) -> None:
    await world.disable("potsdam", "atlas")
    await world.enable("potsdam", "atlas", MEASURE)
    async with world.scope("potsdam").write() as ctx:
        await retire_measure(ctx, MEASURE)
    assert "atlas" not in world.tenant("potsdam").enabled
    async with world.scope("potsdam").read() as ctx:
        assert await measures_of(ctx) == []
        with pytest.raises(NotFound):
            await measure_of(ctx, MEASURE)
    query = "{ measures { nodes { key retiredAt } } }"
    assert (await world.graphql("potsdam", query)).data["measures"]["nodes"] == []
    (kept,) = (await world.graphql("potsdam", query, roles=["editor"])).data["measures"]["nodes"]
    assert kept["key"] == MEASURE
    await apply_town(world.platform, potsdam())
    async with world.scope("potsdam").write() as ctx:
        assert await measures_of(ctx) == []
        await restore_measure(ctx, MEASURE)
        (view,) = await measures_of(ctx)
        assert view.plugins == ()


async def test_an_editor_retires_only_what_no_plugin_works_for(world_sqlite: World) -> None:
    editor = world_sqlite.scope("potsdam", principal=world_sqlite.principal(roles=("editor",)))
    await world_sqlite.enable("potsdam", "atlas", MEASURE)
    with pytest.raises(Forbidden, match="atlas"):
        await editor.run(lambda ctx: retire_measure(ctx, MEASURE))
    admin = world_sqlite.scope("potsdam", principal=world_sqlite.principal(roles=("tenant-admin",)))
    await admin.run(lambda ctx: retire_measure(ctx, MEASURE))


async def test_a_measure_that_the_file_drops_keeps_the_figures_entered_for_it(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        indicator = (await service.add_indicator(ctx, MEASURE, {"title": "Standorte"})).id
    await apply_town(world.platform, potsdam(measures=()))
    async with world.scope("potsdam").read() as ctx:
        assert await measures_of(ctx) == []
        assert (await reading.indicator_of(ctx, indicator)).measure.retired_at is not None
    await apply_town(world.platform, potsdam())
    async with world.scope("potsdam").read() as ctx:
        assert [view.row.key for view in await measures_of(ctx)] == [MEASURE]


async def test_a_measure_without_figures_goes_with_its_line_in_the_file(world_sqlite: World) -> None:
    await apply_town(world_sqlite.platform, potsdam(measures=()))
    async with world_sqlite.scope("potsdam").read() as ctx:
        with pytest.raises(NotFound):
            await find_measure(ctx, MEASURE)


async def test_each_change_is_audited_with_what_it_changed(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam").write() as ctx:
        await change_measure(ctx, MEASURE, {"status": "paused"})
        await retire_measure(ctx, MEASURE)
        await restore_measure(ctx, MEASURE)
    async with world_sqlite.scope("potsdam").read() as ctx:
        found = [entry for entry in await list_entries(ctx) if entry.object_kind == "measure"]
    assert [(entry.action, entry.before, entry.after) for entry in reversed(found)] == [
        ("tenant.measure_changed", {"status": None}, {"status": "paused"}),
        ("tenant.measure_retired", {"plugins": []}, None),
        ("tenant.measure_restored", None, None),
    ]


async def test_staff_keep_measures_and_switch_plugins_over_graphql(world: World) -> None:
    document = """mutation ($key: String!) {
        addMeasure(key: $key, input: {title: "Trinkbrunnen"}) { measure { key title plugins } errors { code } }
        changeMeasure(key: $key, input: {status: "running", titleEn: "Fountains"}) { measure { title status } }
        switchPlugin(plugin: "lorawan", on: true, measure: $key) { errors { code } }
    }"""
    answer = await world.graphql("berlin", document, {"key": "trinkbrunnen"}, roles=["tenant-admin"])
    assert answer.errors == []
    assert answer.data["changeMeasure"]["measure"] == {"title": "Fountains", "status": "running"}
    assert "lorawan" in world.tenant("berlin").enabled
    shown = await world.graphql("berlin", '{ measures(filter: {key: "trinkbrunnen"}) { nodes { plugins } } }')
    assert shown.data["measures"]["nodes"] == [{"plugins": ["lorawan"]}]
    away = 'mutation { retireMeasure(key: "trinkbrunnen") { measure { retiredAt } errors { code } } }'
    answer = await world.graphql("berlin", away, roles=["tenant-admin"])
    assert answer.data["retireMeasure"]["measure"]["retiredAt"]
    assert "lorawan" not in world.tenant("berlin").enabled


async def test_switching_over_graphql_takes_the_right_to_switch(world_sqlite: World) -> None:
    document = 'mutation { switchPlugin(plugin: "atlas", on: false) { errors { code } } }'
    assert (await world_sqlite.graphql("potsdam", document)).codes == ["UNAUTHENTICATED"]
    assert (await world_sqlite.graphql("potsdam", document, roles=["editor"])).codes == ["FORBIDDEN"]
    assert "atlas" in world_sqlite.tenant("potsdam").enabled
