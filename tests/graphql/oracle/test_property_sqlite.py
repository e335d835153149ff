"""The property that holds the whole compiler, on SQLite: plans answer as the ordinary executor does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from oracle_figures import check
from oracle_property import CHUNK, CHUNKS, DEPTH, Run

from regiohub.testing.world import World

pytestmark = [pytest.mark.timeout(1800)]
RUN = Run()


@pytest.mark.parametrize("filled_address", ["filled_sqlite"], indirect=True)
@pytest.mark.parametrize("chunk", range(CHUNKS))
async def test_random_documents_have_the_same_answer_by_plan_and_by_the_ordinary_executor(
    filled: World, chunk: int
) -> None:
    await RUN.compare(filled, range(chunk * CHUNK, (chunk + 1) * CHUNK), print)


@pytest.mark.skipif(DEPTH != "full", reason="full depth only: REGIOHUB_TEST_DEPTH=full")
@pytest.mark.parametrize("filled_address", ["filled_sqlite"], indirect=True)
async def test_what_chance_has_left_out_is_aimed_at(filled: World) -> None:
    await RUN.reach(filled)


def test_the_random_documents_reach_everything_and_meet_data(record_property: Callable[[str, object], None]) -> None:
    record_property("oracle", "\n".join(RUN.lines("sqlite")))
    check(RUN)
