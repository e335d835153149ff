"""Forged requests: both proofs are needed, and neither can be had by another site."""

import pytest
from starlette.requests import Request

from regiohub.auth.login import CsrfRefused, check_csrf
from regiohub.testing.world import World

from .conftest import Desk

OWN = "http://127.0.0.1:8000"
CROSS = "https://evil.example"


def request(**headers: str | None) -> Request:
    given = {"host": "127.0.0.1:8000"} | {name.replace("_", "-"): value for name, value in headers.items() if value}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw})


@pytest.mark.parametrize("where", ["form", "header"])
@pytest.mark.parametrize(
    ("site", "origin", "is_ours"),
    [
        ("same-origin", OWN, True),
        ("same-origin", None, True),
        (None, OWN, True),
        ("same-site", OWN, False),
        ("cross-site", OWN, False),
        ("none", OWN, False),
        ("cross-site", CROSS, False),
        (None, CROSS, False),
        (None, "http://127.0.0.1:9000", False),
        (None, "null", False),
        (None, None, False),
    ],
)
async def test_origin_and_token_are_both_needed(
    world_sqlite: World, site: str | None, origin: str | None, is_ours: bool, where: str
) -> None:
    desk = Desk(world_sqlite)
    session, other = (await desk.open()).session, (await desk.open()).session
    for token, is_known in ((session.csrf, True), (other.csrf, False), ("", False), (None, False), ("ä\udc00", False)):
        if where == "header" and token == "ä\udc00":
            continue
        asked = request(sec_fetch_site=site, origin=origin, x_csrf_token=token if where == "header" else None)
        form = {"csrf": token} if where == "form" and token is not None else {}
        if is_ours and is_known:
            check_csrf(asked, session, form)
        else:
            with pytest.raises(CsrfRefused):
                check_csrf(asked, session, form)


async def test_token_is_the_sessions_own_and_says_nothing_about_the_cookie(world_sqlite: World) -> None:
    desk = Desk(world_sqlite)
    one, two = await desk.open(), await desk.open()
    assert one.session.csrf != two.session.csrf
    assert one.cookie not in one.session.csrf
    found = await desk.sessions.find(one.cookie)
    assert found is not None
    assert found.session.csrf == one.session.csrf
