"""Each known attack on GraphQL is refused before it costs anything, or answered by decision and bounded."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Any

import pytest
import pytest_asyncio
from graphql import get_introspection_query

import regiohub.graphql.prepare as preparing
import regiohub.graphql.prepared as running
from regiohub.testing.installations import Installations, Recipe
from regiohub.testing.world import World

from ...graphql.sockets import Closed, connect  # noqa: TID252 - the client of the tests beside
from .known_attacks import Attack, Where, attacks

KNOWN: list[tuple[Where, Attack]] = [
    *(("potsdam", attack) for attack in attacks("potsdam")),
    *(("region", attack) for attack in attacks("region")),
]
ALL = [pytest.param(where, attack, id=f"{where}: {attack.name}") for where, attack in KNOWN]
OVER_SOCKETS = [
    pytest.param(where, attack, id=f"{where}: {attack.name}") for where, attack in KNOWN if attack.document is not None
]
INTROSPECTION_BYTES = 2_000_000

pytestmark = pytest.mark.asyncio(loop_scope="module")
"""All on the same two installations: nothing here changes anything."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worlds(
    installations: Installations, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[bool, World]]:
    """The whole installation with plans (True) and without."""
    folder = tmp_path_factory.mktemp
    async with (
        installations.open(Recipe(), "sqlite", folder("plans")) as plans,
        installations.open(Recipe(), "sqlite", folder("ordinary"), graphql_plans=False) as ordinary,
    ):
        yield {True: plans, False: ordinary}


@contextmanager
def stages(monkeypatch: pytest.MonkeyPatch) -> Generator[list[str]]:
    """Notes which stages an operation reaches."""
    seen: list[str] = []
    with monkeypatch.context() as patch:
        for module, name in ((preparing, "parse"), (preparing, "validate"), (running, "execute")):
            patch.setattr(module, name, _noting(getattr(module, name), name, seen))
        yield seen


def _noting(function: Any, name: str, seen: list[str]) -> Any:
    def noted(*args: Any, **kwargs: Any) -> Any:
        seen.append(name)
        return function(*args, **kwargs)

    return noted


def check(attack: Attack, errors: list[dict[str, Any]]) -> None:
    """The refusal is the one that the attack deserves, in few words and without a hint."""
    assert {error["extensions"]["code"] for error in errors} == {attack.code}
    assert len(errors) <= 11
    assert errors[0]["extensions"].get("limit") == attack.limit
    assert "Did you mean" not in json.dumps(errors)
    assert len(json.dumps(errors)) < 10_000


@pytest.mark.parametrize("plans", [True, False], ids=["compiled", "ordinary"])
@pytest.mark.parametrize(("where", "attack"), ALL)
async def test_an_attack_over_http_is_refused_before_it_costs_anything(
    worlds: dict[bool, World], plans: bool, where: Where, attack: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = worlds[plans]
    with world.statements() as statements, stages(monkeypatch) as seen:
        answer = await world.client.request(
            attack.method, f"/{where}/graphql?{attack.query}", content=attack.body, headers=dict(attack.headers)
        )
    assert answer.status_code == attack.status
    assert set(seen) <= set(attack.stages)
    if attack.code is None:
        return
    assert statements == []
    body = answer.json()
    assert "data" not in body
    if "errors" in body:
        check(attack, body["errors"])
    else:
        assert body["code"] == attack.code


@pytest.mark.parametrize("plans", [True, False], ids=["compiled", "ordinary"])
@pytest.mark.parametrize(("where", "attack"), OVER_SOCKETS)
async def test_an_attack_over_a_websocket_is_refused_before_it_costs_anything(
    worlds: dict[bool, World], plans: bool, where: Where, attack: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = worlds[plans]
    with world.statements() as statements, stages(monkeypatch) as seen:
        async with connect(world, f"/{where}/graphql") as socket:
            await socket.init()
            await socket.subscribe(str(attack.document), **attack.variables)
            answer = await socket.receive()
    assert set(seen) <= set(attack.stages)
    assert len(seen) == len(set(seen)), "looked at twice"
    if attack.code is None:
        assert answer["type"] == "next"
        return
    assert statements == []
    assert answer["type"] == "error"
    check(attack, answer["payload"])


async def test_several_operations_in_one_message_close_the_socket(worlds: dict[bool, World]) -> None:
    async with connect(worlds[True], "/potsdam/graphql") as socket:
        await socket.init()
        await socket.send(json.dumps([{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}] * 2))
        with pytest.raises(Closed) as closed:
            await socket.receive()
    assert closed.value.code == 4400


@pytest.mark.parametrize("where", ["potsdam", "region"])
async def test_the_schema_is_told_once_and_remembered(
    worlds: dict[bool, World], where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, (world, _) = get_introspection_query(), worlds.values()
    first = await world.graphql(where, document)
    with world.statements() as statements, stages(monkeypatch) as seen:
        again = await world.client.post(f"/{where}/graphql", json={"query": document})
    assert first.errors == []
    assert again.json()["data"] == first.data
    assert (statements, seen) == ([], [])
    assert len(again.content) < INTROSPECTION_BYTES


async def test_usual_tools_may_ask_for_the_schema(worlds: dict[bool, World]) -> None:
    for given in ({"specified_by_url": True, "input_value_deprecation": True}, {"descriptions": False}):
        document = get_introspection_query(schema_description=True, directive_is_repeatable=True, **given)
        assert (await worlds[False].graphql("potsdam", document)).errors == []
    one = '{ a: __type(name: "Measure") { fields { name } } b: __type(name: "Tenant") { fields { name } } __typename }'
    assert (await worlds[False].graphql("potsdam", one)).errors == []


async def test_nobody_is_told_how_an_answer_came_about_without_the_right_to_it(worlds: dict[bool, World]) -> None:
    (traced,) = (attack for attack in attacks("potsdam") if attack.name == "tracing")
    answer = await worlds[True].client.post("/potsdam/graphql", content=traced.body, headers=dict(traced.headers))
    assert answer.json() == {"data": {"tenant": {"slug": "potsdam"}}}


async def test_graphiql_is_a_page_that_runs_nothing(worlds: dict[bool, World]) -> None:
    for where in ("potsdam", "region"):
        with worlds[True].statements() as statements:
            page = await worlds[True].client.get(f"/{where}/graphql?query={{tenants}}", headers={"accept": "text/html"})
        assert (page.status_code, statements) == (200, [])
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert len(page.content) < 20_000
