"""What the region reads stands in the audit log of each town that was read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from regiohub.audit.models import AuditEntry
from regiohub.testing import World


async def reads(world: World, slug: str) -> list[tuple[str | None, Any]]:
    async with world.scope(slug).read() as ctx:
        rows = await ctx.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "tenant.sharing_read"))
        return [(row.object_id, (row.after or {})["reads"]) for row in rows]


async def test_region_reads_are_counted_in_the_log_of_each_consenting_town(world: World) -> None:
    document = "{ atlas { procedures { totalCount } } }"
    for _ in range(3):
        assert (await world.graphql("region", document)).errors == []
    await world.platform.shared_reads.flush(world.platform)
    assert await reads(world, "potsdam") == [("atlas.procedures", 3)]
    assert await reads(world, "bad-belzig") == [("atlas.procedures", 3)]
    assert await reads(world, "berlin") == []


async def test_a_flush_without_reads_writes_nothing(world_sqlite: World) -> None:
    await world_sqlite.platform.shared_reads.flush(world_sqlite.platform)
    assert await reads(world_sqlite, "potsdam") == []
