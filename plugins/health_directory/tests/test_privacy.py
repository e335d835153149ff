"""Search words can reveal illnesses: they stand in no log, in no error and in no statement."""

import logging
from typing import Any

import pytest
from sqlalchemy import Engine, event

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


async def test_no_statement_carries_a_search_word_to_the_database(demo: World) -> None:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        seen.append(f"{statement} {parameters}".casefold())

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert await find(demo, text="Suchtberatung")
        assert await find(demo, text="Beispiel-Suchtberatung Bad Belzig")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert seen
    assert [statement for statement in seen if "sucht" in statement or "belzig" in statement] == []
