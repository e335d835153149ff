"""Installations on this machine as an operator has them: a data folder, settings in the environment, a database."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from regiohub.testing.services import PostgresServer

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent


@dataclass
class Machine:
    """A data folder and a database; `server` is None for the embedded one."""

    folder: Path
    server: PostgresServer | None = None
    more: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def environment(self) -> dict[str, str]:
        """What its terminals have: nothing of the developer's settings gets in."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("REGIOHUB_", "PG"))}
        own = {
            "PATH": f"{TOOLS}:{clean['PATH']}",
            "COLUMNS": "200",
            "REGIOHUB_DATA_DIR": str(self.data),
            "REGIOHUB_TENANTS_DIR": str(ROOT / "tenants"),
        }
        if self.server:
            own |= {
                "REGIOHUB_DATABASE_URL": self.server.url("regiohub", user="regiohub_app"),
                "REGIOHUB_DATABASE_OWNER_URL": self.server.url("regiohub", user="regiohub_owner"),
                "REGIOHUB_DATABASE_SUPERUSER_URL": self.server.url(),
            }
        return clean | own | self.more

    def run(self, *words: str) -> str:
        """What a command prints.

        :raises AssertionError: it fails.
        """
        command = [str(TOOLS / "regiohub"), *words]
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def rows(self) -> dict[str, str]:
        """A digest of each table's rows."""
        return _postgresql(self.server) if self.server else _sqlite(self.data / "regiohub.sqlite3")

    def files(self) -> dict[str, str]:
        """A digest of each file that is no part of the database."""
        return {
            str(file.relative_to(self.data)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(self.data.rglob("*"))
            if file.is_file() and not file.name.startswith(("regiohub.sqlite3", "worker.lock"))
        }


def _sqlite(file: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    with closing(sqlite3.connect(file)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for name in names:
            rows = sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def _postgresql(server: PostgresServer) -> dict[str, str]:
    tables = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database="regiohub")
    parts = [
        f"SELECT '{name}', coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{name}\" t"
        for name in tables.splitlines()
        if name != "spatial_ref_sys"
    ]
    return dict(
        line.split("|", 1) for line in server.execute(" UNION ALL ".join(parts), database="regiohub").splitlines()
    )
