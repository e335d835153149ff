"""One version for the core and the plugins that are released with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import tomlkit
from packaging.version import Version

_API = re.compile(r"^VERSION = \(\d+, \d+\)$", re.MULTILINE)


def projects(root: Path) -> Iterator[Path]:
    """The project files: the core's first."""
    yield root / "pyproject.toml"
    yield from sorted(root.glob("plugins/*/pyproject.toml"))


def current(root: Path) -> Version:
    """The version that stands in the core's project file."""
    return Version(str(cast("Any", tomlkit.parse((root / "pyproject.toml").read_text("utf-8")))["project"]["version"]))


def allowed_range(version: Version) -> str:
    """What a plugin written for a version works with: until 1.0 a minor version may break."""
    above = f"0.{version.minor + 1}" if version.major == 0 else f"{version.major + 1}.0"
    return f"regiohub>={version.major}.{version.minor},<{above}"


def set_everywhere(root: Path, version: Version) -> None:
    """Write it into every project file, the plugins' ranges and `regiohub.api.VERSION`."""
    for file in projects(root):
        document = cast("Any", tomlkit.parse(file.read_text(encoding="utf-8")))
        document["project"]["version"] = str(version)
        for place, text in enumerate(document["project"]["dependencies"]):
            if re.match(r"regiohub\b(?!-)", text):
                document["project"]["dependencies"][place] = allowed_range(version)
        file.write_text(tomlkit.dumps(document), encoding="utf-8")
    api = root / "core/regiohub/api/__init__.py"
    text, count = _API.subn(f"VERSION = ({version.major}, {version.minor})", api.read_text(encoding="utf-8"))
    if count != 1:
        raise SystemExit(f"{api}: the line VERSION = (major, minor) is not there once")
    api.write_text(text, encoding="utf-8")
