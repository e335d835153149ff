"""Indexes on places, ranges and words under row level security: which functions to mark LEAKPROOF, and marking them.

PostgreSQL evaluates the walls' condition before any function that could tell of a row by an error message, so the index
of such a function stays unused. Only a superuser can state that a function tells nothing. The statement is lost when
the database is restored from a dump and when the function's extension is updated.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

REMEDY = "A superuser may run, after reading what it says: regiohub db harden"
LOST = "Marks are lost by a restore from a dump and by an update of the function's extension."


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator that has been examined: its function, what it searches, and what it could tell at worst."""

    function: str
    sign: str
    searches: str
    risk: str


PROFILE = (
    Operator(
        "geometry_overlaps(geometry, geometry)", "&&", "places in a box on the map",
        "It compares two boxes that were stored beside the shapes; it knows no error message that holds a value.",
    ),
    Operator(
        "range_overlaps(anyrange, anyrange)", "&&", "ranges of time or numbers that overlap",
        "It calls the comparison of the range's elements: without messages for moments, days and numbers, but a range"
        " type made over a type of one's own must be examined first.",
    ),
    Operator(
        "ts_match_vq(tsvector, tsquery)", "@@", "words in full text",
        "It looks for words of the question; its only message speaks of a question nested too deeply, not of a row.",
    ),
)  # fmt: skip
"""Examined functions. Others stay unmarked on purpose: docs/operators/postgresql.md says why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One function of the profile in one database: `indexes` of towns' tables that could serve it; `marked`."""

    operator: Operator
    signature: str
    marked: bool
    indexes: tuple[str, ...]

    @property
    def waits(self) -> bool:
        """Whether an index stays unused because the function is not marked."""
        return bool(self.indexes) and not self.marked


# A family of operators belongs to each column of an index; what it can search for are its members.
_STANDING = """
SELECT p.proleakproof AS marked,
       format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS signature,
       ARRAY(
           SELECT DISTINCT i.indexrelid::regclass::text
           FROM pg_index i
           JOIN pg_class t ON t.oid = i.indrelid AND t.relrowsecurity AND NOT t.relispartition
           CROSS JOIN LATERAL unnest(i.indclass::oid[]) AS part(class)
           JOIN pg_opclass c ON c.oid = part.class
           JOIN pg_amop a ON a.amopfamily = c.opcfamily AND a.amoppurpose = 's'
           JOIN pg_operator o ON o.oid = a.amopopr
           WHERE o.oprcode = p.oid
           ORDER BY 1
       ) AS indexes
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid = to_regprocedure($1)
"""


async def standing(connection: AsyncConnection) -> list[Standing]:
    """Where the profile's functions stand in a PostgreSQL database, seen by any login; those it lacks are left out."""
    return [
        Standing(operator, row.signature, row.marked, tuple(row.indexes))
        for operator in PROFILE
        for row in await connection.exec_driver_sql(_STANDING, (operator.function,))
    ]


async def harden(
    superuser_url: str, url: str, *, undo: bool = False, dry_run: bool = False
) -> list[tuple[Standing, str]]:
    """Mark the functions of the profile that an index of a town's table needs, or take all marks away again.

    `superuser_url`: any superuser of the server; `url`: an address of the platform's database. Returns each function as
    it stood before, and the statement that was needed ("" for none); with `dry_run` none was run. Repeatable; all or
    nothing.

    :raises sqlalchemy.exc.DBAPIError: the server is not reached, or the login is no superuser.
    """
    address = make_url(superuser_url).set(drivername="postgresql+asyncpg", database=make_url(url).database)
    engine = create_async_engine(address, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            steps = [(one, _statement(one, undo=undo)) for one in await standing(connection)]
            for _, statement in steps:
                if statement and not dry_run:
                    await connection.exec_driver_sql(statement)
            return steps
    finally:
        await engine.dispose()


def _statement(one: Standing, *, undo: bool) -> str:
    if undo:
        return f"ALTER FUNCTION {one.signature} NOT LEAKPROOF" if one.marked else ""
    return f"ALTER FUNCTION {one.signature} LEAKPROOF" if one.waits else ""
