"""Counters that say whether a table has changed: what is kept of old answers is valid while they stand still.

Each transaction that writes a watched table raises the table's counter as its very last statement before the commit.
Counter and rows become visible at the same moment, so a reader that looks at the counter first and at the rows
afterwards never takes older rows for those of a newer counter. A transaction that is rolled back raises nothing.

What has been written is read off the statements themselves, on every connection, whichever way they came: the ORM,
Core, SQL text, upserts. Rows that the database deletes along foreign keys count too. Bulk paths of the driver, which
no one sees, say what they write or count as having written everything.

Nothing is raised for tables that nobody watches, and on PostgreSQL each connection has a counter of its own per table
(a shard), so that writers do not wait for each other's commits.
"""

from __future__ import annotations

import itertools
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

from regiohub.db.base import Base, PlatformModel, TenantTable

WATCHED: Final = "regiohub_watched"
WRITTEN: Final = "regiohub_written"
_SHARD: Final = "regiohub_shard"
SHARDS: Final = 8
EVERYTHING: Final = "*"
"""Counter of a town (or, for town 0, of all towns) that is part of every reader's look."""
EVERYWHERE: Final = 0
"""No town: counters of the platform's own tables, and of what concerns all towns."""

_HEAD = 2000
"""Characters in which an INSERT has named its tables; what follows may be thousands of rows of placeholders."""
_WRITES = re.compile(
    r"\b(?:insert|replace|merge|truncate|copy|delete)\b|(?<!for )(?<!for no key )\bupdate\b", re.IGNORECASE
)
_REMOVES = re.compile(r"\b(?:delete|replace|merge|truncate)\b", re.IGNORECASE)
_numbers = itertools.count(os.getpid())


class DataVersion(PlatformModel):
    """How often a table has changed in a town, counted by one shard. It belongs to no town: it holds nothing of any."""

    __tablename__ = "core_data_version"

    town: Mapped[int] = mapped_column(sa.Integer(), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(primary_key=True)
    shard: Mapped[int] = mapped_column(sa.SmallInteger(), primary_key=True, autoincrement=False)
    version: Mapped[int]


@dataclass(slots=True)
class Written:
    """Tables that a transaction has written so far, in the name of a town (`EVERYWHERE`: of none)."""

    tenant: int
    names: set[str] = field(default_factory=set[str])


def watch(*models: type[TenantTable]) -> None:
    """Have the changes of these models' tables counted; a bound type that is cacheable does it for its own model."""
    for model in models:
        model.__table__.info[WATCHED] = True  # type: ignore[attr-defined]


def watched() -> frozenset[str]:
    """Names of the tables whose changes are counted."""
    return frozenset(table.name for table in Base.metadata.tables.values() if table.info.get(WATCHED))


def begin(connection: Connection, tenant: int | None, *, write: bool) -> None:
    """A session's transaction begins on a connection: it has written nothing yet."""
    if write:
        connection.info[WRITTEN] = Written(EVERYWHERE if tenant is None else tenant)
    else:
        connection.info.pop(WRITTEN, None)


def note(connection: Connection, names: frozenset[str]) -> None:
    """These tables are being written on a connection."""
    written: Written | None = connection.info.get(WRITTEN)
    if written is None:
        # Nobody said in whose name: then it may concern everybody.
        written = connection.info[WRITTEN] = Written(EVERYWHERE)
        names = frozenset({EVERYTHING})
    written.names.update(names)


def written_tables(statement: str, tables: int) -> frozenset[str]:
    """Known tables that a statement may change: too many rather than too few. Nothing for one that only reads.

    `tables`: how many tables there are, so that answers may be remembered.
    """
    head = statement[:_HEAD] if statement[:6].upper() == "INSERT" else statement
    if not _WRITES.search(head):
        return frozenset()
    names = named_tables(head)
    if names and _REMOVES.search(head):
        names |= frozenset[str]().union(*(_children(tables).get(name, frozenset()) for name in names))
    return names


def named_tables(text: str) -> frozenset[str]:
    """Known tables whose names stand in an SQL text, as names of tables or of anything else."""
    return frozenset(_names(len(Base.metadata.tables)).findall(text))


@lru_cache(maxsize=1)
def _names(_tables: int) -> re.Pattern[str]:
    names = sorted(map(re.escape, Base.metadata.tables), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(names) + r")\b")


@lru_cache(maxsize=1)
def _children(_tables: int) -> dict[str, frozenset[str]]:
    """Tables whose rows the database changes by itself when rows of a table go, along any number of foreign keys."""
    below: dict[str, set[str]] = {}
    for table in Base.metadata.tables.values():
        for key in table.foreign_key_constraints:
            if (key.ondelete or "NO ACTION").upper() not in ("NO ACTION", "RESTRICT"):
                below.setdefault(key.referred_table.name, set()).add(table.name)
    found: dict[str, frozenset[str]] = {}
    for name in below:
        reached: set[str] = set()
        waiting = [name]
        while waiting:
            new = below.get(waiting.pop(), set()) - reached
            reached |= new
            waiting += new
        found[name] = frozenset(reached)
    return found


def listen(engine: Engine) -> None:
    """Have an engine's writing connections raise what they write."""
    event.listen(engine, "commit", _raise_written)
    event.listen(engine, "checkin", _forget)


def _raise_written(connection: Connection) -> None:
    """Raise the counters of what the transaction has written, just before it is committed."""
    written: Written | None = connection.info.pop(WRITTEN, None)
    names = sorted(written.names & (watched() | {EVERYTHING})) if written else []
    if written and names:
        raise_named(connection, written.tenant, names)
        connection.info.pop(WRITTEN, None)


def _forget(_dbapi: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    """What a rolled back transaction has written is nobody's business, least of all the next one's."""
    record.info.pop(WRITTEN, None)


def raise_named(connection: Connection, tenant: int, names: list[str]) -> None:
    """Raise counters of a town in the order of their names, so that two transactions never wait for each other."""
    if connection.dialect.name == "postgresql":
        shard = connection.info.get(_SHARD)
        if shard is None:
            shard = connection.info[_SHARD] = next(_numbers) % SHARDS
        connection.execute(_RAISE, {"town": tenant, "names": names, "shard": shard})
    else:
        connection.exec_driver_sql(_raise_sqlite(len(names)), tuple(itertools.chain(*((tenant, n) for n in names))))


_RAISE = sa.text(
    "INSERT INTO core_data_version (town, name, shard, version)"
    " SELECT :town, named.name, :shard, 1 FROM unnest(:names) AS named (name) ORDER BY named.name"
    " ON CONFLICT (town, name, shard) DO UPDATE SET version = core_data_version.version + 1"
).bindparams(
    sa.bindparam("names", type_=sa.ARRAY(sa.Text())),
    sa.bindparam("town", type_=sa.Integer()),
    sa.bindparam("shard", type_=sa.SmallInteger()),
)


@lru_cache(maxsize=64)
def _raise_sqlite(number: int) -> str:
    # One writer at a time holds the whole file: shards would spare nobody anything.
    rows = ", ".join(["(?, ?, 0, 1)"] * number)
    return (
        f"INSERT INTO core_data_version (town, name, shard, version) VALUES {rows}"  # noqa: S608 - placeholders
        " ON CONFLICT (town, name, shard) DO UPDATE SET version = version + 1"
    )
