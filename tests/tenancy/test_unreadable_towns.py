"""A town whose rows cannot be read is left out, whatever put them there; all others are seen as before."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from regiohub.auth.roles.models import GroupRolesRow
from regiohub.db.base import uuid7
from regiohub.tenancy.changes import touch
from regiohub.tenancy.models import Origin, PluginSetting, TenantRow
from regiohub.testing.world import World


async def _change(world: World, town: int, **values: Any) -> None:
    """Change a town's row as no way of the platform would."""
    async with world.platform.database.platform(write=True) as session:
        await session.execute(sa.update(TenantRow).where(TenantRow.id == town).values(**values))
        await touch(session, town)
        await session.commit()


@pytest.mark.parametrize("values", [{"timezone": "Mars/Phobos"}, {"hosts": [5]}, {"hosts": 5}, {"branding": [5]}])
async def test_a_town_that_cannot_be_read_keeps_no_other_from_being_seen(world: World, values: dict[str, Any]) -> None:
    registry, town = world.platform.tenants, world.tenant("potsdam")
    await _change(world, town.id, **values)
    with capture_logs() as logs:
        await registry.reload()
    assert [other.slug for other in registry.all()] == ["bad-belzig", "berlin"]
    assert [line["town"] for line in logs if line["event"] == "town_unreadable"] == ["potsdam"]
    sound = {"timezone": "Europe/Berlin", "hosts": list(town.hosts), "branding": {}}
    await _change(world, town.id, **{name: sound[name] for name in values})
    await registry.refresh()
    assert registry.get("potsdam") is not None


@pytest.mark.parametrize("kind", ["settings", "roles"])
async def test_neither_does_one_whose_settings_or_roles_are_none(world: World, kind: str) -> None:
    async with world.scope("potsdam").write() as ctx:
        odd: Any = 5
        if kind == "settings":
            ctx.session.add(PluginSetting(id=uuid7(), plugin="odd", origin=Origin.LOCAL, values=odd))
        else:
            ctx.session.add(GroupRolesRow(id=uuid7(), group="odd", roles=odd))
    await world.platform.tenants.reload()
    assert [town.slug for town in world.platform.tenants.all()] == ["bad-belzig", "berlin"]
