"""PostgreSQL: row level security against the same database without it, in the same statements and connections."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from regiohub.db.database import Database
from regiohub.db.direct import ANNOUNCED, PostgresDirect
from regiohub.db.hardening import harden
from regiohub.db.postgresql import APP_ROLE
from regiohub.db.scope import Scope
from regiohub.testing.databases import PostgresTemplate, prepare
from regiohub.testing.services.postgresql import PostgresServer, postgresql
from regiohub.testing.world import open_world
from regiohub_health_directory.examples import fill_town
from regiohub_health_directory.models import Service

from . import spots
from .timing import Measured, Work, race

TOWN, TENANT, CLIENTS, OPENED = "potsdam", 1, 32, "opened"
SEARCHES = {
    "box on the map": "place && ST_MakeEnvelope({x}, {y}, {x} + 0.03, {y} + 0.03, 4326)",
    "full text": "words @@ to_tsquery('german', 'wort' || {n})",
    "overlapping ranges": "span && tstzrange(timestamptz '2026-01-01' + {n} * interval '1 day',"
    " timestamptz '2026-01-02' + {n} * interval '1 day')",
}
POINT = """query Service($id: ID!) { healthDirectory { service(id: $id) {
  id name alternateName description url email feesDescription openingHours } } }"""


class Unguarded(PostgresDirect):
    """The same connections without announcing anybody: what a statement costs where nothing is walled in."""

    async def rows(self, scope: Scope, text: str, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of one statement."""
        pool = self._pool or await self._open()
        async with pool.acquire() as connection:
            return await connection.fetch(text.replace(ANNOUNCED, "true"), *values)


