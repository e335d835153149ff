"""A browser without a window: keeps cookies as browsers do on a loopback address, follows redirects, sends forms."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

import httpx

BASE = "http://127.0.0.1:8000"


class Browser:
    """One browser. Plain HTTP clients do not send Secure cookies over http; browsers do on a loopback address."""

    def __init__(
        self, client: httpx.AsyncClient, agent: str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", *,
        base: str = BASE, before: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self.client = client
        self.agent = agent
        self.base = base
        self.before = before
        self.jars: dict[str, dict[str, str]] = {}
        self.set_cookies: list[str] = []
        self.at = base

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies of the platform."""
        return self.jars.setdefault(urlsplit(self.base).netloc, {})

    async def send(
        self, method: str, url: str, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """One request, without following redirects."""
        # Addresses of ours are written from the root; the page before may have been of the login server.
        url = urljoin(self.base if url.startswith("/") and self._is_ours(url) else self.at, url)
        self.before()
        jar = self.jars.setdefault(urlsplit(url).netloc, {})
        own = {"accept": "text/html", "accept-language": "de", "user-agent": self.agent}
        if jar:
            own["cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        response = await self.client.request(method, url, data=data, headers=own | dict(headers or {}))
        self.at = url
        for header in response.headers.get_list("set-cookie"):
            self.set_cookies.append(header)
            for name, morsel in SimpleCookie(header).items():
                jar.pop(name, None)
                if morsel["max-age"] != "0" and morsel.value:
                    jar[name] = morsel.value
        return response

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """A page."""
        return await self.send("GET", url, headers=headers)

    async def follow(self, response: httpx.Response) -> httpx.Response:
        """Where redirects lead in the end."""
        for _ in range(10):
            if not response.is_redirect:
                return response
            response = await self.get(response.headers["location"])
        raise AssertionError("too many redirects")

    async def open(self, url: str) -> httpx.Response:
        """A page, wherever redirects lead."""
        return await self.follow(await self.get(url))

    async def post(self, url: str, data: Mapping[str, str], headers: Mapping[str, str] | None = None) -> httpx.Response:
        """A form, sent from a page of the same origin."""
        origin = f"{urlsplit(self.at).scheme}://{urlsplit(self.at).netloc}"
        return await self.send(
            "POST", url, data, {"origin": origin, "sec-fetch-site": "same-origin"} | dict(headers or {})
        )

    async def pick(self, page: httpx.Response, subject: str) -> httpx.Response:
        """Clicks a person on the page of the built-in issuer; the answer of that click, a redirect."""
        links = [unescape(found) for found in re.findall(r'href="([^"]+)"', page.text)]
        return await self.get(next(link for link in links if link.endswith(f"subject={subject}")))

    async def sign_in(self, subject: str, next: str = "/console/account") -> httpx.Response:
        """The whole way: from the address that is wanted to the page behind it."""
        return await self.follow(await self.pick(await self.open(f"/auth/login?next={next}"), subject))

    def _is_ours(self, path: str) -> bool:
        return path.startswith(("/auth/", "/console"))

    async def sign_out(self, page: httpx.Response) -> httpx.Response:
        """The button of a console page, and the onward address of the page that follows."""
        answer = await self.post("/auth/logout", {"csrf": field(page, "csrf")})
        onward = re.search(r'content="0; url=([^"]+)"', answer.text)
        return await self.open(unescape(onward[1])) if onward else answer


def field(page: httpx.Response, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"no field {name} in {page.text[:300]}"
    return unescape(found[1])
