"""From the command to a tested plugin whose field is seen in GraphiQL, as its author lives it.

python benchmarks/author_kit.py [--all] [--quick]

Prints the seconds of each step. The environment with the platform and its libraries is made before and not counted:
an author has it already. `--all` chooses every option of the template instead of the usual answers; `--quick` leaves
PostgreSQL to the build server, as authors do between two changes. The goal is 60 s on two cores at rest.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from regiohub.testing.services.browser import chromium

GOAL = 60.0
ROOT = Path(__file__).resolve().parents[1]
HELPER = ROOT / "tests" / "templates" / "project.py"
EVERYTHING = ["--job", "--importer", "--ingest", "both"]
QUERY = "{ places { publicPlaces(first: 1, orderBy: NAME) { nodes { name openNow } } } }"
SHOWN = "Freies WLAN im Rathaus"
EDITOR = ".graphiql-query-editor"


def helper() -> Any:
    """How tests make an environment without this repository in it."""
    spec = spec_from_file_location("author_project", HELPER)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["author_project"] = module
    spec.loader.exec_module(module)
    return module


class Stopwatch:
    """Seconds and processor seconds of each step, printed as they come."""

    def __init__(self) -> None:
        self.total = 0.0

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        """One step."""
        began, before = time.perf_counter(), _processor()
        yield
        seconds = time.perf_counter() - began
        self.total += seconds
        print(f"{name:<44}{seconds:7.1f} s   ({_processor() - before:.1f} s of processor)", flush=True)


def _processor() -> float:
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def run(command: list[str | Path], folder: Path, variables: Mapping[str, str]) -> str:
    """What a command prints; everything of it where it fails."""
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def tried(program: Path, folder: Path, variables: Mapping[str, str]) -> Generator[str]:
    """`regiohub plugin try`, once it answers; the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    command = [str(program), "plugin", "try", "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, env=variables, stdout=quiet, stderr=quiet) as server:
        try:
            while True:
                try:
                    urllib.request.urlopen(f"{address}/musterstadt/", timeout=5).read()
                    break
                except OSError:
                    if server.poll() is not None:
                        raise
                    time.sleep(0.05)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)


async def look(address: str) -> None:
    """Type the new field into GraphiQL, and wait until its value is on the screen."""
    async with chromium() as browser:
        page = await browser.new_page()
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.goto(f"{address}/musterstadt/graphql")
        await page.wait_for_selector(f"{EDITOR} .view-line")
        # By the clipboard: the editor completes brackets as one types.
        await page.evaluate("text => navigator.clipboard.writeText(text)", QUERY)
        await page.click(f"{EDITOR} .view-line")
        await page.keyboard.press("Control+A")
        await page.keyboard.press("Control+V")
        await page.click(".graphiql-execute-button")
        await page.get_by_text(SHOWN).wait_for(timeout=60_000)


def main() -> None:
    """Walk the way and print the steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="every option of the template")
    parser.add_argument("--quick", action="store_true", help="tests on SQLite only")
    given = parser.parse_args()
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        kit = helper()
        environment = kit.make_environment(folder)
        program, variables = environment.folder / "bin" / "regiohub", environment.variables
        answers = EVERYTHING if given.all else []
        before = _processor()
        with watch.step("regiohub plugin new"):
            run([program, "plugin", "new", "--no-input", *answers], folder, variables)
        project = folder / "regiohub-places"
        with watch.step("install"):
            install = [kit.BIN / "uv", "pip", "install", "-q", "--no-deps", "--no-build-isolation"]
            run([*install, f"--python={environment.python}", "-e", project], folder, variables)
        with watch.step("pytest"):
            chosen = ["-m", "not postgresql"] if given.quick else []
            tests = [environment.python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
            printed = run([*tests, *chosen], project, variables)
        with watch.step("regiohub plugin check"):
            run([program, "plugin", "check", "."], project, variables)
        with watch.step("regiohub plugin try, field in GraphiQL"), tried(program, project, variables) as address:
            asyncio.run(look(address))
    counted = re.search(r"\d+ passed", printed)
    processor = f"({_processor() - before:.1f} s of processor)"
    print(f"\n{'altogether':<44}{watch.total:7.1f} s   {processor}")
    print(f"goal: {GOAL:.0f} s; {counted[0] if counted else 'no tests'}")


if __name__ == "__main__":
    main()
