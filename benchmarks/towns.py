"""What many towns cost: start, memory, a town's query and page, the region, an idle worker; 4, 400 and 10,786 towns.

python benchmarks/towns.py [--database sqlite|postgresql|both] [--towns 4,400,10786] [--rounds 10] [--requests 200]

One server for each number of towns, all of them running at the same time; they take turns, so that what else the
machine does meets all alike. Each request is for a town drawn at random, over one connection, one after the other; the
cache of answers is off unless `--cache` is given. The towns are those of `regiohub demo towns`, with some rows of the
plugin booking. Aims: p99 within 1.2 of that with 4 towns, start within 5 s, memory within 1 GB.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from startup import free_port, resident

from regiohub.db.migrate import upgrade
from regiohub.demo.invented import insert_rows, invented, write_towns
from regiohub.demo.invented.towns import id_of
from regiohub.events.catalogue import catalogue_of
from regiohub.events.core_jobs import core_jobs
from regiohub.events.models import JobState
from regiohub.logs import configure_logging
from regiohub.platform import Platform
from regiohub.settings import Settings
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, settings_for
from regiohub.testing.services import postgresql
from regiohub_booking.models import Place, Resource
from regiohub_booking.service.admin import DEFAULTS

SEED = 7
ROOMS = 4
PLUGIN = "booking"
QUERY = """query Rooms { tenant { shortName } booking { resources(first: 20) { totalCount
  nodes { id name kind persons place { name address } } } } }"""
REGION = "{ measures(first: 50) { totalCount nodes { title tenant { shortName } } } }"
REGION_PAGES = ("/", "/region/")
IDLE_SECONDS = 20.0
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


async def prepare(address: Address, folder: Path, count: int) -> list[str]:
    """Migrate, write the towns and their rows. Returns the slugs of the towns that have the plugin."""
    platform = Platform(settings_for(address, folder))
    try:
        await upgrade(platform.database, platform.migrations)
        began = time.perf_counter()
        written = await write_towns(platform, count)
        towns = [invented(number, platform.plugins.healthy) for number in written.towns]
        lent = [(town, written.towns[town.number]) for town in towns if PLUGIN in town.plugins]
        places = [_place(town.number, id_) for town, id_ in lent]
        rooms = [_room(town.number, id_, number) for town, id_ in lent for number in range(ROOMS)]
        later = platform.clock.now() + timedelta(days=1)
        jobs = catalogue_of(platform.plugins, core_jobs()).jobs.values()
        turns: list[dict[str, Any]] = [
            {
                "tenant_id": written.towns[town.number],
                "name": owned.part.name,
                "next_at": later,
                "runs": 0,
                "failures": 0,
            }
            for town in towns
            for owned in jobs
            if owned.runs_in(platform.plugins.effective(town.plugins))
        ]
        engine = platform.database.migrating()
        async with engine.begin() as connection:
            for model, rows in ((Place, places), (Resource, rooms), (JobState, turns)):
                await connection.run_sync(insert_rows, model.__table__, rows)
        if platform.database.dialect == "postgresql":
            async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                await connection.exec_driver_sql("ANALYZE")
        await engine.dispose()
        print(f"  {count:>6,} towns written in {time.perf_counter() - began:.1f} s", flush=True)
        return [town.facts["slug"] for town, _ in lent]
    finally:
        await platform.stop()


def _place(number: int, tenant_id: int) -> dict[str, Any]:
    now = {"created_at": _MOMENT, "updated_at": _MOMENT}
    known = {"slug": "haus", "name": f"Haus {number}", "address": "Am Markt 1", "position": None, "wheelchair": True}
    rest = {"contact": None, "caretaker_email": None, "example": True}
    return _columns(Place, {"tenant_id": tenant_id, "id": id_of("place", number), **known, **rest, **now})


def _room(number: int, tenant_id: int, room: int) -> dict[str, Any]:
    own = {"slug": f"raum-{room}", "kind": "room", "name": f"Raum {room}", "place_id": id_of("place", number)}
    now = {"created_at": _MOMENT, "updated_at": _MOMENT, "example": True}
    values = {**DEFAULTS, "tenant_id": tenant_id, "id": id_of("room", number, room), **own, **now}
    return _columns(Resource, values)


def _columns(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {column.name: values.get(column.name) for column in model.__table__.columns}


@dataclass
class Contender:
    """A running server with a number of towns, and what was measured of it."""

    towns: int
    port: int
    process: subprocess.Popen[bytes]
    slugs: list[str]
    start: float
    fresh: float
    times: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    memory: float = 0.0
    idle: float = 0.0

    def ask(self, what: str, method: str, path: str, body: bytes | None = None) -> None:
        """One request on the kept connection."""
        connection = self.connection
        began = time.perf_counter()
        connection.request(method, path, body, {"content-type": "application/json"} if body else {})
        answer = connection.getresponse()
        text = answer.read()
        self.times.setdefault(what, []).append((time.perf_counter() - began) * 1000)
        if answer.status != 200 or b'"errors"' in text[:40]:
            raise SystemExit(f"{path}: {answer.status} {text[:300]!r}")

    @property
    def connection(self) -> http.client.HTTPConnection:
        """Made when first asked for."""
        if not hasattr(self, "_connection"):
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        return self._connection


@contextmanager
def serving(address: Address, folder: Path, count: int, slugs: list[str], *, cache: bool) -> Generator[Contender]:
    """Start the server twice, the second time measured: the first one writes Python's byte code."""
    port = free_port()
    environment = os.environ | {
        "REGIOHUB_DATA_DIR": str(folder), "REGIOHUB_DATABASE_URL": address.url, "REGIOHUB_PORT": str(port),
        "REGIOHUB_DATABASE_OWNER_URL": address.owner_url, "REGIOHUB_TENANTS_DIR": str(folder / "none"),
        "REGIOHUB_LOG_LEVEL": "ERROR", "REGIOHUB_WORKER_IN_SERVE": "false",
        "REGIOHUB_GRAPHQL_RESPONSE_CACHE": str(cache).lower(),
    }  # fmt: skip
    (folder / "none").mkdir(parents=True, exist_ok=True)
    command = [str(Path(sys.executable).with_name("regiohub")), "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until_ready(process, port)
        process.send_signal(signal.SIGTERM)
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until_ready(process, port)
            seconds = time.perf_counter() - began
            yield Contender(count, port, process, slugs, seconds, resident(process.pid))
        finally:
            process.send_signal(signal.SIGTERM)


def until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait for /readyz."""
    limit = time.perf_counter() + 120
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        if process.poll() is not None or time.perf_counter() > limit:
            raise SystemExit("the server did not become ready")
        time.sleep(0.02)


def measure(contenders: list[Contender], rounds: int, requests: int) -> None:
    """Take turns: each round every server gets the same number of requests, for towns drawn at random."""
    draw = random.Random(SEED)
    body = json.dumps({"query": QUERY}).encode()
    region = json.dumps({"query": REGION}).encode()
    for number in range(rounds + 1):
        for contender in contenders:
            # Servers hang up on connections that rest, and it has rested while the others had their turns.
            contender.connection.close()
            contender.connection.connect()
            for _ in range(requests):
                contender.ask("query", "POST", f"/{draw.choice(contender.slugs)}/graphql", body)
            for _ in range(requests // 10):
                contender.ask("page", "GET", f"/{draw.choice(contender.slugs)}/")
            for _ in range(max(2, requests // 50)):
                contender.ask("region query", "POST", "/region/graphql", region)
                for path in REGION_PAGES:
                    contender.ask(f"page {path}", "GET", path)
            if number == 0:
                contender.times.clear()
    for contender in contenders:
        contender.memory = resident(contender.process.pid)


def idle(address: Address, folder: Path, contender: Contender, database: Callable[[], float]) -> None:
    """Percent of one core that a worker with nothing to do takes, the database's share included."""
    environment = os.environ | {
        "REGIOHUB_DATA_DIR": str(folder), "REGIOHUB_DATABASE_URL": address.url, "REGIOHUB_LOG_LEVEL": "ERROR",
        "REGIOHUB_DATABASE_OWNER_URL": address.owner_url, "REGIOHUB_TENANTS_DIR": str(folder / "none"),
    }  # fmt: skip
    contender.process.send_signal(signal.SIGSTOP)
    command = [str(Path(sys.executable).with_name("regiohub")), "worker"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            # Until it has looked at every town once.
            time.sleep(5 + contender.towns / 100)
            before = cpu(process.pid) + database()
            time.sleep(IDLE_SECONDS)
            contender.idle = (cpu(process.pid) + database() - before) / IDLE_SECONDS * 100
        finally:
            process.send_signal(signal.SIGTERM)
            contender.process.send_signal(signal.SIGCONT)


def cpu(pid: int) -> float:
    """Seconds of processor time of a process and of its ended children."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> float:
    """The same, with the children that run."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return cpu(pid) + sum(family(int(child)) for child in children)


def quantile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def report(contenders: list[Contender]) -> None:
    """A table, and the ratios to the first contender."""
    first = contenders[0]

    def line(title: str, value: Callable[[Contender], float], unit: str) -> None:
        cells = "".join(f"{value(one):>14.2f} ({value(one) / (value(first) or 1):.2f})" for one in contenders)
        print(f"{title:28}{cells} {unit}")

    print(f"{'towns':28}" + "".join(f"{one.towns:>21,}" for one in contenders))
    line("start to /readyz", lambda one: one.start, "s")
    line("memory after the start", lambda one: one.fresh, "MiB")
    line("memory after the queries", lambda one: one.memory, "MiB")
    for what in first.times:
        line(f"{what}, p50", lambda one, what=what: statistics.median(one.times[what]), "ms")
        line(f"{what}, p99", lambda one, what=what: quantile(one.times[what], 0.99), "ms")
    line("idle worker with database", lambda one: one.idle, "% of a core")


def run(database: str, towns: list[int], options: argparse.Namespace) -> None:
    """One database, all numbers of towns."""
    print(f"{database}, cache of answers {'on' if options.cache else 'off'}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgresql()) if database == "postgresql" else None
        contenders: list[Contender] = []
        places: list[tuple[Address, Path]] = []
        for count in towns:
            home = folder / str(count)
            home.mkdir()
            template: PostgresTemplate | SqliteTemplate
            if server is not None:
                template = PostgresTemplate.fresh(server)
                asyncio.run(template.create())
            else:
                template = SqliteTemplate(home)
            slugs = asyncio.run(prepare(template.address, home, count))
            contenders.append(stack.enter_context(serving(template.address, home, count, slugs, cache=options.cache)))
            places.append((template.address, home))
        measure(contenders, options.rounds, options.requests)
        main = int((Path(server.host) / "data" / "postmaster.pid").read_text().split()[0]) if server else None
        if not options.no_idle:
            for contender, (address, home) in zip(contenders, places, strict=True):
                idle(address, home, contender, lambda: family(main) if main else 0.0)
        report(contenders)


def main() -> None:
    """Both databases, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--towns", default="4,400,10786", help="how many, with commas; the first one is the measure")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--requests", type=int, default=200, help="queries of a round")
    parser.add_argument("--cache", action="store_true", help="with the cache of answers")
    parser.add_argument("--no-idle", action="store_true", help="leave out the idle worker, which takes minutes")
    options = parser.parse_args()
    configure_logging(Settings(log_level="ERROR"))
    towns = [int(count) for count in options.towns.split(",")]
    for database in ("sqlite", "postgresql") if options.database == "both" else (options.database,):
        run(database, towns, options)


if __name__ == "__main__":
    main()
