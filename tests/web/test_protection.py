"""Headers, origins of other sites, size of bodies."""

from collections.abc import AsyncIterator

import pytest

from .conftest import MakeSite, Site

APP = "https://app.potsdam.example"


@pytest.mark.parametrize("path", ["/", "/potsdam/", "/region/", "/nothing-here/", "/potsdam/measures/modellvorhaben"])
async def test_pages_carry_a_strict_policy(site: Site, path: str) -> None:
    answer = await site.get(path, headers={"Accept": "text/html"})
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    for attribute in (" style=", " onclick=", "<style", "<script>", "http://", "//cdn"):
        assert attribute not in answer.text


async def test_every_answer_has_the_protective_headers(site: Site) -> None:
    for path in ("/healthz", "/potsdam/probe/", "/static/pages.css", "/nothing/"):
        headers = (await site.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in headers


async def test_https_installations_ask_browsers_to_stay_on_https(make_site: MakeSite) -> None:
    site = await make_site(public_url="https://regio.example.org", dev_issuer=False)
    assert "max-age" in (await site.get("/healthz")).headers["strict-transport-security"]


async def test_towns_own_origins_may_call_and_others_may_not(site: Site) -> None:
    allowed = await site.get("/potsdam/probe/", headers={"Origin": APP})
    assert allowed.headers["access-control-allow-origin"] == APP
    assert "access-control-allow-credentials" not in allowed.headers
    for path, origin in (("/potsdam/probe/", "https://evil.example"), ("/bad-belzig/probe/", APP)):
        refused = await site.get(path, headers={"Origin": origin})
        assert "access-control-allow-origin" not in refused.headers


async def test_preflight_is_answered_for_the_town(site: Site) -> None:
    asked = {
        "Origin": APP,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = await site.client.options("/potsdam/graphql", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == APP
    assert "authorization" in answer.headers["access-control-allow-headers"]
    refused = await site.client.options("/potsdam/graphql", headers=asked | {"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in refused.headers


async def test_errors_reach_the_apps_of_the_town_too(site: Site) -> None:
    answer = await site.get("/potsdam/probe/forbidden", headers={"Origin": APP})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (403, APP)


async def test_origins_of_the_settings_count_in_every_town(make_site: MakeSite) -> None:
    site = await make_site(cors_origins=("https://portal.example",))
    for slug in ("potsdam", "bad-belzig"):
        answer = await site.get(f"/{slug}/probe/", headers={"Origin": "https://portal.example"})
        assert answer.headers["access-control-allow-origin"] == "https://portal.example"


@pytest.mark.parametrize("path", ["/potsdam/probe/raw", "/potsdam/probe/items", "/potsdam/graphql", "/nothing"])
async def test_oversized_body_with_a_length_is_413(make_site: MakeSite, path: str) -> None:
    site = await make_site(body_max_bytes=2048)
    answer = await site.client.post(path, content=b"x" * 2049)
    assert answer.status_code == (404 if path == "/nothing" else 413)


@pytest.mark.parametrize("path", ["/potsdam/probe/raw", "/potsdam/probe/items"])
async def test_oversized_body_in_pieces_is_413(make_site: MakeSite, path: str) -> None:
    site = await make_site(body_max_bytes=2048)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 100

    answer = await site.client.post(path, content=pieces(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")


async def test_body_of_exactly_the_limit_passes(make_site: MakeSite) -> None:
    site = await make_site(body_max_bytes=2048)
    assert (await site.client.post("/potsdam/probe/raw", content=b"x" * 2048)).json() == 2048
