"""Switching plugins per town and measure: live, audited, kept apart per town."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from regiohub.audit.models import AuditEntry
from regiohub.errors import Conflict, Forbidden, InvalidInput, NotFound
from regiohub.tenancy.models import Activation, Measure
from regiohub.tenancy.switches import switch
from regiohub.testing import World
from regiohub.testing.towns import MEASURE


async def audited(world: World, slug: str) -> list[tuple[str, Any, Any]]:
    async with world.scope(slug).read() as ctx:
        rows = await ctx.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.object_kind == "plugin").order_by(AuditEntry.id)
        )
        return [(row.action, row.before, row.after) for row in rows]


async def test_switching_off_takes_effect_at_once_and_in_this_town_only(world: World) -> None:
    before = world.tenant("bad-belzig").enabled
    await world.disable("potsdam", "atlas")
    assert "atlas" not in world.tenant("potsdam").enabled
    assert world.tenant("bad-belzig").enabled == before


async def test_every_switch_is_audited_with_before_and_after(world: World) -> None:
    before = await audited(world, "potsdam")
    await world.disable("potsdam", "atlas")
    await world.enable("potsdam", "atlas", MEASURE)
    assert (await audited(world, "potsdam"))[len(before) :] == [
        ("tenant.plugin_disabled", {"enabled": True}, {"enabled": False, "measure": None}),
        ("tenant.plugin_enabled", {"enabled": False}, {"enabled": True, "measure": MEASURE}),
    ]


async def test_enabling_records_for_which_measure(world: World) -> None:
    await world.enable("berlin", "lorawan", MEASURE)
    async with world.scope("berlin").read() as ctx:
        joined = sa.select(Activation.plugin, Measure.key).join(Measure, Measure.id == Activation.measure_id)
        assert [tuple(row) for row in await ctx.session.execute(joined)] == [("lorawan", MEASURE)]


async def test_a_plugin_stays_on_while_one_measure_needs_it(world: World) -> None:
    await world.enable("berlin", "lorawan")
    await world.enable("berlin", "lorawan", MEASURE)
    await switch(world.platform, world.tenant("berlin"), "lorawan", on=False, measure=MEASURE)
    assert "lorawan" in world.tenant("berlin").enabled
    await world.disable("berlin", "lorawan")
    assert "lorawan" not in world.tenant("berlin").enabled


async def test_a_plugin_does_not_go_off_for_a_measure_that_it_does_not_serve(world: World) -> None:
    await world.enable("berlin", "lorawan")
    before = await audited(world, "berlin")
    with pytest.raises(NotFound, match="not switched on for the measure"):
        await switch(world.platform, world.tenant("berlin"), "lorawan", on=False, measure=MEASURE)
    assert await audited(world, "berlin") == before
    assert "lorawan" in world.tenant("berlin").enabled


async def test_another_process_sees_the_switch(world: World) -> None:
    from regiohub.tenancy.registry import TenantRegistry

    other = TenantRegistry(world.platform.database, world.platform.plugins)
    await other.refresh()
    await world.disable("potsdam", "atlas")
    assert await other.refresh()
    town = other.get("potsdam")
    assert town is not None
    assert "atlas" not in town.enabled


@pytest.mark.parametrize(
    ("plugin", "on", "measure", "error"),
    [
        ("moon", True, None, NotFound),
        ("atlas", True, "no-such-measure", InvalidInput),
        ("atlas", False, None, NotFound),
    ],
    ids=["unknown plugin", "unknown measure", "not on"],
)
async def test_impossible_switches_are_refused(
    world_sqlite: World, plugin: str, on: bool, measure: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await switch(world_sqlite.platform, world_sqlite.tenant("berlin"), plugin, on=on, measure=measure)


async def test_a_plugin_in_quarantine_cannot_be_switched_on_and_says_why(world_sqlite: World) -> None:
    world_sqlite.platform.plugins.quarantine("atlas", "broken on purpose")
    with pytest.raises(Conflict, match="broken on purpose"):
        await world_sqlite.enable("berlin", "atlas")


async def test_an_editor_may_not_switch_and_a_tenant_admin_may(world_sqlite: World) -> None:
    town = world_sqlite.tenant("potsdam")
    editor = world_sqlite.principal(roles=("editor",))
    with pytest.raises(Forbidden):
        await switch(world_sqlite.platform, town, "atlas", on=False, principal=editor)
    admin = world_sqlite.principal(roles=("tenant-admin",))
    await switch(world_sqlite.platform, town, "atlas", on=False, principal=admin)
    assert "atlas" not in world_sqlite.tenant("potsdam").enabled
