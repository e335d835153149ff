"""Which town a request is for: by path, by host name, or none at all."""

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from regiohub.testing.services.web import served

from .conftest import MakeSite, Site

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("slug", ["potsdam", "bad-belzig"])
async def test_first_segment_of_the_path_names_the_town(site: Site, slug: str) -> None:
    answer = await site.get(f"/{slug}/probe/")
    assert answer.json()["tenant"] == slug


@pytest.mark.parametrize(
    ("host", "path", "tenant"),
    [
        ("potsdam.test", "/probe/", "potsdam"),
        ("POTSDAM.test:8443", "/probe/", "potsdam"),
        ("potsdam.test", "/potsdam/probe/", "potsdam"),
        ("api.belzig.example", "/probe/", "bad-belzig"),
        ("bad-belzig.regio.example", "/probe/", "bad-belzig"),
        ("bad-belzig.regio.example.", "/probe/", "bad-belzig"),
        ("127.0.0.1:8000", "/potsdam/probe/", "potsdam"),
        ("unknown.example", "/potsdam/probe/", "potsdam"),
    ],
)
async def test_host_name_may_name_the_town(make_site: MakeSite, host: str, path: str, tenant: str) -> None:
    site = await make_site(base_domain="regio.example", host_names={"api.belzig.example": "bad-belzig"})
    answer = await site.get(path, headers={"Host": host})
    assert answer.json()["tenant"] == tenant


async def test_host_of_one_town_never_serves_another(site: Site) -> None:
    assert (await site.get("/bad-belzig/probe/", headers={"Host": "potsdam.test"})).status_code == 404


async def test_pages_on_a_towns_own_host_link_without_the_slug(site: Site) -> None:
    page = (await site.get("/", headers={"Host": "potsdam.test"})).text
    assert 'href="/measures/modellvorhaben"' in page
    assert 'href="/potsdam/' not in page
    assert 'href="http://127.0.0.1:8000/"' in page, "the other towns are at the platform's own address"


@pytest.mark.parametrize("path", ["/healthz", "/region/", "/static/pages.css"])
async def test_addresses_of_the_platform_work_on_a_towns_host_too(site: Site, path: str) -> None:
    assert (await site.get(path, headers={"Host": "potsdam.test"})).status_code == 200


async def test_unknown_town_is_404_with_the_names_that_are_near(site: Site) -> None:
    answer = await site.get("/potsdamm/graphql", headers={"Accept-Language": "en"})
    body = answer.json()
    assert (answer.status_code, body["code"], body["near"]) == (404, "UNKNOWN_TENANT", ["potsdam"])
    assert "potsdam" in body["detail"]


async def test_unknown_town_is_a_page_with_links_for_browsers(site: Site) -> None:
    answer = await site.get("/belzig/", headers=HTML)
    assert answer.status_code == 404
    assert 'href="/bad-belzig/"' in answer.text


async def test_nothing_near_gives_no_names(site: Site) -> None:
    assert (await site.get("/xyzzy/")).json()["near"] == []


@pytest.mark.parametrize(
    "path", ["/console/region/nope", "/favicon.ico", "/region/nope", "/.well-known/x", "/assets/a"]
)
async def test_reserved_words_are_never_towns(site: Site, path: str) -> None:
    answer = await site.client.get(path, follow_redirects=True)
    assert answer.status_code == 404
    assert answer.json()["code"] == "NOT_FOUND"


@pytest.mark.parametrize("path", ["/%2e%2e/", "/Potsdam/", "/../potsdam/probe/", "/%C3%A4/"])
async def test_odd_addresses_are_answered_without_a_fault(site: Site, path: str) -> None:
    assert (await site.get(path)).status_code < 500


@pytest.mark.parametrize("path", ["/potsdam/probe/items/a%00b", "/potsdam/probe/?q=a%00b", "/pots%00dam/"])
async def test_nul_characters_in_addresses_are_400(site: Site, path: str) -> None:
    answer = await site.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_REQUEST")


async def test_town_without_final_slash_leads_to_its_page(site: Site) -> None:
    answer = await site.get("/potsdam")
    assert answer.status_code == 307
    assert answer.headers["location"].endswith("/potsdam/")


@pytest.mark.parametrize(
    ("host", "path", "slug"),
    [("127.0.0.1", "/potsdam/probe/live", "potsdam"), ("bad-belzig.test", "/probe/live", "bad-belzig")],
)
async def test_websockets_find_their_town_too(site: Site, host: str, path: str, slug: str) -> None:
    async with served(site.app) as address:
        port = int(address.rpartition(":")[2])
        async with connect(f"ws://{host}:{port}{path}", host="127.0.0.1", port=port) as socket:
            assert await socket.recv() == slug


@pytest.mark.parametrize("path", ["/potsdamm/probe/live", "/berlin/probe/live"])
async def test_websocket_of_an_unknown_town_or_an_off_plugin_is_refused(site: Site, path: str) -> None:
    async with served(site.app) as address:
        with pytest.raises(InvalidStatus) as caught:
            await connect(address.replace("http", "ws", 1) + path)
    assert caught.value.response.status_code == 403
