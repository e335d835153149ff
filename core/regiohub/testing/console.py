"""A signed-in browser of the console, without a browser."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

import httpx

ORIGIN = "http://127.0.0.1:8000"
_TAG = re.compile(r"<[^>]+>")
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)


def text_of(response: httpx.Response) -> str:
    """The words of a page, in one line, without its marks."""
    return " ".join(html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", response.text))).split())


class ConsoleClient:
    """Asks for pages as one person. Paths are relative to the town's console (``devices?x=1``), or absolute."""

    def __init__(self, client: httpx.AsyncClient, *, base: str, cookie: str, name: str, csrf: str) -> None:
        self._client, self._base = client, base
        self.cookie = {name: cookie}
        self.csrf = csrf

    def _path(self, path: str) -> str:
        return path if path.startswith("/") else f"{self._base}/{path}"

    @property
    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookie.items())
        return {"accept": "text/html", "accept-language": "de", "cookie": cookies}

    async def get(self, path: str = "", **options: Any) -> httpx.Response:
        """A page; redirects are not followed."""
        headers = self._headers | options.pop("headers", {})
        return await self._client.get(self._path(path), headers=headers, **options)

    async def post(
        self, path: str, data: Mapping[str, Any] | None = None, *, files: Any = None, forged: bool = False
    ) -> httpx.Response:
        """Send a form as its page would; ``forged`` leaves out what proves that it came from there."""
        headers = self._headers | ({} if forged else {"origin": ORIGIN, "sec-fetch-site": "same-origin"})
        fields = dict(data or {}) | ({} if forged else {"csrf": self.csrf})
        return await self._client.post(self._path(path), data=fields, files=files, headers=headers)

    async def done(self, path: str, data: Mapping[str, Any] | None = None) -> str:
        """Send a form that must succeed; returns the address that it leads to."""
        response = await self.post(path, data)
        assert response.status_code == 303, text_of(response)
        return response.headers["location"]
