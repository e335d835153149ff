"""What the known attacks on GraphQL cost a real server: time to the answer and growth of its memory.

python benchmarks/attacks.py [--rounds 5]

Starts a server with the towns of this repository twice, with plans and without, sends every attack of the tests over
HTTP and those that are documents over a websocket too, and prints a table. The goal: less than 50 ms of the server's
processor time each, less than 20 MiB more resident memory after all rounds. Processor time is what counts, as the time
until the answer says how busy the machine is; a document without malice shows the price of any request.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/attacks/graphql"), str(ROOT / "benchmarks")]

from known_attacks import Attack, Where, attacks  # noqa: E402 - the list is that of the tests
from startup import free_port, resident  # noqa: E402 - the benchmark beside

HARMLESS = Attack("(a document without malice)", None, document="{ __typename }")
MILLISECONDS, MEBIBYTES = 50.0, 20.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    pid: int


@contextmanager
def serving(*, plans: bool) -> Generator[Server]:
    """A server with towns but without rows, in a folder of its own: what is refused reads none."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environment = os.environ | {
            "REGIOHUB_DATA_DIR": folder, "REGIOHUB_PORT": str(port), "REGIOHUB_GRAPHQL_PLANS": str(plans).lower(),
            "REGIOHUB_WORKER_IN_SERVE": "false", "REGIOHUB_LOG_LEVEL": "WARNING",
            # The limit of requests per client would answer first.
            "REGIOHUB_RATE_GRAPHQL_BURST": "1000000", "REGIOHUB_RATE_GRAPHQL_PER_SECOND": "1000000",
        }  # fmt: skip
        command = [str(Path(sys.executable).with_name("regiohub")), "serve"]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                _wait(process, port)
                yield Server(port, process.pid)
            finally:
                process.send_signal(signal.SIGTERM)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    ends = time.monotonic() + 240
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).read()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > ends:
                raise
            time.sleep(0.2)


def over_http(server: Server, where: Where, attack: Attack) -> float:
    """Milliseconds from the first byte sent to the last one read."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.connect()
    began = time.perf_counter()
    connection.request(attack.method, f"/{where}/graphql?{attack.query}", attack.body, dict(attack.headers))
    answer = connection.getresponse()
    answer.read()
    took = (time.perf_counter() - began) * 1000
    connection.close()
    assert answer.status == attack.status, (attack.name, answer.status)
    return took


def over_socket(server: Server, where: Where, attack: Attack) -> float:
    """Milliseconds from the operation to its answer, on an open websocket."""
    address = f"ws://127.0.0.1:{server.port}/{where}/graphql"
    with connect(address, subprotocols=["graphql-transport-ws"], max_size=None) as socket:  # pyright: ignore[reportArgumentType]
        socket.send(json.dumps({"type": "connection_init"}))
        socket.recv()
        message = {"type": "subscribe", "id": "1", "payload": {"query": attack.document, "variables": attack.variables}}
        text = json.dumps(message)
        began = time.perf_counter()
        socket.send(text)
        answer = json.loads(socket.recv())
        took = (time.perf_counter() - began) * 1000
    assert answer["type"] == ("error" if attack.code else "next"), (attack.name, answer["type"])
    return took


def processor(pid: int) -> float:
    """Milliseconds that the threads of a process have run."""
    rows = [entry.joinpath("schedstat").read_text(encoding="ascii") for entry in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int(row.split()[0]) for row in rows) / 1e6


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one attack by one way, in milliseconds: until the answer, and of the server's processor; medians."""

    answer: float
    processor: float


Way = Callable[[Server, Where, Attack], float]


def measure(server: Server, where: Where, attack: Attack, rounds: int) -> tuple[Cost | None, Cost | None, float]:
    """What it costs by HTTP and by websocket, and how much the server has grown, in MiB."""
    before = resident(server.pid)
    by_http = _costs(over_http, server, where, attack, rounds)
    by_socket = _costs(over_socket, server, where, attack, rounds) if attack.document is not None else None
    return by_http, by_socket, resident(server.pid) - before


def _costs(way: Way, server: Server, where: Where, attack: Attack, rounds: int) -> Cost:
    took, used = list[float](), list[float]()
    for _ in range(rounds):
        began = processor(server.pid)
        took.append(way(server, where, attack))
        used.append(processor(server.pid) - began)
    return Cost(statistics.median(took), statistics.median(used))


def show(name: str, by_http: Cost | None, by_socket: Cost | None, grown: float) -> None:
    """One row."""
    cells = [f"{cost.processor:.1f} ({cost.answer:.0f})" if cost else "–" for cost in (by_http, by_socket)]
    print(f"| {name} | {cells[0]} | {cells[1]} | {max(grown, 0.0):.1f} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds: int = parser.parse_args().rounds
    places: tuple[Where, ...] = ("potsdam", "region")
    for plans in (True, False):
        with serving(plans=plans) as server:
            for where in places:
                measure(server, where, HARMLESS, 20)
                print(f"\n### {where}, {'with' if plans else 'without'} plans\n")
                print("| attack | HTTP, ms (until the answer) | websocket | memory, MiB |\n|---|---|---|---|")
                show(HARMLESS.name, *measure(server, where, HARMLESS, 20))
                before, costs = resident(server.pid), list[float]()
                for attack in attacks(where):
                    found = measure(server, where, attack, rounds)
                    show(attack.name, *found)
                    costs += [cost.processor for cost in found[:2] if cost]
                late = sum(cost > MILLISECONDS for cost in costs)
                grown = resident(server.pid) - before
                print(f"\n{late} of {len(costs)} over {MILLISECONDS:g} ms; memory grew by {grown:.1f} MiB in all.")


if __name__ == "__main__":
    main()
