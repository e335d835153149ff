"""Runs commands in processes of their own, with an environment of their own.

A fork of the test's process starts ten times as fast as a new interpreter, which matters for dozens of commands; it
leaves the logging of the tests alone all the same.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
import warnings
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from regiohub.cli import app
from regiohub.graphql.transport.routes import schema_text
from regiohub.platform import Platform
from regiohub.settings import Settings
from regiohub.testing.databases import SqliteTemplate

TOWN = """
slug = "musterstadt"
name = "Stadt Musterstadt"
short_name = "Musterstadt"
ags = "12000001"
state = "BB"
centre = [13.0, 52.0]
enable = ["booking"]

[[measures]]
id = "haus"
title = "Dorfgemeinschaftshäuser"
plugins = ["booking"]

[[sharing]]
dataset = "booking.resources"
reader = "region"
purpose = "Übersicht"
legal_basis = "Beschluss"
from = 2026-01-01
"""


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed with --json."""
        return json.loads(self.out)


@dataclass
class Shell:
    """A place with a data folder and a folder of towns."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def variables(self) -> dict[str, str]:
        """The environment of its commands: nothing of the developer's settings gets in."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("REGIOHUB_")}
        own = {"REGIOHUB_DATA_DIR": str(self.root / "data"), "REGIOHUB_TENANTS_DIR": str(self.root / "tenants")}
        return clean | own | {"COLUMNS": "200"} | self.environment

    def command(self, *words: str) -> list[str]:
        """The command line of one command."""
        return [str(Path(sys.executable).with_name("regiohub")), *words]

    def run(self, *words: str, **environment: str) -> Result:
        """Run a command to its end."""
        out, err = self.root / "out.txt", self.root / "err.txt"
        with warnings.catch_warnings():
            # The child ends without returning to the code of other threads.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            os._exit(self._act(words, self.variables | environment, out, err))
        _, status = os.waitpid(child, 0)
        return Result(os.waitstatus_to_exitcode(status), out.read_text(), err.read_text())

    def _act(self, words: tuple[str, ...], environment: dict[str, str], out: Path, err: Path) -> int:
        """The child's life: become the command."""
        # What it has inherited stays shared with its parent as long as no collection touches it.
        gc.freeze()
        os.chdir(self.root)
        os.environ.clear()
        os.environ.update(environment)
        sys.stdout, sys.stderr = out.open("w"), err.open("w")
        try:
            app(args=list(words), prog_name="regiohub")
        except SystemExit as end:
            return int(end.code or 0)
        except BaseException:
            traceback.print_exc()
            return 70
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
        return 0

    def town(self, slug: str, content: str = TOWN) -> Path:
        """Write a town's file."""
        file = self.root / "tenants" / slug / "tenant.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        return file


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What all commands need, loaded once before the forks."""
    schema_text(Platform(Settings(data_dir=tmp_path_factory.mktemp("imported"))))


@pytest.fixture
def empty(tmp_path: Path, imported: None) -> Shell:
    """Nothing there yet."""
    (tmp_path / "tenants").mkdir()
    return Shell(tmp_path)


@pytest.fixture
def shell(tmp_path: Path, sqlite_template: SqliteTemplate, imported: None) -> Generator[Shell]:
    """An embedded database with three small towns."""
    (tmp_path / "tenants").mkdir()
    data = tmp_path / "data"
    data.mkdir()
    with sqlite_template.copy(data):
        yield Shell(tmp_path)
