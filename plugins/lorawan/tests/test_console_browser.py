"""In a real browser: an uplink sent over HTTP appears on the open page of its device, its chart is drawn and read."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from regiohub.testing import World
from regiohub.testing.services.web import served
from regiohub_lorawan.service import credentials
from regiohub_lorawan.testing import Sensor, register, send, up

if TYPE_CHECKING:
    from playwright.async_api import Page

ROOT = Path(__file__).parents[3]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
BUILT = ROOT / "core/regiohub/web/static/vendor/chart/chart.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NEWEST = "#uplinks tr:first-child"

pytestmark = pytest.mark.skipif(not BUILT.is_file(), reason="the browser's files are not built")


async def signed_in(world: World, page: "Page", base: str) -> None:
    client = await world.console(roles=["editor"])
    ((name, value),) = client.cookie.items()
    await page.context.add_cookies(
        [{"name": name, "value": value, "domain": "127.0.0.1", "path": "/", "secure": True, "httpOnly": True}]
    )
    page.set_default_timeout(20_000)
    await page.goto(f"{base}/console/potsdam/lorawan/devices")


async def open_device(world: World, page: "Page", base: str) -> Sensor:
    sensor = await register(world.scope("potsdam"))
    now = world.clock.now()
    await send(sensor.scope, *(up(now - timedelta(hours=n), 99 if n == 3 else 20, f_cnt=90 - n) for n in range(1, 20)))
    await signed_in(world, page, base)
    await page.goto(
        f"{base}/console/potsdam/lorawan/devices/{sensor.device_id}?stream={sensor.temperature.id}&span=24h"
    )
    return sensor


async def test_uplink_sent_over_http_appears_on_the_open_page_of_its_device(
    world_sqlite: World, browser_page: "Page"
) -> None:
    world, faults = world_sqlite, list[str]()
    browser_page.on("pageerror", lambda error: faults.append(str(error)))
    browser_page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    made = await world.scope("potsdam").run(lambda ctx: credentials.create_key(ctx, "Browser"))
    async with served(world.app) as base:
        await open_device(world, browser_page, base)
        await browser_page.wait_for_selector('.live__state[data-state="open"]')
        async with httpx.AsyncClient(base_url=base) as server:
            sent = await server.post(
                "/potsdam/lorawan/ingest/chirpstack?event=up",
                content=up(world.clock.now(), 17.3, 61, f_cnt=91),
                headers={"authorization": f"Bearer {made.key}"},
            )
        assert sent.status_code == 202
        row = browser_page.locator(f"{NEWEST}.is-new")
        await row.wait_for()
        words = await row.inner_text()
        assert "17,3" in words
        assert "61" in words
        assert await browser_page.locator("#uplinks tr").count() == 20
        await browser_page.goto("about:blank")
    assert faults == []


async def test_chart_can_be_read_by_keyboard_and_breaks_no_rule(world_sqlite: World, browser_page: "Page") -> None:
    async with served(world_sqlite.app) as base:
        await open_device(world_sqlite, browser_page, base)
        slider = browser_page.locator("[data-chart] input[type=range]")
        await slider.focus()
        for _ in range(2):
            await browser_page.keyboard.press("ArrowLeft")
        said = await slider.get_attribute("aria-valuetext")
        assert said == "01.06.2026, 07:00: Lufttemperatur 99 °C (unplausibel)"
        assert await browser_page.locator(".chart__whole").is_hidden()
        key = browser_page.locator("button.chart__key").first
        await key.press("Enter")
        assert await key.get_attribute("aria-pressed") == "false"
        await browser_page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = await browser_page.evaluate(f"axe.run({{runOnly: {RULES}}})")
        assert [violation["id"] for violation in found["violations"]] == []
        await browser_page.goto("about:blank")
