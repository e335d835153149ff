"""The site: it builds without a warning, holds every page, and loads nothing from anywhere else."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from regiohub_docs.site.events import repository_path
from regiohub_docs.site.links import site_link
from regiohub_docs.site.places import place_of
from regiohub_docs.site.sections import HomelessPage, navigation

from .conftest import Build
from .pages import DOCS, ROOT, documents

RESOURCES = {
    ("link", "href"), ("script", "src"), ("img", "src"), ("img", "srcset"), ("iframe", "src"), ("source", "src"),
    ("video", "src"), ("audio", "src"), ("object", "data"), ("embed", "src"), ("form", "action"), ("use", "href"),
}  # fmt: skip
"""What a browser fetches by itself, and where it sends forms."""


class _Reader(HTMLParser):
    """Resources, links and anchors of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.resources: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("id", "name"):
                self.anchors.add(value or "")
            if (tag, name) in RESOURCES:
                self.resources.append(value or "")
            if (tag, name) == ("a", "href"):
                self.links.append(value or "")


@pytest.fixture(scope="module")
def read(site: Path) -> dict[Path, _Reader]:
    found: dict[Path, _Reader] = {}
    for path in site.rglob("*.html"):
        found[path] = _Reader()
        found[path].feed(path.read_text(encoding="utf-8"))
    return found


def _address(page: Path) -> PurePosixPath:
    place = place_of(PurePosixPath(page.relative_to(ROOT).as_posix()))
    return place.parent / "index.html" if place.name == "README.md" else place.with_suffix("") / "index.html"


def test_the_site_builds_without_a_warning(build: Build) -> None:
    assert build.complaints == []


def test_every_page_is_on_the_site_and_can_be_reached(site: Path, read: dict[Path, _Reader]) -> None:
    built = {path.relative_to(site) for path in read} - {Path("404.html")}
    assert built == {Path(_address(page)) for page in documents()}
    reached, waiting = set[Path](), [site / "index.html"]
    while waiting:
        page = waiting.pop()
        if page in reached or page not in read:
            continue
        reached.add(page)
        waiting += [
            _target(page, link) for link in read[page].links if link and not urlsplit(link).scheme and link != "."
        ]
    assert {path.relative_to(site) for path in reached} == built


def test_no_resource_comes_from_elsewhere(read: dict[Path, _Reader]) -> None:
    fetched = {address for page in read.values() for address in page.resources}
    assert len(fetched) > 5
    assert [address for address in fetched if urlsplit(address).netloc] == []


def test_no_style_fetches_from_elsewhere(site: Path) -> None:
    styles = [*site.rglob("*.css"), *site.rglob("*.html")]
    foreign = re.compile(r"(?:url\(|@import )\s*['\"]?(?:https?:)?//")
    assert [path.name for path in styles if foreign.search(path.read_text(encoding="utf-8"))] == []


def test_every_link_and_anchor_of_the_site_leads_somewhere(site: Path, read: dict[Path, _Reader]) -> None:
    missing: list[str] = []
    for page, found in read.items():
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or page.name == "404.html":
                continue
            target = _target(page, link)
            known = read[target].anchors if target in read else set[str]()
            if not target.is_file() or (parts.fragment and target in read and unquote(parts.fragment) not in known):
                missing.append(f"{page.relative_to(site)}: {link}")
    assert missing == []


def _target(page: Path, link: str) -> Path:
    path = unquote(urlsplit(link).path)
    target = (page.parent / path).resolve() if path else page
    return target / "index.html" if target.is_dir() else target


def test_the_search_knows_every_page(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    found = {str(entry["location"]).partition("#")[0] for entry in index["docs"]}
    assert {f"{_address(page).parent.as_posix()}/".removeprefix("./") for page in documents()} <= found


def test_nothing_of_the_theme_asks_others_for_fonts() -> None:
    class Loader(yaml.SafeLoader):
        """Reads the file without making the objects that it names."""

    def nothing(*_: object) -> None:
        """In the place of an object."""

    Loader.add_multi_constructor("tag:yaml.org,2002:python/", nothing)
    config = yaml.load((DOCS / "site" / "mkdocs.yml").read_text(encoding="utf-8"), Loader)
    assert config["theme"]["font"] is False
    assert config["strict"] is True
    assert "nav" not in config, "a list of pages by hand forgets the next one"


def test_a_page_without_a_section_stops_the_build() -> None:
    with pytest.raises(HomelessPage, match=r"essays/one\.md"):
        navigation([PurePosixPath("README.md"), PurePosixPath("essays/one.md")], "", str)


def test_sections_begin_with_their_readme_and_follow_the_start_page() -> None:
    pages = [
        PurePosixPath(name)
        for name in (
            "README.md", "how-to/a.md", "how-to/b.md", "how-to/keycloak.md", "tutorial/1.md", "tutorial/README.md",
            "reference/api.md", "reference/api/one.md",
        )
    ]  # fmt: skip
    found = navigation(pages, "[Keycloak](how-to/keycloak.md)", lambda page: f"Title of {page.name}")
    assert found == [
        {"Start": ["README.md"]},
        {"Tutorial": ["tutorial/README.md", "tutorial/1.md"]},
        {"How-to": ["how-to/keycloak.md", "how-to/a.md", "how-to/b.md"]},
        {"Reference": [{"Title of api.md": ["reference/api.md", "reference/api/one.md"]}]},
    ]


@pytest.mark.parametrize(
    ("page", "link", "expected"),
    [
        ("docs/README.md", "../README.md", "project/README.md"),
        ("docs/README.md", "../plugins/atlas/README.md#start", "plugins/atlas/README.md#start"),
        ("docs/how-to/keycloak.md", "../../LICENSE", "../files/LICENSE"),
        ("plugins/atlas/README.md", "../../docs/how-to/keycloak.md", "../../how-to/keycloak.md"),
        ("README.md", "docs/README.md", "../README.md"),
        ("README.md", "plugins/atlas", "../plugins/atlas/README.md"),
        ("docs/README.md", "decisions/", "decisions/README.md"),
        ("docs/README.md", "../core/regiohub", None),
        ("docs/README.md", "https://example.org/a", "https://example.org/a"),
        ("docs/README.md", "#start", "#start"),
        ("docs/README.md", "missing.md", "missing.md"),
    ],
)
def test_links_of_the_repository_become_links_of_the_site(page: str, link: str, expected: str | None) -> None:
    assert site_link(PurePosixPath(page), link) == expected


def test_each_page_knows_its_file() -> None:
    for page in documents():
        inner = PurePosixPath(page.relative_to(ROOT).as_posix())
        assert repository_path(str(place_of(inner))) == inner
