"""The pages: what they show, in which language, and that one faulty plugin does not take them away."""

import re

import pytest

from regiohub.tenancy.switches import switch

from .conftest import MakeSite, Site


async def test_landing_page_lists_all_towns_with_their_plugins(site: Site) -> None:
    page = (await site.get("/")).text
    assert re.findall(r'<h2 class="card__title"><a href="(/[a-z-]+/)"', page) == [
        "/bad-belzig/",
        "/berlin/",
        "/potsdam/",
    ]
    assert page.count('<li class="tag">Prüfung</li>') == 2


async def test_town_shows_measures_plugins_navigation_and_interface(site: Site) -> None:
    page = (await site.get("/potsdam/")).text
    assert '<a href="/potsdam/measures/modellvorhaben">Modellvorhaben</a>' in page
    assert '<a href="/potsdam/probe/items/1">Dinge ansehen</a>' in page
    assert "<dt>Prüfung</dt><dd>Für Tests.</dd>" in page
    assert 'href="/potsdam/graphql"' in page
    assert 'href="/potsdam/schema.graphql"' in page


async def test_off_plugin_is_nowhere_on_the_page(site: Site) -> None:
    page = (await site.get("/berlin/")).text
    assert "Prüfung" not in page
    assert "probe" not in page


async def test_measure_shows_what_its_plugins_hold(make_site: MakeSite) -> None:
    site = await make_site()
    town = site.platform.tenants.get("potsdam")
    assert town is not None
    await switch(site.platform, town, "probe", on=True, measure="modellvorhaben")
    page = (await site.get("/potsdam/measures/modellvorhaben")).text
    assert '<a href="/potsdam/probe/items/1">Dinge</a> <span class="count">(1.234)</span>' in page
    assert 'href="javascript' not in page
    english = (await site.get("/potsdam/measures/modellvorhaben?lang=en")).text
    assert ">Things</a>" in english
    assert "(1,234)" in english


async def test_plugin_whose_links_fail_is_left_out_and_the_page_still_comes(make_site: MakeSite) -> None:
    site = await make_site("probe", "broken")
    answer = await site.get("/potsdam/")
    assert answer.status_code == 200
    assert "no links today" not in answer.text


@pytest.mark.parametrize(
    ("query", "accept", "language", "words"),
    [
        ("", "", "de", "Kommunen der Region"),
        ("", "en-GB,en;q=0.9", "en", "Towns of the region"),
        ("", "fr,de;q=0.4,en;q=0.8", "en", "Towns of the region"),
        ("", "pl", "de", "Kommunen der Region"),
        ("?lang=en", "de", "en", "Towns of the region"),
        ("?lang=de", "en", "de", "Kommunen der Region"),
        ("?lang=xx", "de", "de", "Kommunen der Region"),
        ("", "de;q=x,;;,en;q=2e9" * 50, "de", "Kommunen der Region"),
    ],
)
async def test_language_is_chosen_by_address_then_by_browser_then_german(
    site: Site, query: str, accept: str, language: str, words: str
) -> None:
    answer = await site.get(f"/{query}", headers={"Accept-Language": accept})
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    assert f"<h1>{words}</h1>" in answer.text


async def test_chosen_language_stays_while_moving_on(site: Site) -> None:
    page = (await site.get("/?lang=en")).text
    assert 'href="/potsdam/?lang=en"' in page
    assert 'href="/potsdam/"' not in page
    town = (await site.get("/potsdam/?lang=en")).text
    assert 'href="/potsdam/measures/modellvorhaben?lang=en"' in town


@pytest.mark.parametrize("path", ["/", "/potsdam/", "/region/", "/healthz", "/readyz"])
async def test_monitors_may_ask_without_the_body(site: Site, path: str) -> None:
    answer = await site.client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


async def test_unknown_measure_is_404(site: Site) -> None:
    assert (await site.get("/potsdam/measures/none")).json()["code"] == "NOT_FOUND"


async def test_region_page_lists_the_towns(site: Site) -> None:
    page = (await site.get("/region/")).text
    assert all(f'href="/{slug}/"' in page for slug in ("potsdam", "berlin", "bad-belzig"))
    assert 'href="/region/graphql"' in page


async def test_pages_stand_without_the_design_system(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from regiohub.web import static_files

    monkeypatch.setattr(static_files, "KERN", ("vendor/kern/not-built.css",))
    static_files.style_sheets.cache_clear()
    try:
        page = (await site.get("/")).text
    finally:
        static_files.style_sheets.cache_clear()
    assert re.fullmatch(r"/static/pages\.[0-9a-f]{12}\.css", *re.findall(r'rel="stylesheet" href="([^"]+)', page))


async def test_static_files_are_compressed_and_kept_by_browsers_under_names_made_from_their_content(site: Site) -> None:
    page = (await site.get("/")).text
    address = re.findall(r'href="(/static/pages\.[0-9a-f]{12}\.css)"', page)[0]
    answer = await site.get(address)
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    for other in ("/static/pages.css", "/static/pages.0123456789ab.css"):
        found = await site.get(other)
        assert found.text == answer.text
        assert "immutable" not in found.headers["cache-control"]


@pytest.mark.parametrize("path", ["/static/../settings.py", "/static/%2e%2e/app.py", "/static/", "/static/nope.css"])
async def test_only_files_of_the_folder_are_served(site: Site, path: str) -> None:
    answer = await site.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
