"""Tries the wheels as a municipality gets them: `python deploy/release/smoke.py dist`.

An empty environment, the locked libraries, the wheels, nothing of this repository: then migrate, check the plugins,
serve an example town and ask it over HTTP.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
SECONDS = 60


def main() -> int:
    """Install, run, ask."""
    wheels = sorted(Path(sys.argv[1]).resolve().glob("*.whl"))
    plugins = {project.parent.name for project in ROOT.glob("plugins/*/pyproject.toml")}
    if len(wheels) != len(plugins) + 1:
        raise SystemExit(f"{sys.argv[1]}: expected {len(plugins) + 1} wheels, found {len(wheels)}: run `make wheels`")
    with tempfile.TemporaryDirectory(prefix="regiohub-smoke-") as name:
        folder = Path(name)
        _install(folder / "venv", wheels)
        regiohub = str(folder / "venv/bin/regiohub")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("REGIOHUB", "PYTHON"))}
        environment["REGIOHUB_DATA_DIR"] = str(folder / "data")
        _run([regiohub, "db", "upgrade"], folder, environment)
        listed = json.loads(_run([regiohub, "plugin", "list", "--json"], folder, environment))
        if {plugin["id"] for plugin in listed if plugin["healthy"]} != plugins:
            raise SystemExit(f"not all plugins are healthy: {listed}")
        _run([regiohub, "plugin", "check"], folder, environment)
        _serve(regiohub, folder, environment)
    print(f"{len(wheels)} wheels work in an empty environment")
    return 0


def _install(venv: Path, wheels: list[Path]) -> None:
    _run(["uv", "venv", "--quiet", "--python", sys.executable, str(venv)], ROOT, os.environ)
    install = ["uv", "pip", "install", "--quiet", "--python", str(venv / "bin/python")]
    _run([*install, "--require-hashes", "-r", "requirements/prod.txt"], ROOT, os.environ)
    _run([*install, "--no-deps", *map(str, wheels)], ROOT, os.environ)
    _run(["uv", "pip", "check", "--quiet", "--python", str(venv / "bin/python")], ROOT, os.environ)


def _serve(regiohub: str, folder: Path, environment: Mapping[str, str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "server.log"
    with log.open("w") as output:
        command = [regiohub, "plugin", "try", "--port", str(port)]
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        base = f"http://127.0.0.1:{port}"
        _until_ready(f"{base}/readyz", server, log)
        answer = _ask(f"{base}/musterstadt/graphql", "{ tenant { slug } booking { resources { totalCount } } }")
        if answer["data"]["tenant"]["slug"] != "musterstadt":
            raise SystemExit(f"unexpected answer: {answer}")
        page = _get(f"{base}/musterstadt/")
        if "kern" not in page:
            raise SystemExit("the town's page lacks its design: were the browser assets built?")
    finally:
        server.terminate()
        server.wait(timeout=30)


def _until_ready(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            _get(address)
        except (URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"the server did not answer at {address}:\n{log.read_text()[-3000:]}")


def _ask(address: str, document: str) -> dict[str, dict[str, dict[str, str]]]:
    body = json.dumps({"query": document}).encode()
    return json.loads(_get(Request(address, data=body, headers={"content-type": "application/json"})))


def _get(address: str | Request) -> str:
    with urlopen(address, timeout=10) as response:
        return response.read().decode()


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
