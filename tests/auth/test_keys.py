"""Keys of issuers: fetched by need, kept through failures, never asked for more often than agreed."""

import asyncio
from typing import Any

import httpx
import pytest
from joserfc import jwk

from regiohub.auth.fetch import UntrustedIssuer, remote_keys
from regiohub.auth.keys import CachedKeys, IssuerUnavailable, read_keys
from regiohub.settings import IssuerSettings

ISSUER = "https://login.example.org/realms/regiohub"


def public(kid: str) -> dict[str, Any]:
    return jwk.generate_key("EC", "P-256", parameters={"kid": kid}).as_dict(private=False)


class Login:
    """An issuer that can be down, slow or rotate its keys; counts how often it is asked."""

    def __init__(self) -> None:
        self.keys = [public("one")]
        self.down = False
        self.asked = 0
        self.time = 0.0

    async def fetch(self) -> dict[str, Any]:
        self.asked += 1
        await asyncio.sleep(0)
        if self.down:
            raise httpx.ConnectError("no route")
        return {"keys": list(self.keys)}

    def cache(self) -> CachedKeys:
        return CachedKeys(self.fetch, max_age=600, pause=30, monotonic=lambda: self.time)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_hundred_callers_at_once_cause_one_request() -> None:
    login = Login()
    cache = login.cache()
    found = await asyncio.gather(*(cache.find("one") for _ in range(100)))
    assert all(found)
    assert login.asked == 1


async def test_unknown_key_id_is_looked_up_once_in_thirty_seconds() -> None:
    login = Login()
    cache = login.cache()
    await cache.find("one")
    login.time = 31
    for number in range(50):
        assert await cache.find(f"made-up-{number}") is None
    assert login.asked == 2
    login.time = 62
    await cache.find("made-up")
    assert login.asked == 3


async def test_new_key_after_a_rotation_is_found_without_a_failed_call() -> None:
    login = Login()
    cache = login.cache()
    await cache.find("one")
    login.keys.append(public("two"))
    login.time = 31
    assert await cache.find("two") is not None
    assert await cache.find("one") is not None
    assert login.asked == 2


async def test_known_keys_serve_while_the_issuer_is_down_for_ten_minutes() -> None:
    login = Login()
    cache = login.cache()
    await cache.find("one")
    login.down = True
    for login.time in range(601, 1201, 5):
        assert await cache.find("one") is not None
        await settle()
    assert 1 < login.asked <= 1 + 2 * 10
    await cache.close()


async def test_withdrawn_key_stops_counting_after_the_renewal() -> None:
    login = Login()
    cache = login.cache()
    await cache.find("one")
    login.keys = [public("two")]
    login.time = 601
    await cache.find("one")
    await settle()
    assert await cache.find("one") is None


async def test_without_any_key_the_answer_is_unavailable_and_not_a_refusal() -> None:
    login = Login()
    login.down = True
    cache = login.cache()
    assert IssuerUnavailable.status == 503
    for _ in range(20):
        with pytest.raises(IssuerUnavailable):
            await cache.find("one")
    assert login.asked == 1
    login.down, login.time = False, 31
    assert await cache.find("one") is not None


async def test_caller_who_hangs_up_does_not_take_the_keys_from_the_others() -> None:
    login = Login()
    cache = login.cache()
    first = asyncio.create_task(cache.find("one"))
    await asyncio.sleep(0)
    first.cancel()
    assert await cache.find("one") is not None
    assert login.asked == 1


def test_symmetric_encryption_and_broken_keys_are_left_out() -> None:
    good = public("good")
    listed = [
        good,
        {"kty": "oct", "kid": "secret", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"},
        {**public("enc"), "use": "enc"},
        {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"},
        {"kty": "EC", "kid": "bare"},
        {name: value for name, value in public("x").items() if name != "kid"},
        "text",
        None,
    ]
    assert list(read_keys({"keys": listed})) == ["good"]
    assert read_keys({"keys": "none"}) == {}


def transport(pages: dict[str, Any]) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        page = pages.get(str(request.url))
        if isinstance(page, bytes):
            return httpx.Response(200, content=page)
        return httpx.Response(404) if page is None else httpx.Response(200, json=page)

    return httpx.MockTransport(answer)


DISCOVERY = ISSUER + "/.well-known/openid-configuration"


async def test_keys_are_found_by_discovery() -> None:
    pages = {DISCOVERY: {"issuer": ISSUER, "jwks_uri": ISSUER + "/certs"}, ISSUER + "/certs": {"keys": [public("a")]}}
    fetch = remote_keys(IssuerSettings(issuer=ISSUER), production=True, transport=transport(pages))
    assert list(read_keys(await fetch())) == ["a"]


async def test_given_address_of_the_keys_needs_no_discovery() -> None:
    pages = {"https://keys.example.org/": {"keys": [public("a")]}}
    entry = IssuerSettings(issuer=ISSUER, jwks_url="https://keys.example.org/")
    assert (await remote_keys(entry, production=True, transport=transport(pages))())["keys"]


@pytest.mark.parametrize(
    "pages",
    [
        {DISCOVERY: {"issuer": ISSUER + "2", "jwks_uri": ISSUER + "/certs"}},
        {DISCOVERY: {"issuer": ISSUER, "jwks_uri": ISSUER + "/certs", "dev": True}},
        {DISCOVERY: {"issuer": ISSUER, "jwks_uri": "http://login.example.org/certs"}},
        {DISCOVERY: {"issuer": ISSUER}},
        {DISCOVERY: ["no object"]},
        {DISCOVERY: b'{"padding":"' + b"x" * 300_000 + b'"}'},
    ],
)
async def test_doubtful_documents_are_refused(pages: dict[str, Any]) -> None:
    fetch = remote_keys(IssuerSettings(issuer=ISSUER), production=True, transport=transport(pages))
    with pytest.raises(UntrustedIssuer):
        await fetch()


async def test_missing_document_is_an_error() -> None:
    fetch = remote_keys(IssuerSettings(issuer=ISSUER), production=False, transport=transport({}))
    with pytest.raises(httpx.HTTPStatusError):
        await fetch()
