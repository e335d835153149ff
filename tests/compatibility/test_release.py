"""A release, made for trial in a copy of the repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = ("core", "plugins", "deploy/release", "docs/changes", "tests/compatibility", "pyproject.toml", "CHANGELOG.md")
GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What a release touches, as a repository without other changes."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *NEEDED],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / name)
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "all"]):
        subprocess.run([*GIT, *command], cwd=tmp_path, check=True)
    return tmp_path


def _release(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "deploy/release"), *arguments, "--date", "2027-03-01", "--root", str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _project(file: Path) -> dict[str, object]:
    return tomllib.loads(file.read_text(encoding="utf-8"))["project"]


def test_a_release_sets_versions_ranges_changelogs_and_the_recorded_surface(copy: Path) -> None:
    (copy / "docs/changes/sample.fixed.md").write_text("A sample fault\nis gone.\n", encoding="utf-8")
    subprocess.run([*GIT, "add", "--all"], cwd=copy, check=True)
    subprocess.run([*GIT, "commit", "--quiet", "--message", "sample"], cwd=copy, check=True)
    done = _release(copy, "0.2.0")
    assert done.returncode == 0, done.stderr
    assert "git tag v0.2.0" in done.stdout
    assert _project(copy / "pyproject.toml")["version"] == "0.2.0"
    booking = _project(copy / "plugins/booking/pyproject.toml")
    assert booking["version"] == "0.2.0"
    assert "regiohub>=0.2,<0.3" in str(booking["dependencies"])
    assert "VERSION = (0, 2)" in (copy / "core/regiohub/api/__init__.py").read_text(encoding="utf-8")
    log = (copy / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## 0.2.0 (2027-03-01)" in log
    assert "- A sample fault\n  is gone.\n" in log.partition("### Fixed")[2]
    assert "## 0.2.0 (2027-03-01)" in (copy / "plugins/booking/CHANGELOG.md").read_text(encoding="utf-8")
    assert list(copy.glob("docs/changes/*.md")) == list(copy.glob("plugins/*/changes/*.md")) == []
    recorded = (copy / "tests/compatibility/recorded.txt").read_text(encoding="utf-8")
    assert recorded.startswith("# The public surface of release 0.2.0.")
    assert "\nhook register_graphql() -> GraphQLPart\n" in recorded


@pytest.mark.parametrize(
    ("version", "fault"),
    [
        ("0.0.9", "not newer"),
        ("next", "is no version"),
        ("1.0", "major, minor and patch"),
        ("0.2.0rc1", "is a pre-release, which the range of its own plugins (regiohub>=0.2,<0.3) does not contain"),
        ("0.2.1.dev3", "Give a release, such as 0.2.1."),
    ],
)
def test_a_version_that_cannot_follow_is_refused_and_nothing_changes(copy: Path, version: str, fault: str) -> None:
    done = _release(copy, version)
    assert done.returncode == 1
    assert fault in done.stderr
    assert subprocess.run([*GIT, "status", "--porcelain"], cwd=copy, capture_output=True, check=True).stdout == b""


def test_uncommitted_work_is_never_mixed_with_a_release(copy: Path) -> None:
    (copy / "CHANGELOG.md").write_text("mine", encoding="utf-8")
    assert "not committed" in _release(copy, "0.2.0").stderr
