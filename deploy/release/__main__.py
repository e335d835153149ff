"""Makes a release of the core and the plugins of this repository: `make release VERSION=0.2.0`.

It changes files and stops there, so that a person looks at the difference before it is committed and tagged:
versions and ranges, `regiohub.api.VERSION`, the changelogs from their fragments, and the recorded public surface.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from packaging.version import InvalidVersion, Version

sys.path.insert(0, str(Path(__file__).parent))

import changelogs
import versions

ROOT = Path(__file__).parents[2]
RECORDED = "tests/compatibility/recorded.txt"


def main() -> int:
    """Check, write, and say what is left to do."""
    arguments = argparse.ArgumentParser(prog="make release", description=__doc__)
    arguments.add_argument("version", help="The new version, such as 0.2.0.")
    arguments.add_argument("--date", default=datetime.now(UTC).date().isoformat(), help="Day of the release.")
    arguments.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    root: Path = given.root
    fault = _fault(root, given.version)
    if fault:
        print(fault, file=sys.stderr)
        return 1
    versions.set_everywhere(root, Version(given.version))
    changelogs.build_all(root, given.version, given.date)
    _record(root, given.version)
    print(f"Regio.hub {given.version}: look at `git diff`, then")
    print(f'  git add --all && git commit -m "Release {given.version}" && git tag v{given.version}')
    print("  make lock wheels")
    return 0


def _record(root: Path, version: str) -> None:
    """Write down the public surface of this release, with which later changes are compared."""
    # In a process of its own: it has to see the code as it is now.
    show = "from regiohub.testing.surface import public_surface; print(*public_surface(), sep='\\n')"
    environment = os.environ | {"PYTHONPATH": str(root / "core")}
    done = subprocess.run([sys.executable, "-c", show], env=environment, capture_output=True, text=True, check=True)
    head = f"# The public surface of release {version}. Written by `make release`; not by hand.\n"
    (root / RECORDED).write_text(head + done.stdout, encoding="utf-8")


def _fault(root: Path, wanted: str) -> str | None:
    try:
        new = Version(wanted)
    except InvalidVersion:
        return f"{wanted!r} is no version: give one such as 0.2.0"
    if len(new.release) != 3:
        return f"{wanted!r}: give major, minor and patch, such as 0.2.0"
    if new.is_prerelease:
        return (
            f"{wanted!r} is a pre-release, which the range of its own plugins ({versions.allowed_range(new)}) does not "
            f"contain: nobody could install them together. Give a release, such as {new.base_version}."
        )
    old = versions.current(root)
    released = (root / RECORDED).read_text(encoding="utf-8").splitlines()[0]
    # The first release has the version that stands there already.
    if new < old or (new == old and f"release {old}" in released):
        return f"{new} is not newer than {old}"
    changes = subprocess.run(
        ["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    return "There are changes that are not committed: commit or undo them first." if changes.strip() else None


if __name__ == "__main__":
    sys.exit(main())
