"""One server with the demo content for all pages that developers of apps read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from regiohub.testing.services.processes import ManagedProcess, free_port

from .walk import ROOT

TOWNS = ("potsdam", "bad-belzig")
"""The towns that the pages ask; demo content of the others would only cost time."""


@dataclass(frozen=True)
class Hub:
    """A running server, and the environment of a reader's terminal beside it."""

    address: str
    environment: dict[str, str]


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A server in development, with every town and the demo content of those that are asked."""
    folder, port = tmp_path_factory.mktemp("hub"), free_port()
    address = f"http://127.0.0.1:{port}"
    tools = Path(sys.executable).parent
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REGIOHUB_")}
    environment = clean | {
        "PATH": f"{tools}:{clean['PATH']}",
        "REGIOHUB_DATA_DIR": str(folder / "data"),
        "REGIOHUB_TENANTS_DIR": str(ROOT / "tenants"),
        "REGIOHUB_PORT": str(port),
        "REGIOHUB_CORS_ORIGINS": "https://portal.example.org",
    }

    def ready() -> bool:
        try:
            return httpx.get(f"{address}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    regiohub = str(tools / "regiohub")
    everybody = sorted(file.parent.name for file in (ROOT / "tenants").glob("*/tenant.toml"))
    for words in (
        ("db", "upgrade"), ("tenant", "add", *everybody), ("demo", "load", *(f"--tenant={town}" for town in TOWNS))
    ):  # fmt: skip
        subprocess.run([regiohub, *words], env=environment, check=True, capture_output=True)
    server = ManagedProcess(
        [regiohub, "serve"], log=folder / "server.log", is_ready=ready, timeout=120, environment=environment
    )
    server.start()
    try:
        yield Hub(address, environment)
    finally:
        server.end(signal.SIGINT)
    assert "Traceback" not in (folder / "server.log").read_text(encoding="utf-8")
