"""Every page of the console: found by its router, reached by links, and usable by everybody.

axe-core finds nothing in light and dark, wide and narrow; nothing scrolls sideways at 320 pixels; nothing is fetched
from anywhere else; no policy is broken.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import httpx
import pytest

from regiohub.auth.login.cookies import SESSION

from .pages import Walk, offered
from .site import TOWN, Site
from .visitor import Visitor

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

AXE = Path(__file__).parents[3] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STARTS = {
    "regional-admin": ["/console/", "/console/region/towns"],
    "tenant-admin": ["/console/", f"/console/{TOWN}/", "/console/account"],
    "nobody": ["/console", "/console/"],
}
"""Who walks, and from where: everything else has to be found by links."""


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the router offers."""
    return offered(tmp_path_factory.mktemp("router"))


async def walked(browser: Browser, site: Site, role: str, templates: list[str]) -> tuple[Visitor, Walk]:
    """Somebody who has followed every kind of link once."""
    visitor = await Visitor.at(browser, site)
    await visitor.sign_in(role)
    (cookie,) = [c for c in await visitor.page.context.cookies() if c.get("name") == SESSION]
    walk = Walk()
    with httpx.Client(base_url=site.base, headers={"cookie": f"{SESSION}={cookie.get('value')}"}, timeout=30) as client:
        walk.run(client, STARTS[role], templates)
    return visitor, walk


async def test_every_page_is_reached_by_links_and_no_link_is_dead(
    browser: Browser, dev_site: Site, templates: list[str]
) -> None:
    reached: set[str] = set()
    broken: list[str] = []
    for role in STARTS:
        _, walk = await walked(browser, dev_site, role, templates)
        reached |= walk.pages.keys() | walk.data
        broken += walk.broken
    assert broken == []
    assert sorted(set(templates) - reached) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", STARTS)
async def test_every_page_is_accessible_fits_and_loads_nothing_from_elsewhere(
    browser: Browser, dev_site: Site, templates: list[str], role: str, scheme: Literal["light", "dark"]
) -> None:
    visitor, walk = await walked(browser, dev_site, role, templates)
    page, faults = visitor.page, visitor.faults
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    axe = AXE.read_text()
    for path in walk.pages.values():
        for width in (1280, 360):
            await page.set_viewport_size({"width": width, "height": 900})
            if width == 1280:
                await visitor.go(path)
                await page.evaluate(axe)
            found: dict[str, Any] = await page.evaluate("rules => axe.run({runOnly: rules})", RULES)
            faults += [
                f"{path} {width} {fault['id']}: {[node['html'][:160] for node in fault['nodes']][:3]}"
                for fault in found["violations"]
            ]
        for width in (360, 320):
            await page.set_viewport_size({"width": width, "height": 900})
            wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                faults.append(f"{path} scrolls sideways by {wide} pixels at {width}")
    assert walk.pages
    assert faults == []
