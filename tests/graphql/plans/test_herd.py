"""Many callers at once over few connections: nobody gets a row of another town, whatever happens beside him."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import pytest
from wall_shapes import SHAPES

from regiohub.db.direct import settings_of
from regiohub.db.errors import UnscopedStatement
from regiohub.db.scope import Scope
from regiohub.testing.world import World

TOWNS = {"potsdam": "bad-belzig", "bad-belzig": "potsdam"}
CALLERS = 64
ROUNDS = 3
COUNT = "SELECT count(*) FROM shop_thing"
# A resolver beside the list, a field that fails in the database, variables that change the statement.
MORE = (
    "query ($n: Int = 5) { walls { things(first: $n) { nodes { name } } } tenant { slug } plugins { id } }",
    "query ($n: Int = 5) { walls { things(first: $n) { nodes { name owner { name } } } }"
    " shop { nearest(lon: 13, lat: 52) { nodes { name } } } }",
    'query ($n: Int = 5) { walls { things(first: $n, filter: {named: "\\u0000"}) { nodes { name } } owners { nodes'
    " { name } } } }",
)
DOCUMENTS = (*(f"{{ walls {{ {fields} }} }}" for fields in SHAPES.values()), *MORE)


async def call(world: World, chance: random.Random, leaks: list[str], done: list[int]) -> None:
    """One caller: several questions, some of which he does not wait for."""
    for _ in range(ROUNDS):
        town = chance.choice(list(TOWNS))
        document = chance.choice(DOCUMENTS)
        variables = {"n": chance.randint(0, 9)} if document in MORE else None
        roles: tuple[str, ...] = chance.choice([(), ("editor",), ("tenant-admin",)])
        asking = asyncio.ensure_future(world.graphql(town, document, variables, roles=roles))
        if chance.random() < 0.2:
            await asyncio.wait([asking], timeout=chance.random() / 50)
            asking.cancel()
        try:
            answer = await asking
        except asyncio.CancelledError:
            continue
        done.append(answer.status)
        text = json.dumps([answer.data, answer.errors], ensure_ascii=False)
        if TOWNS[town] in text:
            leaks.append(f"{town}: {document}: {text[:500]}")


async def test_64_callers_over_three_connections_get_their_own_towns_rows(small_pool: World) -> None:
    leaks: list[str] = []
    done: list[int] = []
    await asyncio.gather(*(call(small_pool, random.Random(seed), leaks, done) for seed in range(CALLERS)))
    assert leaks == []
    assert set(done) == {200}
    assert len(done) > CALLERS * ROUNDS * 0.7
    # Nothing is left behind, and nothing is stuck.
    for town in TOWNS:
        answer = await small_pool.graphql(town, DOCUMENTS[0])
        assert len(answer.data["walls"]["things"]["nodes"]) == 12


@pytest.mark.postgresql
async def test_the_same_herd_with_settings_of_the_session_does_leak(postgresql: World) -> None:
    """The control: readers announce for the whole session, and others after them do not announce at all."""
    direct: Any = postgresql.platform.database.direct
    await direct.rows(Scope(), f"{COUNT} WHERE /*announced*/ true", ())
    leaks: list[int] = []

    async def reader(number: int) -> None:
        async with direct._pool.acquire() as connection:
            if number % 2:
                tenant, readable = settings_of(Scope(tenant=postgresql.tenant("potsdam").id))
                await connection.execute(
                    "SELECT set_config('app.tenant', $1, false), set_config('app.read_tenants', $2, false)",
                    tenant, readable,
                )  # fmt: skip
            else:
                leaks.append(await connection.fetchval(COUNT))

    await asyncio.gather(*(reader(number) for number in range(CALLERS)))
    assert sum(leaks) > 0


async def test_rows_without_the_predicate_leak_where_the_database_has_no_second_wall(small_pool: World) -> None:
    """The control for SQLite, where only the text says whose rows are read; PostgreSQL holds nevertheless."""
    direct = small_pool.platform.database.direct
    scope = Scope(tenant=small_pool.tenant("potsdam").id)
    ((seen,),) = await direct.rows(scope, f"{COUNT} WHERE tenant_id IS NOT NULL", ())
    assert seen == (36 if small_pool.dialect == "sqlite" else 12)


async def test_a_statement_that_names_no_town_does_not_run_on_sqlite(small_pool: World) -> None:
    direct = small_pool.platform.database.direct
    asking = direct.rows(Scope(tenant=small_pool.tenant("potsdam").id), f"{COUNT} WHERE /*announced*/ true", ())
    if small_pool.dialect == "postgresql":
        assert [tuple(row) for row in await asking] == [(12,)]
        return
    with pytest.raises(UnscopedStatement, match="shop_thing is read without tenant_id"):
        await asking
