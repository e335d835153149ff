"""One server with the demo content for all pages that developers of apps read."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from regiohub.testing.services.processes import ManagedProcess, free_port

from .walk import ROOT

TOWNS = ("potsdam", "bad-belzig", "programmes")
"""The towns that the pages ask, and the programmes that they belong to; demo content of others would only cost time."""


@dataclass(frozen=True)
class Hub:
    """A running server, and the environment of a reader's terminal beside it."""

    address: str
    environment: dict[str, str]


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The server of `regiohub serve --demo`."""
    folder, port = tmp_path_factory.mktemp("hub"), free_port()
    address = f"http://127.0.0.1:{port}"
    tools, towns = Path(sys.executable).parent, folder / "tenants"
    towns.mkdir()
    for name in TOWNS:
        (towns / name).symlink_to(ROOT / "tenants" / name)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REGIOHUB_")}
    environment = clean | {
        "PATH": f"{tools}:{clean['PATH']}",
        "REGIOHUB_DATA_DIR": str(folder / "data"),
        "REGIOHUB_TENANTS_DIR": str(towns),
        "REGIOHUB_PORT": str(port),
        "REGIOHUB_CORS_ORIGINS": "https://portal.example.org",
    }

    def ready() -> bool:
        try:
            return httpx.get(f"{address}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    server = ManagedProcess(
        [str(tools / "regiohub"), "serve", "--demo"], log=folder / "server.log", is_ready=ready, timeout=400,
        environment=environment,
    )  # fmt: skip
    server.start()
    try:
        yield Hub(address, environment)
    finally:
        server.end(signal.SIGINT)
    assert "Traceback" not in (folder / "server.log").read_text(encoding="utf-8")
