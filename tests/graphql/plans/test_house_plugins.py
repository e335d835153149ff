"""Random documents over the four plugins, two towns with equal ids in every table: each statement of each plan."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from confinement import assert_confined
from graphql import GraphQLError
from sqlalchemy.engine import make_url

from regiohub.auth.principal import ANONYMOUS, Principal
from regiohub.db.direct import settings_of
from regiohub.db.scope import Scope
from regiohub.errors import DomainError
from regiohub.graphql.answer import Answer
from regiohub.graphql.execute import Request, Terms, prepare
from regiohub.graphql.explain import Drawn, drawn_up
from regiohub.graphql.limits.bounds import Limits
from regiohub.graphql.plans.errors import Unusual
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate
from regiohub.testing.oracle import DocumentMaker, Oracle
from regiohub.testing.world import World, open_world

sys.path.insert(0, str(Path(__file__).parents[1] / "oracle"))

from oracle_data import TOWNS, fill_towns

DOCUMENTS = {"ci": 15, "full": 400}[os.environ.get("REGIOHUB_TEST_DEPTH", "ci")]
PREDICATE = re.compile(r"\w+\.tenant_id = (\$\d+::INTEGER)")
NOWHERE = Scope(tenant=1_000_000)
"""A town that has no rows: what a statement finds there, it would find without any data."""


async def _fill(address: Address, folder: Path) -> None:
    async with open_world(address, folder) as world:
        await fill_towns(world)


@pytest.fixture(scope="module")
def sqlite_towns(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Generator[Address]:
    """Both towns filled; nobody writes to them."""
    folder = tmp_path_factory.mktemp("plans-sqlite")
    with sqlite_template.copy(folder) as address:
        asyncio.run(_fill(address, folder / "data"))
        yield address


@pytest.fixture(scope="module")
def postgresql_towns(
    postgres_template: PostgresTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Address]:
    """The same on PostgreSQL."""
    folder = tmp_path_factory.mktemp("plans-postgresql")
    with postgres_template.copy(folder) as address:
        asyncio.run(_fill(address, folder / "data"))
        yield address


async def statements(world: World) -> AsyncIterator[tuple[str, Drawn]]:
    """The statements of random documents, asked in both towns and at the region by admins and by anybody."""
    oracle = Oracle(world)
    terms = Terms(Limits.of(world.platform.settings))
    for town in (*TOWNS, "region"):
        admin = ANONYMOUS if town == "region" else world.principal(town, roles=("tenant-admin",))
        maker = DocumentMaker(oracle.schema(town).schema)
        for seed in range(DOCUMENTS):
            made = maker.make(seed)
            caller: Principal = admin if seed % 3 else ANONYMOUS
            request = Request(made.document, dict(made.variables), made.operation_name)
            prepared = prepare(oracle.schema(town), request, oracle.source(town, caller, "de"), terms)
            if isinstance(prepared, Answer):
                continue
            # Arguments that do not fit: no statement, nothing to look at.
            with contextlib.suppress(DomainError, GraphQLError, Unusual):
                for one in await drawn_up(prepared):
                    yield town, one


async def test_every_statement_on_sqlite_is_confined(sqlite_towns: Address, tmp_path: Path) -> None:
    async with open_world(sqlite_towns, tmp_path / "data") as world:
        texts = {made.text async for _, made in statements(world)}
    assert assert_confined(texts, "sqlite") > DOCUMENTS


@pytest.mark.postgresql
async def test_every_statement_on_postgresql_is_confined_twice(postgresql_towns: Address, tmp_path: Path) -> None:
    """By its text; and by the database, whatever is missing: the announcement, the right one, the predicates."""
    async with open_world(postgresql_towns, tmp_path / "data") as world:
        other = {one: Scope(tenant=world.tenant(two).id) for one, two in zip(TOWNS, reversed(TOWNS), strict=True)}
        serving: Any = await asyncpg.connect(
            make_url(postgresql_towns.url).set(drivername="postgresql").render_as_string(hide_password=False)
        )
        seen: set[str] = set()
        told = 0
        try:
            async for town, made in statements(world):
                if (town + made.text) in seen:
                    continue
                seen.add(town + made.text)
                nothing = await under(serving, NOWHERE, made)
                own = await under(serving, made.scope, made)
                told += own != nothing
                assert await under(serving, None, made) == nothing, made.text
                if town in other:
                    assert await under(serving, other[town], made) == nothing, made.text
                    bare = Drawn(made.scope, PREDICATE.sub(r"\1 IS NOT NULL", made.text), made.values)
                    assert await under(serving, made.scope, bare) == own, made.text
        finally:
            await serving.close()
    texts = {text.removeprefix(town) for town in (*TOWNS, "region") for text in seen if text.startswith(town)}
    assert assert_confined(texts, "postgresql") > DOCUMENTS
    assert told > DOCUMENTS / 2


async def under(connection: Any, scope: Scope | None, made: Drawn) -> Any:
    """What a statement finds when a scope is announced, or nothing at all; or the error that it ends with."""
    transaction = connection.transaction(readonly=True)
    await transaction.start()
    try:
        if scope is not None:
            tenant, readable = settings_of(scope)
            await connection.execute(f"SET LOCAL app.tenant = '{tenant}'; SET LOCAL app.read_tenants = '{readable}'")
        return [tuple(row) for row in await connection.fetch(made.text, *made.values)]
    except asyncpg.PostgresError as error:
        return type(error).__name__
    finally:
        await transaction.rollback()
