"""The file for maps."""

from typing import Any

import pytest
from regiohub.testing import World
from regiohub_{{ cookiecutter.id }}.service import editing

URL = "/potsdam/{{ cookiecutter.id }}/places.geojson"
VALUES: dict[str, Any] = {"kind": "toilet", "hours": "24/7"}


async def fill(world: World, count: int = 3) -> None:
    async with world.scope("potsdam").write() as ctx:
        for number in range(count):
            point = {"type": "Point", "coordinates": [13.0 + number / 100, 52.4]}
            await editing.create(ctx, VALUES | {"name": f"WC {number}", "location": point})
        await editing.create(ctx, {"name": "Überall"})


async def test_places_are_features_and_those_without_a_location_have_none(world: World) -> None:
    await fill(world, 1)
    response = await world.client.get(URL, headers={"accept-language": "de"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/geo+json"
    body = response.json()
    assert (body["type"], body["numberMatched"], body["numberReturned"]) == ("FeatureCollection", 2, 2)
    toilet, everywhere = body["features"]
    assert toilet["geometry"] == {"type": "Point", "coordinates": [13, 52.4]}
    assert everywhere["geometry"] is None
    wanted = {"name": "WC 0", "kind": "toilet", "kindLabel": "Toilette", "hours": "24/7", "openNow": True}
    assert wanted.items() <= toilet["properties"].items()
    assert everywhere["properties"]["openNow"] is None


async def test_links_lead_through_all_pages(world_sqlite: World) -> None:
    await fill(world_sqlite, 5)
    found: list[str] = []
    url: str | None = f"{URL}?limit=4"
    while url:
        body = (await world_sqlite.client.get(url)).json()
        found += [feature["properties"]["name"] for feature in body["features"]]
        url = next((link["href"] for link in body["links"] if link["rel"] == "next"), None)
    assert found == ["WC 0", "WC 1", "WC 2", "WC 3", "WC 4", "Überall"]


async def test_filters_are_those_of_the_api(world: World) -> None:
    await fill(world)

    async def names(query: str) -> list[str]:
        body = (await world.client.get(f"{URL}?{query}")).json()
        return [feature["properties"]["name"] for feature in body["features"]]

    assert await names("near=13.02,52.4,1000") == ["WC 2", "WC 1"]
    assert await names("bbox=12.99,52.3,13.001,52.5") == ["WC 0"]
    assert await names("kind=other") == ["Überall"]
    assert await names("open=true&q=wc 1") == ["WC 1"]


@pytest.mark.parametrize("query", ["near=1,2", "near=a,b,c", "bbox=2,0,1,1", "near=nan,0,10", "limit=0"])
async def test_conditions_that_make_no_sense_are_refused(world_sqlite: World, query: str) -> None:
    response = await world_sqlite.client.get(f"{URL}?{query}")
    assert response.status_code == 422, response.text


async def test_the_number_of_statements_does_not_grow_with_the_rows(world: World) -> None:
    async def statements() -> int:
        with world.statements() as seen:
            assert (await world.client.get(URL)).status_code == 200
        return len(seen)

    await fill(world, 1)
    few = await statements()
    await fill(world, 20)
    assert await statements() == few
