"""Row level security behind the plans: what a statement without its predicate, or a forgotten announcement, can see."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import orjson
import pytest
import sqlalchemy as sa
from gq_shop.models import Thing
from sqlalchemy.engine import make_url
from wall_shapes import SHAPES

from regiohub.auth.principal import ANONYMOUS
from regiohub.db.direct import PostgresDirect, fused, settings_of
from regiohub.db.scope import Scope
from regiohub.graphql.answer import Answer
from regiohub.graphql.execute import Request, Terms, prepare
from regiohub.graphql.explain import Drawn, drawn_up, explained
from regiohub.graphql.limits.bounds import Limits
from regiohub.graphql.plans.errors import Unplannable
from regiohub.graphql.plans.scope import unconfined
from regiohub.graphql.plans.statement import Statement
from regiohub.testing.oracle.run import Oracle
from regiohub.testing.world import World

pytestmark = pytest.mark.postgresql
PREDICATE = re.compile(r"\w+\.tenant_id = (\$\d+::INTEGER)")
COUNT = "SELECT count(*) FROM shop_thing"


@pytest.fixture
async def serving(postgresql: World) -> AsyncIterator[Any]:
    """A connection of the serving role that nobody has announced anything on."""
    dsn = make_url(postgresql.platform.settings.database_url).set(drivername="postgresql")
    connection: Any = await asyncpg.connect(dsn.render_as_string(hide_password=False))
    assert not await connection.fetchval("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    yield connection
    await connection.close()


async def drawn(world: World, town: str) -> list[Drawn]:
    """The statements of all shapes in a town."""
    oracle = Oracle(world)
    found: list[Drawn] = []
    for fields in SHAPES.values():
        prepared = prepare(
            oracle.schema(town), Request(f"{{ walls {{ {fields} }} }}"), oracle.source(town, ANONYMOUS, "en"),
            Terms(Limits.of(world.platform.settings)),
        )  # fmt: skip
        assert not isinstance(prepared, Answer)
        found += await drawn_up(prepared)
    assert len(found) > len(SHAPES) * 0.8
    return found


async def under(connection: Any, scope: Scope | None, text: str, values: Sequence[Any]) -> list[Any]:
    """The rows of a statement, announced as `scope` says, or not at all."""
    transaction = connection.transaction(readonly=True)
    await transaction.start()
    try:
        if scope is not None:
            tenant, readable = settings_of(scope)
            await connection.execute(f"SET LOCAL app.tenant = '{tenant}'; SET LOCAL app.read_tenants = '{readable}'")
        return [tuple(row) for row in await connection.fetch(text, *values)]
    finally:
        await transaction.rollback()


def holds(rows: list[Any]) -> bool:
    """Whether there is anything of a town in rows of values and JSON: a text, or a number that is not nought."""
    for value in (value for row in rows for value in row):
        if isinstance(value, str) and value.startswith(("{", "[")):
            if _holds(orjson.loads(value)):
                return True
        elif value not in (None, "", 0, False):
            return True
    return False


def _holds(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds(entry) for key, entry in value.items() if not key.startswith("__"))
    if isinstance(value, list):
        return any(map(_holds, value))
    return value not in (None, "", 0, False) and not (isinstance(value, str) and value.startswith("Wall"))


async def test_without_an_announcement_no_statement_sees_anything(postgresql: World, serving: Any) -> None:
    for made in await drawn(postgresql, "potsdam"):
        assert not holds(await under(serving, None, made.text, made.values)), made.text
        if "LIMIT 0" not in made.text:
            assert holds(await under(serving, made.scope, made.text, made.values)), made.text


async def test_under_another_towns_announcement_no_statement_sees_anything(postgresql: World, serving: Any) -> None:
    other = Scope(tenant=postgresql.tenant("bad-belzig").id)
    for made in await drawn(postgresql, "potsdam"):
        assert not holds(await under(serving, other, made.text, made.values)), made.text


async def test_without_its_predicates_a_statement_still_sees_the_announced_town_alone(
    postgresql: World, serving: Any
) -> None:
    for made in await drawn(postgresql, "potsdam"):
        open_text = PREDICATE.sub(r"\1 IS NOT NULL", made.text)
        assert open_text != made.text
        assert unconfined(open_text) != [], open_text
        own = await under(serving, made.scope, made.text, made.values)
        assert await under(serving, made.scope, open_text, made.values) == own
        assert not holds(await under(serving, None, open_text, made.values))
        assert "bad-belzig" not in str(own)


async def test_a_statement_without_the_predicate_is_refused_before_it_can_run(postgresql: World) -> None:
    dialect = postgresql.platform.database.reading.dialect
    table = sa.inspect(Thing).local_table.alias("t1")
    with pytest.raises(Unplannable, match="no tenant's predicate on t1"):
        Statement(sa.select(table.c.name), dialect)
    Statement(sa.select(table.c.name).where(table.c.tenant_id == sa.bindparam("the_tenant", 1)), dialect)


@pytest.fixture
async def pool(postgresql: World) -> AsyncIterator[PostgresDirect]:
    """The plans' own connections, of which there is one: whatever stays on it meets the next reader."""
    direct = PostgresDirect(postgresql.platform.settings.database_url, size=1, statement_timeout=0.4)
    yield direct
    await direct.close()


