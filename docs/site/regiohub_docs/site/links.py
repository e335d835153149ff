"""Links that are right in the repository are right on the site, too."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from regiohub_docs.site.places import ROOT, place_of, target_of


def site_link(page: PurePosixPath, address: str, root: Path = ROOT) -> str | None:
    """The address as it stands on the site, for a page given by its path in the repository.

    None: the link leads to something that the site does not hold, such as a folder of code.
    """
    target = target_of(page, unquote(address), root)
    if target is None or not (root / target).exists():
        return address
    if (root / target).is_dir():
        target = target / "README.md"
        if not (root / target).is_file():
            return None
    anchor = f"#{address.partition('#')[2]}" if "#" in address else ""
    return posixpath.relpath(str(place_of(target)), str(place_of(page).parent)) + anchor


class RepositoryLinks(Extension):
    """Markdown extension; `page` tells which file is being read, relative to the repository."""

    def __init__(self, page: Callable[[], PurePosixPath]) -> None:
        super().__init__()
        self._page = page

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (the name that Markdown calls)
        """After links are elements, before MkDocs looks at them."""
        md.treeprocessors.register(_Rewriting(md, self._page), "repository_links", 15)


class _Rewriting(Treeprocessor):
    def __init__(self, md: Markdown, page: Callable[[], PurePosixPath]) -> None:
        super().__init__(md)
        self._page = page

    def run(self, root: Element) -> None:
        for element in root.iter():
            for name in ("href", "src"):
                if (address := element.get(name)) is not None:
                    self._rewrite(element, name, address)

    def _rewrite(self, element: Element, name: str, address: str) -> None:
        link = site_link(self._page(), address)
        if link is None:
            # A folder of code is named, not linked: the site does not hold it.
            element.tag = "span"
            del element.attrib[name]
        else:
            element.set(name, link)
