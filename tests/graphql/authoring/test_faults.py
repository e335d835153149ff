"""Which failures of the database lie in the statement, so that the rest of an answer may go on."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from gq_shop.models import Thing
from sqlalchemy.exc import DBAPIError

from regiohub.db.guards import CHECKED
from regiohub.graphql.engine.apart import lies_in_statement
from regiohub.testing.world import World


async def failing(world: World, *statements: Any) -> DBAPIError:
    """The error of the last statement."""
    async with world.scope("potsdam").read() as ctx:
        for statement in statements[:-1]:
            await ctx.session.execute(statement)
        with pytest.raises(DBAPIError) as caught:
            await ctx.session.execute(statements[-1])
    return caught.value


async def test_unknown_names_lie_in_the_statement(ordinary: World) -> None:
    assert lies_in_statement(await failing(ordinary, sa.select(sa.func.no_such_function(Thing.name))))
    assert lies_in_statement(await failing(ordinary, sa.select(Thing.id).where(sa.column("nowhere") == 1)))


async def test_values_that_do_not_fit_lie_in_the_statement(ordinary: World) -> None:
    if ordinary.dialect == "sqlite":
        pytest.skip("SQLite's driver refuses them without asking the database")
    assert lies_in_statement(await failing(ordinary, sa.select(Thing.id).where(Thing.rank == 2**70)))
    assert lies_in_statement(await failing(ordinary, sa.select(Thing.id).where(Thing.name == "\0")))
    assert lies_in_statement(await failing(ordinary, sa.select(sa.literal(1) / (Thing.price * 0))))


async def test_a_database_that_is_out_of_time_is_another_matter(ordinary: World) -> None:
    if ordinary.dialect == "sqlite":
        pytest.skip("SQLite has no time limit of its own")
    short = sa.text("SET LOCAL statement_timeout = 20").execution_options(**{CHECKED: True})
    assert not lies_in_statement(await failing(ordinary, short, sa.select(sa.func.pg_sleep(20))))
