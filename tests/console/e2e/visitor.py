"""Somebody who works with the console in Chromium, and what must never happen while he does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from .site import Site

if TYPE_CHECKING:
    from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, Response

PEOPLE = {
    "regional-admin": ("region", "region"),
    "tenant-admin": ("tenant-admin-potsdam", "potsdam.admin"),
    "coordinator": ("coordinator-potsdam", "potsdam.koordination"),
    "nobody": ("person", "buergerin"),
}
"""Who acts: at the built-in issuer, and at Keycloak."""


@dataclass
class Visitor:
    """One browser with its page. ``faults`` collects requests to other hosts, broken policies and errors of scripts."""

    page: Page
    site: Site
    faults: list[str] = field(default_factory=list[str])

    @classmethod
    async def at(cls, browser: Browser, site: Site, *, width: int = 1280, script: bool = True) -> Self:
        """A fresh browser in front of a platform."""
        context = await browser.new_context(
            viewport={"width": width, "height": 900}, locale="de-DE", java_script_enabled=script
        )
        context.set_default_timeout(15_000)
        visitor = cls(await context.new_page(), site)
        visitor.page.on("request", visitor._asked)
        visitor.page.on("response", visitor._answered)
        visitor.page.on("console", visitor._said)
        visitor.page.on("pageerror", lambda error: visitor.faults.append(f"{visitor.page.url}: script: {error}"))
        return visitor

    async def sign_in(self, role: str, wanted: str = "/console/") -> None:
        """Sign in as one of the example people and arrive where one wanted to."""
        dev, keycloak = PEOPLE[role]
        await self.page.goto(self.site.base + wanted)
        if self.site.realm is None:
            await self.page.click(f'a[href$="subject={dev}"]')
        else:
            await self.page.fill("#username", keycloak)
            if not await self.page.locator("#password").is_visible():
                await self.page.click("[type=submit]")
            await self.page.fill("#password", self.site.realm.password)
            await self.page.click("[type=submit]")
        await self.page.wait_for_url(re.compile(re.escape(self.site.base) + "/console"))

    async def go(self, path: str) -> None:
        """Open a page of ours."""
        await self.page.goto(self.site.base + path)

    async def tab_to(self, target: Locator, *, most: int = 250) -> None:
        """Press the tabulator until something has the focus."""
        for _ in range(most):
            await self.page.keyboard.press("Tab")
            if await target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"the keyboard does not reach {target}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        ours = urlsplit(self.site.base).netloc
        theirs = urlsplit(self.site.realm.url).netloc if self.site.realm else ours
        if parts.scheme in ("http", "https") and parts.netloc not in (ours, theirs):
            self.faults.append(f"{self.page.url}: request to another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{self.page.url}: {response.url} answered {response.status}")

    def _said(self, message: ConsoleMessage) -> None:
        at_keycloak = self.site.realm is not None and self.page.url.startswith(self.site.realm.url)
        if message.type == "error" and not at_keycloak and "status of 4" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")
