"""Chromium in tests."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser


async def test_a_page_runs_scripts_in_german(browser_page: "Page") -> None:
    await browser_page.set_content("<title>Rathaus</title>")
    assert await browser_page.title() == "Rathaus"
    assert await browser_page.evaluate("(1.5).toLocaleString()") == "1,5"
