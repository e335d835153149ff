"""A plugin's migration that does not run is told with its line, without traceback or advice for something else."""

from __future__ import annotations

import sqlite3
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from regiohub.cli.exits import explain

QUERY = 'from sqlalchemy import create_engine, text\n\ncreate_engine("sqlite://").connect().execute(text("{}"))\n'


def error_of(file: Path) -> Exception:
    """What running a file raises."""
    spec = spec_from_file_location("migration", file)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(Exception) as raised:
        spec.loader.exec_module(module_from_spec(spec))
    return raised.value


@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (QUERY.format("SELECT 1 FROM wells"), 3, "OperationalError: no such table: wells"),
        ('\nraise ValueError("too deep")\n', 2, "ValueError: too deep"),
        ("x = 1\ny = (\n", 2, "SyntaxError: '(' was never closed"),
    ],
)
def test_a_migration_that_fails_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    file = tmp_path / "versions" / "0001_initial.py"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    problem = explain(error_of(file))
    assert problem is not None
    assert problem.message.startswith(f"The migration {file} fails at line {line}: {words}")
    assert "regiohub plugin try --fresh" in problem.remedy


def test_outside_of_migrations_missing_tables_are_missing_migrations(tmp_path: Path) -> None:
    (tmp_path / "service.py").write_text(QUERY.format("SELECT 1 FROM wells"), encoding="utf-8")
    error = error_of(tmp_path / "service.py")
    assert isinstance(error.__cause__, sqlite3.OperationalError)
    problem = explain(error)
    assert problem is not None
    assert problem.remedy == "Run: regiohub db upgrade"
