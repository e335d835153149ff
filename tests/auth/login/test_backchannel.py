"""Logout ordered by the issuer: who may order it, what it ends, and that it counts once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from regiohub.auth.dev import DevIssuer
from regiohub.auth.login import Login, OpenedSession, Tokens
from regiohub.auth.login.cookies import SESSION
from regiohub.testing.world import World
from regiohub.web.app import create_app

from .browser import Browser
from .conftest import Desk

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKENS = Tokens("access", "refresh", "id")


@pytest.fixture
def issuer(desk: Desk) -> DevIssuer:
    dev = desk.world.app.state.web.identity.dev
    assert isinstance(dev, DevIssuer)
    return dev


def order(desk: Desk, **changes: Any) -> dict[str, Any]:
    """Claims of a good logout token; ``None`` removes a claim."""
    now = int(desk.world.clock.now().timestamp())
    good: dict[str, Any] = {
        "iss": desk.issuer.issuer, "aud": "regiohub-console", "iat": now, "exp": now + 120, "jti": str(uuid4()),
        "sub": "anna", "sid": "sid-1", "events": {EVENT: {}},
    }  # fmt: skip
    return {name: value for name, value in (good | changes).items() if value is not None}


async def send(world: World, token: str) -> httpx.Response:
    return await world.client.post("/auth/backchannel-logout", data={"logout_token": token})


async def lives(desk: Desk, opened: OpenedSession) -> bool:
    return await desk.sessions.find(opened.cookie) is not None


async def test_order_ends_the_session_it_names_and_no_other(desk: Desk, issuer: DevIssuer) -> None:
    named = await desk.open(tokens=TOKENS, sid="sid-1")
    same_person = await desk.open(tokens=TOKENS, sid="sid-2")
    other_person = await desk.open("bruno", tokens=TOKENS, sid="sid-3")
    answer = await send(desk.world, issuer.sign(order(desk)))
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (200, b"", "no-store")
    assert not await lives(desk, named)
    assert await lives(desk, same_person)
    assert await lives(desk, other_person)


async def test_order_with_a_person_only_ends_all_his_sessions(desk: Desk, issuer: DevIssuer) -> None:
    mine = [await desk.open(tokens=TOKENS, sid=sid) for sid in ("sid-1", "sid-2", None)]
    other = await desk.open("bruno", tokens=TOKENS, sid="sid-3")
    assert (await send(desk.world, issuer.sign(order(desk, sid=None)))).status_code == 200
    assert [await lives(desk, opened) for opened in mine] == [False, False, False]
    assert await lives(desk, other)


async def test_order_with_a_session_only_ends_that_session(desk: Desk, issuer: DevIssuer) -> None:
    named, other = await desk.open(tokens=TOKENS, sid="sid-1"), await desk.open(tokens=TOKENS, sid="sid-2")
    assert (await send(desk.world, issuer.sign(order(desk, sub=None)))).status_code == 200
    assert (await lives(desk, named), await lives(desk, other)) == (False, True)


async def test_order_counts_once(desk: Desk, issuer: DevIssuer) -> None:
    token = issuer.sign(order(desk, sid=None))
    assert (await send(desk.world, token)).status_code == 200
    later = await desk.open(tokens=TOKENS, sid="sid-9")
    replayed = await send(desk.world, token)
    assert (replayed.status_code, replayed.headers["cache-control"]) == (400, "no-store")
    assert await lives(desk, later)


async def test_names_of_used_orders_are_forgotten_when_they_no_longer_count(desk: Desk, issuer: DevIssuer) -> None:
    from regiohub.auth.login.retention import forget_sessions

    token = issuer.sign(order(desk))
    await send(desk.world, token)
    assert await forget_sessions(desk.world.platform) == 0
    desk.world.clock.advance(timedelta(minutes=3))
    assert await forget_sessions(desk.world.platform) == 1
    assert (await send(desk.world, token)).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://login.evil.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": None},
        {"nonce": "n"},
        {"events": None},
        {"events": {}},
        {"events": {EVENT: True}},
        {"events": [EVENT]},
        {"sub": None, "sid": None},
        {"jti": None},
        {"iat": None},
        {"exp": 1_000_000_000},
        {"exp": None, "iat": 1_000_000_000},
        {"iat": 99_999_999_999, "exp": 99_999_999_999},
    ],
)  # fmt: skip
async def test_order_that_is_not_sound_ends_nothing(
    world_sqlite: World, changes: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(world_sqlite)
    opened = await desk.open(tokens=TOKENS, sid="sid-1")
    dev = world_sqlite.app.state.web.identity.dev
    answer = await send(world_sqlite, dev.sign(order(desk, **changes)))
    assert answer.status_code == 400
    assert answer.json() == {"error": "invalid_request"}
    assert await lives(desk, opened)
    assert "logout_token_refused" in capsys.readouterr().out


async def test_order_signed_by_somebody_else_ends_nothing(world_sqlite: World) -> None:
    from joserfc import jwk, jwt

    desk = Desk(world_sqlite)
    opened = await desk.open(tokens=TOKENS, sid="sid-1")
    dev: DevIssuer = world_sqlite.app.state.web.identity.dev
    (public,) = dev.key_set["keys"]
    forged = jwk.generate_key("EC", "P-256")
    header = {"alg": "ES256", "kid": public["kid"], "typ": "logout+jwt"}
    token = jwt.encode(header, order(desk), forged, algorithms=["ES256"])
    for bad in (token, "", "a.b.c", "x", dev.sign(order(desk))[:-3], "ä" * 50):
        assert (await send(world_sqlite, bad)).status_code == 400
    assert (await world_sqlite.client.post("/auth/backchannel-logout")).status_code == 400
    assert await lives(desk, opened)


async def test_id_tokens_and_access_tokens_are_no_orders(world_sqlite: World) -> None:
    desk, browser = Desk(world_sqlite), Browser(world_sqlite.client)
    await browser.sign_in("tenant-admin-potsdam")
    found = await desk.sessions.find(browser.cookies[SESSION])
    assert found is not None
    assert found.content.tokens is not None
    for token in (found.content.tokens.access_token, found.content.tokens.id_token, found.content.tokens.refresh_token):
        assert (await send(world_sqlite, str(token))).status_code == 400
    assert (await browser.get("/console/account")).status_code == 200


async def test_order_counts_at_once_for_every_process(desk: Desk, issuer: DevIssuer) -> None:
    second = create_app(desk.world.platform)
    elsewhere: Login = second.state.web.login
    opened = await desk.open(tokens=TOKENS, sid="sid-1")
    assert await elsewhere.sessions.find(opened.cookie) is not None
    assert (await send(desk.world, issuer.sign(order(desk)))).status_code == 200
    assert await elsewhere.sessions.find(opened.cookie) is None


async def test_signing_out_in_one_browser_leaves_the_other_signed_in_and_everywhere_ends_both(desk: Desk) -> None:
    one, two = Browser(desk.world.client), Browser(desk.world.client, "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    await one.sign_in("editor-potsdam")
    page = await two.sign_in("editor-potsdam")
    await two.sign_out(page)
    account = await one.get("/console/account")
    assert account.status_code == 200
    await two.sign_in("editor-potsdam")
    assert "Auf allen anderen Geräten abmelden" in (await one.get("/console/account")).text
    from .browser import field

    await one.post("/auth/logout", {"csrf": field(account, "csrf"), "everywhere": "yes"})
    for browser in (one, two):
        assert (await browser.get("/console/account")).status_code == 303
