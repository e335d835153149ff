"""Looking for words in the raw bytes of everything that an installation keeps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from regiohub.testing.services import PostgresServer


def in_files(folder: Path, marks: Iterable[str]) -> list[str]:
    """Files below a folder whose bytes or names hold one of the words, in any case: `name: word`."""
    words = [mark.casefold() for mark in marks]
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found += [f"{path.name}: {word}" for word in _words(content, words) if content]
        found += [f"name {path.name}: {word}" for word in words if word in path.name.casefold()]
    return found


def in_sqlite(file: Path, marks: Iterable[str]) -> list[str]:
    """Tables with a value that holds one of the words: every column of every table, read as text."""
    found: list[str] = []
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for name in names:
            for row in connection.execute(f'SELECT * FROM "{name}"'):
                found += [f"{name}: {word}" for word in _in_row(row, marks)]
    return sorted(set(found))


def in_postgresql(server: PostgresServer, database: str, marks: Iterable[str]) -> list[str]:
    """The same on PostgreSQL, with the catalogues: planner statistics hold samples of values."""
    listed = (
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'm') AND n.nspname <> 'information_schema' AND c.relpersistence <> 't' ORDER BY 1"
    )
    like = " OR ".join(f"x::text ILIKE '%{mark}%'" for mark in marks)
    tables = server.execute(listed, database=database).splitlines()
    counts = [f"SELECT '{name}', count(*) FROM {name} x WHERE {like}" for name in tables]
    answer = server.execute(f"SELECT * FROM ({' UNION ALL '.join(counts)}) t (name, n) WHERE n > 0", database=database)
    return answer.splitlines()


def database_folder(server: PostgresServer, database: str) -> Path:
    """Where the server keeps the files of one database."""
    oid = server.execute(f"SELECT oid FROM pg_database WHERE datname = '{database}'")
    return server.host / "data" / "base" / oid


def _words(content: bytes, words: Iterable[str]) -> Iterator[str]:
    small = content.lower()
    yield from (word for word in words if word.encode() in small)


def _in_row(row: tuple[object, ...], marks: Iterable[str]) -> Iterator[str]:
    texts = [value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row]
    yield from (mark for mark in marks if any(mark.casefold() in text.casefold() for text in texts))
