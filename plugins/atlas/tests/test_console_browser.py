"""The atlas's pages in a real browser: an area is drawn and saved, and plain words are measured while one types."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from regiohub.testing import World
from regiohub.testing.services.web import served

from .test_procedures_graphql import EDITOR, created

pytestmark = pytest.mark.browser


@pytest.fixture
async def editor(world_sqlite: World, browser_page: Page) -> AsyncIterator[tuple[World, Page, str]]:
    """An editor's signed-in browser, which must not complain about anything."""
    complaints: list[str] = []
    browser_page.on("pageerror", lambda error: complaints.append(str(error)))
    browser_page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    client = await world_sqlite.console("potsdam", roles=EDITOR)
    async with served(world_sqlite.app) as address:
        for name, value in client.cookie.items():
            await browser_page.context.add_cookies(
                [{"name": name, "value": value, "url": address.replace("http://", "https://"), "secure": True}]
            )
        await browser_page.set_viewport_size({"width": 700, "height": 700})
        yield world_sqlite, browser_page, f"{address}/console/potsdam/atlas"
    assert complaints == []


async def test_an_area_is_drawn_on_the_map_and_saved(editor: tuple[World, Page, str]) -> None:
    world, page, console = editor
    procedure = await created(world, place=None)
    await page.goto(f"{console}/procedures/{procedure}/place")
    await page.wait_for_selector("[data-draw][data-ready]", timeout=20_000)
    await page.get_by_role("button", name="Fläche", exact=True).click()
    for x, y in [(150, 80), (300, 90), (280, 220)]:
        await page.locator("canvas.maplibregl-canvas").click(position={"x": x, "y": y})
    await page.get_by_role("button", name="Fertig zeichnen").click()
    await page.get_by_role("button", name="Speichern").click()
    await expect(page.get_by_text("Gespeichert.")).to_be_visible()
    answer = await world.graphql("potsdam", "{ atlas { procedures { nodes { place } } } }")
    (node,) = answer.data["atlas"]["procedures"]["nodes"]
    assert node["place"]["type"] == "Polygon"
    assert len(node["place"]["coordinates"][0]) == 4


async def test_readability_follows_while_one_types(editor: tuple[World, Page, str]) -> None:
    world, page, console = editor
    procedure = await created(world, plainText=None)
    await page.goto(f"{console}/procedures/{procedure}/texts")
    await page.get_by_label("Fassung").select_option("plain")
    await page.get_by_role("button", name="Anlegen").click()
    hint = page.locator("#readability")
    await expect(hint).to_contain_text("noch nichts zu messen")
    await page.locator("#f-body").press_sequentially("Die Stadt baut. Sie können mitreden.", delay=1)
    await expect(hint).to_contain_text("gut lesbar")
    assert await page.locator("html").count() == 1