@dataclass(frozen=True, slots=True)
class Read:
    """The compiled statement of a query for one object, and the values of each object."""

    text: str
    values: list[tuple[Any, ...]]
    ids: list[Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """One content twice: behind its walls, and without."""

    server: PostgresServer
    walled: Database
    opened: AsyncEngine
    read: Read

    @property
    def pid(self) -> int:
        """PostgreSQL's first process."""
        return int((self.server.host / "data" / "postmaster.pid").read_text().split()[0])

    @asynccontextmanager
    async def direct(self) -> AsyncGenerator[tuple[PostgresDirect, Unguarded]]:
        """Fresh connections of compiled plans to both: an older connection keeps plans from before a mark."""
        made = PostgresDirect(self.walled.url, size=10, statement_timeout=30)
        bare = Unguarded(self.server.url(OPENED, user=APP_ROLE), size=10, statement_timeout=30)
        try:
            yield made, bare
        finally:
            await asyncio.gather(made.close(), bare.close())


@asynccontextmanager
async def pair(towns: int, each: int) -> AsyncGenerator[Pair]:
    """A private server with both databases, filled."""
    with postgresql() as server, tempfile.TemporaryDirectory() as folder:
        template = PostgresTemplate(server)
        await template.create()
        await prepare(template.address, Path(folder))
        walled = Database(template.address.url, template.address.owner_url)
        await spots.create(walled)
        name = PostgresTemplate.NAME
        server.execute(spots.rows(towns, each), database=name)
        async with open_world(template.address, Path(folder)) as world:
            await fill_town(world.scope(TOWN), max(100, each // 5))
            read = await _compiled(world)
        server.create_database(OPENED, template=name)
        # Everything stays as it is but the walls: the policies are there and not asked.
        tables = server.execute("SELECT relname FROM pg_class WHERE relrowsecurity", database=OPENED).split()
        down = "; ".join(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY" for table in tables)
        server.execute(down, database=OPENED)
        for database in (name, OPENED):
            server.execute("VACUUM ANALYZE", database=database)
        # As ours, but without events and criteria.
        opened = create_async_engine(
            server.url(OPENED, user=APP_ROLE), pool_size=10, max_overflow=0, isolation_level="REPEATABLE READ",
            connect_args={"server_settings": {"jit": "off"}},
        )  # fmt: skip
        try:
            yield Pair(server, walled, opened, read)
        finally:
            await walled.close()
            await opened.dispose()


async def _compiled(world: Any) -> Read:
    """What the product itself sends for one object: recorded where it hands it to the driver."""
    listed = await world.graphql(TOWN, "{ healthDirectory { services(first: 100) { nodes { id } } } }")
    ids = [UUID(node["id"]) for node in listed.data["healthDirectory"]["services"]["nodes"]]
    seen: list[tuple[str, tuple[Any, ...]]] = []
    direct = world.platform.database.direct
    plain = direct.rows

    async def rows(scope: Scope, text: str, values: Sequence[Any]) -> Sequence[Any]:
        seen.append((text, tuple(values)))
        return await plain(scope, text, values)

    direct.rows = rows
    for id_ in ids:
        answer = await world.graphql(TOWN, POINT, {"id": str(id_)})
        assert answer.data["healthDirectory"]["service"]["id"] == str(id_), answer.errors
    texts = {text for text, _ in seen}
    assert len(texts) == 1
    return Read(texts.pop(), [values for _, values in seen], ids)


def _asking(direct: PostgresDirect, scope: Scope, text: str, numbers: Iterator[int]) -> Work:
    async def ask() -> None:
        await direct.rows(scope, text, (TENANT, next(numbers)))

    return ask


async def searches(both: Pair, *, rounds: int, seconds: float) -> None:
    """The three searches whose operators have to be leakproof, without the marks and with them."""
    scope = Scope(tenant=TENANT)
    lines = {name: [name] for name in SEARCHES}
    for hardened in (False, True):
        if hardened:
            await harden(both.server.url(), both.walled.url)
        async with both.direct() as (walled, plain):
            for name, condition in SEARCHES.items():
                filled = condition.format(x="(12.5 + $2 / 800.0)", y="(52 + $2 / 800.0)", n="$2::integer")
                text = f"SELECT id, name FROM {spots.TABLE} WHERE {ANNOUNCED} AND tenant_id = $1 AND {filled}"
                numbers = itertools.cycle(range(100))

                await _compare(walled, plain, scope, text)
                contenders = {
                    "walls": _asking(walled, scope, text, numbers),
                    "none": _asking(plain, scope, text, numbers),
                }
                found = await race(contenders, rounds=rounds, seconds=seconds)
                if not hardened:
                    lines[name].append(f"{found['none'].p50:.2f}")
                lines[name] += [f"{found['walls'].p50:.2f}", f"{found['walls'].times(found['none']):.1f}"]
    print("\n| search, median ms | no walls | walls | ratio | walls, hardened | ratio | aim |")
    print("|---|---|---|---|---|---|---|")
    for cells in lines.values():
        print(f"| {' | '.join(cells)} | 2 |")


async def _compare(walled: PostgresDirect, plain: Unguarded, scope: Scope, text: str) -> None:
    """Nothing is measured that answers differently, or nothing at all."""
    found = 0
    for number in range(100):
        mine, theirs = [sorted(await one.rows(scope, text, (TENANT, number))) for one in (walled, plain)]
        assert mine == theirs
        found += len(mine)
    assert found, text


async def points(both: Pair, *, rounds: int, seconds: float) -> None:
    """One object by its identifier: the compiled route and the ORM, each behind the walls and without."""
    scope, read = Scope(tenant=TENANT), both.read
    values, ids = itertools.cycle(read.values), itertools.cycle(read.ids)
    async with both.direct() as (walled, plain):

        async def compiled(direct: PostgresDirect) -> None:
            assert len(await direct.rows(scope, read.text, next(values))) == 1

        async def mapped() -> None:
            async with both.walled.read(TENANT) as session:
                assert await session.find(Service, next(ids)) is not None

        async def plainly() -> None:
            # SQLAlchemy as its documentation teaches it: no events, no criteria; the town's key all the same.
            async with AsyncSession(both.opened) as session:
                by_key = sa.select(Service).where(Service.tenant_id == TENANT, Service.id == next(ids))
                assert (await session.scalars(by_key)).one_or_none() is not None

        ways = {
            "compiled": {"walls": lambda: compiled(walled), "none": lambda: compiled(plain)},
            "ORM": {"walls": mapped, "none": plainly},
        }
        print("\n| one object by its identifier | clients | no walls | walls | price | by CPU time | p50 ms | aim |")
        print("|---|---|---|---|---|---|---|---|")
        for way, contenders in ways.items():
            for clients in (CLIENTS, 1):
                found = await race(contenders, rounds=rounds, seconds=seconds, clients=clients, server=both.pid)
                print(_line(way, clients, found["walls"], found["none"]))


def _line(way: str, clients: int, walls: Measured, none: Measured) -> str:
    aim = {("compiled", CLIENTS): "15 %", ("compiled", 1): "p50 1 ms"}.get((way, clients), "")
    cpu = f"{walls.cpu_price(none):.0%} ({none.cpu:.2f} → {walls.cpu:.2f} ms)"
    rates = f"{none.rate:,.0f}/s | {walls.rate:,.0f}/s | {walls.price(none):.0%}"
    return f"| {way} | {clients} | {rates} | {cpu} | {none.p50:.2f} → {walls.p50:.2f} | {aim} |"


async def report(*, rounds: int, seconds: float, small: bool) -> None:
    """Both tables."""
    towns, each = (4, 400) if small else (20, 5_000)
    async with pair(towns, each) as both:
        print(f"\n### PostgreSQL: {towns} towns with {each:,} rows each in the searched table")
        await points(both, rounds=rounds, seconds=seconds)
        await searches(both, rounds=rounds, seconds=seconds)
