"""The region sees what towns share with it now: no other town, nothing one transaction after a withdrawal, no write."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from regiohub.api import Ctx
from regiohub.auth.principal import ANONYMOUS
from regiohub.db.base import TenantTable
from regiohub.db.errors import TenancyViolation
from regiohub.sharing import NewConsent, grant, list_consents, revoke
from regiohub.testing import World
from regiohub.testing.contract.promises.graphql.operations import Operation, offer
from regiohub.testing.contract.promises.graphql.rows import Content, content
from regiohub.testing.contract.promises.graphql.running import Runner, text_of
from regiohub.testing.contract.promises.graphql.selections import whole, without_arguments
from regiohub.testing.contract.promises.graphql.values import Values
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.oracle.documents.known import Known

from .filling import fill_plugins

SHARING, STAYING = "potsdam", "bad-belzig"
"""The town that withdraws, and one that goes on sharing."""
PLUGINS = ("atlas", "booking", "health_directory", "lorawan")
_SHORTEST = 8


async def _fill(world: World) -> None:
    for slug in (SHARING, STAYING):
        await fill_plugins(world.scope(slug), PLUGINS)


@pytest.fixture
async def region(installations: Installations, engine: Engine, tmp_path: Path) -> AsyncGenerator[World]:
    """Two towns that share everything, with rows in every table of the plugins."""
    async with installations.open_filled(Recipe(), engine, tmp_path, "region reads", _fill) as world:
        yield world


class Reader:
    """Asks every field that plugins offer the region, in each way that there is."""

    def __init__(self, world: World, rows: Mapping[str, Mapping[str, Content]]) -> None:
        self._world, self._rows = world, rows
        self.answers = 0
        self.asked: list[tuple[str, Operation, str, dict[str, Any]]] = []
        for plugin in PLUGINS:
            values = Values(random.Random(1), Known(), rows[SHARING][plugin])
            for operation in offer(world, plugin, "region").of("query"):
                given = values.of(operation) | ({"first": 50} if "first" in operation.field.args else {})
                tree = whole(operation.field.type, 1, without_arguments())
                self.asked.append((plugin, operation, text_of(operation, given, tree), given))

    @classmethod
    async def of(cls, world: World) -> Reader:
        """With what stands in the two towns' tables."""
        healthy = world.platform.plugins.healthy
        return cls(
            world, {slug: {p: await content(world, slug, healthy[p]) for p in PLUGINS} for slug in (SHARING, STAYING)}
        )

    async def shows(self, slug: str, *, quick: bool = False) -> set[str]:
        """Plugins of which an answer holds something that stands in this town's rows and not in the other's."""
        other = STAYING if slug == SHARING else SHARING
        found: set[str] = set()
        for plugin, _, text, given in self.asked:
            marks = self._rows[slug][plugin].words(_SHORTEST) - self._rows[other][plugin].words(_SHORTEST)
            for data in await self._answers(plugin, text, given, quick):
                self.answers += 1
                if marks & set(_texts(data)):
                    found.add(plugin)
        return found

    async def _answers(self, plugin: str, text: str, given: dict[str, Any], quick: bool) -> list[Any]:
        # Twice by HTTP: the second time the answer may come out of the cache.
        sent = [(await self._world.graphql("region", text, given)).data for _ in range(1 if quick else 2)]
        if quick:
            return sent
        runner = Runner(self._world, offer(self._world, plugin, "region"))
        return [*sent, *(answer.data for answer in await runner.answers(text, given, ANONYMOUS))]


async def withdraw(world: World) -> None:
    """The town takes all consents back."""

    async def work(ctx: Ctx) -> None:
        for consent in await list_consents(ctx):
            await revoke(ctx, consent.id)

    await world.scope(SHARING).run(work)


async def share(world: World, until: date | None = None) -> None:
    """The town shares every dataset with the region, up to a day."""

    async def work(ctx: Ctx) -> None:
        for part in ctx.plugins.collect("register_datasets"):
            day = ctx.now().date() - timedelta(days=1)
            await grant(ctx, NewConsent(part.value.id, "region", "Probe", "Probe", day, until))

    await world.scope(SHARING).run(work)


async def test_every_shared_read_ends_with_the_withdrawal_whichever_way_it_is_asked(
    region: World, record_property: Callable[[str, object], None]
) -> None:
    reader = await Reader.of(region)
    shared = await reader.shows(SHARING)
    assert shared == await reader.shows(STAYING)
    assert shared, "something is shared"
    await withdraw(region)
    assert await reader.shows(SHARING) == set()
    assert await reader.shows(STAYING) == shared
    await share(region)
    assert await reader.shows(SHARING) == shared
    figure = f"{region.dialect}: {len(reader.asked)} fields of {sorted(shared)}, {reader.answers} answers, 0 too many"
    record_property("isolation", figure)


async def test_a_consent_ends_with_its_last_day_also_in_answers_that_are_kept(region: World) -> None:
    reader = await Reader.of(region)
    await withdraw(region)
    await share(region, until=region.clock.now().date())
    assert await reader.shows(SHARING)
    region.clock.advance(timedelta(hours=13))  # 23:00 in the town, still the last day
    assert await reader.shows(SHARING)
    region.clock.advance(timedelta(hours=2))
    assert await reader.shows(SHARING) == set()
    assert await reader.shows(STAYING)


async def test_each_read_that_begins_after_a_withdrawal_sees_nothing(
    region: World, record_property: Callable[[str, object], None]
) -> None:
    reader = await Reader.of(region)
    reader.asked = [one for one in reader.asked if one[0] == "health_directory"][:2] or reader.asked[:2]
    stopped = asyncio.Event()

    async def hammer() -> None:
        while not stopped.is_set():
            await reader.shows(SHARING, quick=True)

    others = [asyncio.create_task(hammer()) for _ in range(3)]
    try:
        for _ in range(8):
            await withdraw(region)
            assert await reader.shows(SHARING, quick=True) == set()
            await share(region)
            assert await reader.shows(SHARING, quick=True) != set()
    finally:
        stopped.set()
        await asyncio.gather(*others)
    record_property("isolation", f"{region.dialect}: 8 withdrawals under {reader.answers} reads, 0 seen afterwards")


async def test_the_region_has_no_way_to_write(region: World) -> None:
    assert offer(region, "atlas", "region").composed.schema.mutation_type is None
    towns = [town.id for town in region.platform.tenants.all()]
    for plugin in PLUGINS:
        for model in region.platform.plugins.healthy[plugin].models:
            if not issubclass(model, TenantTable):
                continue
            table = model.__tablename__
            for text in (
                f"DELETE FROM {table} WHERE tenant_id > 0",
                f"UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id > 0",
                f"INSERT INTO {table} (tenant_id) VALUES ({towns[0]})",
            ):
                async with region.platform.database.read_across(towns, reason="test") as session:
                    connection = await session.connection()
                    with pytest.raises((DBAPIError, TenancyViolation)):
                        await connection.exec_driver_sql(text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
