"""docs/how-to/job.md: a job, a task, events of another plugin, a long work."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from regiohub.api import WorkState, work_of
from regiohub.testing import World
from regiohub.testing.installations import Engine, Installations, Recipe

from .conftest import ENGINES, plugin_of

PAGE = "how-to/job.md"
MIGRATION = """
import sqlalchemy as sa
from regiohub.api.migrations import ops

revision = "0001"
down_revision = None

def upgrade():
    ops.create_tenant_table(
        "diary_entry", sa.Column("topic", sa.Text(), nullable=False), sa.Column("at", ops.UtcDateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
    )
    ops.create_index("diary_entry", "day")
    ops.create_tenant_table(
        "diary_day", sa.Column("day", sa.Date(), nullable=False), sa.Column("entries", sa.Integer(), nullable=False),
        ops.unique("day"),
    )
    ops.guard("diary_entry")
    ops.guard("diary_day")
"""  # noqa: E501


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EntryPoint]:
    """The plugin of the page."""
    beside = {"migrations/versions/0001_initial.py": MIGRATION}
    with plugin_of(PAGE, "diary", tmp_path_factory.mktemp("diary"), beside=beside) as entry:
        yield entry


@pytest.fixture
async def world(
    diary: EntryPoint, installations: Installations, tmp_path: Path, engine: Engine
) -> AsyncIterator[World]:
    """The plugin alone: booking, whose event it hears, is not there."""
    async with installations.open(Recipe(entries=(diary,)), engine, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("engine", ENGINES)
async def test_an_event_of_another_plugin_is_heard_by_its_name(world: World) -> None:
    page = importlib.import_module("test_diary")
    await page.test_a_booking_is_noted_and_the_day_is_counted(world)


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_task_with_a_key_runs_once_after_its_delay(world: World) -> None:
    page = importlib.import_module("test_diary")
    await page.test_a_reminder_comes_once_and_an_hour_later(world)


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_long_work_goes_on_in_portions_and_the_job_clears_away(world: World) -> None:
    from regiohub_diary.models import Day, Entry  # pyright: ignore[reportMissingImports]
    from regiohub_diary.recounting import recount  # pyright: ignore[reportMissingImports]

    async with world.scope("potsdam").write() as ctx:
        for number in range(45):
            at = ctx.now() - timedelta(days=number)
            ctx.session.add(Entry(topic="x", at=at, day=at.date()))
    async with world.scope("potsdam", principal=world.principal(roles=["editor"])).write() as ctx:
        work: Any = await recount(ctx)
    await world.work()
    async with world.scope("potsdam").read() as ctx:
        found = await work_of(ctx, work.id)
        assert found is not None
        assert (found.state, found.done, found.total) == (WorkState.DONE, 45, 45)
        assert await ctx.session.scalar(select(func.sum(Day.entries))) == 45
    await world.later(days=1)
    async with world.scope("potsdam").read() as ctx:
        assert await ctx.session.scalar(select(func.count()).select_from(Entry)) == 30
        assert await ctx.session.scalar(select(func.sum(Day.entries))) == 45
