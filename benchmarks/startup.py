"""Start-up time and resident memory of the server, beside a bare FastAPI application on the same machine.

python benchmarks/startup.py
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

BARE = "import fastapi, uvicorn, sys; uvicorn.run(fastapi.FastAPI(), port=int(sys.argv[1]), log_level='critical')"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def measure(command: list[str], port: int, path: str, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds to the first answer, and MiB of resident memory (children included) after 20 requests."""
    started = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).read()
                    break
                except OSError:
                    if process.poll() is not None or time.perf_counter() - started > 60:
                        raise
                    time.sleep(0.02)
            seconds = time.perf_counter() - started
            for _ in range(20):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).read()
            return seconds, resident(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def resident(pid: int) -> float:
    """MiB of the process and all below it."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return own / 1024 + sum(resident(int(child)) for child in children)


def main() -> None:
    """Print both servers and the ratios."""
    port = free_port()
    bare = measure([sys.executable, "-c", BARE, str(port)], port, "/openapi.json", dict(os.environ))
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environment = os.environ | {
            "REGIOHUB_DATA_DIR": folder,
            "REGIOHUB_PORT": str(port),
            "REGIOHUB_WORKER_IN_SERVE": "true",
        }
        command = [str(Path(sys.executable).with_name("regiohub")), "serve"]
        subprocess.run([str(Path(sys.executable).with_name("regiohub")), "db", "upgrade"], env=environment, check=True)
        measure(command, port, "/healthz", environment)
        ours = measure(command, port, "/healthz", environment)
    print(f"{'':28}{'first answer':>14}{'memory':>12}")
    print(f"{'bare FastAPI':28}{bare[0]:>12.2f} s{bare[1]:>8.0f} MiB")
    print(f"{'regiohub serve, 4 plugins':28}{ours[0]:>12.2f} s{ours[1]:>8.0f} MiB")
    print(f"{'ratio':28}{ours[0] / bare[0]:>14.2f}{ours[1] / bare[1]:>12.2f}")


if __name__ == "__main__":
    main()
