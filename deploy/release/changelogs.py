"""From the fragments of changes to the changelogs, by towncrier."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

import tomlkit


def build_all(root: Path, version: str, date: str) -> None:
    """Write the section of a release into the changelog of the core and of each plugin that has fragments."""
    _build(root, root / "pyproject.toml", version, date)
    settings = cast("Any", tomlkit.parse((root / "pyproject.toml").read_text(encoding="utf-8")))["tool"]["towncrier"]
    for folder in sorted(root.glob("plugins/*/changes")):
        # All are written in the same way: the plugins keep no copies of the core's settings.
        own = dict(settings) | {
            "name": f"regiohub-{folder.parent.name.replace('_', '-')}",
            "directory": "changes",
            "template": str(root / settings["template"]),
        }
        with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
            file.write(tomlkit.dumps({"tool": {"towncrier": own}}))
            file.flush()
            _build(folder.parent, Path(file.name), version, date)


def _build(folder: Path, settings: Path, version: str, date: str) -> None:
    arguments = [
        "build",
        "--yes",
        "--version",
        version,
        "--date",
        date,
        "--config",
        str(settings),
        "--dir",
        str(folder),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "towncrier", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{folder}: the changelog could not be written: {done.stderr.strip()}")
