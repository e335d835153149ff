"""Who asks for it and may see it learns how his operation was answered; the log knows it of each."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from regiohub.graphql import explain
from regiohub.logs import configure_logging
from regiohub.settings import Settings
from regiohub.testing.world import World

DOCUMENT = (
    "query Mixed ($word: String) { walls { things(first: 2, filter: {named: $word}) { nodes { name } }"
    " owners { nodes { things(first: 1) { nodes { name } } } } }"
    ' shop { search(text: "a") { totalCount } } tenant { slug } }'
)
ADMIN = ("tenant-admin",)


async def send(
    world: World, town: str = "potsdam", *, header: str | None = "plan", document: str = DOCUMENT, **caller: Any
) -> dict[str, Any]:
    """The body of an answer, asked for with the header."""
    headers = world.headers(None if town == "region" else town, **caller)
    if header is not None:
        headers["x-regiohub-explain"] = header
    body = {"query": document, "variables": {"word": "secret word"} if "$word" in document else {}}
    return (await world.client.post(f"/{town}/graphql", json=body, headers=headers)).json()


async def test_admins_of_the_town_see_each_field_with_its_way_and_reason(walls_sqlite: World) -> None:
    body = await send(walls_sqlite, roles=ADMIN)
    plan = body["extensions"]["plan"]
    assert len(plan["id"]) == 12
    assert plan["answeredBy"] == "plan"
    assert plan["reason"] is None
    assert [field["path"] for field in plan["fields"]] == ["walls.things", "walls.owners", "shop.search", "tenant"]
    ways = {field["path"]: field for field in plan["fields"]}
    assert ways["walls.things"]["way"] in ("json", "rows")
    assert ways["walls.owners"]["way"] == "json"
    assert "reason" not in ways["walls.owners"]
    assert (ways["shop.search"]["way"], bool(ways["shop.search"]["reason"])) == ("resolver", True)
    assert await send(walls_sqlite, roles=ADMIN, header=None) == {"data": body["data"]}


async def test_neither_statements_nor_values_are_shown(walls_sqlite: World) -> None:
    text = json.dumps((await send(walls_sqlite, roles=ADMIN))["extensions"])
    for word in ("secret word", "SELECT", "tenant_id", "shop_thing", "$1"):
        assert word not in text


@pytest.mark.parametrize(
    ("caller", "header"),
    [
        ({}, "plan"),
        ({"subject": "anna"}, "plan"),
        ({"roles": ("editor", "coordinator", "caretaker", "auditor")}, "plan"),
        ({"roles": ADMIN}, "sql"),
        ({"roles": ADMIN}, "1"),
    ],
)
async def test_nobody_else_sees_anything(walls_sqlite: World, caller: dict[str, Any], header: str) -> None:
    assert "extensions" not in await send(walls_sqlite, header=header, **caller)


async def test_an_admin_of_another_town_sees_nothing_here(walls_sqlite: World) -> None:
    token = walls_sqlite.token("bad-belzig", roles=ADMIN)
    assert "extensions" not in await send(walls_sqlite, token=token)


async def test_the_region_shows_its_plans_to_those_who_operate_it(walls_sqlite: World) -> None:
    document = "{ walls { things(first: 1) { nodes { name } } } }"
    token = walls_sqlite.token(None, subject="regina", regional_roles=("regional-admin",))
    body = await send(walls_sqlite, "region", document=document, token=token)
    assert [field["path"] for field in body["extensions"]["plan"]["fields"]] == ["walls.things"]
    assert "extensions" not in await send(walls_sqlite, "region", document=document)


async def test_operations_without_a_plan_say_why(walls_sqlite: World) -> None:
    schema = await send(walls_sqlite, document="{ __schema { queryType { name } } }", roles=ADMIN)
    assert schema["extensions"]["plan"] == {
        "id": None, "answeredBy": "executor", "reason": "the schema about itself", "fields": [],
    }  # fmt: skip
    change = 'mutation { greet(words: "hi") { words } }'
    assert (await send(walls_sqlite, document=change, roles=ADMIN))["extensions"]["plan"]["reason"] == "no query"


async def test_a_plan_that_gave_way_to_the_executor_says_so(walls_sqlite: World) -> None:
    document = '{ walls { things(first: 2, after: "forged") { nodes { name } } } }'
    body = await send(walls_sqlite, document=document, roles=ADMIN)
    assert body["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"
    assert body["extensions"]["plan"]["answeredBy"] == "executor"
    assert body["extensions"]["plan"]["reason"]


@pytest.fixture
def lines() -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    """Calling it gives the log lines of an event so far, at debug."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    before = structlog.get_config()
    configure_logging(Settings(_env_file=None, log_format="json", log_level="DEBUG"))  # pyright: ignore[reportCallIssue]
    structlog.configure(cache_logger_on_first_use=False)
    written = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)

    def found(event: str) -> list[dict[str, Any]]:
        entries = [json.loads(line) for line in written.getvalue().splitlines()]
        return [entry for entry in entries if entry["event"] == event]

    yield found
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_the_log_has_one_line_per_operation_and_tells_of_each_new_plan(
    walls_sqlite: World, lines: Callable[[str], list[dict[str, Any]]]
) -> None:
    body = await send(walls_sqlite, roles=ADMIN)
    await send(walls_sqlite, roles=ADMIN, header=None)
    await send(walls_sqlite, document="{ __schema { queryType { name } } }", roles=ADMIN)
    (made,), (planned,) = lines("plan made"), lines("operation planned")
    assert made["level"] == "info"
    assert planned["level"] == "debug"
    for line in (made, planned):
        assert line["plan"] == body["extensions"]["plan"]["id"]
        assert line["operation"] == "Mixed"
        assert line["ways"]["shop.search"] == "resolver"
        assert line["reasons"]
        assert line["answered_by"] == "plan"
        assert line["bytes"] >= len(json.dumps(body["data"], separators=(",", ":"), ensure_ascii=False).encode())
        assert line["ms"] > 0
        assert "secret word" not in json.dumps(line)


def test_statements_are_laid_out_by_clause() -> None:
    laid = explain.pretty("SELECT (SELECT count(*) \nFROM b \nWHERE b.x = $1) AS c \nFROM a \n LIMIT 3")
    assert laid.splitlines() == [
        "SELECT (SELECT count(*)", "  FROM b", "  WHERE b.x = $1) AS c", "FROM a", "LIMIT 3",
    ]  # fmt: skip
