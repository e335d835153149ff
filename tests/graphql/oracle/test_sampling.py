"""Comparing in the server: what is counted and logged, and what a caller never notices."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from lying import Lying
from structlog.testing import capture_logs

from regiohub.graphql.answer import Answer
from regiohub.graphql.execute import Prepared, Request, Terms, prepare
from regiohub.graphql.sampling import Outcome, Sampler, sampler_of
from regiohub.graphql.source import TownSource
from regiohub.graphql.transport.service import GraphQLService
from regiohub.tenancy.models import Measure
from regiohub.testing.databases import SqliteTemplate
from regiohub.testing.world import World, open_world

DOCUMENT = "{ measures(first: 5) { nodes { id key title } totalCount } }"


class Sampled:
    """A sampler with its counts."""

    def __init__(self, *, share: float = 1.0, cost: int = 2000, deadline: float = 10.0, pause: float = 0.0) -> None:
        self.counts: Counter[str] = Counter()
        self.sampler = Sampler(share, cost, self._count, deadline, pause)

    def _count(self, outcome: str) -> None:
        self.counts[outcome] += 1

    async def offer(self, prepared: Prepared, answer: Answer) -> Counter[str]:
        """Offer an answer, and wait for the comparison."""
        self.sampler.offer(prepared, answer)
        await self.sampler.settled()
        return self.counts


def asked(world: World, document: str = DOCUMENT) -> Prepared:
    """A document, ready to run in Potsdam."""
    composed = GraphQLService.of(world.platform).schema_of(world.tenant("potsdam"))
    source = TownSource(world.scope("potsdam", principal=world.principal()))
    prepared = prepare(composed, Request(document), source, Terms())
    assert isinstance(prepared, Prepared)
    assert prepared.plan is not None
    return prepared


async def retitle(world: World, title: str) -> None:
    """Somebody writes."""
    async with world.scope("potsdam").write() as ctx:
        for measure in (await ctx.session.scalars(sa.select(Measure))).all():
            measure.title = title


async def test_the_same_answer_is_counted_and_nothing_is_logged(world: World) -> None:
    prepared = asked(world)
    with capture_logs() as logs:
        counts = await Sampled().offer(prepared, await prepared.run())
    assert counts == {Outcome.SAME: 1}
    assert [entry for entry in logs if entry["log_level"] in ("warning", "error")] == []


async def test_a_plan_that_reads_something_else_is_counted_and_logged_without_values(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    liar = Lying(world.platform.database.direct, lambda text: re.sub(r'\."?key"?(?!\w)', ".title", text))
    monkeypatch.setattr(world.platform.database, "_direct", liar)
    prepared = asked(world, "{ measures(first: 5) { nodes { id key } } }")
    with capture_logs() as logs:
        counts = await Sampled().offer(prepared, await prepared.run())
    assert liar.changed
    assert counts == {Outcome.DIFFERENT: 1}
    (entry,) = [entry for entry in logs if entry["log_level"] == "error"]
    assert (entry["path"], entry["what"]) == ("data.measures.nodes[0].key", "another value")
    assert prepared.plan is not None
    assert entry["plan"] == prepared.plan.id
    assert "Modellvorhaben" not in str(entry)


async def test_data_that_changed_between_the_two_readings_is_no_difference(world: World) -> None:
    prepared = asked(world)
    answer = await prepared.run()
    await retitle(world, "anders")
    with capture_logs() as logs:
        counts = await Sampled().offer(prepared, answer)
    assert counts == {Outcome.MOVED: 1}
    assert [entry for entry in logs if entry["log_level"] == "error"] == []


async def test_what_would_cost_too_much_is_not_compared(world_sqlite: World) -> None:
    prepared = asked(world_sqlite)
    answer = await prepared.run()
    with world_sqlite.statements() as statements:
        counts = await Sampled(cost=4).offer(prepared, answer)
    assert (counts, statements) == ({Outcome.COSTLY: 1}, [])


async def test_one_comparison_runs_at_a_time_and_what_comes_meanwhile_is_left_out(world_sqlite: World) -> None:
    prepared, sampled = asked(world_sqlite), Sampled(pause=0.01)
    answer = await prepared.run()
    for _ in range(5):
        sampled.sampler.offer(prepared, answer)
    await sampled.sampler.settled()
    assert sampled.counts == {Outcome.SAME: 1, Outcome.BUSY: 4}
    assert await sampled.offer(prepared, answer) == {Outcome.SAME: 2, Outcome.BUSY: 4}


async def test_a_comparison_that_takes_too_long_is_given_up(world_sqlite: World) -> None:
    prepared = asked(world_sqlite)
    assert await Sampled(deadline=0.0).offer(prepared, await prepared.run()) == {Outcome.FAILED: 1}


async def test_only_the_wanted_share_of_planned_answers_is_compared(world_sqlite: World) -> None:
    prepared = asked(world_sqlite)
    answer, ordinary = await prepared.run(), await prepared.ordinary()
    none, all_, some = Sampled(share=0.0), Sampled(), Sampled(share=0.25, pause=10.0)
    assert await none.offer(prepared, answer) == {}
    assert await all_.offer(prepared, ordinary) == {}
    for _ in range(400):
        some.sampler.offer(prepared, answer)
    await some.sampler.close()
    assert 60 <= some.counts[Outcome.BUSY] + 1 <= 140


async def test_the_endpoint_offers_its_planned_answers_and_the_metrics_show_the_outcomes(
    sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    with sqlite_template.copy(tmp_path) as address:
        async with open_world(address, tmp_path / "data", graphql_oracle_share=1.0) as world:
            assert (await world.graphql("potsdam", "{ measures { nodes { id key } } }")).errors == []
            await sampler_of(world.platform).settled()
            shown = (await world.client.get("/metrics")).text
    assert 'regiohub_graphql_oracle_total{outcome="same"} 1.0' in shown


async def test_nothing_is_compared_unless_a_share_is_set(world_sqlite: World) -> None:
    assert sampler_of(world_sqlite.platform).share == 0.0
    with world_sqlite.statements() as statements:
        await world_sqlite.graphql("potsdam", "{ measures { nodes { id key } } }")
        await sampler_of(world_sqlite.platform).settled()
    assert len(statements) <= 1
