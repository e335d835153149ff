"""Every page of the console: found by its router, reached by links, and usable by everybody.

axe-core finds nothing in light and dark, wide and narrow; nothing scrolls sideways at 320 pixels; nothing is fetched
from anywhere else; no policy is broken.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import httpx
import pytest

from regiohub.auth.login.cookies import SESSION

from .content import prepare
from .pages import Walk, offered
from .site import TOWN, Site
from .visitor import Visitor

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

AXE = Path(__file__).parents[3] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STARTS: Final = {
    "regional-admin": ["/console/", "/console/region/towns"],
    "tenant-admin": ["/console/", f"/console/{TOWN}/", "/console/account"],
    "nobody": ["/console", "/console/"],
}
"""Who walks, and from where: everything else has to be found by links."""
PLUGINS: Final = ("atlas", "booking", "health_directory", "lorawan")
AREAS: Final = ("start", "region", "town", *PLUGINS)
EMPTY: Final = {
    "/console/{tenant}/atlas/": "leads on to the list",
    "/console/{tenant}/atlas/files/{checksum}/{name}": "a file that somebody has uploaded",
    "/console/{tenant}/atlas/procedures/{procedure_id}/dates/{event_id}/edit": "a date of the procedure",
    "/console/{tenant}/atlas/procedures/{procedure_id}/documents/{entry_id}/edit": "a document that was uploaded",
    "/console/{tenant}/atlas/procedures/{procedure_id}/texts/{text_id}": "a translation that somebody has begun",
    "/console/{tenant}/health_directory/duplicates/{id}": "a pair that looks the same",
    "/console/{tenant}/health_directory/review/{id}": "a suggestion of a resident",
    "/console/{tenant}/work": "work under way",
}
"""Addresses for which the demo content holds nothing; their plugins' own tests open them."""


def area_of(template: str) -> str:
    """Which part of the console a page belongs to."""
    parts = template.split("/")
    if template.startswith("/console/region"):
        return "region"
    if template.startswith("/console/{tenant}/"):
        return parts[3] if parts[3] in PLUGINS else "town"
    return "start"


class Walks:
    """What each kind of person has found, walked once per run."""

    def __init__(self, folder: Path) -> None:
        self.templates = offered(folder)
        self._done: dict[str, Walk] = {}

    async def of(self, visitor: Visitor, role: str) -> Walk:
        """The walk of somebody who has just signed in."""
        if role not in self._done:
            (cookie,) = [c for c in await visitor.page.context.cookies() if c.get("name") == SESSION]
            headers = {"cookie": f"{SESSION}={cookie.get('value')}"}
            with httpx.Client(base_url=visitor.site.base, headers=headers, timeout=60) as client:
                if role == "tenant-admin":
                    prepare(client)
                self._done[role] = Walk()
                self._done[role].run(client, STARTS[role], self.templates)
        return self._done[role]


@pytest.fixture(scope="session")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Walks:
    """Walks over the pages that the router offers."""
    return Walks(tmp_path_factory.mktemp("router"))


async def test_every_page_is_reached_by_links_and_no_link_is_dead(
    browser: Browser, dev_site: Site, walks: Walks
) -> None:
    reached: set[str] = set()
    broken: list[str] = []
    for role in STARTS:
        visitor = await Visitor.at(browser, dev_site)
        await visitor.sign_in(role)
        walk = await walks.of(visitor, role)
        reached |= walk.pages.keys() | walk.data
        broken += walk.broken
    assert broken == []
    assert set(walks.templates) - reached <= EMPTY.keys()
    assert {area_of(template) for template in walks.templates} == set(AREAS)


@pytest.mark.parametrize("area", AREAS)
async def test_every_page_is_accessible_fits_and_loads_nothing_from_elsewhere(
    browser: Browser, dev_site: Site, walks: Walks, area: str
) -> None:
    faults: list[str] = []
    opened = 0
    for role in {"region": ("regional-admin",), "start": tuple(STARTS)}.get(area, ("tenant-admin",)):
        visitor = await Visitor.at(browser, dev_site)
        await visitor.sign_in(role)
        walk = await walks.of(visitor, role)
        for path in (path for template, path in walk.pages.items() if area_of(template) == area):
            faults += await faults_of(visitor, path)
            opened += 1
        faults += visitor.faults
    assert opened
    assert faults == []


async def faults_of(visitor: Visitor, path: str) -> list[str]:
    """What axe-core finds on one page in both schemes and widths, and where it does not fit."""
    page, faults = visitor.page, list[str]()
    await page.set_viewport_size({"width": 1280, "height": 900})
    await visitor.go(path)
    await page.evaluate(AXE.read_text())
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for width in (1280, 360):
        await page.set_viewport_size({"width": width, "height": 900})
        for scheme in schemes:
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found: list[dict[str, Any]] = await page.evaluate(
                "async rules => (await axe.run({runOnly: rules, resultTypes: ['violations']})).violations"
                ".map(one => ({id: one.id, nodes: one.nodes.map(node => node.html.slice(0, 160))}))",
                RULES,
            )
            faults += [f"{path} {width} {scheme} {fault['id']}: {fault['nodes'][:3]}" for fault in found]
    for width in (360, 320):
        await page.set_viewport_size({"width": width, "height": 900})
        wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            faults.append(f"{path} scrolls sideways by {wide} pixels at {width}")
    return faults
