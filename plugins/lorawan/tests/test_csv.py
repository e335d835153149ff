"""Series as CSV: downloaded by anyone, loaded by staff."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.api import DomainError
from regiohub.testing import World
from regiohub_lorawan.formats.csv import read_values, safe_cell
from regiohub_lorawan.testing import Sensor, hours, send, up


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


async def test_datastream_is_downloaded_raw_and_aggregated(world: World, sensor: Sensor) -> None:
    start = world.clock.now() - timedelta(hours=30)
    await send(
        sensor.scope,
        *(up(at, n, f_cnt=n) for n, at in enumerate(hours(30, start))),
        up(start + timedelta(minutes=1), 99),
    )
    url = f"/potsdam/lorawan/datastreams/{sensor.temperature.id}.csv"
    raw = await world.client.get(url)
    assert raw.headers["content-type"].startswith("text/csv")
    assert 'filename="potsdam-air_temperature-' in raw.headers["content-disposition"]
    rows = table(raw.text)
    assert rows[1] == {"time": "2026-05-31T02:01:00.000Z", "value": "99.0", "unit": "Cel", "quality": "implausible"}
    assert len(rows) == 31
    hourly = table((await world.client.get(url, params={"step": "hour"})).text)
    assert len(hourly) == 30
    assert hourly[3]["mean"] == hourly[3]["last"] == "3.0"
    daily = table((await world.client.get(url, params={"step": "day"})).text)
    assert [row["count"] for row in daily] == ["20", "10"]
    part = await world.client.get(
        url, params={"from": (start + timedelta(hours=2)).isoformat(), "to": (start + timedelta(hours=4)).isoformat()}
    )
    assert [row["value"] for row in table(part.text)] == ["2.0", "3.0"]


async def test_long_download_comes_in_portions_without_loss(world: World, sensor: Sensor) -> None:
    from regiohub_lorawan.models.moments import to_millis
    from regiohub_lorawan.service import backfill
    from regiohub_lorawan.store.observations import Point

    base = to_millis(world.clock.now() - timedelta(days=20))
    await backfill.load(
        sensor.scope, [Point(sensor.temperature.series, base + n * 60_000, float(n)) for n in range(12_000)]
    )
    response = await world.client.get(f"/potsdam/lorawan/datastreams/{sensor.temperature.id}.csv")
    assert [float(row["value"]) for row in table(response.text)] == [float(n) for n in range(12_000)]


async def test_bad_spans_and_unknown_series_are_problems(world_sqlite: World) -> None:
    base = "/potsdam/lorawan/datastreams"
    assert (await world_sqlite.client.get(f"{base}/{uuid4()}.csv")).status_code == 404
    for query in (
        "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
        "from=2026-01-02T00:00:00",
        "step=week",
        "to=0001-01-01T00:00:00Z",
        "from=0001-01-01T00:00:00%2B14:00",
        "step=day&from=9999-12-20T00:00:00Z&to=9999-12-31T23:59:59Z",
    ):
        response = await world_sqlite.client.get(f"{base}/{uuid4()}.csv?{query}")
        assert response.status_code == 422, query
        assert response.headers["content-type"].startswith("application/problem+json")


async def test_foreign_series_looks_like_a_missing_one(world: World, sensor: Sensor) -> None:
    response = await world.client.get(f"/bad-belzig/lorawan/datastreams/{sensor.temperature.id}.csv")
    assert response.status_code == 404


async def test_history_is_loaded_by_staff_and_again_without_change(world: World, sensor: Sensor) -> None:
    url = f"/potsdam/lorawan/datastreams/{sensor.temperature.id}.csv"
    body = "time,value,note\r\n2026-01-01T00:00:00+01:00,3.5,a\r\n2026-01-01T01:00:00+01:00,400,b\r\n"
    for caller, status in (({}, 401), ({"subject": "bob"}, 403)):
        refused = await world.client.post(url, content=body, headers=world.headers("potsdam", **caller))
        assert refused.status_code == status
    for _ in range(2):
        done = await world.client.post(url, content=body, headers=world.headers("potsdam", roles=("editor",)))
        assert done.json() == {"rows": 2}
    back = await world.client.get(url, params={"from": "2025-12-01T00:00:00Z"})
    assert [(row["time"], row["value"], row["quality"]) for row in table(back.text)] == [
        ("2025-12-31T23:00:00.000Z", "3.5", "good"),
        ("2026-01-01T00:00:00.000Z", "400.0", "implausible"),
    ]


@pytest.mark.parametrize(
    "rows",
    ["x,y\n", "time,value\n2026-01-01T00:00:00Z,nan\n", "time,value\n2026-01-01,1\n", "time,value\nnever,1\n",
     "time,value\n2026-01-01T00:00:00Z,\n", "time,value\n2199-01-01T00:00:00Z,1\n",
     "time,value\n1999-01-01T00:00:00Z,1\n", "time,value\n0001-01-01T00:00:00+14:00,1\n"],
)  # fmt: skip
async def test_bad_file_is_refused_as_a_whole(world_sqlite: World, rows: str) -> None:
    from regiohub_lorawan.testing import register

    sensor = await register(world_sqlite.scope("potsdam"))
    url = f"/potsdam/lorawan/datastreams/{sensor.temperature.id}.csv"
    good = "time,value\n2026-01-01T00:00:00Z,1\n" + rows.removeprefix("time,value\n")
    for body in (rows, good if rows.startswith("time") else rows):
        response = await world_sqlite.client.post(
            url, content=body, headers=world_sqlite.headers("potsdam", roles=("editor",))
        )
        assert response.status_code == 422
        assert response.json()["field"] == "body"
        assert "aufbewahrt" not in response.json()["detail"]
    assert len(table((await world_sqlite.client.get(url, params={"from": "2000-01-01T00:00:00Z"})).text)) == 0


async def test_overview_lists_series_with_their_addresses(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now(), 7))
    rows = table((await world.client.get("/potsdam/lorawan/datastreams.csv")).text)
    assert {row["property"]: row["latest_value"] for row in rows} == {
        "air_temperature": "7.0",
        "relative_humidity": "50.0",
    }
    assert (await world.client.get(f"/potsdam/lorawan/{rows[0]['csv']}")).status_code == 200


@given(
    st.text(max_size=200)
    | st.text("time,value\n0123456789-:TZ.+", max_size=200).map(lambda text: "time,value\n" + text)
)
def test_any_text_is_rows_or_a_named_fault(text: str) -> None:
    try:
        for at, value in read_values(text.encode("utf-8", "surrogatepass")):
            assert at.tzinfo is not None
            assert value - value == 0
    except DomainError as error:
        assert error.field == "body"  # noqa: PT017


def test_names_never_become_formulas() -> None:
    assert safe_cell("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert safe_cell("Pegel") == "Pegel"
