"""Maps and the drawing editor in a real browser, under the pages' own content security policy and with no network."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from playwright.async_api import Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from regiohub.testing.services.web import served
from regiohub.web.middleware.envelope import HEADERS, content_policy
from regiohub.web.static_files import static_app, static_url

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Test</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<link rel="stylesheet" href="{css}"><script type="module" src="{script}"></script></head>
<body><main><h1>Test</h1>{body}</main></body></html>"""


def _feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


FEATURES = [
    _feature({"type": "Point", "coordinates": [13.06, 52.39]}, title="Stadthaus", text="Erste\nZweite", kind="good"),
    _feature({"type": "Point", "coordinates": [13.08, 52.40]}, title="<img src=x onerror=alert(1)>", kind="bad"),
    _feature(
        {"type": "LineString", "coordinates": [[13.05, 52.39], [13.09, 52.41]]},
        title="Radweg", url="javascript:alert(1)", kind="warn",
    ),
    _feature(
        {"type": "Polygon", "coordinates": [[[13.02, 52.38], [13.04, 52.38], [13.04, 52.40], [13.02, 52.38]]]},
        title="Quartier", url="/liste#quartier",
    ),
    _feature(None, title="Ohne Ort"),
]  # fmt: skip


async def _geojson(request: Request) -> Response:
    points = range(int(request.query_params.get("points") or 0))
    many = [_feature({"type": "Point", "coordinates": [13 + n / 1000, 52.4]}, title=str(n)) for n in points]
    return JSONResponse({"type": "FeatureCollection", "features": many or FEATURES})


async def _page(request: Request) -> Response:
    shows_map = request.path_params["kind"] == "map"
    query = request.query_params
    style = query.get("style", "")
    named = f' data-style="{style}/style.json"' if style else ""
    body = (
        f'<div data-map="/data?points={query.get("points", "")}" data-title="Verfahren"{named}></div>'
        if shows_map
        else f'<label for="place">Ort</label><textarea id="place">{query.get("value", "")}</textarea>'
        '<div data-draw="place" data-centre="13.06,52.39"></div>'
    )
    return HTMLResponse(
        PAGE.format(
            lang=query.get("lang", "de"),
            css=static_url("vendor/map/map.css"),
            script=static_url("vendor/map/map.js" if shows_map else "vendor/map/draw.js"),
            body=body,
        ),
        headers={**HEADERS, "Content-Security-Policy": content_policy([style] if style else [])},
    )


async def _style(_request: Request) -> Response:
    """A style of somebody else's server."""
    layers = [{"id": "ground", "type": "background", "paint": {"background-color": "#ffffff"}}]
    return JSONResponse({"version": 8, "sources": {}, "layers": layers}, headers={"Access-Control-Allow-Origin": "*"})


@dataclass
class Visit:
    """A browser page, what it asked for and what it complained about."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list[str])
    complaints: list[str] = field(default_factory=list[str])

    async def open(self, path: str) -> None:
        """Go there and wait until the map stands still."""
        await self.page.goto(self.address + path)
        await self.page.wait_for_selector("[data-ready]", timeout=20_000)

    async def field(self) -> Any:
        """The geometry in the text field; ``None`` while it is empty."""
        value = await self.page.input_value("#place")
        return json.loads(value) if value else None

    async def click(self, x: int, y: int) -> None:
        """A click on the map, in pixels from its corner."""
        await self.page.locator("canvas.maplibregl-canvas").click(position={"x": x, "y": y})

    async def press(self, button: str) -> None:
        """Press one of the editor's buttons by its name."""
        await self.page.get_by_role("button", name=button, exact=True).click()


@pytest.fixture
async def visit(browser_page: Page) -> AsyncIterator[Visit]:
    app = Starlette(routes=[Route("/page/{kind}", _page), Route("/data", _geojson), Mount("/static", static_app())])
    async with served(app) as address:
        opened = Visit(browser_page, address)
        # Without a graphics card each pixel costs time.
        await browser_page.set_viewport_size({"width": 600, "height": 600})
        browser_page.on("request", lambda request: opened.requests.append(request.url))
        browser_page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        browser_page.on(
            "console", lambda message: opened.complaints.append(message.text) if message.type == "error" else None
        )
        yield opened


async def test_a_map_draws_every_feature_with_a_place_and_says_how_many_have_none(visit: Visit) -> None:
    await visit.open("/page/map")
    assert await visit.page.get_attribute("[data-map]", "data-ready") == "4"
    await expect(visit.page.get_by_role("status")).to_have_text(
        "4 Einträge auf der Karte · 1 Eintrag ohne Ort steht nur in der Liste"
    )


async def test_a_map_fetches_nothing_from_elsewhere_and_breaks_no_policy(visit: Visit) -> None:
    await visit.open("/page/map?points=400")
    assert [url for url in visit.requests if not url.startswith((visit.address, "data:"))] == []
    assert visit.complaints == []
    assert any("/vendor/map/worker.js" in url for url in visit.requests)


async def test_a_style_of_another_server_is_used_where_the_policy_names_it(visit: Visit) -> None:
    async with served(Starlette(routes=[Route("/style.json", _style)])) as elsewhere:
        await visit.open(f"/page/map?style={elsewhere}")
        others = [url for url in visit.requests if not url.startswith((visit.address, "data:"))]
        assert others == [f"{elsewhere}/style.json"]
        assert visit.complaints == []


