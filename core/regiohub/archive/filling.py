"""Putting the lines of one table into the database: in batches that are committed with the count of what is there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, StatementError

from regiohub.db.base import TenantTable
from regiohub.db.passage import as_platform
from regiohub.errors import InvalidInput
from regiohub.tenancy.transfers import Transfer
from regiohub.texts import t

from .rows import TENANT, LineRefused, Rows
from .tables import points_to_itself

if TYPE_CHECKING:
    from regiohub.db.database import Database
    from regiohub.db.session import TenantSession

BATCH = 2000
"""Rows in one statement."""
PER_COMMIT = 10 * BATCH

Advance = Callable[[int], None]


class Filler:
    """Fills tables of one town. `done` says how many rows of each table are committed; it is kept with them."""

    def __init__(self, database: Database, transfer: UUID, town: int, done: dict[str, int]) -> None:
        self._database, self._transfer, self._town, self.done = database, transfer, town, done

    async def fill(self, rows: Rows, lines: Iterable[bytes], advance: Advance) -> None:
        """Add the rows that are not there yet, in the order of the lines.

        Rows are committed together with their number, so that one broken off goes on where it stood and adds nothing
        twice. A table whose rows point to each other is filled in one transaction: its order is not that of the lines.

        :raises InvalidInput: a line is no row of the table, or the database does not take it.
        """
        present = self.done.get(rows.name, 0)
        rest = islice(lines, present, None)
        advance(present)
        own = points_to_itself(rows.model)
        if own:
            if present == 0:
                await self._in_one(rows, _parents_first(rows, rest, own), advance)
            return
        number = present
        while portion := list(islice(rest, PER_COMMIT)):
            await self._make_room(rows, portion, number)
            async with self._database.write(self._town) as session, session.begin():
                number = await self._insert(session, rows, _parsed(rows, portion, number), number, advance)
                await self._note(session, rows.name, number)
            self.done[rows.name] = number

    async def _make_room(self, rows: Rows, portion: Sequence[bytes], number: int) -> None:
        if rows.model.make_room.__func__ is TenantTable.make_room.__func__:  # type: ignore[attr-defined]
            return
        async with self._database.write(self._town) as session, session.begin():
            await rows.model.make_room(session, list(_parsed(rows, portion, number)))

    async def _in_one(self, rows: Rows, values: Iterator[dict[str, Any]], advance: Advance) -> None:
        async with self._database.write(self._town) as session, session.begin():
            number = await self._insert(session, rows, values, 0, advance)
            await self._note(session, rows.name, number)
        self.done[rows.name] = number

    async def _insert(
        self, session: TenantSession, rows: Rows, values: Iterator[dict[str, Any]], number: int, advance: Advance
    ) -> int:
        statement = sa.insert(rows.table)
        while batch := list(islice(values, BATCH)):
            for row in batch:
                row[TENANT] = self._town
            try:
                await session.execute(statement, batch)
            except StatementError as error:
                if not _is_of_the_lines(error):
                    raise
                raise _refused(rows, number, number + len(batch), error) from error
            number += len(batch)
            advance(len(batch))
        return number

    async def _note(self, session: TenantSession, table: str, number: int) -> None:
        progress = {**self.done, table: number}
        change = sa.update(Transfer).where(Transfer.id == self._transfer).values(progress=progress)
        async with as_platform(session) as platform:
            await platform.execute(change, execution_options={"synchronize_session": False})


async def digest_of(chunks: AsyncIterator[list[bytes]], advance: Advance) -> tuple[int, str]:
    """How many rows there are, and the SHA-256 of their lines."""
    number, found = 0, sha256()
    async for chunk in chunks:
        found.update(b"".join(chunk))
        number += len(chunk)
        advance(len(chunk))
    return number, found.hexdigest()


def check_lines(rows: Rows, lines: Iterable[bytes], advance: Advance) -> None:
    """Read lines without storing them.

    :raises InvalidInput: one is no row of the table; the message names its number, the column, and what is wrong.
    """
    for _ in _parsed(rows, lines, 0):
        advance(1)


def _parsed(rows: Rows, lines: Iterable[bytes], number: int) -> Iterator[dict[str, Any]]:
    for text in lines:
        number += 1
        try:
            yield rows.values(text)
        except LineRefused as error:
            raise InvalidInput(
                t(
                    f"tables/{rows.name}, Zeile {number}: {error}. Das Archiv passt nicht zu den installierten "
                    "Versionen.",
                    f"tables/{rows.name} line {number}: {error}. The archive does not fit the installed versions.",
                ),
                field="file",
            ) from None


def _parents_first(rows: Rows, lines: Iterable[bytes], own: list[str]) -> Iterator[dict[str, Any]]:
    """Rows in an order in which each one that is pointed to comes first; those that wait are held."""
    there: set[Any] = set()
    waiting: dict[Any, list[dict[str, Any]]] = {}

    def missing(row: dict[str, Any]) -> Any:
        return next((row[name] for name in own if row[name] is not None and row[name] not in there), None)

    for row in _parsed(rows, lines, 0):
        ready = [row]
        while ready:
            found = ready.pop()
            parent = missing(found)
            if parent is not None and parent != found["id"]:
                waiting.setdefault(parent, []).append(found)
                continue
            there.add(found["id"])
            yield found
            ready += waiting.pop(found["id"], [])
    if waiting:
        first = next(iter(waiting))
        raise InvalidInput(
            t(
                f"{rows.name}: Zeilen verweisen auf {first}, das nicht im Archiv ist, oder im Kreis.",
                f"{rows.name}: rows point to {first}, which is not in the archive, or in a circle.",
            ),
            field="file",
        )


def _is_of_the_lines(error: StatementError) -> bool:
    """Whether the database refuses what a line says; its own troubles, a full disk say, are nobody's mistake."""
    if not isinstance(error, DBAPIError):
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        # Data, rules of the table, limits of the database; PostGIS has no number of its own for what is no geometry.
        return state[:2] in ("22", "23", "54") or state == "XX000"
    # What a table computes from a value, SQLite computes by a function of ours.
    return not isinstance(error, (OperationalError, InternalError)) or "user-defined function" in str(error.orig)


def _refused(rows: Rows, first: int, last: int, error: StatementError) -> InvalidInput:
    reason = (str(error.orig or error).splitlines() or ["?"])[0][:200]
    return InvalidInput(
        t(
            f"tables/{rows.name}: Die Datenbank nimmt eine der Zeilen {first + 1} bis {last} nicht an ({reason}).",
            f"tables/{rows.name}: the database refuses one of the lines {first + 1} to {last} ({reason}).",
        ),
        field="file",
    )
