"""One installation as an operator runs it: the real commands as processes, on a database of its own."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from regiohub.settings import Settings
from regiohub.testing.databases import Address
from regiohub.testing.services.processes import ManagedProcess, bound_to_parent, free_port

SITE = Path(__file__).parent / "site"
REGIOHUB = Path(sys.executable).parent / "regiohub"
_METADATA = "Metadata-Version: 2.4\nName: durability-probe\nVersion: 1.0\n"


class Machine:
    """Server and workers, by name. What is started here is killed at the latest when the block is left."""

    def __init__(self, folder: Path, address: Address, **more: str) -> None:
        """`more`: settings by their names without REGIOHUB_, and environment variables of the probe."""
        self.folder, self.address = folder, address
        self.data = folder / "data"
        self.outside = folder / "outside.txt"
        self.hold = folder / "hold"
        self.port = free_port()
        self._more = more
        self._installed = _installed(folder)
        self._running: dict[str, ManagedProcess] = {}

    @property
    def url(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> Mapping[str, str]:
        """Nothing of the developer's settings gets in."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("REGIOHUB_", "PG"))}
        return clean | {
            "PYTHONPATH": os.pathsep.join([str(self._installed), str(SITE), clean.get("PYTHONPATH", "")]),
            "PROBE_OUTSIDE": str(self.outside),
            "PROBE_HOLD": str(self.hold),
            "REGIOHUB_DATA_DIR": str(self.data),
            "REGIOHUB_DATABASE_URL": self.address.url,
            "REGIOHUB_DATABASE_OWNER_URL": self.address.owner_url,
            "REGIOHUB_PLUGINS_ALLOWED": "booking,lorawan,probe",
            "REGIOHUB_TENANTS_DIR": str(self.folder / "no-towns"),
            "REGIOHUB_PORT": str(self.port),
            "REGIOHUB_LOG_FORMAT": "json",
            "REGIOHUB_WORKER_IN_SERVE": "false",
            **{f"REGIOHUB_{name.upper()}": value for name, value in self._more.items()},
        }

    def settings(self) -> Settings:
        """The same settings, for a platform inside the test."""
        names = {name: value for name, value in self._more.items() if name in Settings.model_fields}
        return Settings(
            _env_file=None,  # pyright: ignore[reportCallIssue]
            data_dir=self.data, database_url=self.address.url, database_owner_url=self.address.owner_url,
            port=self.port, tenants_dir=self.folder / "no-towns", worker_in_serve=False,
            plugins_allowed=("booking", "lorawan", "probe"), **names,
        )  # fmt: skip

    def serve(self, name: str = "server") -> float:
        """Start a server and return the seconds until it is ready."""
        return self._start(name, "serve", lambda _: self.ready())

    def work(self, name: str = "worker") -> float:
        """Start a worker and return the seconds until it works."""
        return self._start(name, "worker", lambda new: "worker_started" in new)

    def limit(self, name: str, file_size: int | None) -> None:
        """Let a running process write no file beyond a size from now on: a full disk. None: there is room again."""
        limit = resource.RLIM_INFINITY if file_size is None else file_size
        resource.prlimit(self._running[name].pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    def kill(self, name: str) -> None:
        """kill -9."""
        self._running.pop(name).end(signal.SIGKILL)

    def stop(self, name: str) -> None:
        """SIGTERM, as an operator does."""
        self._running.pop(name).end(signal.SIGTERM)

    def ready(self) -> bool:
        """What /readyz says."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=10) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False

    def log(self, name: str) -> str:
        """What a process has printed so far."""
        file = self.folder / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def close(self) -> None:
        """End whatever still runs."""
        for name in list(self._running):
            self.kill(name)

    def _start(self, name: str, command: str, ready: Callable[[str], bool]) -> float:
        before = len(self.log(name))
        process = ManagedProcess(
            bound_to_parent([str(REGIOHUB), command]),
            log=self.folder / f"{name}.log",
            is_ready=lambda: ready(self.log(name)[before:]),
            # Much else may run beside the tests.
            timeout=180,
            environment=self.environment,
        )
        began = time.monotonic()
        process.start()
        self._running[name] = process
        return time.monotonic() - began


def _installed(folder: Path) -> Path:
    """A folder that tells Python's package lookup of the probe, as installing it would."""
    info = folder / "installed" / "durability_probe-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(_METADATA)
    (info / "entry_points.txt").write_text("[regiohub.plugins]\nprobe = durability_probe:plugin\n")
    return info.parent


@contextmanager
def machine(folder: Path, address: Address, **more: str) -> Generator[Machine]:
    """A machine whose processes end with the block."""
    made = Machine(folder, address, **more)
    made.data.mkdir(parents=True, exist_ok=True)
    try:
        yield made
    finally:
        made.close()
