"""Paired rounds: in each, every query is put to every contender in turn, so that what else happens hits all alike."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from regiohub.testing.services.processes import bound_to_parent

from . import cpu, ways, wrk
from .queries import QUERIES
from .running import HERE, Server, request_headers
from .store import Store
from .towns import TOWN


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: requests a second, latencies in milliseconds, CPU milliseconds per request of server and database.

    `busy`: how much of a core the load generator needed; near 1 it was the bottleneck itself. `way`: how our server
    answered most of them (plan, mixed, ordinary, cache); empty for the others.
    """

    database: str
    contender: str
    query: str
    round: int
    rate: float
    p50: float
    p99: float
    server_ms: float
    database_ms: float
    errors: int
    busy: float
    way: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the file of all figures."""
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


class Load:
    """Loads the contenders. A context manager: the load generator is a process that lives as long as it."""

    def __init__(self, token: str, *, connections: int = 16, seconds: float = 2.0, with_wrk: bool = False) -> None:
        self.token, self.connections, self.seconds, self._with_wrk = token, connections, seconds, with_wrk

    def __enter__(self) -> Self:
        command = bound_to_parent([sys.executable, "-m", "race.load"])
        self._generator = subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        return self

    def __exit__(self, *exception: object) -> None:
        self._generator.communicate()

    def apply(self, server: Server, query: str, tenant: int, seconds: float) -> dict[str, Any]:
        """Load a server with one query."""
        path, headers = server.path(query), request_headers(self.token)
        body = server.operation(query, QUERIES[query], tenant)
        if self._with_wrk:
            return wrk.run(f"http://127.0.0.1:{server.port}{path}", headers, body, self.connections, seconds)
        lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        job = {
            "port": server.port, "connections": self.connections, "seconds": seconds,
            "request": base64.b64encode(request).decode(),
        }  # fmt: skip
        pipe = self._generator
        assert pipe.stdin is not None
        assert pipe.stdout is not None
        pipe.stdin.write(json.dumps(job) + "\n")
        answer = pipe.stdout.readline()
        if not answer:
            raise RuntimeError(f"{server.contender.name} {query}: the load generator failed")
        found: dict[str, Any] = json.loads(answer)
        return found


def sample(server: Server, query: str, number: int, load: Load, store: Store) -> Sample:
    """One measured run."""
    ways_before = ways.counted(server)
    before, before_database = cpu.times(server.pid), cpu.times(store.server)
    seen = load.apply(server, query, store.towns[TOWN], load.seconds)
    after, after_database = cpu.times(server.pid), cpu.times(store.server)
    count = max(seen["requests"], 1)
    return Sample(
        store.dialect, server.contender.name, query, number,
        rate=seen["requests"] / seen["seconds"], p50=seen["p50"], p99=seen["p99"],
        server_ms=cpu.spent(before, after) / count,
        database_ms=cpu.spent(before_database, after_database) / count,
        errors=seen["errors"], busy=seen["busy"], way=ways.most(ways_before, ways.counted(server)),
    )  # fmt: skip


def race(servers: Mapping[str, Server], queries: list[str], rounds: int, load: Load, store: Store) -> list[Sample]:
    """All rounds, after each contender has warmed up on each query."""
    warm = min(1.0, load.seconds)
    for query in queries:
        for server in servers.values():
            load.apply(server, query, store.towns[TOWN], warm)
    found: list[Sample] = []
    for number in range(1, rounds + 1):
        for query in queries:
            found += [sample(server, query, number, load, store) for server in servers.values()]
        print(f"{store.dialect}: round {number} of {rounds} done", file=sys.stderr)
    return found
