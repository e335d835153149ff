"""Ways around the session's predicate: each is refused, or sees and changes nothing of another town.

On SQLite the session is the only wall for reading, so each way has its own test there; PostgreSQL runs the same ones,
with row level security behind the session.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast
from uuid import UUID

import pytest
import sqlalchemy as sa
from asyncpg.exceptions import InsufficientPrivilegeError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased, make_transient_to_detached
from sqlalchemy.orm.exc import StaleDataError

from regiohub.api import uuid7
from regiohub.auth.login.models import LogoutTokenRow, SessionRow
from regiohub.db.database import Database
from regiohub.db.errors import TenancyViolation
from regiohub.db.postgresql import SEARCH_PATH
from regiohub.db.scope import SCOPE, Scope
from regiohub.db.session import TenantSession
from regiohub.tenancy.models import ProgrammeRow
from regiohub.tenancy.transfers import Transfer, TransferKind
from regiohub.testing import World

from .conftest import Note

HERE, THERE = 1, 2
SECRET = "only there"
TABLE = cast(sa.Table, Note.__table__)
REFUSED = (TenancyViolation, DBAPIError)
"""By the session, or by the database."""


@pytest.fixture
async def db(towns: World) -> Database:
    """A note with the same word in each of two towns, and one that only the other town has."""
    database = towns.platform.database
    for town, words in ((HERE, ("both",)), (THERE, ("both", SECRET))):
        async with database.write(town) as session:
            for word in words:
                session.add(Note(id=uuid7(), owner=town, word=word, visits=0))
            await session.commit()
    return database


async def foreign_id(db: Database) -> UUID:
    async with db.read(THERE) as session:
        return (await session.scalars(sa.select(Note.id).where(Note.word == SECRET))).one()


async def there(db: Database) -> list[tuple[Any, ...]]:
    """All rows of the other town."""
    async with db.read(THERE) as session:
        rows = await session.execute(sa.select(Note.tenant_id, Note.id, Note.owner, Note.word, Note.visits))
        return sorted((tuple(row) for row in rows), key=str)


async def shown(db: Database, ask: Callable[[TenantSession], Awaitable[Iterable[Any]]]) -> list[Any]:
    """What a session of this town is shown; nothing where it is refused."""
    async with db.read(HERE) as session:
        try:
            return list(await ask(session))
        except REFUSED:
            return []


def nothing_foreign(values: Iterable[Any]) -> bool:
    return not any(SECRET in str(value) for value in values)


@asynccontextmanager
async def unharmed(db: Database) -> AsyncGenerator[TenantSession]:
    """A writing session of this town; afterwards the other town has the rows it had."""
    before = await there(db)
    async with db.write(HERE) as session:
        yield session
    assert await there(db) == before


READING_TEXTS = {
    "without the column": "SELECT word FROM isolation_note",
    "quoted": 'SELECT word FROM "isolation_note"',
    "in capitals": "SELECT word FROM ISOLATION_NOTE",
    "in a list of tables": "SELECT n.word FROM tenant t, isolation_note n",
    "behind a comment": "/* tenant_id */ SELECT word FROM isolation_note",
    "behind a line comment": "SELECT word -- tenant_id\nFROM isolation_note",
    "with the column in a string": "SELECT word FROM isolation_note WHERE word <> 'tenant_id'",
    "with the column in a string between dollars": "SELECT word FROM isolation_note WHERE word <> $a$tenant_id$a$",
    "with another value by that name": "SELECT word, 1 AS tenant_id FROM isolation_note",
    "with the schema": "SELECT word FROM {schema}.isolation_note",
}


@pytest.mark.parametrize("text", READING_TEXTS.values(), ids=READING_TEXTS)
async def test_1_text_of_sql_shows_nothing_of_another_town(db: Database, text: str) -> None:
    schema = "main" if db.dialect == "sqlite" else "public"
    statement = sa.text(text.format(schema=schema))
    assert await shown(db, lambda session: session.scalars(statement)) == []


@pytest.mark.parametrize(
    "text",
    ["SELECT * FROM isolation_note", "SELECT tenant_id, id, owner, word, visits FROM isolation_note"],
    ids=["all columns", "columns by name"],
)
async def test_2_from_statement_shows_nothing_of_another_town(db: Database, text: str) -> None:
    statement = sa.select(Note).from_statement(sa.text(text))
    found = await shown(db, lambda session: session.scalars(statement))
    assert nothing_foreign(note.word for note in found)
    core = sa.select(Note).from_statement(sa.select(TABLE))
    assert nothing_foreign(note.word for note in await shown(db, lambda session: session.scalars(core)))


async def test_3_core_statements_on_a_models_table_are_refused(db: Database) -> None:
    for statement in (
        sa.select(TABLE.c.word),
        sa.select(TABLE.alias("n").c.word),
        sa.select(sa.select(TABLE.c.word).limit(1).scalar_subquery()),
        sa.union_all(sa.select(TABLE.c.word), sa.select(TABLE.c.word)),
        sa.select(sa.func.count()).select_from(TABLE),
    ):
        assert await shown(db, lambda session, asked=statement: session.scalars(asked)) == []
    for change in (sa.update(TABLE).values(visits=9), sa.delete(TABLE)):
        async with unharmed(db) as session:
            with pytest.raises(REFUSED):
                await session.execute(change)


async def test_4_a_core_table_joined_to_a_model_shows_nothing_of_another_town(db: Database) -> None:
    other = TABLE.alias("other")
    foreign = sa.select(other.c.word).subquery()
    joined = (
        sa.select(Note.word, other.c.word).join(other, other.c.visits == Note.visits),
        sa.select(Note.word, TABLE.c.word).join(TABLE, sa.true()),
        sa.select(Note.word, other.c.word).select_from(Note).join(other, sa.true(), isouter=True),
        sa.select(Note.word, sa.select(sa.func.group_concat(other.c.word) if db.dialect == "sqlite"
                                       else sa.func.string_agg(other.c.word, ",")).scalar_subquery()),
        sa.select(Note.word).where(Note.visits.in_(sa.select(other.c.visits).where(other.c.word == SECRET))),
        sa.select(Note.word, foreign.c.word).join(foreign, sa.true()),
        sa.select(Note.word, other.c.word).join(other, other.c.tenant_id > 0),
        sa.select(Note.word, other.c.word).join(other, other.c.tenant_id == other.c.tenant_id),
        sa.select(Note.word, TABLE.c.word).where(TABLE.c.tenant_id.is_not(None)),
    )  # fmt: skip
    for statement in joined:
        found = await shown(db, lambda session, asked=statement: session.execute(asked))
        assert nothing_foreign(found), statement
    telling = joined[4]
    assert await shown(db, lambda session: session.execute(telling)) == [], "not even whether there is one"


async def test_5_the_connection_behind_the_session_shows_nothing_of_another_town(db: Database) -> None:
    async def by_core(session: TenantSession) -> Iterable[Any]:
        return (await (await session.connection()).execute(sa.select(TABLE.c.word))).scalars()

    async def by_text(session: TenantSession) -> Iterable[Any]:
        return (await (await session.connection()).execute(sa.text("SELECT word FROM isolation_note"))).scalars()

    async def by_model(session: TenantSession) -> Iterable[Any]:
        return (await (await session.connection()).execute(sa.select(Note.tenant_id, Note.word))).all()

    for ask in (by_core, by_text, by_model):
        assert nothing_foreign(await shown(db, ask)), ask.__name__


async def test_6_a_bulk_update_by_keys_changes_nothing_of_another_town(db: Database) -> None:
    foreign = await foreign_id(db)
    for town in (THERE, HERE):
        async with unharmed(db) as session:
            try:
                await session.execute(sa.update(Note), [{"tenant_id": town, "id": foreign, "word": "mine"}])
                await session.commit()
            except (*REFUSED, StaleDataError):
                await session.rollback()


async def test_7_an_object_of_another_town_is_not_written(db: Database) -> None:
    foreign = await foreign_id(db)
    for id_ in (uuid7(), foreign):
        async with unharmed(db) as session:
            session.add(Note(tenant_id=THERE, id=id_, owner=HERE, word="x", visits=0))
            with pytest.raises(TenancyViolation):
                await session.flush()
    for way in ("merge", "delete"):
        async with unharmed(db) as session:
            known = Note(tenant_id=THERE, id=foreign, owner=THERE, word=SECRET, visits=0)
            make_transient_to_detached(known)
            if way == "merge":
                known.word = "mine"
            with pytest.raises(TenancyViolation):
                await merged(session, known) if way == "merge" else await session.delete(known)


async def merged(session: TenantSession, note: Note) -> None:
    await session.merge(note)
    await session.flush()


async def test_8_a_bulk_insert_puts_nothing_into_another_town(db: Database) -> None:
    row = {"tenant_id": THERE, "id": uuid7(), "owner": HERE, "word": "x", "visits": 0}
    for statement, rows in (
        (sa.insert(Note), [row, {**row, "id": uuid7()}]),
        (sa.insert(TABLE), [row]),
        (sa.insert(Note).from_select([*row], sa.select(*(sa.literal(v) for v in row.values()))), None),
    ):
        async with unharmed(db) as session:
            with pytest.raises(REFUSED):
                await session.execute(statement, rows)
    async with unharmed(db) as session:
        assert await session.upsert(Note, [{**row, "tenant_id": THERE}], key=["id"]) == 1, "upsert() names the town"
        await session.commit()


async def test_9_a_session_keeps_its_town_and_shares_no_objects_with_another(db: Database) -> None:
    foreign = await foreign_id(db)
    async with db.read(HERE) as session:
        first = (await session.scalars(sa.select(Note))).one()
        with pytest.raises(TypeError):
            session.info[SCOPE] = Scope(tenant=THERE)
        with pytest.raises(TypeError):
            session.sync_session.info[SCOPE] = Scope(tenant=THERE)
        assert await session.get(Note, (THERE, foreign)) is None
        assert (await session.scalars(sa.select(Note))).all() == [first]
    async with db.read(THERE) as session:
        assert await session.get(Note, (HERE, first.id)) is None
        assert first not in session


async def test_9b_an_object_of_another_session_brings_no_rows_along(db: Database) -> None:
    async with db.read(THERE) as session:
        foreign = (await session.scalars(sa.select(Note).where(Note.word == SECRET))).one()
    foreign.word = "mine"
    async with unharmed(db) as session:
        with pytest.raises(TenancyViolation):
            session.add(foreign)
        with pytest.raises(TenancyViolation):
            await merged(session, foreign)


@pytest.mark.parametrize("text", READING_TEXTS.values(), ids=READING_TEXTS)
async def test_10_statements_for_the_driver_show_nothing_of_another_town(db: Database, text: str) -> None:
    text = text.format(schema="main" if db.dialect == "sqlite" else "public")

    async def by_driver_sql(session: TenantSession) -> Iterable[Any]:
        return (await (await session.connection()).exec_driver_sql(text)).scalars()

    async def by_drivers_connection(session: TenantSession) -> Iterable[Any]:
        raw: Any = (await (await session.connection()).get_raw_connection()).driver_connection
        if session.dialect == "postgresql":
            return [row["word"] for row in await raw.fetch(text)]
        async with raw.execute(text) as cursor:
            return [row[0] for row in await cursor.fetchall()]

    for ask in (by_driver_sql, by_drivers_connection):
        assert nothing_foreign(await shown(db, ask)), ask.__name__


async def test_10b_a_compiled_statement_that_forgot_the_town_shows_nothing(db: Database) -> None:
    for text in READING_TEXTS.values():
        text = text.format(schema="main" if db.dialect == "sqlite" else "public")
        try:
            rows = await db.direct.rows(Scope(tenant=HERE), text, ())
        except TenancyViolation:
            continue
        assert nothing_foreign(row[0] for row in rows), text


@pytest.mark.parametrize("kind", ["relation of the model", "aliased"])
async def test_no_form_of_a_model_escapes_the_predicate(db: Database, kind: str) -> None:
    other = aliased(Note)
    statement = sa.select(Note.word, other.word).join(other, sa.true())
    if kind == "relation of the model":
        statement = sa.select(Note.word).where(sa.exists().where(other.word == SECRET))
    assert nothing_foreign(await shown(db, lambda session: session.execute(statement)))


PLATFORM_TEXTS = {
    "towns deleted": "DELETE FROM tenant WHERE id <> :tenant_id",
    "its own town deleted": "DELETE FROM tenant WHERE id = :tenant_id",
    "towns changed": "UPDATE tenant SET name = 'taken' WHERE id <> :tenant_id",
    "its own town changed": "UPDATE tenant SET name = 'taken' WHERE id = :tenant_id",
    "programmes deleted": "DELETE FROM programme WHERE :tenant_id > 0",
    "sign-ins deleted": "DELETE FROM core_session WHERE :tenant_id > 0",
    "logout messages forgotten": "DELETE FROM core_logout_token WHERE :tenant_id > 0",
    "transfers changed": "UPDATE core_transfer SET slug = 'taken' WHERE :tenant_id > 0",
}


@pytest.mark.parametrize("text", PLATFORM_TEXTS.values(), ids=PLATFORM_TEXTS)
async def test_11_a_towns_session_changes_nothing_of_the_platform(db: Database, text: str) -> None:
    """Foreign keys act past row level security: with the row of a town all of its rows would go."""
    await fill_platform(db)
    before = await platforms_rows(db)
    async with unharmed(db) as session:
        with suppress(*REFUSED):
            await session.sql(text)
            await session.commit()
    assert await platforms_rows(db) == before


@pytest.mark.postgresql
async def test_11b_the_platforms_own_session_deletes_no_town_either(db: Database) -> None:
    before = await platforms_rows(db)
    async with db.platform(write=True) as session:
        with pytest.raises(DBAPIError):
            await (await session.connection()).execute(sa.text("DELETE FROM tenant"))
    assert await platforms_rows(db) == before


async def test_11c_sign_ins_are_out_of_a_towns_sight(db: Database) -> None:
    await fill_platform(db)
    async with db.read(HERE) as session:
        rows = await session.sql("SELECT mark FROM core_session WHERE :tenant_id > 0")
        seen = rows.all()
    assert bool(seen) == (db.dialect == "sqlite"), "SQLite has no wall for reading"


TOWN_TEXTS = {
    "function": "SELECT set_config('app.tenant', '2', true), :tenant_id",
    "in capitals": "SELECT SET_CONFIG('app' || '.tenant', '2', true), :tenant_id",
    "setting": "SET LOCAL app.tenant = '2' -- :tenant_id",
    "quoted": "SET app.\"tenant\" = '2' -- :tenant_id",
    "path": "/* x */ SET LOCAL search_path = pg_temp -- :tenant_id",
    "temporary table": "/* x */ CREATE TEMP TABLE isolation_note AS SELECT 1 AS one -- :tenant_id",
    "block": "DO $$ BEGIN PERFORM 1; END $$ -- :tenant_id",
    "in a string": "SELECT query_to_xml('select set_config(''app.tenant'', ''2'', true)', true, true, ''), :tenant_id",
}


@pytest.mark.parametrize("text", TOWN_TEXTS.values(), ids=TOWN_TEXTS)
async def test_12_text_of_sql_does_not_take_a_session_to_another_town(db: Database, text: str) -> None:
    async with unharmed(db) as session:
        with pytest.raises(TenancyViolation):
            await session.sql(text)
        found = await session.sql("SELECT word FROM isolation_note WHERE tenant_id > 0 AND tenant_id = :tenant_id")
        assert nothing_foreign(found.scalars())


@pytest.mark.postgresql
async def test_12b_no_temporary_table_takes_the_place_of_a_towns_table(world_postgresql: World) -> None:
    """Connections are shared: it would stand there for the next town."""
    async with world_postgresql.platform.database.write(HERE) as session:
        connection = await session.connection()
        assert await connection.scalar(sa.text("SHOW search_path")) == SEARCH_PATH
        raw: Any = (await connection.get_raw_connection()).driver_connection
        with pytest.raises(InsufficientPrivilegeError):
            await raw.execute("CREATE TEMP TABLE core_measure AS SELECT 1 AS one")


async def fill_platform(db: Database) -> None:
    """A row in each table of the platform that towns have no business with."""
    now = db.clock.now()
    async with db.platform(write=True) as session:
        session.add(
            SessionRow(
                id=uuid7(),
                mark="m",
                issuer="i",
                subject="s",
                sid=None,
                sealed=b"",
                device="d",
                created_at=now,
                seen_at=now,
                expires_at=now,
                renew_at=None,
                leased_until=None,
                version=1,
            )
        )
        session.add(LogoutTokenRow(mark="m", expires_at=now))
        session.add(ProgrammeRow(id="p", title="P"))
        session.add(
            Transfer(
                kind=TransferKind.ARRIVAL,
                slug="gone",
                town=9,
                archive_sha256=None,
                by="b",
                began_at=now,
                finished_at=now,
                rows=0,
                files=0,
                progress={},
            )
        )
        await session.flush()
        await session.commit()


async def platforms_rows(db: Database) -> list[list[tuple[Any, ...]]]:
    """What stands in them."""
    texts = (
        "SELECT id, slug, name FROM tenant ORDER BY id", "SELECT id FROM programme ORDER BY id",
        "SELECT mark FROM core_session", "SELECT mark FROM core_logout_token",
        "SELECT slug FROM core_transfer",
    )  # fmt: skip
    async with db.platform() as session:
        connection = await session.connection()
        return [[tuple(row) for row in (await connection.execute(sa.text(text))).all()] for text in texts]
