"""What an archive states about a town: any JSON there makes a town that works, or is refused and stores nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from regiohub.archive.departure import Leaving, remove_town
from regiohub.archive.stated import facts_of_programme, facts_of_town
from regiohub.errors import DomainError, InvalidInput
from regiohub.tenancy.models import ProgrammeRow, TenantRow
from regiohub.tenancy.transfers import Transfer
from regiohub.testing import World
from regiohub.testing.depth import is_full
from regiohub.testing.world import START

from .conftest import EMPTY_ONE, ONE, Open, exported, imported
from .test_foreign import town_with

FACTS: dict[str, Any] = {
    "slug": "potsdam", "name": "Landeshauptstadt Potsdam", "short_name": "Potsdam", "ags": "12054000", "state": "BB",
    "population": 185000, "area_km2": 188.25, "lon": 13.06, "lat": 52.39, "locale": "de-DE",
    "timezone": "Europe/Berlin", "programme_id": None, "programme": None, "phase": "B", "phase_until": "2027-12-31",
    "motto": "Straße „Zum Öhr“", "office": None, "client": None, "innovation_fields": ["Wasser"],
    "branding": {"primary": "#1c4b82", "accent": "#e2a100", "logo": None}, "hosts": ["potsdam.test"],
    "cors_origins": ["https://app.potsdam.test"], "created_at": "2026-06-01T08:00:00.000000Z",
    "updated_at": "2026-06-01T08:00:00Z",
}  # fmt: skip
NAMES = sorted(column.name for column in TenantRow.__table__.columns if column.name not in ("id", "slug"))
# Nearly right, wrong for all, and dangerous where they are taken for what they seem to be.
ODD = st.sampled_from(
    [
        None, True, 0, -1, 5, 10**9, 2**63, 1e308, 0.1, "", " ", "abc", "\0", "a\x0bb", "x" * 201, "de-DE", "xx-YY",
        "Europe/Berlin", "../../etc/passwd", "12054000", "BB", "2020-13-01", "0001-01-01", "9999-12-31",
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-06-01T08:00:00", "2026-06-01T08:00:00Z",
        "<script>alert(1)</script>", "{{ 7*7 }}", [], [None], ["*"], ["a.example"], ["https://a.example"], ["x"] * 201,
        {}, {"primary": 5}, {"primary": "#000000"}, {"primary": "red;}body{display:none"}, {"logo": "../../x.png"},
    ]
)  # fmt: skip
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6,
)  # fmt: skip
TRIES = settings(
    max_examples=300 if is_full() else 25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@dataclass(frozen=True)
class Place:
    """An installation with another town, and a town's archive."""

    world: World = field(repr=False)
    archive: Path

    async def stored(self) -> list[Any]:
        """All that an import could have left."""
        async with self.world.platform.database.platform() as session:
            return [
                *(await session.scalars(sa.select(TenantRow.slug))), *(await session.scalars(sa.select(Transfer.id))),
                *(await session.scalars(sa.select(ProgrammeRow.id))),
            ]  # fmt: skip


@pytest.fixture
async def archive(opens: Open, tmp_path: Path) -> Path:
    async with opens("sqlite", ONE) as world:
        await exported(world, tmp_path / "1.zip")
    return tmp_path / "1.zip"


@pytest.fixture
async def place(opens: Open, archive: Path) -> AsyncGenerator[Place]:
    async with opens("sqlite", EMPTY_ONE) as world:
        yield Place(world, archive)


@TRIES
@given(name=st.sampled_from(NAMES), value=ODD | JSON)
@example(name="population", value="abc")
@example(name="population", value=10**9)
@example(name="locale", value="xx-YY")
@example(name="phase_until", value="0001-01-01")
@example(name="created_at", value="0001-01-01T00:00:00+14:00")
async def test_any_json_in_a_fact_makes_a_town_whose_pages_work_or_is_refused_and_stores_nothing(
    place: Place, name: str, value: object
) -> None:
    world, before = place.world, await place.stored()
    refused: DomainError | None = None
    try:
        await imported(world, town_with(place.archive, **{name: value}))
    except DomainError as error:
        refused = error
    if refused is not None:
        # The key of a town and its state are judged together.
        assert refused.message.en.startswith(f"town.json: {'' if name in ('ags', 'state') else name}")
        assert await place.stored() == before
        return
    try:
        assert world.platform.tenants.get("potsdam") is not None
        for path in ("/", "/berlin/", "/potsdam/"):
            assert ((await world.client.get(path, follow_redirects=True)).status_code, path) == (200, path)
        query = "{ tenants { name population areaKm2 phaseUntil timezone locale centre innovationFields } }"
        answer = await world.client.post("/region/graphql", json={"query": query})
        assert answer.json().get("errors") is None, answer.text
    finally:
        await remove_town(world.platform, "potsdam", Leaving(by="test", settle=0.0))
        async with world.platform.database.platform(write=True) as session, session.begin():
            await session.execute(sa.delete(Transfer), execution_options={"synchronize_session": False})


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("population", "abc", "This must be a whole number"),
        ("population", 10**11, "at most 1000000000"),
        ("lat", "x", "This must be a number"),
        ("lon", 181, "at most 180"),
        ("phase_until", "2020-13-01", "valid date"),
        ("created_at", 5, "valid datetime"),
        ("name", None, "This must be a text"),
        ("ags", {"a": 5}, "This must be a text"),
        ("branding", {"primary": "#ffffff"}, "cannot be read"),
        ("motto", "a\0b", "must not hold control characters"),
        ("hosts", ["a.example"] * 201, "at most 200"),
        ("nothing", 1, "is unknown here"),
        ("centre", [13.0, 52.0], "is unknown here"),
    ],
)
def test_a_wrong_fact_is_named_with_its_file_and_with_what_is_wanted(name: str, value: object, wanted: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        facts_of_town(json.dumps(FACTS | {name: value}).encode(), "potsdam")
    assert refused.value.message.en.startswith(f"town.json: {name}")
    assert wanted in refused.value.message.en
    assert "Nichts wurde übernommen" in refused.value.message.de


@pytest.mark.parametrize("slug", ["console", "region", "x", "Potsdam"])
def test_no_town_comes_under_a_name_of_the_platform(slug: str) -> None:
    with pytest.raises(InvalidInput, match=r"town\.json: slug"):
        facts_of_town(json.dumps(FACTS).encode(), slug)


def test_what_is_missing_or_no_object_is_refused() -> None:
    some = {name: value for name, value in FACTS.items() if name != "motto"}
    for content, wanted in ((json.dumps(some), "motto: is missing"), ("[]", "an object"), ("{", "no JSON")):
        with pytest.raises(InvalidInput, match=wanted):
            facts_of_town(content.encode(), "potsdam")


def test_sound_facts_stay_what_they_are() -> None:
    assert facts_of_town(json.dumps(FACTS).encode(), "drill") == FACTS | {
        "slug": "drill", "phase_until": date(2027, 12, 31), "created_at": START, "updated_at": START,
    }  # fmt: skip


def test_a_programme_is_judged_too_and_must_be_the_towns_own() -> None:
    facts: dict[str, Any] = {"id": "p", "title": "P", "title_en": None, "summary": None, "summary_en": None}
    assert facts_of_programme(json.dumps(facts).encode(), "p") == facts
    with pytest.raises(InvalidInput, match=r"programme\.json: title: This must be a text"):
        facts_of_programme(json.dumps(facts | {"title": 5}).encode(), "p")
    with pytest.raises(InvalidInput, match=r"programme\.json: id"):
        facts_of_programme(json.dumps(facts).encode(), "another")
