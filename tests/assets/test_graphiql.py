"""GraphiQL in a real browser, from our own files and under the page's own content security policy."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Page, expect

from regiohub.testing import World
from regiohub.testing.services.web import served

pytestmark = pytest.mark.browser

HEADERS = ".graphiql-editor-tool .graphiql-editor:not(.hidden)"


@dataclass
class Visit:
    """An open GraphiQL page and what the browser complained about."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list[str])
    complaints: list[str] = field(default_factory=list[str])

    async def run(self, document: str) -> None:
        """Replace the query by ``document`` and execute it."""
        await self.replace(".graphiql-query-editor", document)
        await self.page.click(".graphiql-execute-button")

    async def replace(self, editor: str, text: str) -> None:
        """Replace what stands in an editor. By the clipboard: the editor completes brackets as one types."""
        await self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        await self.page.click(f"{editor} .view-line")
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.press("Control+V")

    async def shows(self, text: str) -> None:
        """Wait until the answer holds ``text``."""
        await expect(self.page.locator(".result-window")).to_contain_text(text, timeout=20_000)


@pytest.fixture
async def visit(world_sqlite: World, browser_page: Page) -> AsyncIterator[Visit]:
    async with served(world_sqlite.app) as address:
        opened = Visit(browser_page, address)
        await browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        browser_page.on("request", lambda request: opened.requests.append(request.url))
        browser_page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        browser_page.on(
            "console",
            lambda message: opened.complaints.append(message.text) if message.type in {"error", "warning"} else None,
        )
        await browser_page.goto(f"{address}/potsdam/graphql")
        await browser_page.wait_for_selector(".graphiql-query-editor .view-line")
        yield opened


async def test_a_query_is_answered(visit: Visit) -> None:
    await visit.run("{ tenant { slug } }")
    await visit.shows('"slug": "potsdam"')


async def test_nothing_is_fetched_from_another_host_and_nothing_is_refused_by_the_policy(visit: Visit) -> None:
    await visit.run("{ tenant { slug } }")
    await visit.shows('"slug": "potsdam"')
    assert [url for url in visit.requests if not url.startswith((visit.address, "data:", "blob:"))] == []
    assert visit.complaints == []


async def test_the_token_of_the_header_editor_reaches_the_server_and_no_storage_of_the_browser(visit: Visit) -> None:
    await visit.replace(HEADERS, json.dumps({"Authorization": "Bearer example"}))
    await visit.run("{ tenant { slug name } }")
    await visit.shows("INVALID_TOKEN")
    stored = await visit.page.evaluate("JSON.stringify(localStorage)")
    assert "slug name" in stored
    assert "Bearer example" not in stored
