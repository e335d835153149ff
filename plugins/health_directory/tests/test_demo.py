"""The example offers: enough of them, clearly invented, and never in the way of a town's own edits."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from regiohub.testing import World
from regiohub_health_directory.demo import load_demo
from regiohub_health_directory.service.accessibility import FEATURES
from regiohub_health_directory.service.hours import HoursWarning, check_hours
from regiohub_health_directory.taxonomy import load_taxonomy

from .conftest import TOWNS
from .test_finding import find

SLUGS = ("bad-belzig", "wiesenburg", "potsdam")


def content(slug: str) -> dict[str, Any]:
    return tomllib.loads((TOWNS / slug / "health_directory.toml").read_text("utf-8"))


def test_the_hoher_flaeming_has_at_least_forty_offers_in_its_villages() -> None:
    offers = [row for slug in ("bad-belzig", "wiesenburg") for row in content(slug)["service"]]
    places = {
        row["district"] for s in ("bad-belzig", "wiesenburg") for row in content(s)["location"] if "district" in row
    }
    assert len(offers) >= 40
    assert len(places) >= 12


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_in_the_examples_could_be_taken_for_a_real_practice(slug: str) -> None:
    data = content(slug)
    for row in data["service"]:
        assert row["name"].startswith("Beispiel")
        assert row["provider"].startswith("Beispiel")
        # 030 23125 000 to 999 are kept free for films and examples by the Federal Network Agency.
        assert re.fullmatch(r"030 23125 \d{3}", row.get("phone", "030 23125 000"))
        assert all("example.org" in row[name] for name in ("url", "email", "telehealth_url") if name in row)
    for row in data["location"]:
        assert row["name"].startswith("Beispiel")
        assert re.search("Beispiel|Muster", row["address"])


@pytest.mark.parametrize("slug", SLUGS)
def test_the_examples_use_known_terms_features_and_unambiguous_hours(slug: str) -> None:
    data = content(slug)
    for row in data["service"]:
        assert set(row["categories"]) <= load_taxonomy().terms.keys()
        for place in row["places"]:
            warnings = check_hours(place["hours"]).warnings if "hours" in place else ()
            assert HoursWarning.OVERRIDDEN not in warnings
    for row in data["location"]:
        assert set(row.get("accessibility", ())) <= FEATURES.keys()


def test_the_examples_show_every_kind_of_answer() -> None:
    offers = [row for slug in SLUGS for row in content(slug)["service"]]
    places = [row for slug in SLUGS for row in content(slug)["location"]]
    assert {row.get("accepting", "unknown") for row in offers} == {"yes", "no", "unknown"}
    assert {row["wheelchair"] for row in places} == {"yes", "no", "unknown"}
    assert {"gsg", "uk", "de-simple"} <= {code for row in offers for code in row["languages"]}
    ages = [row["verified_days_ago"] for row in offers]
    assert min(ages) < 30
    assert max(ages) > 365


async def test_loading_twice_adds_nothing_and_keeps_the_town_s_edits(world: World) -> None:
    await load_demo(world.scope("bad-belzig"), TOWNS / "bad-belzig")
    async with world.scope("bad-belzig").write() as ctx:
        await ctx.session.sql(
            "UPDATE health_directory_service SET name = 'Umbenannt' WHERE tenant_id = :tenant_id AND source_key = :key",
            {"key": "demo:podo"},
        )
    await load_demo(world.scope("bad-belzig"), TOWNS / "bad-belzig")
    names = [node["name"] for node in await find(world)]
    assert len(names) == 37
    assert "Umbenannt" in names


async def test_a_town_without_a_file_gets_no_examples(world_sqlite: World, tmp_path: Path) -> None:
    await load_demo(world_sqlite.scope("bad-belzig"), tmp_path)
    assert await find(world_sqlite) == []
