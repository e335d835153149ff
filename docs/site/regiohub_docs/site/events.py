"""The build, step by step, as MkDocs announces it."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from regiohub_docs.site.links import RepositoryLinks
from regiohub_docs.site.places import DOCS, ROOT, linked_files, outside_pages, place_of
from regiohub_docs.site.sections import HomelessPage, navigation

SITE = DOCS / "site"
MERMAID = SITE / "node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js"
ASSETS = {f"assets/{path.name}": path for path in sorted((SITE / "assets").iterdir())} | {"assets/mermaid.js": MERMAID}

_DIAGRAM = re.compile(r'<pre class="mermaid">.*?</pre>', re.DOTALL)
_CELL = re.compile(r"<td[ >].*?</td>", re.DOTALL)


class _Reading:
    """The page that is being converted; MkDocs converts one after the other."""

    page = PurePosixPath("docs/README.md")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Let links be rewritten."""
    extensions: list[Any] = config.markdown_extensions
    extensions.append(RepositoryLinks(lambda: _Reading.page))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what stands outside docs/, and make the navigation."""
    if not MERMAID.is_file():
        raise PluginError("the diagrams' script is missing: build the documentation with 'make docs'")
    for page in outside_pages():
        files.append(_file(config, str(place_of(page)), ROOT / page))
    for file in list(files.documentation_pages()):
        source = repository_path(file.src_uri)
        for target in linked_files(source, (ROOT / source).read_text(encoding="utf-8")):
            place = str(place_of(target))
            if files.get_file_from_path(place) is None:
                files.append(_file(config, place, ROOT / target))
    for place, path in ASSETS.items():
        files.append(_file(config, place, path))
    pages = [PurePosixPath(file.src_uri) for file in files.documentation_pages()]
    try:
        config.nav = navigation(pages, (DOCS / "README.md").read_text(encoding="utf-8"), _title_of)
    except HomelessPage as error:
        raise PluginError(str(error)) from None
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Remember which page comes next."""
    _Reading.page = repository_path(page.file.src_uri)
    return markdown


def on_page_content(html: str, **_: object) -> str:
    """Show bars in tables as bars, and give diagrams a frame in which they scroll.

    Within code in a table the repository's browser needs bars escaped, and MkDocs would show the escape.
    """
    html = _DIAGRAM.sub(r'<div class="diagram">\g<0></div>', html)
    return _CELL.sub(lambda found: found[0].replace("\\|", "|"), html)


def repository_path(place: str) -> PurePosixPath:
    """The file behind a page of the site, relative to the repository."""
    if (DOCS / place).is_file():
        return PurePosixPath("docs", place)
    return next(page for page in outside_pages() if str(place_of(page)) == place)


def _title_of(place: PurePosixPath) -> str:
    first, _, _ = (ROOT / repository_path(str(place))).read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("# ").strip()


def _file(config: MkDocsConfig, place: str, path: Path) -> File:
    return File.generated(config, place, abs_src_path=str(path), inclusion=InclusionLevel.INCLUDED)
