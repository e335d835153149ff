"""Where the time of one contender goes: cProfile inside its process while it is loaded."""

from __future__ import annotations

import os
import pstats
import signal
import time
from pathlib import Path

from .contenders.names import Contender
from .queries import QUERIES
from .rounds import Load
from .running import running
from .store import Store
from .towns import TOWN

SHOWN = 45
END_SECONDS = 20


def show(store: Store, contender: Contender, query: str, load: Load, folder: Path) -> None:
    """Print the functions that take most time, by their own and by all they call. Python contenders only."""
    if contender.name == "postgraphile":
        raise SystemExit("PostGraphile runs in Node: use node --prof for it")
    file = store.data_dir / "profile"
    with running(store, [contender], folder) as servers:
        server = servers[contender.name]
        for begin in (False, True):
            if begin:
                os.kill(server.pid, signal.SIGUSR1)
            load.apply(server, query, store.towns[TOWN], load.seconds)
        os.kill(server.pid, signal.SIGUSR2)
        deadline = time.monotonic() + END_SECONDS
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
    print(f"{store.dialect}, {contender.name}, {query} ({QUERIES[query].title})")
    stats = pstats.Stats(str(file))
    stats.sort_stats("tottime").print_stats(SHOWN)
    stats.sort_stats("cumulative").print_stats(SHOWN)
