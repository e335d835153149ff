"""Random documents over each schema: no server error, no row of another town, whoever asks, by either way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from regiohub.auth.principal import ANONYMOUS
from regiohub.graphql.transport.routes import schema_text
from regiohub.sharing.service import list_consents, revoke
from regiohub.testing.depth import is_full
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.oracle import Oracle, harvest
from regiohub.testing.world import World

from .asking import Asking, Outcome
from .documents import Document, documents, documents_that_meet_rows
from .marks import fill_with_marks, identifiers, mark, unmark_what_is_public

HERE, THERE = "potsdam", "bad-belzig"
CASES = 2000
"""Documents for each schema, on PostgreSQL and without plugins at full depth only."""
FEWER = 120
MEETING = 60
"""Documents besides whose arguments are taken from the rows, so that there is something to be seen in answers."""
ADMIN = ("tenant-admin",)
ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
Note = Callable[[str, object], None]

pytestmark = pytest.mark.timeout(900)


async def filled(world: World) -> None:
    """Rows by chance in both towns, each text with the mark of its town."""
    assert await fill_with_marks(world) > 5000


async def asked(world: World, where: str, sdl: str, number: int, own: str, foreign: str) -> Outcome:
    """Ask so many documents; they hold identifiers of both towns."""
    ids = await identifiers(world)
    drawn = documents(sdl, number, ids)
    assert len(drawn) == number
    oracle = Oracle(world)
    known = await harvest(oracle, where, ANONYMOUS if where == "region" else world.principal(where, roles=ADMIN))
    known.foreign = ids
    meeting = documents_that_meet_rows(oracle.schema(where).schema, known, max(MEETING, number // 20))
    return await Asking(world, where, mark(own), (mark(foreign),)).ask([*drawn, *meeting])


def check(outcome: Outcome, name: str, note: Note) -> None:
    """No fault, and the cases were such that one could have shown."""
    note("fuzzing", outcome.line(name))
    assert outcome.wrong == []
    assert outcome.own > MEETING // 2, "hardly an answer shows any row"
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
        await unmark_what_is_public(world, THERE)
        sdl = schema_text(world.platform, region=True)
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
        # The town takes its own rows for those of another one.
        asking = Asking(world, HERE, mark(THERE), (mark(HERE),))
        outcome = await asking.ask([Document("query", True, "{ measures(first: 5) { nodes { title } } }")] * 3)
    assert any("a row of another town" in fault for fault in outcome.wrong)
