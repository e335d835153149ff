"""Search words can reveal illnesses: they stand in no log, in no error and in no statement."""

import logging

import pytest

from regiohub.testing import World

from .test_finding import CENTRE, FIND, find

WORDS = "Suchtberatung Depressionsgruppe"


async def test_search_words_reach_no_log_line_even_at_debug_level(
    demo: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    assert await find(demo, text=WORDS)
    posted = await demo.client.post("/bad-belzig/hsds/services", json={"search": WORDS})
    assert posted.status_code == 200
    assert (await demo.client.post("/bad-belzig/hsds/services", json={"search": WORDS, "page": 0})).status_code == 422
    refused = await demo.graphql("bad-belzig", FIND, {"filter": {"text": WORDS * 9}, "from": CENTRE})
    assert refused.errors
    captured = capfd.readouterr()
    logged = (caplog.text + captured.out + captured.err).casefold()
    assert "suchtberatung" not in logged
    assert "depression" not in logged


async def test_a_refused_question_is_not_repeated_in_the_answer(world: World) -> None:
    refused = await world.graphql("bad-belzig", FIND, {"filter": {"text": "Depression " * 30}, "from": CENTRE})
    assert "depression" not in str(refused.errors).casefold()


async def test_no_statement_names_a_search_word(demo: World) -> None:
    with demo.statements() as seen:
        await find(demo, text="Depressionsgruppe")
    assert seen
    assert all("depression" not in statement.casefold() for statement in seen)
