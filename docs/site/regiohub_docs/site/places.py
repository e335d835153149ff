"""Where a file of the repository stands on the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[4]
DOCS = ROOT / "docs"
PROJECT = ("README.md", "CHANGELOG.md", "SECURITY.md")
"""Pages at the top of the repository; on the site they have a folder of their own."""
LINK = re.compile(r"\]\(<?([^)#\s>]+)")


def place_of(file: PurePosixPath) -> PurePosixPath:
    """Path below the site's root of a file, given relative to the repository.

    Pages of docs/ stand at the top, READMEs keep their path, and whatever else is linked is offered as a file.
    """
    if file.parts[0] == "docs":
        return PurePosixPath(*file.parts[1:])
    if str(file) in PROJECT:
        return PurePosixPath("project", file.name)
    if file.suffix == ".md":
        return file
    return PurePosixPath("files", file)


def outside_pages(root: Path = ROOT) -> Iterator[PurePosixPath]:
    """Pages of the site that do not stand in docs/: of the project, of each plugin, of the deployment."""
    for pattern in (*PROJECT, "plugins/*/README.md", "plugins/*/CHANGELOG.md", "deploy/README.md"):
        for path in sorted(root.glob(pattern)):
            yield PurePosixPath(path.relative_to(root).as_posix())


def linked_files(page: PurePosixPath, text: str, root: Path = ROOT) -> Iterator[PurePosixPath]:
    """Files of the repository outside docs/ that a page links to, pages and folders left out."""
    for address in LINK.findall(text):
        target = target_of(page, address, root)
        if target is not None and target.parts[0] != "docs" and target.suffix != ".md" and (root / target).is_file():
            yield target


def target_of(page: PurePosixPath, address: str, root: Path = ROOT) -> PurePosixPath | None:
    """The file or folder that a relative link means, relative to the repository; None for any other address."""
    if not address or "://" in address or address.startswith(("/", "#", "mailto:")):
        return None
    path = (root / page.parent / address.partition("#")[0]).resolve()
    return PurePosixPath(path.relative_to(root).as_posix()) if path.is_relative_to(root) and path != root else None
