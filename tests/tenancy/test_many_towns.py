"""Hundreds of towns: what starts, changes and answers costs no statement per town, and nothing is kept once per town
that towns can share."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from regiohub.demo.invented import invented, write_towns
from regiohub.demo.invented.names import MOST, name_of, slug_of
from regiohub.events.worker import Worker
from regiohub.graphql.compose.schemas import Schemas
from regiohub.graphql.core.parts import TOWN_PART
from regiohub.plugins.host import PluginHost
from regiohub.tenancy.changes import changed_towns, touch
from regiohub.tenancy.config.models import TenantFile
from regiohub.tenancy.config.slugs import NearNames
from regiohub.tenancy.models import PlatformState, TenantRow
from regiohub.tenancy.switches import switch
from regiohub.testing.world import World

MANY = 400


async def test_loading_hundreds_of_towns_takes_the_statements_of_loading_three(world: World) -> None:
    with world.statements() as few:
        await world.platform.tenants.reload()
    written = await write_towns(world.platform, MANY)
    assert written.added == MANY
    with world.statements() as many:
        await world.platform.tenants.reload()
    assert len(world.platform.tenants.all()) == MANY + 3
    assert len(many) == len(few)


async def test_a_change_of_one_town_is_read_as_one_town(world: World) -> None:
    await write_towns(world.platform, MANY)
    registry = world.platform.tenants
    before = dict(registry.ids())
    town = next(town for town in registry.all() if "booking" not in town.enabled)
    after = await switch(world.platform, town, "booking", on=True)
    assert "booking" in after.enabled
    assert [id_ for id_, other in registry.ids().items() if before[id_] is not other] == [town.id]


async def test_what_nobody_named_and_what_came_too_often_is_read_as_a_whole(world: World) -> None:
    potsdam, berlin = world.tenant("potsdam").id, world.tenant("berlin").id
    known = world.platform.tenants.version

    async def change(*towns: int, times: int = 1) -> frozenset[int] | None:
        async with world.platform.database.platform(write=True) as session:
            for _ in range(times):
                await touch(session, *towns)
            await session.commit()
        async with world.platform.database.platform() as session:
            now = await session.scalar(version_now) or 0
            return await changed_towns(session, known, now)

    version_now = sa.select(PlatformState.version)
    assert await change(potsdam) == {potsdam}
    assert await change(berlin, times=3) == {potsdam, berlin}
    # More changes of one town than there are places for marks: which others there were is no longer certain.
    assert await change(berlin, times=20) is None
    known += 24
    assert await change(potsdam) == {potsdam}
    assert await change() is None


async def test_a_town_that_is_gone_is_no_longer_known(world_sqlite: World) -> None:
    await write_towns(world_sqlite.platform, 1)
    registry = world_sqlite.platform.tenants
    (town,) = [town for town in registry.all() if town.slug not in ("potsdam", "bad-belzig", "berlin")]
    (host,) = town.hosts
    assert registry.by_host(host) is town
    engine = world_sqlite.platform.database.migrating()
    async with engine.begin() as connection:
        await connection.execute(sa.delete(TenantRow).where(TenantRow.id == town.id))
    await engine.dispose()
    async with world_sqlite.platform.database.platform(write=True) as session:
        await touch(session, town.id)
        await session.commit()
    await registry.refresh()
    assert (registry.get(town.slug), registry.by_id(town.id), registry.by_host(host)) == (None, None, None)
    assert [town.slug for town in registry.all()] == ["bad-belzig", "berlin", "potsdam"]


async def test_towns_with_the_same_plugins_share_schema_and_sets(world_sqlite: World) -> None:
    await write_towns(world_sqlite.platform, MANY)
    towns = world_sqlite.platform.tenants.all()
    schemas = Schemas(world_sqlite.platform.plugins, "register_graphql", TOWN_PART)
    by_plugins: dict[frozenset[str], set[int]] = {}
    for town in towns:
        by_plugins.setdefault(town.enabled, set()).add(id(schemas.of(town.enabled)))
    assert len(by_plugins) > 8
    assert all(len(made) == 1 for made in by_plugins.values())
    assert len({id(town.enabled) for town in towns}) == len(by_plugins)


async def test_a_query_of_a_town_takes_as_many_statements_among_hundreds(world: World) -> None:
    document = "query ($n: Int!) { tenant { name } booking { resources(first: $n) { totalCount nodes { name } } } }"

    async def asked(number: int) -> int:
        # Another number each time: an answer that is kept would take no statement at all.
        with world.statements() as seen:
            answer = await world.graphql("potsdam", document, {"n": number})
        assert not answer.errors
        return len(seen)

    await asked(5)
    before = await asked(6)
    await write_towns(world.platform, MANY)
    assert (before, await asked(7)) == (before, before)
    assert before > 0


async def test_an_idle_worker_asks_once_for_all_towns(world: World) -> None:
    async def idle() -> int:
        worker = Worker(world.platform)
        await worker.drain()
        with world.statements() as seen:
            await worker.drain()
        return len(seen)

    few = await idle()
    await write_towns(world.platform, 30)
    assert await idle() == few


async def test_towns_that_have_nothing_to_do_have_no_runs_of_frequent_jobs(world: World) -> None:
    await world.work()
    captured = await world.capture()
    await world.later(minutes=5)
    assert not {run.name for run in await captured.jobs()} & {
        "booking.doors",
        "lorawan.rollups",
        "booking.expire_holds",
    }


@pytest.mark.parametrize("path", ["/", "/region/"])
async def test_lists_of_towns_have_pages_and_a_search(world_sqlite: World, path: str) -> None:
    await write_towns(world_sqlite.platform, MANY)
    first = (await world_sqlite.client.get(path)).text
    assert first.count('href="/') < 120
    assert "Seite 1 von 7" in first
    assert 'rel="next"' in first
    last = (await world_sqlite.client.get(path, params={"page": "99"})).text
    assert "Seite 7 von 7" in last
    assert 'rel="next"' not in last
    found = (await world_sqlite.client.get(path, params={"q": " POTSDAM "})).text
    assert 'href="/potsdam/"' in found
    assert "1 Kommunen" not in found or "Seite 1 von 1" in found
    nobody = await world_sqlite.client.get(path, params={"q": '"><script>'})
    assert nobody.status_code == 200
    assert "Keine Kommune heißt so." in nobody.text
    assert "<script>" not in nobody.text.split("<main")[1]


def test_invented_towns_are_always_the_same_and_sound() -> None:
    plugins = PluginHost(None).healthy
    towns = [invented(number, plugins) for number in range(MANY)]
    assert towns == [invented(number, plugins) for number in range(MANY)]
    for town in towns[::13]:
        facts = {name: town.facts[name] for name in ("slug", "name", "short_name", "ags", "state", "population")}
        TenantFile.model_validate({**facts, "centre": [town.facts["lon"], town.facts["lat"]]})
    assert len({town.facts["slug"] for town in towns}) == len({town.facts["ags"] for town in towns}) == MANY


def test_there_are_names_for_all_towns_of_a_country() -> None:
    names = {name_of(number) for number in range(10_786)}
    assert len(names) == 10_786 < MOST
    with pytest.raises(ValueError, match="names of invented towns"):
        name_of(MOST)


@pytest.mark.parametrize("typed", ["amselbachh", "Amselbach am Se", "amslbach", "fenchelbrück"])
def test_a_misspelt_name_is_found_among_thousands(typed: str) -> None:
    known = [slug_of(name_of(number)) for number in range(10_786)]
    best = {"amselbachh": "amselbach", "Amselbach am Se": "amselbach-am-see", "amslbach": "amselbach"}
    assert best.get(typed, "fenchelbrueck") in NearNames(known).of(typed)
