"""Chromium, driven by Playwright."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from regiohub.testing.services.programs import find_program

if TYPE_CHECKING:
    from playwright.async_api import Browser


@asynccontextmanager
async def chromium() -> "AsyncGenerator[Browser]":
    """Start the machine's Chromium without a window, yield it and close it.

    Raises:
        MissingProgramError: if Chromium is not installed.
    """
    from playwright.async_api import async_playwright

    program = find_program("chromium", package="chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program)
        try:
            yield browser
        finally:
            await browser.close()
