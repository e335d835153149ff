"""What a database or a disk says when it is away or full, as an answer that people and programs can act upon."""

from __future__ import annotations

import errno
import sqlite3

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from regiohub.errors import DomainError, Unavailable
from regiohub.texts import t

RETRY_SECONDS = 5
"""When it is worth another attempt."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_GONE_STATES = ("08", "57P", "53300", "53400", "58")
"""SQL states that begin so: connection lost, server ended or starting, too many connections, files out of reach."""
_NO_ROOM_STATE = "53100"
_FULL_CODES = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})
_GONE_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})


class DatabaseAway(Unavailable):
    """The database does not answer, or has no time; nothing was stored."""

    def __init__(self) -> None:
        words = t(
            "Die Datenbank antwortet gerade nicht. Bitte gleich noch einmal.",
            "The database does not answer at the moment. Please try again shortly.",
        )
        super().__init__(words, retry_after=RETRY_SECONDS)


class StorageFull(DomainError):
    """There is no room left for what should be stored; nothing was stored."""

    code = "STORAGE_FULL"
    status = 507

    def __init__(self) -> None:
        words = t(
            "Der Speicher der Plattform ist voll: Es wurde nichts gespeichert. Bitte später noch einmal.",
            "The platform's storage is full: nothing was stored. Please try again later.",
        )
        super().__init__(words, retry_after=60)


def outage_of(error: BaseException | None) -> DatabaseAway | StorageFull | None:
    """What an error of a driver or of the file system means for the caller; None if it is no outage."""
    if isinstance(error, PoolTimeoutError | ConnectionError):
        return DatabaseAway()
    if isinstance(error, asyncpg.InterfaceError) and "clos" in str(error):
        # "connection is closed", "pool is closing"; other faults of this kind are the program's own.
        return DatabaseAway()
    if isinstance(error, DBAPIError):
        away = DatabaseAway() if error.connection_invalidated else None
        return _by_state(error.orig) or outage_of(error.orig.__cause__ if error.orig else None) or away
    return _by_state(error) or (_by_number(error) if isinstance(error, OSError) else None)


def _by_state(error: BaseException | None) -> DatabaseAway | StorageFull | None:
    """By PostgreSQL's SQL state or SQLite's result code."""
    state, code = getattr(error, "sqlstate", None), getattr(error, "sqlite_errorcode", None)
    if state == _NO_ROOM_STATE or code in _FULL_CODES:
        return StorageFull()
    if isinstance(state, str) and state.startswith(_GONE_STATES):
        return DatabaseAway()
    # Extended codes carry the plain one in their last byte.
    return DatabaseAway() if isinstance(code, int) and code & 0xFF in _GONE_CODES else None


def _by_number(error: OSError) -> DatabaseAway | StorageFull | None:
    if error.errno in _FULL:
        return StorageFull()
    # A missing file has a name; what has none is the socket of a server that does not run.
    return DatabaseAway() if error.errno == errno.ENOENT and error.filename is None else None
