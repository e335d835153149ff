"""docs/how-to/share-data.md: a dataset, and the region that reads it."""

from __future__ import annotations

import importlib
import json
import tomllib
from collections.abc import AsyncIterator, Iterator, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from regiohub.tenancy.config import SharingEntry, Town
from regiohub.testing import World
from regiohub.testing.factories import make
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.towns import small_towns

from .conftest import ENGINES, plugin_of
from .pages import asked, blocks

PAGE = "how-to/share-data.md"
MIGRATION = """
import sqlalchemy as sa
from regiohub.api.migrations import ops

revision = "0001"
down_revision = None

def upgrade():
    ops.create_tenant_table(
        "trails_trail", sa.Column("name", sa.Text(), nullable=False), sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("start", ops.GeoJson(), nullable=False), sa.Column("note", sa.Text()),
        sa.Column("published_at", ops.UtcDateTime()),
    )
    ops.spatial_index("trails_trail", "start")
    ops.guard("trails_trail")
"""


@pytest.fixture(scope="module")
def trails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EntryPoint]:
    """The plugin of the page."""
    beside = {"migrations/versions/0001_initial.py": MIGRATION}
    with plugin_of(PAGE, "trails", tmp_path_factory.mktemp("trails"), beside=beside) as entry:
        yield entry


def _nothing_shared(plugins: Any, _datasets: Any) -> Sequence[Town]:
    return small_towns(plugins, ())


@pytest.fixture
async def world(
    trails: EntryPoint, installations: Installations, tmp_path: Path, engine: Engine
) -> AsyncIterator[World]:
    """Towns that share nothing yet."""
    async with installations.open(Recipe(entries=(trails,), towns=_nothing_shared), engine, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_test_of_the_page(
    trails: EntryPoint, installations: Installations, tmp_path: Path, engine: Engine
) -> None:
    page = importlib.import_module("test_trails")
    async with installations.open(Recipe(entries=(trails,)), engine, tmp_path) as world:
        await page.test_the_region_sees_what_is_published_while_it_is_shared(world)


@pytest.mark.parametrize("engine", ENGINES)
async def test_the_consent_of_the_page_opens_the_dataset_to_the_region(world: World) -> None:
    from regiohub_trails.models import Trail  # pyright: ignore[reportMissingImports]

    for slug in ("potsdam", "bad-belzig"):
        async with world.scope(slug).write() as ctx:
            start = {"type": "Point", "coordinates": [13.06, 52.39]}
            await make(ctx, Trail, name="Uferweg", metres=4200, start=start, published_at=ctx.now())
    found = blocks(Path(PAGE))
    ((question, answer),) = asked(found, "graphql", "json")
    nothing = await world.graphql("region", question)
    assert nothing.data == {"trails": {"trails": {"nodes": []}}}
    (grant,) = [block.content for block in found if block.content.startswith("mutation")]
    await world.caller("potsdam", roles=("tenant-admin",)).mutate(grant)
    answered = await world.graphql("region", question)
    assert (answered.errors, answered.data) == ([], json.loads(answer))
    hidden = await world.graphql("region", "{ trails { trails { nodes { note } } } }")
    assert hidden.codes == ["BAD_OPERATION"]


def test_the_file_of_the_page_is_a_consent() -> None:
    (file,) = [block.content for block in blocks(Path(PAGE)) if block.language == "toml"]
    (entry,) = tomllib.loads(file)["sharing"]
    assert SharingEntry.model_validate(entry).reader == "region"