async def test_entries_are_walked_by_keyboard_and_their_text_is_never_html(visit: Visit) -> None:
    await visit.open("/page/map")
    following = visit.page.get_by_role("button", name="Nächster Eintrag")
    await following.focus()
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator(".maplibregl-popup")).to_contain_text("Stadthaus")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator(".map__title")).to_have_text("<img src=x onerror=alert(1)>")
    assert await visit.page.locator(".maplibregl-popup img").count() == 0
    await expect(visit.page.get_by_role("status")).to_contain_text("Eintrag 2 von 4")
    await visit.page.keyboard.press("Enter")
    assert await visit.page.locator(".maplibregl-popup a").count() == 0, "an address that runs code is no link"
    await visit.page.keyboard.press("Enter")
    link = visit.page.get_by_role("link", name="Öffnen: Quartier")
    assert await link.get_attribute("href") == f"{visit.address}/liste#quartier"
    assert visit.complaints == []


async def test_a_click_on_an_area_opens_its_card(visit: Visit) -> None:
    await visit.open("/page/map")
    box = await visit.page.locator("canvas.maplibregl-canvas").bounding_box()
    assert box is not None
    # the lower right of the triangle lies to the left of the middle, low in the fitted view
    await visit.page.evaluate("scrollTo(0, 0)")
    for share in range(2, 40, 2):
        await visit.click(int(box["width"] * share / 100), int(box["height"] * 0.8))
        if await visit.page.locator(".maplibregl-popup", has_text="Quartier").count():
            break
    await expect(visit.page.locator(".maplibregl-popup")).to_contain_text("Quartier")
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.locator(".maplibregl-popup")).to_have_count(0)


async def test_the_controls_speak_the_language_of_the_page(visit: Visit) -> None:
    await visit.open("/page/map?lang=en")
    await expect(visit.page.get_by_role("button", name="Zoom in")).to_be_visible()
    await visit.open("/page/map")
    await expect(visit.page.get_by_role("button", name="Vergrößern")).to_be_visible()


async def test_drawing_an_area_fills_the_field_with_a_closed_ring_against_the_clock(visit: Visit) -> None:
    await visit.open("/page/draw")
    await visit.press("Fläche")
    for x, y in [(200, 80), (330, 90), (320, 220), (210, 210)]:
        await visit.click(x, y)
    await visit.press("Fertig zeichnen")
    await expect(visit.page.get_by_role("status")).to_contain_text("Eingetragen: Fläche.")
    geometry = await visit.field()
    (ring,) = geometry["coordinates"]
    assert geometry["type"] == "Polygon"
    assert len(ring) == 5
    assert ring[0] == ring[-1]
    assert sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring)) < 0
    assert all(12.9 < lon < 13.3 and 52.2 < lat < 52.6 for lon, lat in ring)
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith((visit.address, "data:"))] == []


async def test_a_point_is_set_by_keyboard_alone_and_undone(visit: Visit) -> None:
    await visit.open("/page/draw")
    await visit.page.get_by_role("button", name="Punkt", exact=True).focus()
    await visit.page.keyboard.press("Enter")
    await visit.page.locator("canvas.maplibregl-canvas").focus()
    await visit.page.keyboard.press("Space")
    await expect(visit.page.get_by_role("status")).to_contain_text("Eingetragen: Punkt.")
    geometry = await visit.field()
    assert geometry["type"] == "Point"
    assert geometry["coordinates"] == pytest.approx([13.06, 52.39], abs=0.001)
    await visit.press("Rückgängig")
    assert await visit.field() is None


async def test_a_line_is_drawn_and_a_new_drawing_takes_its_place(visit: Visit) -> None:
    await visit.open("/page/draw")
    await visit.press("Linie")
    await visit.click(200, 80)
    await visit.click(330, 90)
    await visit.press("Fertig zeichnen")
    assert (await visit.field())["type"] == "LineString"
    await visit.press("Punkt")
    await visit.click(250, 150)
    assert (await visit.field())["type"] == "Point"
    await visit.press("Löschen")
    assert await visit.field() is None
    await visit.press("Rückgängig")
    assert (await visit.field())["type"] == "Point"


async def test_several_parts_become_one_geometry_and_come_back(visit: Visit) -> None:
    await visit.open('/page/draw?value={"type":"MultiPoint","coordinates":[[13.05,52.39],[13.07,52.4]]}')
    assert await visit.page.get_by_label("Mehrere Teile").is_checked()
    await visit.press("Punkt")
    await visit.click(250, 150)
    geometry = await visit.field()
    assert geometry["type"] == "MultiPoint"
    assert geometry["coordinates"][:2] == [[13.05, 52.39], [13.07, 52.4]]
    assert len(geometry["coordinates"]) == 3


async def test_what_the_editor_cannot_draw_stays_in_the_field_untouched(visit: Visit) -> None:
    ring = [[13, 52], [14, 52], [14, 53], [13, 53], [13, 52]]
    hole = [[13.2, 52.2], [13.4, 52.2], [13.4, 52.4], [13.2, 52.2]]
    given = {"type": "Polygon", "coordinates": [ring, hole]}
    await visit.open(f"/page/draw?value={json.dumps(given)}")
    await expect(visit.page.get_by_role("status")).to_contain_text("nur im Textfeld")
    assert await visit.field() == given


async def test_text_that_is_no_geometry_is_said_and_kept(visit: Visit) -> None:
    await visit.open("/page/draw")
    await visit.page.fill("#place", "hier")
    await visit.page.locator("#place").blur()
    await expect(visit.page.get_by_role("status")).to_contain_text("keine gültige GeoJSON-Geometrie")
    assert await visit.page.input_value("#place") == "hier"
