"""Reading a town's file again: what the file changed follows, what a person changed stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from regiohub.audit.models import AuditEntry
from regiohub.tenancy.models import Measure, Origin
from regiohub.tenancy.sync import apply_town
from regiohub.testing import World
from regiohub.testing.towns import MEASURE, town


def potsdam(**changes: Any) -> Any:
    made = town("potsdam", ags="12054000", state="BB", centre=(13.0591, 52.3906), enable=changes.pop("enable", ()))
    return replace(made, file=made.file.model_copy(update=changes))


async def measures(world: World, slug: str) -> list[Measure]:
    async with world.scope(slug).read() as ctx:
        return list(await ctx.session.scalars(sa.select(Measure).order_by(Measure.position)))


async def test_reading_the_same_file_twice_changes_nothing(world: World) -> None:
    before = world.tenant("berlin")
    made = town("berlin", ags="11000000", state="BE", centre=(13.405, 52.52))
    first = await measures(world, "berlin")
    applied = await apply_town(world.platform, made)
    assert (applied.created, applied.changed) == (False, False)
    assert world.tenant("berlin") == before
    assert [row.id for row in await measures(world, "berlin")] == [row.id for row in first]


async def test_facts_follow_the_file(world: World) -> None:
    applied = await apply_town(world.platform, potsdam(name="Landeshauptstadt Potsdam", population=187310))
    assert applied.changed
    assert world.tenant("potsdam").population == 187310


async def test_changed_facts_are_audited_with_before_and_after(world: World) -> None:
    name = world.tenant("potsdam").name
    await apply_town(world.platform, potsdam(name="Landeshauptstadt Potsdam", population=187310))
    async with world.scope("potsdam").read() as ctx:
        entries = sa.select(AuditEntry).where(AuditEntry.action == "tenant.changed")
        entry = (await ctx.session.scalars(entries)).one()
    assert entry.before == {"name": name, "population": None}
    assert entry.after == {"name": "Landeshauptstadt Potsdam", "population": 187310}


async def test_a_local_switch_survives_reading_the_file_again(world: World) -> None:
    await world.disable("potsdam", "atlas")
    await apply_town(world.platform, potsdam(enable=world.platform.plugins.healthy))
    assert "atlas" not in world.tenant("potsdam").enabled


async def test_a_plugin_that_left_the_file_is_switched_off(world: World) -> None:
    await apply_town(world.platform, potsdam(enable=("lorawan",)))
    assert world.tenant("potsdam").enabled == {"lorawan"}


async def test_a_measure_edited_by_a_person_is_left_alone(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        row = (await ctx.session.scalars(sa.select(Measure))).one()
        row.title, row.origin = "Von Hand", Origin.LOCAL
    await apply_town(world.platform, potsdam())
    assert [(row.key, row.title) for row in await measures(world, "potsdam")] == [(MEASURE, "Von Hand")]


async def test_settings_of_the_file_reach_the_plugin(world: World) -> None:
    plugin = world.platform.plugins.healthy["booking"]
    name = next(iter(plugin.settings.model_fields))
    value = getattr(plugin.settings(), name)
    await apply_town(world.platform, potsdam(enable=("booking",), plugins={"booking": {name: value}}))
    assert world.tenant("potsdam").settings == {"booking": {name: value}}


async def test_stored_settings_that_no_longer_fit_fall_back_to_the_default(world_sqlite: World) -> None:
    plugin = world_sqlite.platform.plugins.healthy["booking"]
    await apply_town(world_sqlite.platform, potsdam(enable=("booking",), plugins={"booking": {"gone_by_now": 1}}))
    found = world_sqlite.scope("potsdam").settings(plugin.settings)
    assert found == plugin.settings()


async def test_what_a_file_changes_is_audited_and_reading_it_again_adds_nothing(world: World) -> None:
    async def entries() -> list[tuple[str, str | None]]:
        async with world.scope("potsdam").read() as ctx:
            rows = await ctx.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
            return [(row.action, row.object_id) for row in rows]

    name = next(iter(world.platform.plugins.healthy["booking"].settings.model_fields))
    value = getattr(world.platform.plugins.healthy["booking"].settings(), name)
    before = await entries()
    changed = potsdam(enable=("booking",), plugins={"booking": {name: value}}, motto="Neu")
    await apply_town(world.platform, changed)
    added = (await entries())[len(before) :]
    off = sorted(plugin for plugin in world.platform.plugins.healthy if plugin != "booking")
    assert [action for action, _ in added if not action.startswith("tenant.sharing")] == [
        "tenant.changed",
        *("tenant.plugin_disabled" for _ in off),
        "tenant.settings_changed",
    ]
    count = len(await entries())
    await apply_town(world.platform, changed)
    assert len(await entries()) == count


async def test_no_secret_of_a_file_gets_into_the_log(world: World) -> None:
    settings = {"lorawan": {"mqtt_host": "broker.example.org", "mqtt_password": "geheim"}, "gone": {"key": "geheim"}}
    await apply_town(world.platform, potsdam(enable=world.platform.plugins.healthy, plugins=settings))
    async with world.scope("potsdam").read() as ctx:
        chosen = sa.select(AuditEntry).where(AuditEntry.action == "tenant.settings_changed").order_by(AuditEntry.id)
        entries = list(await ctx.session.scalars(chosen))
    assert [(entry.object_id, entry.after) for entry in entries] == [
        ("gone", {"key": "•••"}),
        ("lorawan", {"mqtt_host": "broker.example.org", "mqtt_password": "•••"}),
    ]
    assert "geheim" not in "".join(entry.text_de + entry.text_en for entry in entries)


async def test_a_changed_measure_counts_as_a_change_and_is_audited(world: World) -> None:
    plugins = world.platform.plugins.healthy
    made = potsdam(enable=plugins)
    measure = replace(made.measures[0], entry=made.measures[0].entry.model_copy(update={"lead": "Neues Amt"}))
    applied = await apply_town(world.platform, replace(made, measures=(measure,)))
    assert applied.changed
    async with world.scope("potsdam").read() as ctx:
        chosen = sa.select(AuditEntry).where(AuditEntry.action == "tenant.measures_changed").order_by(AuditEntry.id)
        entries = list(await ctx.session.scalars(chosen))
    assert entries[-1].after == {"added": [], "changed": [MEASURE], "removed": []}
