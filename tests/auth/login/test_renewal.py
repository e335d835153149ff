"""Sessions stay as true as the issuer: renewed on the server, once for all who ask, ended when it refuses."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from regiohub.auth.admin.access import dev_directory
from regiohub.auth.login import Login
from regiohub.auth.login.cookies import SESSION
from regiohub.auth.login.provider import LoginUnavailable
from regiohub.testing.world import World
from regiohub.web.app import create_app
from regiohub.web.login.inside import inside

from .browser import Browser
from .conftest import Desk

ADMIN = "tenant-admin-potsdam"
DUE = timedelta(minutes=4, seconds=1)


class Line(httpx.AsyncBaseTransport):
    """The line to the issuer: counts what goes through, and can be cut."""

    def __init__(self, world: World) -> None:
        self._inner = inside(world.app)
        self.renewals = 0
        self.is_cut = False
        self.status: int | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectError("no route to host")
        if self.status is not None:
            return httpx.Response(self.status, text="<html>Bad gateway</html>")
        self.renewals += b"grant_type=refresh_token" in await request.aread()
        return await self._inner.handle_async_request(request)


@pytest.fixture
def line(world: World) -> Line:
    """The line of a world to its issuer."""
    made = Line(world)
    for provider in world.app.state.web.login.providers:
        provider.transport = lambda: made
    return made


def another(world: World, line: Line) -> Login:
    """Sign-in as a second process has it: another object on the same database."""
    login: Login = create_app(world.platform).state.web.login
    for provider in login.providers:
        provider.transport = lambda: line
    return login


@pytest.fixture
async def browser(world: World) -> Browser:
    made = Browser(world.client)
    await made.sign_in(ADMIN)
    return made


async def test_session_goes_on_with_new_tokens(browser: Browser, desk: Desk, line: Line) -> None:
    before = await desk.sessions.find(browser.cookies[SESSION])
    desk.world.clock.advance(DUE)
    assert (await browser.get("/console/account")).status_code == 200
    after = await desk.sessions.find(browser.cookies[SESSION])
    assert before is not None
    assert after is not None
    assert line.renewals == 1
    assert before.content.tokens != after.content.tokens
    assert after.session.claims.expires_at > before.session.claims.expires_at
    assert (await browser.get("/console/account")).status_code == 200
    assert line.renewals == 1


async def test_withdrawn_right_is_gone_within_five_minutes(browser: Browser, desk: Desk, line: Line) -> None:
    with dev_directory(desk.world.platform).change() as state:
        state.people[ADMIN].towns["potsdam"] = ()
    desk.world.clock.advance(timedelta(seconds=299))
    await browser.get("/console/account")
    found = await desk.sessions.find(browser.cookies[SESSION])
    assert found is not None
    assert found.session.claims.staff == {"potsdam": frozenset()}


async def test_removed_person_is_signed_out_within_five_minutes(browser: Browser, desk: Desk, line: Line) -> None:
    with dev_directory(desk.world.platform).change() as state:
        del state.people[ADMIN]
    desk.world.clock.advance(timedelta(seconds=299))
    assert (await browser.get("/console/account")).status_code == 303
    assert await desk.sessions.find(browser.cookies[SESSION]) is None


async def test_of_a_herd_one_asks_the_issuer(browser: Browser, desk: Desk, line: Line) -> None:
    # The issuer ends a session whose refresh token comes twice: a second call would sign everybody out.
    desk.world.clock.advance(DUE)
    answers = await asyncio.gather(*(browser.client.get(
        "/console/account", headers={"cookie": f"{SESSION}={browser.cookies[SESSION]}"}
    ) for _ in range(12)))  # fmt: skip
    assert {answer.status_code for answer in answers} == {200}
    assert line.renewals == 1


async def test_of_a_herd_over_several_processes_one_asks_the_issuer(browser: Browser, desk: Desk, line: Line) -> None:
    processes = [desk.login, *(another(desk.world, line) for _ in range(3))]
    for round_ in range(1, 4):
        desk.world.clock.advance(DUE)
        found = await asyncio.gather(*(
            process.current(browser.cookies[SESSION]) for process in processes for _ in range(3)
        ))  # fmt: skip
        assert all(found)
        assert {one.row.version for one in found if one} == {round_}
        assert line.renewals == round_


async def test_used_refresh_token_is_the_end_of_the_session(browser: Browser, desk: Desk, line: Line) -> None:
    found = await desk.sessions.find(browser.cookies[SESSION])
    assert found is not None
    assert found.content.tokens is not None
    (provider,) = desk.login.providers
    await provider.renew(str(found.content.tokens.refresh_token))
    desk.world.clock.advance(DUE)
    assert (await browser.get("/console/account")).status_code == 303


@pytest.mark.parametrize("fault", ["cut", "502", "429"])
async def test_issuer_that_is_down_for_minutes_signs_nobody_out(
    browser: Browser, desk: Desk, line: Line, fault: str
) -> None:
    line.is_cut, line.status = fault == "cut", None if fault == "cut" else int(fault)
    for _ in range(4):
        desk.world.clock.advance(DUE)
        assert (await browser.get("/console/account")).status_code == 200
    line.is_cut, line.status = False, None
    desk.world.clock.advance(timedelta(seconds=31))
    assert (await browser.get("/console/account")).status_code == 200
    assert line.renewals == 1


async def test_issuer_that_is_down_for_long_stops_work_but_ends_no_session(
    browser: Browser, desk: Desk, line: Line
) -> None:
    line.is_cut = True
    desk.world.clock.advance(timedelta(minutes=20, seconds=1))
    answer = await browser.get("/console/account")
    assert answer.status_code == 503
    assert "Anmeldedienst" in answer.text
    with pytest.raises(LoginUnavailable):
        await desk.login.current(browser.cookies[SESSION])
    line.is_cut = False
    desk.world.clock.advance(timedelta(seconds=31))
    assert (await browser.get("/console/account")).status_code == 200


async def test_issuer_that_is_down_is_asked_at_most_twice_a_minute(browser: Browser, desk: Desk, line: Line) -> None:
    line.status = 502
    asked = 0
    handle = line.handle_async_request

    async def counting(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return await handle(request)

    line.handle_async_request = counting  # type: ignore[method-assign]
    desk.world.clock.advance(DUE)
    for _ in range(60):
        desk.world.clock.advance(timedelta(seconds=1))
        assert (await browser.get("/console/account")).status_code == 200
    assert asked == 2


async def test_nobody_can_sign_in_while_the_issuer_is_down_and_is_told_so(world: World, line: Line) -> None:
    line.is_cut = True
    fresh = create_app(world.platform)
    for provider in fresh.state.web.login.providers:
        provider.transport = lambda: line
    async with httpx.AsyncClient(transport=inside(fresh)) as client:
        answer = await Browser(client).get("/auth/login?next=/console/")
    assert answer.status_code == 503
    assert "LOGIN_UNAVAILABLE" in answer.text
    assert "Noch einmal anmelden" in answer.text


async def test_ended_session_is_not_brought_back_by_a_renewal_under_way(
    browser: Browser, desk: Desk, line: Line
) -> None:
    found = await desk.sessions.find(browser.cookies[SESSION])
    assert found is not None
    handle = line.handle_async_request

    async def ending(request: httpx.Request) -> httpx.Response:
        answer = await handle(request)
        await desk.sessions.end(found.row.id)
        return answer

    line.handle_async_request = ending  # type: ignore[method-assign]
    desk.world.clock.advance(DUE)
    assert (await browser.get("/console/account")).status_code == 303
    assert await desk.sessions.find(browser.cookies[SESSION]) is None


async def test_caller_who_hangs_up_does_not_lose_the_tokens(browser: Browser, desk: Desk, line: Line) -> None:
    desk.world.clock.advance(DUE)
    handle, arrived, go_on = line.handle_async_request, asyncio.Event(), asyncio.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        arrived.set()
        await go_on.wait()
        return await handle(request)

    line.handle_async_request = slow  # type: ignore[method-assign]
    impatient = asyncio.create_task(desk.login.current(browser.cookies[SESSION]))
    await arrived.wait()
    impatient.cancel()
    go_on.set()
    assert await desk.login.current(browser.cookies[SESSION]) is not None
    assert line.renewals == 1
