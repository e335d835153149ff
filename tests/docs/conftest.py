"""The site, built once for all tests of a worker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from .pages import DOCS


@dataclass(frozen=True)
class Build:
    """A built site: where it stands, and what the build had to complain of."""

    folder: Path
    complaints: list[str]


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The site as `make docs` builds it, except that complaints are collected instead of ending the build."""
    here = DOCS / "site"
    if not (here / "node_modules").is_dir():
        npm = shutil.which("npm", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        assert npm is not None
        subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=here, check=True)
    folder = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--no-strict",
        "-f",
        str(here / "mkdocs.yml"),
        "-d",
        str(folder),
    ]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return Build(folder, [line for line in built.stderr.splitlines() if not line.startswith("INFO")])


@pytest.fixture(scope="session")
def site(build: Build) -> Path:
    """The folder with the built site."""
    return build.folder
