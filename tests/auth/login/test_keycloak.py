"""The same way at a real Keycloak: its form, its tokens, its refresh tokens that count once, its logout."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from regiohub.auth.login import Login
from regiohub.auth.login.cookies import SESSION
from regiohub.testing.databases import Address
from regiohub.testing.services.keycloak import ExampleRealm
from regiohub.testing.services.processes import free_port
from regiohub.testing.services.web import served
from regiohub.testing.world import World, open_world

from .browser import Browser, field

pytestmark = pytest.mark.keycloak
DUE = timedelta(seconds=11)


class Desk:
    """A platform on a real socket, so that Keycloak reaches it, with the time of day."""

    def __init__(self, world: World, base: str, realm: ExampleRealm, client: httpx.AsyncClient) -> None:
        self.world, self.base, self.realm, self.client = world, base, realm, client
        self.login: Login = world.app.state.web.login
        self.ahead = timedelta()

    def browser(self) -> Browser:
        """A fresh browser."""
        return Browser(self.client, base=self.base, before=self.tick)

    def tick(self) -> None:
        """Keycloak lives in the present: so does the platform, at most some minutes ahead of it."""
        self.world.clock.set(datetime.now(UTC) + self.ahead)

    def address(self, next: str = "/console/account") -> str:
        """Where a sign-in at Keycloak begins; the built-in issuer is there too."""
        return f"/auth/login?{urlencode({'issuer': self.realm.issuer, 'next': next})}"

    async def sign_in(self, username: str, next: str = "/console/account") -> tuple[Browser, httpx.Response]:
        """A person who has signed in at Keycloak's form."""
        browser = self.browser()
        page = await browser.open(self.address(next))
        # Keycloak asks for the name first and for the password on a second page.
        for _ in range(3):
            form = re.search(r'<form[^>]*action="([^"]+)"', page.text)
            if urlsplit(browser.at).netloc == urlsplit(self.base).netloc or form is None:
                break
            answer = await browser.post(unescape(form[1]), {"username": username, "password": self.realm.password})
            page = await browser.follow(answer)
        return browser, page

    async def until_ended(self, cookie: str) -> float:
        """Seconds until a session has ended; fails after some."""
        clock = asyncio.get_running_loop().time
        began = clock()
        for _ in range(200):
            if await self.login.sessions.find(cookie) is None:
                return clock() - began
            await asyncio.sleep(0.02)
        raise AssertionError("the session goes on")


@pytest.fixture
async def desk(database: Address, tmp_path: Path, keycloak_server: ExampleRealm) -> AsyncIterator[Desk]:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    keycloak_server.server.console_at(base)
    settings: dict[str, Any] = {**keycloak_server.settings, "public_url": base, "session_check_seconds": 10}
    async with (
        open_world(database, tmp_path / "data", at=datetime.now(UTC), **settings) as world,
        served(world.app, port),
        httpx.AsyncClient(timeout=30) as client,
    ):
        yield Desk(world, base, keycloak_server, client)


async def test_person_signs_in_and_has_the_roles_of_all_towns(desk: Desk) -> None:
    browser, page = await desk.sign_in("flaeming")
    assert page.status_code == 200
    assert "Frieda Fläming" in page.text
    found = await desk.login.sessions.find(browser.cookies[SESSION])
    assert found is not None
    assert found.session.claims.staff["bad-belzig"] == frozenset({"editor"})
    assert found.session.claims.staff["wiesenburg"] == frozenset({"coordinator"})
    assert found.session.sid is not None
    assert not found.session.claims.top_roles & {"editor", "coordinator"}


async def test_regional_admin_signs_in_and_speaks_for_the_region(desk: Desk) -> None:
    browser, page = await desk.sign_in("region")
    assert page.status_code == 200
    found = await desk.login.sessions.find(browser.cookies[SESSION])
    assert found is not None
    assert "regional-admin" in found.session.claims.top_roles


async def test_tokens_are_renewed_once_for_a_herd(desk: Desk) -> None:
    browser, _ = await desk.sign_in("potsdam.redaktion")
    desk.ahead = DUE
    headers = {"cookie": f"{SESSION}={browser.cookies[SESSION]}"}
    for round_ in (1, 2, 3):
        desk.tick()
        answers = await asyncio.gather(
            *(desk.client.get(f"{desk.base}/console/account", headers=headers) for _ in range(10))
        )
        assert {answer.status_code for answer in answers} == {200}
        found = await desk.login.sessions.find(browser.cookies[SESSION])
        assert found is not None
        assert found.row.version == round_
        desk.ahead += DUE


async def test_signing_out_ends_the_session_at_keycloak(desk: Desk) -> None:
    browser, page = await desk.sign_in("potsdam.redaktion")
    cookie = browser.cookies[SESSION]
    end = await browser.sign_out(page)
    assert end.status_code == 200
    assert browser.at == f"{desk.base}/"
    assert await desk.login.sessions.find(cookie) is None
    again = await browser.open(desk.address())
    assert urlsplit(browser.at).netloc != urlsplit(desk.base).netloc
    assert "password" in again.text


async def test_signing_out_in_another_application_ends_the_session_here_within_a_second(desk: Desk) -> None:
    browser, _ = await desk.sign_in("potsdam.admin")
    other, _ = await desk.sign_in("potsdam.admin")
    found = await desk.login.sessions.find(browser.cookies[SESSION])
    assert found is not None
    assert found.content.tokens is not None
    # What an application does whose user signs out: it sends the browser to Keycloak, which tells everybody else.
    (provider,) = [p for p in desk.login.providers if p.issuer.issuer == desk.realm.issuer]
    address = await provider.sign_out_address(f"{desk.base}/", found.content.tokens.id_token)
    assert address is not None
    await browser.open(address)
    assert await desk.until_ended(browser.cookies[SESSION]) < 1
    assert await desk.login.sessions.find(other.cookies[SESSION]) is not None


async def test_signing_out_everywhere_ends_every_browser_of_the_person(desk: Desk) -> None:
    one, page = await desk.sign_in("bad-belzig.admin")
    two, _ = await desk.sign_in("bad-belzig.admin")
    await one.post("/auth/logout", {"csrf": field(page, "csrf"), "everywhere": "yes"})
    assert await desk.login.sessions.find(two.cookies[SESSION]) is None
    # Ended at Keycloak as well: the other browser is not signed in again without a question.
    again = await two.open(desk.address())
    assert "password" in again.text


async def test_person_who_is_put_off_is_signed_out_at_the_next_renewal(desk: Desk) -> None:
    browser, _ = await desk.sign_in("wiesenburg.koordination")
    realm = desk.realm.server
    found = await desk.login.sessions.find(browser.cookies[SESSION])
    assert found is not None
    account = f"/{realm.realm}/users/{found.row.subject}"
    realm.administer("PUT", account, realm.administer("GET", account) | {"enabled": False})
    try:
        desk.ahead = DUE
        answer = await browser.get("/console/account")
        assert answer.status_code == 303
        assert "/auth/login" in answer.headers["location"]
    finally:
        realm.administer("PUT", account, realm.administer("GET", account) | {"enabled": True})


async def test_keycloak_that_hangs_signs_nobody_out(desk: Desk) -> None:
    browser, _ = await desk.sign_in("berlin.revision")
    desk.ahead = DUE
    desk.realm.server.pause()
    try:
        assert (await browser.get("/console/account")).status_code == 200
    finally:
        desk.realm.server.resume()
