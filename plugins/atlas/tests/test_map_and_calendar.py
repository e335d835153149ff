"""GeoJSON and iCalendar over HTTP: shape, filters, what is public."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator

from regiohub.api import Ctx
from regiohub.testing import World
from regiohub_atlas.demo import load_demo
from regiohub_atlas.service import dates, editing

TENANTS = Path(__file__).parents[3] / "tenants"
CHECK = Path(__file__).parents[4] / "shared" / "standards" / "check.py"


async def fill(world: World, **changes: Any) -> str:
    async def work(ctx: Ctx) -> str:
        values = {
            "title": "Umbau am Markt", "title_en": "Rebuilding the market", "kind": "trial", "starts_on": "2026-05-01",
            "place": {"type": "Point", "coordinates": [13.06, 52.39]}, "topics": [{"title": "Verkehr"}], **changes,
        }  # fmt: skip
        procedure = await editing.create_procedure(ctx, values)
        await editing.publish_procedure(ctx, procedure.id)
        return str(procedure.id)

    return await world.scope("potsdam").run(work)


async def geojson(world: World, query: str = "", **headers: str) -> dict[str, Any]:
    response = await world.client.get(f"/potsdam/atlas/procedures.geojson{query}", headers=headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/geo+json"
    return response.json()


def standard_findings(content: Any, name: str, folder: Path) -> str:
    if not CHECK.is_file():
        pytest.skip("the official schemas are not at hand")
    file = folder / "answer.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    done = subprocess.run([sys.executable, str(CHECK), "oaf", name, str(file)], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


async def test_the_map_holds_every_published_procedure_with_and_without_a_place(world: World) -> None:
    await load_demo(world.scope("potsdam"), TENANTS / "potsdam")
    found = await geojson(world)
    assert (found["type"], found["numberMatched"]) == ("FeatureCollection", found["numberReturned"])
    features = {feature["properties"]["slug"]: feature for feature in found["features"]}
    assert features["buergerumfrage-2022"]["geometry"] is None
    assert features["buergerumfrage-2022"]["properties"]["cityWide"] is True
    workshop = features["strategiewerkstaetten"]
    assert workshop["geometry"]["type"] == "MultiPoint"
    assert workshop["properties"]["status"] == "finished"
    assert workshop["properties"]["topics"][0] == {
        "key": "bildung-kultur-und-arbeit", "title": "Bildung, Kultur und Arbeit",
    }  # fmt: skip


async def test_the_collection_and_a_feature_pass_the_official_schema(world_sqlite: World, tmp_path: Path) -> None:
    await load_demo(world_sqlite.scope("potsdam"), TENANTS / "potsdam")
    await load_demo(world_sqlite.scope("potsdam"), TENANTS / "wiesenburg")
    assert standard_findings(await geojson(world_sqlite), "featureCollectionGeoJSON", tmp_path) == ""
    one = await world_sqlite.client.get("/potsdam/atlas/procedures/strategiewerkstaetten.geojson")
    assert standard_findings(one.json(), "featureGeoJSON", tmp_path) == ""


async def test_the_address_filters_like_the_api(world: World) -> None:
    await fill(world)
    await fill(world, title="Umfrage überall", kind="survey", place=None, city_wide=True, starts_on="2026-09-01")
    cases = {
        "": ["umbau-am-markt", "umfrage-ueberall"],
        "?status=running": ["umbau-am-markt"],
        "?status=running&status=planned": ["umbau-am-markt", "umfrage-ueberall"],
        "?kind=survey": ["umfrage-ueberall"],
        "?topic=verkehr&kind=trial": ["umbau-am-markt"],
        "?q=UEBERALL": ["umfrage-ueberall"],
        "?near=13.06,52.3901,50": ["umbau-am-markt"],
        "?near=13.07,52.39,50": [],
        "?bbox=13,52,13.1,53": ["umbau-am-markt"],
        "?running_at=2027-01-01": ["umbau-am-markt", "umfrage-ueberall"],
        "?city_wide=true": ["umfrage-ueberall"],
    }
    for query, expected in cases.items():
        assert [f["properties"]["slug"] for f in (await geojson(world, query))["features"]] == expected, query


async def test_around_a_point_the_nearest_stands_first(world: World) -> None:
    for title, lon in (("Anfang der Liste", 13.10), ("Zum Greifen nah", 13.061), ("Mittendrin", 13.08)):
        await fill(world, title=title, place={"type": "Point", "coordinates": [lon, 52.39]})
    found = await geojson(world, "?near=13.06,52.39,5000")
    assert [feature["properties"]["title"] for feature in found["features"]] == [
        "Zum Greifen nah", "Mittendrin", "Anfang der Liste",
    ]  # fmt: skip


async def test_a_long_list_comes_in_pages_linked_to_each_other(world: World) -> None:
    for number in range(5):
        await fill(world, title=f"Verfahren {number}")
    seen: list[str] = []
    following: list[str] = []
    url = "/potsdam/atlas/procedures.geojson?limit=2&kind=trial"
    for _ in range(3):
        page = (await world.client.get(url)).json()
        assert page["numberMatched"] == 5
        seen += [feature["properties"]["title"] for feature in page["features"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if following:
            url = following[0]
    assert seen == [f"Verfahren {number}" for number in range(5)]
    assert following == []


async def test_words_come_in_the_language_asked_for(world_sqlite: World) -> None:
    await fill(world_sqlite)
    german = (await geojson(world_sqlite))["features"][0]["properties"]
    english = (await geojson(world_sqlite, **{"accept-language": "en"}))["features"][0]["properties"]
    assert (german["title"], german["statusLabel"], german["term"]) == (
        "Umbau am Markt", "läuft", "ab 1. Mai 2026, Ende offen",
    )  # fmt: skip
    assert (english["title"], english["statusLabel"], english["status"]) == (
        "Rebuilding the market", "running", german["status"],
    )  # fmt: skip


async def test_bad_addresses_get_a_problem_with_the_field(world_sqlite: World) -> None:
    for query, field in (
        ("?near=13.06,52.39", "near"),
        ("?near=a,b,c", "near"),
        ("?near=13,95,100", "near"),
        ("?near=nan,52,100", "near"),
        ("?bbox=14,52,13,53", "bbox"),
        ("?bbox=1,2,3", "bbox"),
        ("?status=halb", "status.0"),
        ("?limit=0", "limit"),
        ("?offset=-1", "offset"),
        ("?near=1e400,52,100", "near"),
    ):
        response = await world_sqlite.client.get(f"/potsdam/atlas/procedures.geojson{query}")
        assert response.status_code == 422, query
        assert response.json()["field"] == field, response.text


async def test_drafts_never_leave_by_map_or_calendar_not_even_for_staff(world_sqlite: World) -> None:
    async def draft(ctx: Ctx) -> None:
        procedure = await editing.create_procedure(ctx, {"title": "Geheimer Entwurf"})
        await dates.add_date(ctx, procedure.id, {"title": "Geheimes Treffen", "day": "2026-07-01"})

    await world_sqlite.scope("potsdam").run(draft)
    headers = world_sqlite.headers("potsdam", roles=("editor",))
    for path in ("procedures.geojson", "dates.ics"):
        response = await world_sqlite.client.get(f"/potsdam/atlas/{path}", headers=headers)
        assert response.status_code == 200
        assert "Geheim" not in response.text
    for path in ("procedures/geheimer-entwurf.geojson", "procedures/geheimer-entwurf.ics", "procedures/nichts.ics"):
        assert (await world_sqlite.client.get(f"/potsdam/atlas/{path}", headers=headers)).status_code == 404


async def test_what_a_procedure_may_say_is_published_as_json_schema(world_sqlite: World) -> None:
    response = await world_sqlite.client.get("/potsdam/atlas/procedure.schema.json")
    assert response.headers["content-type"] == "application/schema+json"
    schema = response.json()
    Draft202012Validator.check_schema(schema)
    assert {"title", "plain_text", "phases", "documents", "links", "actors", "topics"} <= schema["properties"].keys()


async def test_a_town_that_has_the_atlas_off_has_no_routes_and_no_fields(world_sqlite: World) -> None:
    assert (await world_sqlite.client.get("/berlin/atlas/procedures.geojson")).status_code == 404
    assert (await world_sqlite.graphql("berlin", "{ atlas { topics { totalCount } } }")).errors
    await world_sqlite.enable("berlin", "atlas")
    assert (await world_sqlite.client.get("/berlin/atlas/procedures.geojson")).json()["numberMatched"] == 0
    await world_sqlite.disable("berlin", "atlas")
    assert (await world_sqlite.client.get("/berlin/atlas/dates.ics")).status_code == 404


def events_of(body: bytes) -> list[Any]:
    return list(Calendar.from_ical(body).walk("VEVENT"))


async def test_the_calendar_holds_days_and_times_and_counts_changes(world: World) -> None:
    procedure = await fill(world)

    async def plan(ctx: Ctx) -> Any:
        day = await dates.add_date(ctx, procedure, {"title": "Rundgang", "day": "2026-06-20", "venue": "Markt"})  # type: ignore[arg-type]
        await dates.add_date(
            ctx, procedure,  # type: ignore[arg-type]
            {
                "title": "Abend", "starts_at": "2026-06-21T18:30:00+02:00", "ends_at": "2026-06-21T20:00:00+02:00",
                "place": {"type": "Point", "coordinates": [13.06, 52.39]}, "online_url": "https://example.org/live",
                "accessibility": "Mit Gebärdensprache",
            },
        )  # fmt: skip
        return day.id

    first = await world.scope("potsdam").run(plan)
    response = await world.client.get("/potsdam/atlas/dates.ics")
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    day, evening = events_of(response.content)
    assert (day["dtstart"].dt, day["dtend"].dt, day["sequence"]) == (date(2026, 6, 20), date(2026, 6, 21), 0)
    assert (day["summary"], day["location"], day["status"]) == ("Rundgang", "Markt", "CONFIRMED")
    assert evening["dtstart"].dt == datetime(2026, 6, 21, 16, 30, tzinfo=UTC)
    assert (evening["geo"].latitude, evening["geo"].longitude) == (52.39, 13.06)
    assert "Umbau am Markt" in evening["description"]
    assert "Gebärdensprache" in evening["description"]
    world.clock.advance(timedelta(hours=1))
    await world.scope("potsdam").run(lambda ctx: dates.cancel_date(ctx, first, "Regen"))
    (again, _) = events_of((await world.client.get("/potsdam/atlas/procedures/umbau-am-markt.ics")).content)
    assert (again["uid"], again["sequence"], again["status"]) == (day["uid"], 1, "CANCELLED")
    assert again["dtstamp"].dt > day["dtstamp"].dt
    assert "Regen" in again["description"]


async def test_the_common_calendar_forgets_what_is_long_past_and_the_archive_does_not(world_sqlite: World) -> None:
    procedure = await fill(world_sqlite)

    async def plan(ctx: Ctx) -> None:
        await dates.add_date(ctx, procedure, {"title": "Damals", "day": "2022-01-10"})  # type: ignore[arg-type]

    await world_sqlite.scope("potsdam").run(plan)
    assert events_of((await world_sqlite.client.get("/potsdam/atlas/dates.ics")).content) == []
    assert len(events_of((await world_sqlite.client.get("/potsdam/atlas/procedures/umbau-am-markt.ics")).content)) == 1


async def test_the_map_takes_a_constant_number_of_statements(world: World) -> None:
    await fill(world)
    with world.statements() as few:
        await geojson(world)
    for number in range(4):
        await fill(world, title=f"Verfahren {number}")
    with world.statements() as many:
        await geojson(world)
    assert len(few) == len(many)
