"""Many sessions at once, of many towns, through few connections: what one of them sees of another town is a leak."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from regiohub.api import uuid7
from regiohub.auth.principal import ANONYMOUS
from regiohub.db.database import Database
from regiohub.db.direct import ANNOUNCED
from regiohub.db.errors import TenancyViolation
from regiohub.db.scope import Scope
from regiohub.db.session import TenantSession
from regiohub.graphql.answer import Answer
from regiohub.graphql.execute import Request, Terms, prepare
from regiohub.graphql.limits.bounds import Limits
from regiohub.graphql.source import TownSource
from regiohub.graphql.transport.service import GraphQLService
from regiohub.platform import Platform
from regiohub.tenancy.models import Measure

from .conftest import Note

_ROWS = 4
"""Rows of each town at the beginning."""
_TERMS = Terms(Limits(), 60.0, request_id="herd")
_MEASURES = "{ measures { nodes { title } } }"


class Planned(Exception):
    """A transaction that was meant to fail has failed."""


@dataclass
class Herd:
    """What happened. `leaks`: what was seen or changed of another town, in words; `surprises`: faults nobody meant."""

    platform: Platform
    seed: int = 7
    transactions: int = 0
    seen: Counter[str] = field(default_factory=Counter[str])
    fates: Counter[str] = field(default_factory=Counter[str])
    leaks: list[str] = field(default_factory=list[str])
    surprises: list[BaseException] = field(default_factory=list[BaseException])

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.database: Database = self.platform.database
        self.service = GraphQLService.of(self.platform)
        towns = sorted(town.id for town in self.platform.tenants.all())
        # The last town does nothing: its rows have to be afterwards what they were.
        *self.towns, self.quiet = towns
        self.ids: dict[int, list[UUID]] = {town: [] for town in towns}

    async def prepare(self) -> None:
        """Some notes in every town, and a measure that carries its name."""
        for town in (*self.towns, self.quiet):
            async with self.database.write(town) as session:
                for number in range(_ROWS):
                    note = Note(id=uuid7(), owner=town, word=f"w{number}", visits=0)
                    session.add(note)
                    self.ids[town].append(note.id)
                await session.execute(sa.update(Measure).values(title=f"measure of {town}"))
                await session.commit()

    async def run(self, sessions: int, each: int) -> None:
        """`sessions` tasks with `each` transactions, all at once."""
        before = await self._rows(self.quiet)
        await asyncio.gather(*(self._worker(each) for _ in range(sessions)))
        if await self._rows(self.quiet) != before:
            self.leaks.append("the rows of a town that did nothing have changed")
        await self._written_apart()

    async def _worker(self, each: int) -> None:
        for _ in range(each):
            town, fate = self.rng.choice(self.towns), self.rng.random()
            task = asyncio.create_task(self._transaction(town, fate))
            if fate < 0.06:
                # Wherever it may be then: waiting for a connection, in a statement, in its commit.
                asyncio.get_running_loop().call_later(self.rng.random() * 0.03, task.cancel)
            (ended,) = await asyncio.gather(task, return_exceptions=True)
            self.transactions += 1
            if ended is None:
                self.fates["ended well"] += 1
            elif isinstance(ended, asyncio.CancelledError):
                self.fates["cancelled"] += 1
            elif isinstance(ended, Planned | TimeoutError | DBAPIError | TenancyViolation):
                self.fates[type(ended).__name__] += 1
            else:
                self.surprises.append(ended)

    async def _transaction(self, town: int, fate: float) -> None:
        name, do = self.rng.choices(_KINDS, weights=_WEIGHTS)[0]
        self.seen[name] += 1
        if 0.06 <= fate < 0.09:
            async with asyncio.timeout(self.rng.random() * 0.01):
                await do(self, town, fate)
        else:
            await do(self, town, fate)

    async def read(self, town: int, fate: float) -> None:
        """The ORM's way; some fail in the middle, some roll back and read on in the same session."""
        async with self.database.read(town) as session:
            await self._look(session, town)
            await self._perhaps(fate)
            if fate > 0.9:
                await session.rollback()
                await self._look(session, town)
            if fate < 0.6:
                return
            foreign = self.rng.choice(self.ids[self.rng.choice(self.towns)])
            found = await session.find(Note, foreign)
            self._owners("find", {town}, [] if found is None else [found.owner])

    async def text(self, town: int, fate: float) -> None:
        """SQL text. PostgreSQL must hold although the text asks for every town's rows."""
        whose = "tenant_id > 0 AND :tenant_id > 0" if self.postgresql else "tenant_id = :tenant_id"
        async with self.database.read(town) as session:
            rows = await session.sql(f"SELECT owner FROM isolation_note WHERE {whose}")
            self._owners("text", {town}, rows.scalars())
            await self._perhaps(fate)

    async def compiled(self, town: int, fate: float) -> None:
        """A finished statement, past the ORM; on PostgreSQL again one that asks for every town's rows."""
        where = "tenant_id > 0" if self.postgresql else f"tenant_id = {town}"
        text = f"SELECT owner FROM isolation_note WHERE {where} AND ({ANNOUNCED})"
        scope, direct = Scope(tenant=town), self.database.direct
        self._owners("direct", {town}, [row[0] for row in await direct.rows(scope, text, ())])
        if fate > 0.5:
            async with direct.snapshot(scope) as snapshot:
                self._owners("snapshot", {town}, [row[0] for row in await snapshot.rows(text, ())])
                await self._perhaps(fate)

    async def plan(self, town: int, fate: float) -> None:
        """A question to the interface, answered by its plan."""
        info = self.platform.tenants.by_id(town)
        assert info is not None
        source = TownSource(self.platform.scope(info, principal=ANONYMOUS))
        prepared = prepare(self.service.schema_of(info), Request(_MEASURES, {}), source, _TERMS)
        assert not isinstance(prepared, Answer)
        assert prepared.plan is not None
        answer = await prepared.run()
        titles = {node["title"] for node in answer.data["measures"]["nodes"]} if answer.data else set[str]()
        if titles - {f"measure of {town}"}:
            self.leaks.append(f"plan: town {town} is shown {titles}")

    async def across(self, town: int, fate: float) -> None:
        """Several towns may be read: exactly these, and nothing is written."""
        named = self.rng.sample(self.towns, 3)
        async with self.database.read_across(named, reason="herd") as session:
            owners = (await session.scalars(sa.select(Note.owner))).all()
            self._owners("across", set(named), owners)
            await self._perhaps(fate)
            if self.postgresql:
                connection = await session.connection()
                rows = await connection.exec_driver_sql("SELECT owner FROM isolation_note WHERE tenant_id > 0")
                self._owners("across by text", set(named), rows.scalars())
            session.add(Note(tenant_id=named[0], id=uuid7(), owner=0, word="x", visits=0))
            await session.commit()
        self.leaks.append("a session over several towns has written")

    async def insert(self, town: int, fate: float) -> None:
        """A new row; some meet a key that is there already."""
        note = Note(id=self.ids[town][0] if fate > 0.9 else uuid7(), owner=town, word="new", visits=0)
        async with self.database.write(town) as session:
            session.add(note)
            await session.flush()
            await self._perhaps(fate)
            await session.commit()
        self.ids[town].append(note.id)

    async def update(self, town: int, fate: float) -> None:
        """All rows with a word, and an attempt on those of other towns."""
        async with self.database.write(town) as session:
            word = f"w{self.rng.randrange(_ROWS)}"
            changed = await session.execute(sa.update(Note).where(Note.word == word).values(visits=Note.visits + 1))
            if changed.rowcount > 1:  # type: ignore[attr-defined]
                self.leaks.append(f"update: town {town} changes {changed.rowcount} rows")  # type: ignore[attr-defined]
            await self._perhaps(fate)
            await session.commit()

    async def trespass(self, town: int, fate: float) -> None:
        """SQL text that names other towns' rows: nothing is found to change, or it is refused."""
        verb = self.rng.choice(("UPDATE isolation_note SET owner = 0", "DELETE FROM isolation_note"))
        async with self.database.write(town) as session:
            changed = (await session.sql(f"{verb} WHERE tenant_id <> :tenant_id")).rowcount
            await session.commit()
        if changed:
            self.leaks.append(f"trespass: town {town} changes {changed} rows of others")

    async def delete(self, town: int, fate: float) -> None:
        """A row goes that was added on the way."""
        if len(self.ids[town]) <= _ROWS:
            return
        id_ = self.ids[town].pop()
        async with self.database.write(town) as session:
            await session.execute(sa.delete(Note).where(Note.id == id_))
            await self._perhaps(fate)
            await session.commit()

    async def nobody(self, town: int, fate: float) -> None:
        """A connection of the pool on which no town was announced: what stayed on it of the last one shows here."""
        if self.postgresql:
            async with self.database.reading.connect() as connection:
                rows = await connection.exec_driver_sql("SELECT owner FROM isolation_note WHERE tenant_id > 0")
                self._owners("nobody", set(), rows.scalars())
            return
        async with self.database.writing.connect() as connection:
            text = "UPDATE isolation_note SET visits = visits WHERE tenant_id = current_tenant()"
            if (await connection.exec_driver_sql(text)).rowcount:
                self.leaks.append("nobody: a connection still writes for the town before")
            await connection.rollback()

    @property
    def postgresql(self) -> bool:
        return self.database.dialect == "postgresql"

    async def _look(self, session: TenantSession, town: int) -> None:
        rows = (await session.execute(sa.select(Note.tenant_id, Note.owner))).all()
        self._owners("read", {town}, [number for row in rows for number in row])

    def _owners(self, way: str, visible: set[int], owners: Iterable[int]) -> None:
        foreign = set(owners) - visible
        if foreign:
            self.leaks.append(f"{way}: {sorted(visible) or 'nobody'} sees rows of {sorted(foreign)[:5]}")

    async def _perhaps(self, fate: float) -> None:
        """The fate of some: to fail in the middle, or to be cancelled in the next statement."""
        if 0.09 <= fate < 0.16:
            raise Planned
        if 0.16 <= fate < 0.21:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()

    async def _rows(self, town: int) -> list[tuple[object, ...]]:
        async with self.database.read(town) as session:
            rows = await session.execute(sa.select(Note.id, Note.owner, Note.word, Note.visits).order_by(Note.id))
            return [tuple(row) for row in rows]

    async def _written_apart(self) -> None:
        """Every row was written by its own town; asked as the owner of the tables, who sees all."""
        engine = self.database.migrating()
        try:
            async with engine.connect() as connection:
                text = "SELECT count(*) FROM isolation_note WHERE tenant_id <> owner"
                wrong = (await connection.exec_driver_sql(text)).scalar_one()
        finally:
            await engine.dispose()
        if wrong:
            self.leaks.append(f"{wrong} rows were written by another town's session")


_Kind = Callable[[Herd, int, float], Awaitable[None]]
_SHARES: tuple[tuple[str, _Kind, int], ...] = (
    ("read", Herd.read, 26), ("sql text", Herd.text, 8), ("direct", Herd.compiled, 12), ("plan", Herd.plan, 6),
    ("across", Herd.across, 6), ("insert", Herd.insert, 11), ("update", Herd.update, 9), ("delete", Herd.delete, 6),
    ("trespass", Herd.trespass, 6), ("nobody", Herd.nobody, 10),
)  # fmt: skip
_KINDS = [(name, kind) for name, kind, _ in _SHARES]
_WEIGHTS = [share for _, _, share in _SHARES]
