"""The site in a browser: nothing is asked of others, diagrams are drawn, and everybody can use it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .pages import ROOT

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = [pytest.mark.browser]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ARCHITECTURE = "explanation/architecture/"
# Material draws diagrams within closed shadow roots, which nobody can look into.
OPEN_ROOTS = "const a = Element.prototype.attachShadow; Element.prototype.attachShadow = function () { return a.call(this, { mode: 'open' }); };"  # noqa: E501


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: pytest shows what fails."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the built site is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _listen(page: Page, address: str) -> list[str]:
    """What the page asks of others, and what goes wrong on it."""
    found: list[str] = []
    own = (address, "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else found.append(request.url))
    page.on("pageerror", lambda error: found.append(error.message))
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    return found


async def test_start_and_architecture_ask_nothing_of_others_and_the_diagrams_are_drawn(
    browser_page: Page, address: str
) -> None:
    faults = _listen(browser_page, address)
    await browser_page.add_init_script(OPEN_ROOTS)
    await browser_page.goto(address, wait_until="networkidle")
    assert await browser_page.title() == "Documentation - Regio.hub"
    await browser_page.goto(address + ARCHITECTURE, wait_until="networkidle")
    await browser_page.locator(".diagram svg").nth(1).wait_for()
    texts = await browser_page.locator(".diagram svg").all_text_contents()
    assert "Heart" in texts[0]
    assert "service" in texts[1]
    assert faults == []


async def test_the_search_finds_a_hook(browser_page: Page, address: str) -> None:
    faults = _listen(browser_page, address)
    await browser_page.goto(address, wait_until="networkidle")
    await browser_page.locator(".md-search__input").fill("register_event_handlers")
    first = browser_page.locator(".md-search-result__link").first
    await first.wait_for()
    assert "reference/hooks/" in str(await first.get_attribute("href"))
    assert faults == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")])
async def test_pages_are_usable_by_everybody(browser_page: Page, address: str, width: int, scheme: Any) -> None:
    await browser_page.set_viewport_size({"width": width, "height": 900})
    await browser_page.emulate_media(color_scheme=scheme)
    # Each colour of a scheme stands on the start page; what depends on the width does so in every colour.
    paths = ("", ARCHITECTURE, "reference/metrics/") if (width, scheme) in ((1280, "light"), (360, "dark")) else ("",)
    for path in paths:
        await browser_page.goto(address + path, wait_until="networkidle")
        await browser_page.add_script_tag(path=AXE)
        found = await browser_page.evaluate(f"axe.run({{ runOnly: {RULES} }})")
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == [], path
        assert await browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
