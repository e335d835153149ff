"""The navigation, made from the folders: a page that belongs nowhere is an error, so none can be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from regiohub_docs.site.places import LINK, place_of, target_of

START = PurePosixPath("docs/README.md")

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Start", ("", "project")),
    ("Tutorial", ("tutorial",)),
    ("How-to", ("how-to",)),
    ("Reference", ("reference",)),
    ("Explanation", ("explanation",)),
    ("For operators", ("operators", "deploy")),
    ("For town apps", ("apps",)),
    ("Decisions", ("decisions",)),
    ("Plugins", ("plugins",)),
)
"""Title of each section and the folders, as placed on the site, that it holds."""


class HomelessPage(Exception):
    """A page stands in a folder that no section holds."""


def navigation(
    pages: Iterable[PurePosixPath], start: str, title_of: Callable[[PurePosixPath], str]
) -> list[dict[str, Any]]:
    """The `nav` of MkDocs for these pages: sections in their order, without the empty ones.

    Within a section the folder's README comes first, then what the start page (its text) links in that order, then the
    rest by name. A folder within a folder becomes a section of its own, titled (`title_of`) by its README, or by the
    page of its name beside it: `api.md` is the first page of `api/`.
    """
    targets = [target_of(START, link) for link in LINK.findall(start)]
    order = {place_of(target): index for index, target in enumerate(targets) if target is not None}
    left = sorted(set(pages))
    found: list[dict[str, Any]] = []
    for title, folders in SECTIONS:
        mine = [page for page in left if _top(page) in folders]
        left = [page for page in left if page not in mine]
        mine.sort(key=lambda page: _rank(page, order, folders))
        if mine:
            found.append({title: _nested(mine, title_of)})
    if left:
        names = ", ".join(str(page) for page in left)
        raise HomelessPage(f"no section of the navigation holds {names}: move it, or add its folder to SECTIONS")
    return found


def _top(page: PurePosixPath) -> str:
    return page.parts[0] if len(page.parts) > 1 else ""


def _rank(page: PurePosixPath, order: Mapping[PurePosixPath, int], folders: Sequence[str]) -> tuple[Any, ...]:
    first = page.name == "README.md" and _top(page) == folders[0] and len(page.parts) <= 2
    inner = page.parts[:-1] if len(page.parts) > 2 else ()
    return (not first, inner, page.name != "README.md" if inner else False, order.get(page, len(order)), page.stem)


def _nested(pages: Sequence[PurePosixPath], title_of: Callable[[PurePosixPath], str]) -> list[Any]:
    entries: list[Any] = []
    groups: dict[str, list[str]] = {}
    folders = {page.parts[1] for page in pages if len(page.parts) > 2}
    for page in pages:
        name = page.parts[1] if len(page.parts) > 2 else page.stem
        if name not in folders:
            entries.append(str(page))
            continue
        if name not in groups:
            groups[name] = []
            entries.append({title_of(page): groups[name]})
        groups[name].append(str(page))
    return entries
