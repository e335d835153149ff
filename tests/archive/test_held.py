"""Work that waited in an archive: done here only where nobody else can have done it, or somebody has said so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from regiohub.events.dead_letters import retry
from regiohub.events.models import EntryKind, EntryState, OutboxEntry
from regiohub.testing import World
from regiohub.testing.factories import make
from regiohub.testing.installations import Engine

from .conftest import EMPTY_ONE, ONE, Open, exported, imported, secret

BOTH = pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
OTHER = secret("another installation's key, thirty-two characters")
AS_IT_WAS = {"a": EntryState.PENDING, "b": EntryState.WAITING, "c": EntryState.DONE}
HELD = {"a": EntryState.DEAD, "b": EntryState.DEAD, "c": EntryState.DONE}


async def archive_with_work(opens: Open, file: Path) -> Path:
    async with opens("sqlite", ONE) as world:
        async with world.scope("potsdam").write() as ctx:
            for key, state in AS_IT_WAS.items():
                await make(ctx, OutboxEntry, kind=EntryKind.TASK, name="gone.do", key=key, state=state)
        await exported(world, file)
    return file


async def states(world: World, slug: str = "potsdam") -> dict[str | None, EntryState]:
    async with world.scope(slug).read() as ctx:
        rows = await ctx.session.execute(sa.select(OutboxEntry.key, OutboxEntry.state))
        return {key: state for key, state in rows}  # noqa: C416 - typed rows


@BOTH
async def test_work_from_elsewhere_is_held_until_an_operator_decides(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    file = await archive_with_work(opens, tmp_path / "potsdam.zip")
    async with opens(engine, EMPTY_ONE, secret_key=OTHER) as world:
        done = await imported(world, file, consents="keep", accept_log=True)
        assert (done.held, await states(world)) == (2, HELD)
        async with world.scope("potsdam").write() as ctx:
            assert await retry(ctx) == 2


@pytest.mark.parametrize(
    ("wanted", "held", "there"),
    [({}, 0, AS_IT_WAS), ({"work": "hold"}, 2, HELD), ({"slug": "drill"}, 2, HELD),
     ({"slug": "drill", "work": "keep"}, 0, AS_IT_WAS)],
    ids=["back home", "back home, but hold", "a drill", "a drill that works"],
)  # fmt: skip
async def test_at_home_work_goes_on_and_in_a_drill_it_does_not(
    opens: Open, tmp_path: Path, wanted: dict[str, Any], held: int, there: dict[str, EntryState]
) -> None:
    file = await archive_with_work(opens, tmp_path / "potsdam.zip")
    async with opens("sqlite", EMPTY_ONE) as world:
        done = await imported(world, file, **wanted)
        assert (done.held, await states(world, wanted.get("slug", "potsdam"))) == (held, there)
