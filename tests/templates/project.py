"""Plugins from the template, and an environment that knows nothing of this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sysconfig import get_paths

from regiohub.plugins.scaffold import generate, template_folder

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
OFF = {"table": "no", "console": "no", "portal": "no", "job": "no", "ingest": "none", "importer": "no"}
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "table": {"table": "yes"},
    "console": {"console": "yes"},
    "portal": {"portal": "yes"},
    "job": {"job": "yes"},
    "http": {"ingest": "http"},
    "mqtt": {"ingest": "mqtt"},
    # Refused without a table: rows have to go somewhere.
    "importer": {"importer": "yes", "table": "yes"},
}
"""The answers that switch each option on, where all others are off."""
EVERYTHING = tuple(OPTIONS)


def named(options: tuple[str, ...]) -> str:
    """A combination in the name of a test."""
    return "all" if options == EVERYTHING else "+".join(options) or "nothing"


def answers_for(*options: str) -> dict[str, str]:
    """Answers that choose these options and nothing else."""
    chosen = dict(OFF)
    for option in options:
        chosen |= OPTIONS[option]
    if {"http", "mqtt"} <= set(options):
        chosen["ingest"] = "both"
    return chosen


def make(folder: Path, given: Mapping[str, str]) -> Path:
    """A project from the template; answers that are not given are the example's."""
    return generate(template_folder(), folder, given, ask=False)


def run(command: list[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """What a command prints.

    :raises AssertionError: it fails; the message is all that it printed.
    """
    done = subprocess.run(
        command, cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"
    return done.stdout


@dataclass(frozen=True)
class Environment:
    """A virtual environment with the core as a wheel and the libraries that it needs, without any plugin."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def variables(self) -> dict[str, str]:
        """The variables of processes in it: nothing of this repository or of the running tests."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST_", "PYTHON", "VIRTUAL_ENV"))
            and (not name.startswith("REGIOHUB_") or name in ("REGIOHUB_TEST_REQUIRE", "REGIOHUB_TEST_DEPTH"))
        }
        path = os.pathsep.join([str(self.folder / "bin"), str(BIN), kept.get("PATH", "")])
        return kept | {"PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, *command: str, cwd: Path) -> str:
        """Run a Python module or script in it; see `run`."""
        return run([self.python, *command], cwd=cwd, env=self.variables)

    @contextmanager
    def installed(self, project: Path) -> Generator[None]:
        """The project installed as its author would do it, for the block."""
        uv, python = BIN / "uv", f"--python={self.python}"
        run([uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", python, "-e", project], cwd=project)
        try:
            yield
        finally:
            run([uv, "pip", "uninstall", "--quiet", python, project.name], cwd=project)


def make_environment(folder: Path) -> Environment:
    """An environment beside the running one. Libraries are linked instead of installed: that takes no time."""
    uv = BIN / "uv"
    made = Environment(folder / "environment")
    run([uv, "venv", "--quiet", f"--python={sys.executable}", made.folder], cwd=folder)
    ours = Path(get_paths()["purelib"])
    theirs = made.folder / ours.relative_to(sys.prefix)
    for entry in ours.iterdir():
        if not entry.name.startswith(("regiohub", "_editable_impl_", "__")) and not (theirs / entry.name).exists():
            (theirs / entry.name).symlink_to(entry)
    build = [uv, "build", "--quiet", "--wheel", "--no-build-isolation", f"--python={sys.executable}"]
    run([*build, f"--out-dir={folder / 'wheels'}", ROOT], cwd=folder)
    (wheel,) = (folder / "wheels").glob("*.whl")
    run([uv, "pip", "install", "--quiet", "--no-deps", f"--python={made.python}", wheel], cwd=folder)
    shutil.rmtree(folder / "wheels")
    return made


def is_tidy(project: Path) -> None:
    """Assert that the linter and the formatter find nothing."""
    ruff = BIN / "ruff"
    run([ruff, "check", "--no-cache", "."], cwd=project)
    run([ruff, "format", "--no-cache", "--check", "."], cwd=project)


def passes_its_tests(environment: Environment, project: Path, *arguments: str) -> None:
    """Assert that the project's own tests pass in the environment, and that none is left out."""
    with environment.installed(project):
        printed = environment.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments, cwd=project)
    assert " passed" in printed
    assert "skipped" not in printed, printed
