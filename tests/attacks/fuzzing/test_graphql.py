"""Random documents over each schema: no server error, no row of another town, whoever asks, by either way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from regiohub.graphql.transport.routes import schema_text
from regiohub.sharing.service import list_consents, revoke
from regiohub.testing.depth import is_full
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.world import World

from .asking import Asking, Outcome
from .documents import documents
from .marks import fill_with_marks, identifiers, mark

HERE, THERE = "potsdam", "bad-belzig"
CASES = 2000
"""Documents for each schema, on PostgreSQL and without plugins at full depth only."""
FEWER = 240
ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
Note = Callable[[str, object], None]

pytestmark = pytest.mark.timeout(900)


async def filled(world: World) -> None:
    """Rows by chance in both towns, each text with the mark of its town."""
    assert await fill_with_marks(world) > 5000


async def asked(world: World, where: str, sdl: str, number: int, own: str, foreign: str) -> Outcome:
    """Ask so many documents; they hold identifiers of both towns."""
    drawn = documents(sdl, number, await identifiers(world))
    assert len(drawn) == number
    return await Asking(world, where, mark(own), (mark(foreign),)).ask(drawn)


def check(outcome: Outcome, name: str, note: Note) -> None:
    """No fault, and the cases were such that one could have shown."""
    note("fuzzing", outcome.line(name))
    assert outcome.wrong == []
    assert outcome.own * 60 > outcome.cases, "hardly an answer shows any row"
    assert outcome.codes["none"] * 10 > outcome.cases


@pytest.mark.parametrize("engine", ENGINES)
async def test_random_documents_at_a_town_meet_no_fault_and_no_other_town(
    engine: Engine, installations: Installations, tmp_path: Path, record_property: Note
) -> None:
    number = CASES if engine == "sqlite" or is_full() else FEWER
    async with installations.open_filled(Recipe(), engine, tmp_path, "marks", filled) as world:
        outcome = await asked(world, HERE, schema_text(world.platform), number, HERE, THERE)
    check(outcome, f"town with all plugins, {engine}", record_property)


@pytest.mark.parametrize("engine", ENGINES)
async def test_random_documents_at_the_region_meet_no_town_that_does_not_share(
    engine: Engine, installations: Installations, tmp_path: Path, record_property: Note
) -> None:
    number = CASES if engine == "sqlite" or is_full() else FEWER
    async with installations.open_filled(Recipe(), engine, tmp_path, "marks", filled) as world:
        async with world.scope(THERE).write() as ctx:
            for consent in await list_consents(ctx):
                await revoke(ctx, consent.id)
        sdl = schema_text(world.platform, region=True)
        # What everybody may know of a town is no secret at the region either: its measures keep no mark there.
        outcome = await asked(world, "region", sdl, number, HERE, THERE)
    check(outcome, f"region, {engine}", record_property)


@pytest.mark.parametrize("engine", ENGINES)
async def test_random_documents_at_a_town_without_plugins_meet_no_fault(
    engine: Engine, installations: Installations, tmp_path: Path, record_property: Note
) -> None:
    number = CASES if is_full() else FEWER
    async with installations.open_filled(Recipe(), engine, tmp_path, "marks", filled) as world:
        for plugin in world.tenant(HERE).enabled:
            await world.disable(HERE, plugin)
        sdl = schema_text(world.platform, frozenset())
        outcome = await asked(world, HERE, sdl, number, HERE, THERE)
    check(outcome, f"town without plugins, {engine}", record_property)


async def test_a_row_of_another_town_would_be_noticed(installations: Installations, tmp_path: Path) -> None:
    async with installations.open_filled(Recipe(), "sqlite", tmp_path, "marks", filled) as world:
        drawn = [document for document in documents(schema_text(world.platform), 60, ["x"]) if document.valid]
        # The town takes its own rows for those of another one.
        asking = Asking(world, HERE, mark(THERE), (mark(HERE),))
        outcome = await asking.ask(drawn)
    assert any("a row of another town" in fault for fault in outcome.wrong)
