"""Files that belong to rows: the daily deletion takes no row of a plugin that keeps files; files of no row go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from regiohub.privacy.retention.keepers import keepers_in
from regiohub.testing import World
from regiohub.testing.factories import make
from regiohub_atlas.models import Document, Procedure
from regiohub_atlas.service.files import store_file

pytestmark = pytest.mark.regiohub(plugins=("atlas",))


async def uploaded(world: World, name: str) -> tuple[Procedure, Path]:
    """A procedure with a document of its own, whose file came long ago."""
    async with world.scope("potsdam").write() as ctx:
        stored = await store_file(ctx, name, name.encode())
        procedure = await make(ctx, Procedure)
        await make(ctx, Document, procedure_id=procedure.id, **stored.values())
        path = ctx.data_dir / "atlas" / "files" / stored.sha256
    os.utime(path, (0, 0))
    return procedure, path


async def test_no_upload_outlives_its_row_and_no_row_its_upload(world_sqlite: World) -> None:
    world = world_sqlite
    gone, file = await uploaded(world, "alt.txt")
    _, kept = await uploaded(world, "neu.txt")
    async with world.scope("potsdam").read() as ctx:
        # With a time of its own a plugin that keeps files would have to clear them away in towns that have it off, too.
        assert [list(keeper.rules) for keeper in keepers_in(ctx) if keeper.id == "atlas"] == [[]]
    await world.work()
    await world.later(days=36_500)
    assert (file.exists(), kept.exists()) == (True, True)
    async with world.scope("potsdam").write() as ctx:
        await ctx.session.delete(await ctx.session.merge(gone))
    await world.later(days=1)
    assert (file.exists(), kept.exists()) == (False, True)
