"""The whole way of signing in and out at the built-in issuer, and everything that must not work."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import httpx
import pytest

from regiohub.auth.login.addresses import HOME, local_path
from regiohub.auth.login.cookies import ATTEMPT, SESSION
from regiohub.testing.world import World

from .browser import BASE, Browser, field
from .conftest import Desk

ADMIN = "tenant-admin-potsdam"


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world.client)


async def begun(browser: Browser, next: str = "/console/potsdam/") -> tuple[httpx.Response, dict[str, list[str]]]:
    """A sign-in that has begun: the answer, and what the login server is asked."""
    answer = await browser.get(f"/auth/login?next={quote(next)}")
    assert answer.status_code == 303
    return answer, parse_qs(urlsplit(answer.headers["location"]).query)


async def test_person_signs_in_and_arrives_where_he_wanted(browser: Browser, desk: Desk) -> None:
    page = await browser.sign_in(ADMIN, "/console/account%3Flang%3Den")
    assert page.status_code == 200
    assert "Your account" in page.text
    assert urlsplit(browser.at).path == "/console/account"
    found = await desk.sessions.find(browser.cookies[SESSION])
    assert found is not None
    assert found.session.claims.staff == {"potsdam": frozenset({"tenant-admin"})}
    assert found.row.sid is not None
    assert found.row.device == "Firefox · Linux"


async def test_a_request_asks_for_code_with_pkce_state_and_nonce(browser: Browser) -> None:
    (_, first), (_, second) = await begun(browser), await begun(browser)
    assert first["response_type"] == ["code"]
    assert first["code_challenge_method"] == ["S256"]
    assert first["scope"] == ["openid profile email organization:*"]
    assert first["redirect_uri"] == [f"{BASE}/auth/callback"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) == 43
        assert first[name] != second[name]


async def test_cookies_are_bound_to_host_and_hidden_from_scripts(browser: Browser) -> None:
    await browser.sign_in(ADMIN)
    names = {header.split("=", 1)[0] for header in browser.set_cookies}
    assert names == {SESSION, ATTEMPT}
    for header in browser.set_cookies:
        flags = {part.strip().lower() for part in header.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= flags
        assert not any(flag.startswith("domain") for flag in flags)
    assert list(browser.cookies) == [SESSION]
    # It goes with the browser: no end is written into the cookie of the session.
    assert "max-age" not in next(h for h in reversed(browser.set_cookies) if h.startswith(f"{SESSION}=")).lower()


async def test_tokens_and_secrets_never_leave_the_server(
    browser: Browser, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[str] = []
    send = browser.send

    async def noting(*args: object, **kwargs: object) -> httpx.Response:
        response = await send(*args, **kwargs)  # type: ignore[arg-type]
        seen.append(f"{response.headers}{response.text}")
        return response

    browser.send = noting  # type: ignore[method-assign]
    await browser.sign_in(ADMIN)
    found = await desk.sessions.find(browser.cookies[SESSION])
    assert found is not None
    tokens = found.content.tokens
    assert tokens is not None
    assert tokens.refresh_token is not None
    assert tokens.id_token is not None
    logged = "".join(capsys.readouterr())
    for token in (tokens.access_token, tokens.refresh_token, tokens.id_token):
        assert token[-40:] not in "".join(seen)
        assert token[-40:] not in logged
    assert browser.cookies[SESSION] not in logged


async def test_another_browser_cannot_finish_a_sign_in(browser: Browser, world: World) -> None:
    page = await browser.open("/auth/login")
    answer = await browser.pick(page, ADMIN)
    victim = Browser(world.client)
    refused = await victim.get(answer.headers["location"])
    assert refused.status_code == 400
    assert "SIGN_IN_FAILED" in refused.text
    assert "Cookies" in refused.text
    assert SESSION not in victim.cookies


async def test_answer_with_another_state_is_refused(browser: Browser) -> None:
    answer = await browser.pick(await browser.open("/auth/login"), ADMIN)
    forged = re.sub(r"state=[^&]+", "state=" + "x" * 43, answer.headers["location"])
    assert (await browser.get(forged)).status_code == 400
    assert SESSION not in browser.cookies


async def test_code_of_another_sign_in_is_refused(browser: Browser, world: World) -> None:
    # Code injection: the code of the attacker's sign-in with the victim's state. Nonce and verifier do not fit.
    attacker = Browser(world.client)
    theirs = await attacker.pick(await attacker.open("/auth/login"), ADMIN)
    mine = await browser.pick(await browser.open("/auth/login"), "editor-potsdam")
    code = parse_qs(urlsplit(theirs.headers["location"]).query)["code"][0]
    state = parse_qs(urlsplit(mine.headers["location"]).query)["state"][0]
    refused = await browser.get(f"/auth/callback?{urlencode({'code': code, 'state': state})}")
    assert refused.status_code == 400
    assert SESSION not in browser.cookies


async def test_answer_of_another_issuer_is_refused(browser: Browser) -> None:
    answer = await browser.pick(await browser.open("/auth/login"), ADMIN)
    mixed = re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", answer.headers["location"])
    assert mixed != answer.headers["location"]
    assert (await browser.get(mixed)).status_code == 400


async def test_code_that_comes_twice_is_refused_and_ends_what_came_of_it(browser: Browser, desk: Desk) -> None:
    answer = await browser.pick(await browser.open("/auth/login"), ADMIN)
    attempt = browser.cookies[ATTEMPT]
    await browser.follow(answer)
    assert SESSION in browser.cookies
    replay = Browser(browser.client)
    replay.cookies[ATTEMPT] = attempt
    assert (await replay.get(answer.headers["location"])).status_code == 400
    assert SESSION not in replay.cookies
    desk.world.clock.advance(timedelta(minutes=5))
    assert (await browser.get("/console/account")).status_code == 303


async def test_sign_in_begun_long_ago_is_refused(browser: Browser, world: World) -> None:
    page = await browser.open("/auth/login")
    world.clock.advance(timedelta(minutes=31))
    assert (await browser.follow(await browser.pick(page, ADMIN))).status_code == 400


async def test_cancelled_sign_in_is_said_and_can_be_begun_again(browser: Browser) -> None:
    page = await browser.open("/auth/login?next=/console/berlin/")
    cancel = next(link for link in re.findall(r'href="([^"]+)"', page.text) if "access_denied" in link)
    refused = await browser.get(cancel.replace("&amp;", "&"))
    assert refused.status_code == 400
    assert quote("/console/berlin/", safe="") in refused.text
    assert "abgebrochen" in refused.text


async def test_session_id_is_new_at_each_sign_in_and_the_old_one_ends(browser: Browser, desk: Desk) -> None:
    planted = await desk.open("eve")
    browser.cookies[SESSION] = planted.cookie
    await browser.sign_in(ADMIN)
    first = browser.cookies[SESSION]
    assert first != planted.cookie
    assert await desk.sessions.find(planted.cookie) is None
    await browser.sign_in("editor-potsdam")
    assert browser.cookies[SESSION] != first
    assert await desk.sessions.find(first) is None


async def test_made_up_cookie_never_becomes_a_session(browser: Browser, desk: Desk) -> None:
    browser.cookies[SESSION] = "fixed-by-an-attacker"
    await browser.sign_in(ADMIN)
    assert browser.cookies[SESSION] != "fixed-by-an-attacker"
    assert await desk.sessions.find("fixed-by-an-attacker") is None


async def test_sign_ins_in_two_tabs_do_not_disturb_each_other(browser: Browser) -> None:
    one = await browser.open("/auth/login?next=/console/account")
    two = await browser.open("/auth/login?next=/console/account%3Ftab%3D2")
    browser.at = str(two.url)
    assert (await browser.follow(await browser.pick(two, ADMIN))).status_code == 200
    browser.at = str(one.url)
    assert (await browser.follow(await browser.pick(one, ADMIN))).status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%5Cevil.example\\x",
        "javascript:alert(1)", " /console/", "/console/\r\nSet-Cookie: a=b", "/\t/evil.example", "console/", "",
        "/auth/logout", "/auth/login?next=/", "/" + "a" * 2000, "http:evil.example", "/\u2028x",
    ],
)  # fmt: skip
def test_next_leads_nowhere_else(wanted: str) -> None:
    assert local_path(wanted) == HOME


@pytest.mark.parametrize(
    "wanted", ["/console/potsdam/lorawan/devices?devices.page=2&q=ä", "/", "/console/", "/potsdam/x"]
)
def test_next_leads_to_any_page_of_ours(wanted: str) -> None:
    assert local_path(wanted) == wanted


async def test_open_redirect_is_closed_on_the_whole_way(browser: Browser) -> None:
    page = await browser.sign_in("person", quote("//evil.example/", safe=""))
    assert urlsplit(browser.at).netloc == "127.0.0.1:8000"
    assert page.status_code == 200


async def test_sign_in_moves_to_the_address_that_cookies_belong_to(browser: Browser) -> None:
    answer = await browser.client.get("http://localhost:8000/auth/login?next=/console/", follow_redirects=False)
    assert answer.headers["location"] == f"{BASE}/auth/login?next=/console/"
    from_town = await browser.client.get("http://potsdam.test/auth/login?next=/console/potsdam/")
    assert from_town.headers["location"] == f"{BASE}/auth/login?next=/console/potsdam/"
    foreign = await browser.client.get("http://backend:8000/auth/login")
    assert foreign.headers["location"].startswith(f"{BASE}/auth/dev/authorize")


async def test_signing_out_ends_the_session_here_and_at_the_issuer(browser: Browser, desk: Desk) -> None:
    page = await browser.sign_in(ADMIN)
    cookie = browser.cookies[SESSION]
    found = await desk.sessions.find(cookie)
    assert found is not None
    assert found.content.tokens is not None
    assert found.content.tokens.refresh_token is not None
    end = await browser.sign_out(page)
    assert (end.status_code, urlsplit(browser.at).path) == (200, "/")
    assert SESSION not in browser.cookies
    assert await desk.sessions.find(cookie) is None
    (provider,) = desk.login.providers
    from regiohub.auth.login.provider import GrantRefused

    with pytest.raises(GrantRefused):
        await provider.renew(found.content.tokens.refresh_token)


async def test_signing_out_needs_the_token_of_the_page(browser: Browser, desk: Desk) -> None:
    page = await browser.sign_in(ADMIN)
    cookie, token = browser.cookies[SESSION], field(page, "csrf")
    assert (await browser.post("/auth/logout", {})).status_code == 403
    assert (await browser.post("/auth/logout", {"csrf": token}, {"sec-fetch-site": "cross-site"})).status_code == 403
    assert (await browser.get("/auth/logout")).status_code == 405
    assert await desk.sessions.find(cookie) is not None


async def test_signing_out_twice_is_no_error(browser: Browser) -> None:
    answer = await browser.post("/auth/logout", {"csrf": "x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_answers_of_sign_in_are_kept_by_no_cache(browser: Browser) -> None:
    for url in ("/auth/login", "/auth/callback", "/auth/callback?state=x&code=y"):
        assert (await browser.get(url)).headers["cache-control"] == "no-store"
