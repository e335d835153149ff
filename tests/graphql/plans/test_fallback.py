"""A plan that cannot answer gives way to the executor once; after a timeout nothing is tried again."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import gq_lies
import pytest

from regiohub.auth.principal import ANONYMOUS
from regiohub.db.direct import Direct
from regiohub.graphql.answer import Answer
from regiohub.graphql.execute import Request, Terms, prepare
from regiohub.graphql.limits.bounds import Limits
from regiohub.graphql.prepared import Prepared
from regiohub.testing.oracle.run import Oracle
from regiohub.testing.world import World


class Looks:
    """Prepares operations of one schema, so that plans stay from one to the next."""

    def __init__(self, world: World, *, timeout: float = 15) -> None:
        self._oracle, self._world, self._timeout = Oracle(world), world, timeout

    def prepare(self, document: str, variables: dict[str, Any] | None = None) -> Prepared:
        """An operation that may run, asked anonymously in Potsdam."""
        source = self._oracle.source("potsdam", ANONYMOUS, "en")
        terms = Terms(Limits.of(self._world.platform.settings), self._timeout)
        prepared = prepare(self._oracle.schema("potsdam"), Request(document, dict(variables or {})), source, terms)
        assert not isinstance(prepared, Answer)
        return prepared


@pytest.fixture
def ordinary_runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes each run of the executor, and lets it run."""
    seen: list[str] = []
    inner = Prepared._ordinary  # pyright: ignore[reportPrivateUsage]

    async def noted(self: Prepared) -> Answer:
        seen.append(self.request.query)
        return await inner(self)

    monkeypatch.setattr(Prepared, "_ordinary", noted)
    return seen


FAILING = "{ lies { things(first: 2) { nodes { name noFunction } } } }"
DIVIDED = "query ($n: Int) { lies { things(filter: {divided: $n}) { totalCount nodes { name } } } }"


async def test_a_plan_that_fails_gives_way_once_each_time_and_then_for_good(
    lying: World, ordinary_runs: list[str]
) -> None:
    looks = Looks(lying)
    for number in (1, 2, 3):
        prepared = looks.prepare(FAILING)
        assert prepared.plan is not None, number
        answer = await prepared.run()
        assert answer.plan is None
        nodes = answer.data["lies"]["things"]["nodes"]
        assert nodes == [{"name": "anvil", "noFunction": None}, {"name": "ball", "noFunction": None}]
        assert len(ordinary_runs) == number
    given_up = looks.prepare(FAILING)
    assert (given_up.plan, given_up.reason) == (None, "it failed several times")
    await given_up.run()
    assert len(ordinary_runs) == 4
    assert looks.prepare("{ lies { things(first: 2) { nodes { name } } } }").plan is not None


@pytest.mark.postgresql
async def test_values_that_do_not_fit_never_cost_others_their_plan(patient: World, ordinary_runs: list[str]) -> None:
    """Any caller can send a value that the database refuses (here it divides by it), as often as he likes."""
    looks = Looks(patient)
    for number in range(1, 6):
        answer = await looks.prepare(DIVIDED, {"n": 0}).run()
        assert [error["path"] for error in answer.errors] == [["lies", "things"]]
        assert len(ordinary_runs) == number
    prepared = looks.prepare(DIVIDED, {"n": 2})
    assert prepared.plan is not None
    answer = await prepared.run()
    assert answer.plan is prepared.plan
    assert answer.data["lies"]["things"]["totalCount"] > 0
    assert len(ordinary_runs) == 5


async def test_the_answer_comes_from_the_executor_when_the_plans_connections_are_gone(
    lying: World, ordinary_runs: list[str]
) -> None:
    looks = Looks(lying)
    document = "{ lies { things(first: 1) { nodes { name } } } }"
    direct: Direct = lying.platform.database.direct

    def broken(_text: str) -> None:
        raise ConnectionResetError("gone")

    direct.watchers.append(broken)
    for number in range(1, 6):
        answer = await looks.prepare(document).run()
        assert answer.data["lies"]["things"]["nodes"] == [{"name": "anvil"}]
        assert len(ordinary_runs) == number
    direct.watchers.remove(broken)
    prepared = looks.prepare(document)
    assert (await prepared.run()).plan is prepared.plan is not None


SLOW = "{ lies { things(first: 2) { nodes { name slow } } } }"


def late(answer: Answer) -> None:
    """One error, nothing else."""
    assert answer.executed is False
    assert [error["extensions"]["code"] for error in answer.errors] == ["TIMEOUT"]


async def test_after_the_deadline_there_is_one_answer_and_no_second_try(lying: World, ordinary_runs: list[str]) -> None:
    looks = Looks(lying, timeout=0.4)
    began = time.perf_counter()
    prepared = looks.prepare(SLOW)
    assert prepared.plan is not None
    late(await prepared.run())
    assert time.perf_counter() - began < 5
    assert ordinary_runs == []
    assert looks.prepare(SLOW).plan is not None
    answer = await looks.prepare("{ lies { things(first: 1) { nodes { name } } } }").run()
    assert answer.data["lies"]["things"]["nodes"] == [{"name": "anvil"}]


async def test_the_same_over_http(hurried: World) -> None:
    began = time.perf_counter()
    found = await asyncio.gather(*(hurried.graphql("potsdam", SLOW) for _ in range(3)))
    assert [answer.codes for answer in found] == [["TIMEOUT"]] * 3
    assert time.perf_counter() - began < 8
    again = await hurried.graphql("potsdam", "{ lies { things(first: 1) { nodes { name } } } }")
    assert again.data["lies"]["things"]["nodes"] == [{"name": "anvil"}]


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "fields", ["things(first: 2) { nodes { name slow } }", "waiting", "waiting things { totalCount }"]
)
async def test_after_the_databases_own_timeout_nothing_is_tried_again(
    patient: World, ordinary_runs: list[str], fields: str
) -> None:
    """The statement ends after 0.3 seconds, the operation could go on for 15."""
    began = time.perf_counter()
    prepared = Looks(patient).prepare(f"{{ lies {{ {fields} asked }} }}")
    planned = prepared.plan is not None
    gq_lies.ASKED.clear()
    answer = await prepared.run()
    assert "TIMEOUT" in [error["extensions"]["code"] for error in answer.errors]
    assert len(ordinary_runs) == (0 if planned else 1)
    assert len(gq_lies.ASKED) <= 1
    assert time.perf_counter() - began < 3
