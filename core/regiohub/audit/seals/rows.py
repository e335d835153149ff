"""Reading the log and its seals as they stand in the database, in pages, without the ORM: millions of rows."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol
from uuid import UUID

from .canonical import FIELDS, HASH_BYTES, ID_BYTES, RECORD_BYTES, Unreadable
from .links import Link

if TYPE_CHECKING:
    from sqlalchemy import CursorResult

PAGE: Final = 1000
"""Rows at once: hashing them takes some milliseconds, in which nothing else runs."""

_PLAIN = ", ".join(f'"{name}"' for name in FIELDS)
# As text: how a driver makes objects of JSON is its own affair.
_AS_TEXT = _PLAIN.replace('"before"', 'CAST("before" AS text)').replace('"after"', 'CAST("after" AS text)')


def _entries(columns: str) -> str:
    return (
        f"SELECT {columns} FROM core_audit WHERE tenant_id = :tenant_id AND id > :after"  # noqa: S608 - names only
        f" ORDER BY id LIMIT {PAGE}"
    )


_ENTRIES = _entries(_PLAIN)
_DIRECT = _entries(_AS_TEXT).replace(":tenant_id", "$1").replace(":after", "$2")
_IDS = f"SELECT id FROM core_audit WHERE tenant_id = :tenant_id AND id > :after ORDER BY id LIMIT {PAGE * 10}"  # noqa: S608
_SEAL = "number, town, first, count, late, low, high, sealed_at, complete_until, digests, chain, key, signature"
_SEALS = (
    f"SELECT {_SEAL} FROM core_audit_seal WHERE tenant_id = :tenant_id AND number >= :since"  # noqa: S608
    " ORDER BY number LIMIT :most"
)
_LAST = f"SELECT {_SEAL} FROM core_audit_seal WHERE tenant_id = :tenant_id ORDER BY number DESC LIMIT 1"  # noqa: S608
_NUMBERED = f"SELECT {_SEAL} FROM core_audit_seal WHERE tenant_id = :tenant_id AND number = :number"  # noqa: S608
_HIGHEST = (
    "SELECT high FROM core_audit_seal WHERE tenant_id = :tenant_id AND high IS NOT NULL ORDER BY high DESC LIMIT 1"
)
_REACHING = f"SELECT {_SEAL} FROM core_audit_seal WHERE tenant_id = :tenant_id AND high >= :floor"  # noqa: S608
_LATE = f"SELECT {_SEAL} FROM core_audit_seal WHERE tenant_id = :tenant_id AND late ORDER BY number"  # noqa: S608

_LOWEST = {"sqlite": -(2**63), "postgresql": -(2**31)}
"""From here on numbers are read: one below 1 is a fault, and has to be seen."""

NIL: Final = UUID(int=0)


class Source(Protocol):
    """Where the rows of one town come from: a session of the town, or a connection that knows it."""

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Name of the database."""
        ...

    @property
    def tenant_id(self) -> int:
        """Number of the town."""
        ...

    async def raw_asyncpg(self) -> Any:
        """The driver's connection, on PostgreSQL."""
        ...

    async def sql(self, text: str, params: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """Run a statement that names `:tenant_id`, which is bound to the town."""
        ...


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal as it was read; nothing in it has been checked."""

    number: int
    town: str
    first: int
    count: int
    late: bool
    low: bytes | None
    high: bytes | None
    sealed_at: datetime
    complete_until: datetime | None
    digests: bytes
    chain: bytes
    key: str
    signature: bytes

    def link(self, previous: tuple[bytes, bytes] | None) -> Link:
        """What it states, as a continuation of the chain."""
        return Link(
            self.town, self.number, self.first, self.count, self.late, self.sealed_at, self.complete_until,
            sha256(self.digests).digest(), previous, self.key,
        )  # fmt: skip

    def records(self) -> Iterator[tuple[bytes, bytes]]:
        """Id and hash of each entry."""
        for start in range(0, len(self.digests) - RECORD_BYTES + 1, RECORD_BYTES):
            middle = start + ID_BYTES
            yield self.digests[start:middle], self.digests[middle : middle + HASH_BYTES]


async def entry_pages(session: Source, after: UUID = NIL) -> AsyncIterator[Sequence[Sequence[Any]]]:
    """Entries by id from after this one on, as raw rows in the order of ``FIELDS``."""
    last: Any = str(after) if session.dialect == "sqlite" else after
    driver = await session.raw_asyncpg() if session.dialect == "postgresql" else None
    while True:
        if driver is None:
            found = (await session.sql(_ENTRIES, {"after": last})).fetchall()
        else:
            # Twice as fast as through SQLAlchemy, which copies each row.
            found = await driver.fetch(_DIRECT, session.tenant_id, last)
        if found:
            yield found
        if len(found) < PAGE:
            return
        last = found[-1][0]


async def entry_ids(session: Source, after: UUID, up_to: bytes) -> AsyncIterator[bytes]:
    """Ids of entries after one and up to another."""
    last: Any = after
    while True:
        rows = (await session.sql(_IDS, {"after": str(last) if session.dialect == "sqlite" else last})).fetchall()
        for (id_,) in rows:
            last = _uuid(id_)
            if last.bytes > up_to:
                return
            yield last.bytes
        if len(rows) < PAGE * 10:
            return


async def seal_rows(session: Source, *, most: int = 50) -> AsyncGenerator[SealRow]:
    """Seals by number, fetched ``most`` at a time. :raises Unreadable: a row holds what the platform never writes."""
    since = _LOWEST[session.dialect]
    while True:
        rows = (await session.sql(_SEALS, {"since": since, "most": most})).fetchall()
        for row in rows:
            seal = _seal(row)
            since = seal.number + 1
            yield seal
        if len(rows) < most:
            return


async def late_seals(session: Source) -> Sequence[SealRow]:
    """All seals of late entries; there are few. :raises Unreadable: see ``seal_rows``."""
    return [_seal(row) for row in (await session.sql(_LATE)).fetchall()]


async def last_seal(session: Source) -> SealRow | None:
    """The newest seal. :raises Unreadable: see ``seal_rows``."""
    row = (await session.sql(_LAST)).first()
    return None if row is None else _seal(row)


async def seal_numbered(session: Source, number: int) -> SealRow | None:
    """The seal with this number. :raises Unreadable: see ``seal_rows``."""
    row = (await session.sql(_NUMBERED, {"number": number})).first()
    return None if row is None else _seal(row)


async def highest_sealed(session: Source) -> bytes | None:
    """The highest id that a seal holds."""
    found = (await session.sql(_HIGHEST)).scalar()
    return _id(found)


async def seals_reaching(session: Source, floor: UUID) -> Sequence[SealRow]:
    """Seals that hold an id from this one on."""
    bound = str(floor) if session.dialect == "sqlite" else floor
    return [_seal(row) for row in (await session.sql(_REACHING, {"floor": bound})).fetchall()]


def _seal(row: Sequence[Any]) -> SealRow:
    number, town, first, count, late, low, high, sealed_at, complete_until, digests, chain, key, signature = row
    try:
        if late not in (0, 1) or not all(isinstance(one, int) for one in (number, first, count)):
            raise ValueError("no number")
        if not all(isinstance(one, bytes) for one in (digests, chain, signature)):
            raise ValueError("no bytes")
        return SealRow(
            number, str(town), first, count, bool(late), _id(low), _id(high), as_moment(sealed_at),
            None if complete_until is None else as_moment(complete_until), digests, chain, str(key),
            signature,
        )  # fmt: skip
    except (TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"seal {number}: {error}") from error


def _id(value: Any) -> bytes | None:
    return None if value is None else _uuid(value).bytes


def _uuid(value: Any) -> UUID:
    return UUID(value) if isinstance(value, str) else UUID(bytes=value.bytes)


def as_moment(value: Any) -> datetime:
    """A moment as the database handed it over. :raises ValueError: it is none."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    if found.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return found.astimezone(UTC)
