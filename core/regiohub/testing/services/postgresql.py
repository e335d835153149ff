"""A private PostgreSQL server with PostGIS, reached through a socket in its own folder."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from regiohub.testing.services.processes import ManagedProcess, bound_to_parent
from regiohub.testing.services.programs import MissingProgramError, find_program

# The server of a test run may lose everything with the machine: that makes it several times quicker.
_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "jit": "off",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class PostgresServer:
    """A running server. ``host`` is the folder of its socket; superuser ``postgres``, no passwords.

    One that is to be ended and started again should confirm commits as in production: ``synchronous_commit="on"``.
    """

    host: Path
    psql: Path
    process: ManagedProcess

    def stop(self) -> None:
        """End the server as ``pg_ctl stop -m fast`` does: connections are cut, everything is written."""
        self.process.end(signal.SIGINT)

    def kill(self) -> None:
        """End it at once, as ``pg_ctl stop -m immediate`` does: the next start recovers from the log."""
        self.process.end(signal.SIGQUIT)

    def start(self) -> None:
        """Start it again in the same folder and return once it answers."""
        self.process.start()

    def url(self, database: str = "postgres", *, user: str = "postgres") -> str:
        """Return the SQLAlchemy address (driver asyncpg) of ``database`` for ``user``."""
        return f"postgresql+asyncpg://{quote(user)}@/{quote(database)}?host={quote(str(self.host))}"

    def execute(self, sql: str, *, database: str = "postgres") -> str:
        """Run ``sql`` as superuser and return the rows as text, one a line, columns parted by ``|``.

        Raises:
            RuntimeError: with the server's message.
        """
        command = [str(self.psql), "-h", str(self.host), "-U", "postgres", "-d", database]
        command += ["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]
        return _run(command)

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Create the database ``name`` as a copy of ``template``, to which nobody may be connected."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        # Rights on the database itself are not copied; this one `regiohub db bootstrap` takes away.
        self.execute(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM PUBLIC')

    def drop_database(self, name: str) -> None:
        """Drop the database ``name``, ending the connections to it; no error if it does not exist."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def postgresql(**options: str) -> Generator[PostgresServer]:
    """Start a server in a folder of its own, yield it, end it and delete the folder; `options` as in its own file.

    Raises:
        MissingProgramError: if PostgreSQL or PostGIS is not installed.
    """
    binaries = _installations()
    initdb = find_program("initdb", package="postgresql", folders=binaries)
    server = find_program("postgres", package="postgresql", folders=binaries)
    psql = find_program("psql", package="postgresql-client", folders=binaries)
    # PostgreSQL refuses to run as root. The folder stays short: a socket's path has at most 107 bytes.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="regiohub-pg-", dir="/tmp"))
    try:
        if user:
            shutil.chown(folder, user, user)
        data = folder / "data"
        arguments = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run(bound_to_parent([str(initdb), *arguments], user=user))
        settings = [f"--{name}={value}" for name, value in (_OPTIONS | options).items()]
        process = ManagedProcess(
            bound_to_parent([str(server), "-D", str(data), "-k", str(folder), *settings], user=user),
            log=folder / "server.log",
            is_ready=lambda: _answers(psql, folder),
        )
        process.start()
        try:
            yield _with_postgis(PostgresServer(host=folder, psql=psql, process=process))
        finally:
            process.end(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _with_postgis(server: PostgresServer) -> PostgresServer:
    if not server.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'"):
        raise MissingProgramError("PostGIS", "postgis postgresql-postgis")
    return server


def _installations() -> tuple[Path, ...]:
    # Debian keeps several major versions side by side, outside of PATH; the newest comes first.
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return tuple(sorted(folders, key=lambda folder: float(folder.parent.name), reverse=True))


def _answers(psql: Path, folder: Path) -> bool:
    command = [str(psql), "-h", str(folder), "-U", "postgres", "-d", "postgres", "-XAtqc", "SELECT 1"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=os.sep)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()
