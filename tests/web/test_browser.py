"""The pages in a real browser: accessible, fitting, self-contained."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from regiohub.testing.services.web import served

from .conftest import Site

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["/", "/potsdam/", "/potsdam/?lang=en", "/potsdam/measures/modellvorhaben", "/region/", "/potsdamm/"]


@pytest.fixture
async def address(site: Site) -> AsyncIterator[str]:
    """The application behind a real socket."""
    async with served(site.app) as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages_pass_axe_fit_320_pixels_and_load_nothing_from_elsewhere(
    address: str, browser_page: "Page", scheme: Any
) -> None:
    foreign: list[str] = []
    browser_page.on(
        "request",
        lambda request: foreign.append(request.url) if not request.url.startswith((address, "data:")) else None,
    )
    await browser_page.emulate_media(color_scheme=scheme)
    for width in (1280, 320):
        await browser_page.set_viewport_size({"width": width, "height": 800})
        for path in PAGES:
            await browser_page.goto(address + path)
            wide = await browser_page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            assert not wide, f"{path} scrolls sideways at {width} px"
            if AXE.is_file():
                await browser_page.evaluate(AXE.read_text())
                found = await browser_page.evaluate("rules => axe.run({runOnly: rules})", RULES)
                faults = [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]]
                assert faults == [], f"{path} at {width} px, {scheme}"
    assert foreign == []


async def test_keyboard_reaches_the_content_first_and_then_every_link(address: str, browser_page: "Page") -> None:
    await browser_page.goto(f"{address}/potsdam/")
    await browser_page.keyboard.press("Tab")
    assert await browser_page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    await browser_page.keyboard.press("Enter")
    assert await browser_page.evaluate("document.activeElement.id") == "main"
    links = await browser_page.evaluate("[...document.querySelectorAll('main a')].map(a => a.href)")
    reached: list[str] = []
    for _ in links:
        await browser_page.keyboard.press("Tab")
        reached.append(await browser_page.evaluate("document.activeElement.href"))
    assert reached == links


async def test_larger_text_does_not_push_anything_out(address: str, browser_page: "Page") -> None:
    await browser_page.set_viewport_size({"width": 640, "height": 800})
    await browser_page.goto(f"{address}/potsdam/")
    await browser_page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not await browser_page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
