"""An author's environment: the core, pytest and one plugin of his own, without the rest of this repository."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from sysconfig import get_path

SAMPLE = Path(__file__).parent / "samples" / "regiohub_places"
_NEVER = ("regiohub_", "_editable_impl_regiohub_")
"""The plugins of this repository."""
OPTIONAL = (
    "hypothesis",
    "schemathesis",
    "_hypothesis",
    "xdist",
    "pytest_xdist",
    "aiosmtpd",
    "playwright",
    "pytest_timeout",
)
"""What an author may go without."""


def make_site(folder: Path, *, without: Sequence[str] = ()) -> Path:
    """A folder of installed packages: those of this environment, less some, and the sample plugin."""
    left_out = (*_NEVER, *without)
    for found in Path(get_path("purelib")).iterdir():
        if not found.name.lower().startswith(left_out) and found.name != "__pycache__":
            (folder / found.name).symlink_to(found)
    (folder / SAMPLE.name).symlink_to(SAMPLE)
    metadata = folder / "regiohub_places-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: regiohub-places\nVersion: 1.0\nRequires-Dist: regiohub>=0.1,<0.2\n"
    )
    (metadata / "entry_points.txt").write_text("[regiohub.plugins]\nplaces = regiohub_places.plugin:plugin\n")
    return folder


def run_pytest(site: Path, project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pytest in a project's folder, seeing that site only, with warnings as errors."""
    start = f"import site, sys; site.addsitedir({str(site)!r}); import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "REGIOHUB_TEST_DEPTH"))}
    return subprocess.run(
        [sys.executable, "-S", "-c", start, "-q", "-W", "error", "--strict-markers", "-p", "no:cacheprovider",
         *arguments],
        cwd=project, env={**keep, "PYTHONPATH": ""}, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
