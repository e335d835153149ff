"""Contenders as processes: started together, reached on loopback, ended together."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regiohub.testing.services.processes import accepts_connections, bound_to_parent, free_port

from . import postgraphile, postgraphile_queries, resolver_queries
from .contenders.names import Contender
from .queries import Query
from .store import Store
from .towns import TOWN

HERE = Path(__file__).resolve().parents[1]
PUBLIC_URL = "http://127.0.0.1:8000"
"""The issuer's name is made from it; every contender must expect the same."""
POOL = 10
START_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Server:
    """A contender that answers."""

    contender: Contender
    port: int
    pid: int
    log: Path

    def path(self, query: str, town: str = TOWN) -> str:
        """The address of a query, without host."""
        return self.contender.path.format(town=town, query=query)

    def operation(self, name: str, query: Query, tenant: int) -> bytes:
        """The body that this contender wants for a query."""
        if self.contender.name == "postgraphile":
            return postgraphile_queries.body(name, tenant)
        if self.contender.name == "resolvers":
            return resolver_queries.body(name)
        return query.body()

    def ask(self, path: str, body: bytes, token: str | None) -> tuple[int, Any]:
        """Status and parsed answer of one request."""
        headers = request_headers(token)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        try:
            return response.status, json.loads(content)
        except ValueError:
            return response.status, content.decode(errors="replace")


def request_headers(token: str | None) -> dict[str, str]:
    """Headers of every request."""
    headers = {"content-type": "application/json", "accept": "application/json"}
    return headers | ({"authorization": f"Bearer {token}"} if token else {})


def environment(store: Store, contender: Contender) -> dict[str, str]:
    """Settings of a contender: the same for all of them, but for what makes it what it is."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("REGIOHUB_DATABASE")}
    common = {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(HERE), own.get("PYTHONPATH")))),
        "REGIOHUB_DATA_DIR": str(store.data_dir),
        "REGIOHUB_DATABASE_URL": store.address.url,
        "REGIOHUB_DATABASE_OWNER_URL": store.address.owner_url,
        "REGIOHUB_DATABASE_POOL_SIZE": str(POOL),
        "REGIOHUB_PUBLIC_URL": PUBLIC_URL,
        "REGIOHUB_TENANTS_DIR": str(store.data_dir / "no-towns"),
        "REGIOHUB_WORKER_IN_SERVE": "false",
        "REGIOHUB_STRICT_PLUGINS": "true",
        "REGIOHUB_RATE_GRAPHQL_PER_SECOND": "1000000",
        "REGIOHUB_RATE_GRAPHQL_BURST": "1000000",
        # None of the others writes a log line per request either.
        "REGIOHUB_LOG_LEVEL": own.get("REGIOHUB_LOG_LEVEL", "WARNING"),
    }
    return {**own, **common, **contender.environment}


@contextmanager
def running(store: Store, contenders: Sequence[Contender], folder: Path) -> Generator[dict[str, Server]]:
    """Start all contenders, yield them by name once they answer, and end them."""
    with ExitStack() as stack:
        servers = [stack.enter_context(_process(store, contender, folder)) for contender in contenders]
        deadline = time.monotonic() + START_SECONDS
        for server, process in servers:
            while not accepts_connections(server.port):
                if process.poll() is not None or time.monotonic() > deadline:
                    log = server.log.read_text(errors="replace")[-3000:]
                    raise RuntimeError(f"{server.contender.name} did not start:\n{log}")
                time.sleep(0.05)
        yield {server.contender.name: server for server, _ in servers}


@contextmanager
def _process(store: Store, contender: Contender, folder: Path) -> Generator[tuple[Server, subprocess.Popen[bytes]]]:
    port, log = free_port(), folder / f"{store.dialect}-{contender.name}.log"
    settings = environment(store, contender)
    if contender.name == "postgraphile":
        postgraphile.install()
        command = postgraphile.command()
        settings |= postgraphile.environment(store, port, POOL)
    else:
        command = [sys.executable, "-m", "race.contenders", contender.name, str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(bound_to_parent(command), env=settings, stdout=out, stderr=out)
    try:
        yield Server(contender, port, process.pid, log), process
    finally:
        # None of them has anything to lose, and Node waits for connections that nobody closes.
        process.kill()
        process.wait()
