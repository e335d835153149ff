"""Copies of the embedded database: made while it is in use, checked, and put back when nobody uses it.

PostgreSQL has tools of its own for this (pg_dump, base backups); nothing here is about it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from regiohub.db import sqlite
from regiohub.db.migrate import Migrations

_VERSIONS = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%\\_alembic\\_version' ESCAPE '\\'"


class BackupError(Exception):
    """A copy cannot be made or put back: what is wrong, and what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


@dataclass(frozen=True, slots=True)
class Copy:
    """A checked copy: its file, its bytes, and the revision of each distribution's tables in it."""

    file: Path
    size: int
    revisions: dict[str, str]


def back_up(database: Path, target: Path) -> Copy:
    """Copy a database in use into the new file `target`: one moment of it, whoever writes meanwhile.

    :raises BackupError: there is nothing to copy, or `target` is there already.
    """
    if not database.is_file():
        raise BackupError(f"There is no database {database}.", "Check REGIOHUB_DATA_DIR.")
    if target.exists():
        raise BackupError(f"{target} is there already; nothing was written.", "Choose another name.")
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    # The copy holds everything about everybody: nobody else on the machine may read it, not even for a moment.
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(_opened(database)) as source, closing(_opened(draft)) as copy:
            source.backup(copy)
            # One file that is complete without others beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
        revisions = examine(draft)
        _flush(draft)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return Copy(target, target.stat().st_size, revisions)


def restore(copy: Path, database: Path, migrations: Sequence[Migrations], now: datetime) -> Path | None:
    """Put a copy in the place of the database; returns where the former one is kept, None if there was none.

    :raises BackupError: the copy is damaged or newer than what is installed, or somebody uses the database.
    """
    revisions = examine(copy)
    _require_known(revisions, migrations)
    database.parent.mkdir(parents=True, exist_ok=True)
    draft = database.with_name(f"{database.name}.{os.getpid()}.part")
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(_opened(copy)) as source, closing(_opened(draft)) as fresh:
            source.backup(fresh)
        _flush(draft)
        former = None
        if database.exists():
            _require_unused(database)
            former = database.with_name(f"{database.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
            database.rename(former)
        draft.rename(database)
    finally:
        draft.unlink(missing_ok=True)
    return former


def examine(file: Path) -> dict[str, str]:
    """The revision of each distribution's tables in a copy, after a check of the whole file.

    :raises BackupError: it is missing, damaged, or not a database of this platform.
    """
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    try:
        with closing(_opened(file)) as connection:
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
            if faults:
                raise BackupError(f"{file} is damaged: {'; '.join(faults)}", "Use another copy.")
            tables = [row[0] for row in connection.execute(_VERSIONS)]
            found: dict[str, str] = {}
            for table in tables:
                row = connection.execute(f'SELECT version_num FROM "{table}"').fetchone()  # noqa: S608 - its own name
                if row:
                    found[table.removesuffix("_alembic_version")] = row[0]
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{file} cannot be read as a database: {error}", "Use another copy.") from None
    if "core" not in found:
        raise BackupError(f"{file} is not a database of this platform.", "Use another copy.")
    return found


def _require_known(revisions: dict[str, str], migrations: Sequence[Migrations]) -> None:
    from alembic.util import CommandError

    for part in migrations:
        revision = revisions.get(part.owner)
        if revision is None:
            continue
        try:
            part.script().get_revision(revision)
        except CommandError:
            raise BackupError(
                f"The copy is newer than what is installed: {part.owner} does not know the revision {revision}.",
                "Install the release that made it, or a newer one, then restore.",
            ) from None


def _opened(file: Path) -> sqlite3.Connection:
    # A mistyped name must not make a new, empty database.
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True, timeout=30, isolation_level=None)
    for name, arity, function in sqlite.FUNCTIONS:
        connection.create_function(name, arity, function, deterministic=True)
    return connection


def _require_unused(database: Path) -> None:
    """Write the log beside the file into it, which is possible only while nobody else has it open."""
    try:
        with closing(_opened(database)) as connection:
            connection.execute("PRAGMA busy_timeout=1000")
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise BackupError(f"{database} is in use ({error}).", "Stop the server and the worker first.") from None
    except sqlite3.DatabaseError:
        # What stands there is no database any more: that may be why a copy is put back.
        for ending in ("-wal", "-shm", "-journal"):
            database.with_name(database.name + ending).unlink(missing_ok=True)


def _flush(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
