"""Copies of the embedded database: made in use, checked, never over something else, put back only when it is free."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from regiohub.db.backup import BackupError, back_up, examine

from .conftest import Shell


def towns(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT slug FROM tenant ORDER BY slug")]


def database_of(shell: Shell) -> Path:
    return shell.root / "data" / "regiohub.sqlite3"


def test_a_copy_in_a_folder_is_named_after_the_moment_and_readable_by_its_owner_only(shell: Shell) -> None:
    (shell.root / "copies").mkdir()
    answer = shell.run("db", "backup", "copies")
    assert answer.code == 0, answer.err
    (copy,) = (shell.root / "copies").iterdir()
    assert copy.name.startswith("regiohub-2")
    assert copy.stat().st_mode & 0o077 == 0
    assert f"{copy.name}: " in answer.out
    assert "core 0" in answer.out
    assert towns(copy) == towns(database_of(shell))


def test_what_is_there_already_is_not_overwritten(shell: Shell) -> None:
    (shell.root / "copy").write_text("mine")
    answer = shell.run("db", "backup", "copy")
    assert answer.code == 1
    assert "is there already" in answer.err
    assert (shell.root / "copy").read_text() == "mine"


def test_a_folder_that_is_missing_is_said(shell: Shell) -> None:
    answer = shell.run("db", "backup", "nowhere/copy")
    assert answer.code == 1
    assert "No such file or directory" in answer.err


def test_without_a_database_there_is_nothing_to_copy_and_none_is_made(empty: Shell) -> None:
    answer = empty.run("db", "backup", "copy")
    assert answer.code == 1
    assert "There is no database" in answer.err
    assert not (empty.root / "data" / "regiohub.sqlite3").exists()


def test_a_copy_is_one_moment_of_a_database_that_is_being_written(tmp_path: Path, shell: Shell) -> None:
    database, done = database_of(shell), threading.Event()
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE pair (number INTEGER, twin INTEGER)")

    def write() -> None:
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            number = 0
            while not done.is_set():
                number += 1
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO pair VALUES (?, 1)", (number,))
                connection.execute("INSERT INTO pair VALUES (?, 2)", (number,))
                connection.execute("COMMIT")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts: list[int] = []
        for turn in range(5):
            copy = back_up(database, tmp_path / f"copy-{turn}")
            with closing(sqlite3.connect(copy.file)) as connection:
                halves = "SELECT number FROM pair GROUP BY number HAVING count(*) <> 2"
                assert connection.execute(halves).fetchall() == []
                counts += connection.execute("SELECT count(*) FROM pair").fetchone()
    finally:
        done.set()
        writer.join()
    assert counts[-1] > counts[0], "somebody wrote meanwhile"


def test_restoring_keeps_the_former_database_beside_it(shell: Shell) -> None:
    shell.run("db", "backup", "copy")
    shell.run("plugin", "disable", "atlas", "--tenant", "potsdam")
    refused = shell.run("db", "restore", "copy")
    assert refused.code == 1
    assert "--replace" in refused.err
    restored = shell.run("db", "restore", "copy", "--replace")
    assert restored.code == 0, restored.err
    listed = {plugin["id"]: plugin for plugin in shell.run("plugin", "list", "--json").json}
    assert "potsdam" in listed["atlas"]["towns"]
    (former,) = (shell.root / "data").glob("regiohub.sqlite3.before-restore-*")
    assert towns(former) == towns(database_of(shell))
    assert f"kept as {former}" in restored.out


def test_a_database_in_use_is_not_replaced(shell: Shell) -> None:
    shell.run("db", "backup", "copy")
    database = database_of(shell)
    before = database.stat().st_ino
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("SELECT count(*) FROM tenant").fetchone()
        answer = shell.run("db", "restore", "copy", "--replace")
    assert answer.code == 1
    assert "is in use" in answer.err
    assert database.stat().st_ino == before
    assert not list(database.parent.glob("*.part"))


def test_a_damaged_database_can_be_replaced(shell: Shell) -> None:
    shell.run("db", "backup", "copy")
    database_of(shell).write_bytes(b"no database" * 1000)
    assert shell.run("db", "restore", "copy", "--replace").code == 0
    assert shell.run("db", "status").code == 0


def test_a_copy_of_a_newer_release_is_refused_and_nothing_is_changed(shell: Shell) -> None:
    shell.run("db", "backup", "copy")
    with closing(sqlite3.connect(shell.root / "copy")) as connection:
        connection.execute("UPDATE booking_alembic_version SET version_num = '9999'")
        connection.commit()
    answer = shell.run("db", "restore", "copy", "--replace")
    assert answer.code == 1
    assert "booking does not know the revision 9999" in answer.err
    assert "Install the release" in answer.err
    assert not list((shell.root / "data").glob("*before-restore*"))


@pytest.mark.parametrize("content", [b"", b"text", b"SQLite format 3\0" + b"\1" * 5000])
def test_what_is_no_copy_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "copy"
    file.write_bytes(content)
    with pytest.raises(BackupError):
        examine(file)


def test_a_damaged_copy_is_noticed(shell: Shell) -> None:
    shell.run("db", "backup", "copy")
    copy = shell.root / "copy"
    content = bytearray(copy.read_bytes())
    for page in range(8, 40):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    copy.write_bytes(content)
    answer = shell.run("db", "restore", "copy", "--replace")
    assert answer.code == 1
    assert "Use another copy" in answer.err


def test_on_postgresql_the_command_names_the_right_tools(empty: Shell) -> None:
    address = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
    for words in (("backup", "copy"), ("restore", "copy")):
        answer = empty.run("db", *words, REGIOHUB_DATABASE_URL=address)
        assert answer.code == 3
        assert "pg_dump" in answer.err