async def left_behind(direct: PostgresDirect) -> tuple[str, str, int]:
    """What the next one on the connection finds set, and how many rows it sees without an announcement."""
    pool: Any = direct._pool  # pyright: ignore[reportPrivateUsage]
    async with pool.acquire() as connection:
        setting = "SELECT coalesce(current_setting('{}', true), '')"
        return (
            await connection.fetchval(setting.format("app.tenant")),
            await connection.fetchval(setting.format("app.read_tenants")),
            await connection.fetchval(COUNT),
        )


async def fails(work: Any, error: type[BaseException]) -> None:
    """Some work ends in an error."""
    with pytest.raises(error):
        await work


async def cancelled(work: Any) -> None:
    """Some work is cancelled while the database is busy with it."""
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait([task], timeout=0.1)
    assert not done
    task.cancel()
    await fails(task, asyncio.CancelledError)


async def in_snapshot(direct: PostgresDirect, scope: Scope, text: str) -> Any:
    """The same in a transaction of several statements."""
    async with direct.snapshot(scope) as snapshot:
        assert (await snapshot.rows(COUNT, ()))[0][0] == 12
        return await snapshot.rows(text, ())


async def test_what_was_announced_ends_with_the_statement_however_that_ends(
    postgresql: World, pool: PostgresDirect
) -> None:
    one = Scope(tenant=postgresql.tenant("potsdam").id)
    several = Scope(readable=(postgresql.tenant("potsdam").id, postgresql.tenant("bad-belzig").id))
    counted, slow = f"{COUNT} WHERE /*announced*/ true", "SELECT pg_sleep(20) WHERE /*announced*/ true"
    wrong = "SELECT 1 / (length(current_user) - length(current_user)) WHERE /*announced*/ true"
    nothing = ("", "", 0)
    for scope, most in ((one, 12), (several, 24)):
        assert (await pool.rows(scope, counted, ()))[0][0] == most
        assert await left_behind(pool) == nothing
        await fails(pool.rows(scope, wrong, ()), asyncpg.DivisionByZeroError)
        assert await left_behind(pool) == nothing
        await cancelled(pool.rows(scope, slow, ()))
        assert await left_behind(pool) == nothing
        await fails(pool.rows(scope, slow, ()), asyncpg.QueryCanceledError)
        assert await left_behind(pool) == nothing
    for text, error in ((wrong, asyncpg.DivisionByZeroError), (slow, asyncpg.QueryCanceledError)):
        await fails(in_snapshot(pool, one, text), error)
        assert await left_behind(pool) == nothing
    await cancelled(in_snapshot(pool, one, slow))
    assert await left_behind(pool) == nothing


async def test_a_setting_of_the_session_would_leak_and_this_test_would_see_it(
    postgresql: World, pool: PostgresDirect
) -> None:
    """The control of the test above: the same message with settings that outlive it."""
    assert (await pool.rows(Scope(), f"{COUNT} WHERE /*announced*/ true", ()))[0][0] == 0
    lasting = fused(f"{COUNT} WHERE /*announced*/ true", 0).replace(", true)", ", false)")
    inner: Any = pool._pool  # pyright: ignore[reportPrivateUsage]
    async with inner.acquire() as connection:
        assert await connection.fetchval(lasting, *settings_of(Scope(tenant=postgresql.tenant("potsdam").id))) == 12
    assert await left_behind(pool) != ("", "", 0)


async def test_the_databases_account_of_a_statement_is_made_under_its_announcement(postgresql: World) -> None:
    oracle = Oracle(postgresql)
    document = 'query ($n: Int) { walls { things(first: $n, filter: {named: "drill potsdam"}) { nodes { name } } } }'
    prepared = prepare(
        oracle.schema("potsdam"), Request(document, {"n": 3}), oracle.source("potsdam", ANONYMOUS, "en"),
        Terms(Limits.of(postgresql.platform.settings)),
    )  # fmt: skip
    assert not isinstance(prepared, Answer)
    (field,) = await explained(prepared, analyze=True)
    assert (field.path, field.way) == ("walls.things", "rows")
    account = "\n".join(field.database)
    assert "shop_thing" in account
    assert "rows=1 " in account
    assert "Execution Time" in account
