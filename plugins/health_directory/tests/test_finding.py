"""Finding services through the town's API, the same on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regiohub.testing import World

from .conftest import Add

FIND = """query($filter: HealthServiceFilter, $from: PointInput!, $first: Int = 100, $after: String) {
  healthDirectory { services(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { name openNow nextChange distance(from: $from) categories { code title } languages { code name }
      wheelchair acceptingNewPatients freshness } } } }"""
CENTRE = {"lon": 12.595, "lat": 52.142}


async def find(world: World, town: str = "bad-belzig", **wanted: Any) -> list[dict[str, Any]]:
    found = await world.graphql(town, FIND, {"filter": wanted, "from": CENTRE})
    assert not found.errors, found.errors
    return found.data["healthDirectory"]["services"]["nodes"]


async def names(world: World, **wanted: Any) -> list[str]:
    return [node["name"] for node in await find(world, **wanted)]


QUESTIONS = {
    "Zahnartz": "MZAH", "Fysiotherapie": "PHYS", "Apoteke": "APOT", "Hebame": "HEBA", "Augenarz": "AUGE",
    "Sychotherapie": "PST", "Logopedie": "SPR", "Krankengymnastik": "PHYS", "Fußpflege": "POD", "Kinderarzt": "KIJU",
    "Hausärztin": "ALLG", "Zahnärztin": "MZAH", "Frauenarzt": "FRAU",
}  # fmt: skip


async def test_typos_and_everyday_words_bring_the_right_offer_first(demo: World) -> None:
    first = {typed: (await find(demo, text=typed))[0] for typed in QUESTIONS}
    codes = {typed: [category["code"] for category in node["categories"]] for typed, node in first.items()}
    assert [typed for typed, code in QUESTIONS.items() if code not in codes[typed]] == []


async def test_a_correct_word_does_not_bring_up_words_that_merely_look_alike(demo: World) -> None:
    found = await find(demo, text="Physiotherapie")
    assert all("PHYS" in [category["code"] for category in node["categories"]] for node in found)


async def test_offers_that_match_every_word_hide_those_that_miss_one(demo: World) -> None:
    found = await names(demo, text="Physiotherapie Kurpark")
    # The second is the examples' duplicate of the first; "Physiotherapie Nord" misses a word.
    assert sorted(found) == ["Beispielpraxis Physiotherapie Kurpark", "Beispielpraxis für Physiotherapie am Kurpark"]


async def test_when_no_offer_matches_every_word_the_nearest_matches_come(demo: World) -> None:
    assert "Beispielpraxis für Logopädie" in await names(demo, text="Logopädie Xylophonstadt")


async def test_a_village_finds_what_is_offered_there(demo: World) -> None:
    assert await names(demo, text="Dippmannsdorf") == ["Beispiel-Nachbarschaftshilfe Dippmannsdorf"]


async def test_words_that_nobody_offers_find_nothing(demo: World) -> None:
    assert await names(demo, text="Quantenchromodynamik") == []


async def test_near_a_point_the_nearest_comes_first_and_far_ones_stay_out(world: World, add: Add) -> None:
    await add("Fern", lon=12.625)
    await add("Nah", lon=12.596)
    await add("Zu weit", lon=12.9)
    found = await find(world, near={**CENTRE, "metres": 5000})
    assert [node["name"] for node in found] == ["Nah", "Fern"]
    assert [round(node["distance"]) for node in found] == [pytest.approx(68, abs=2), pytest.approx(2052, abs=20)]


async def test_near_a_point_equally_fitting_offers_are_ordered_by_distance(world: World, add: Add) -> None:
    await add("Apotheke A", "APOT", lon=12.61)
    await add("Apotheke B", "APOT", lon=12.60)
    assert await names(world, text="Apotheke", near={**CENTRE, "metres": 5000}) == ["Apotheke B", "Apotheke A"]


async def test_a_category_includes_everything_below_it(world: World, add: Add) -> None:
    await add("Zahn", "MZAH")
    await add("Spange", "KIEF")
    await add("Haus", "ALLG")
    assert await names(world, categories=["ZAHN"]) == ["Spange", "Zahn"]


async def test_an_unknown_category_is_refused(world: World) -> None:
    found = await world.graphql("bad-belzig", FIND, {"filter": {"categories": ["NIX"]}, "from": CENTRE})
    assert found.codes == ["INVALID_INPUT"]


async def test_an_endless_question_is_refused(world: World) -> None:
    found = await world.graphql("bad-belzig", FIND, {"filter": {"text": "wort " * 60}, "from": CENTRE})
    assert found.codes == ["INVALID_INPUT"]


@pytest.mark.parametrize(
    "near", [{"lon": 912.0, "lat": 52.0}, {"lon": 12.0, "lat": -91.0}, {"lon": 12.0, "lat": 52.0, "metres": -1.0}]
)
async def test_a_circle_outside_the_world_is_refused(world_sqlite: World, near: dict[str, float]) -> None:
    found = await world_sqlite.graphql("bad-belzig", FIND, {"filter": {"near": near}, "from": CENTRE})
    assert found.codes == ["INVALID_INPUT"]


async def test_open_now_knows_the_hour_and_the_state_s_holidays(world: World, add: Add) -> None:
    await add("Samstags", hours="Mo-Sa 08:00-12:00; PH off")
    await add("Nachmittags", hours="Mo-Fr 14:00-18:00")
    world.clock.set(datetime(2026, 10, 24, 8, tzinfo=UTC))
    assert await names(world, openNow=True) == ["Samstags"]
    # Reformation Day: a holiday in Brandenburg, not in the whole country.
    world.clock.set(datetime(2026, 10, 31, 9, tzinfo=UTC))
    assert await names(world, openNow=True) == []
    (closed,) = await find(world, text="Samstags")
    assert closed["openNow"] is False
    assert closed["nextChange"] == "2026-11-02T07:00:00.000Z"


async def test_an_offer_without_hours_is_neither_open_nor_closed(world: World, add: Add) -> None:
    await add("Ohne Zeiten")
    (node,) = await find(world)
    assert node["openNow"] is None
    assert await names(world, openNow=True) == []


async def test_a_temporarily_closed_offer_is_listed_and_not_open(world: World, add: Add) -> None:
    await add("Umbau", hours="24/7", status="TEMPORARILY_CLOSED")
    (node,) = await find(world)
    assert (node["name"], node["openNow"]) == ("Umbau", False)
    assert await names(world, openNow=True) == []


async def test_an_inactive_offer_is_hidden_from_the_public_and_shown_to_staff(world: World, add: Add) -> None:
    await add("Früher", status="INACTIVE")
    assert await names(world) == []
    seen = await world.graphql("bad-belzig", FIND, {"filter": {}, "from": CENTRE}, roles=("editor",))
    assert [node["name"] for node in seen.data["healthDirectory"]["services"]["nodes"]] == ["Früher"]


async def test_wheelchair_access_has_three_answers(world: World, add: Add) -> None:
    for answer in ("YES", "NO", "UNKNOWN"):
        await add(answer, wheelchair=answer)
    assert {node["name"]: node["wheelchair"] for node in await find(world)} == {
        "YES": "YES", "NO": "NO", "UNKNOWN": "UNKNOWN"
    }  # fmt: skip
    assert await names(world, wheelchair="NO") == ["NO"]


async def test_all_wanted_languages_have_to_be_spoken(world: World, add: Add) -> None:
    await add("Nur Deutsch", languages=["de"])
    await add("Beides", languages=["de", "gsg"])
    assert await names(world, languages=["de", "gsg"]) == ["Beides"]


async def test_an_answer_on_new_patients_expires_to_unknown(world: World, add: Add) -> None:
    await add("Offen", accepting="YES")
    assert await names(world, acceptingNewPatients=True) == ["Offen"]
    world.clock.advance(timedelta(days=30))
    assert (await find(world))[0]["acceptingNewPatients"] == "YES"
    world.clock.advance(timedelta(days=1))
    assert (await find(world))[0]["acceptingNewPatients"] == "UNKNOWN"
    assert await names(world, acceptingNewPatients=True) == []


async def test_telehealth_and_appointment_are_conditions_of_their_own(world: World, add: Add) -> None:
    await add("Video", telehealth=True)
    await add("Termin", appointmentRequired=True)
    assert await names(world, telehealth=True) == ["Video"]
    assert await names(world, appointmentRequired=False) == ["Video"]


async def test_pages_follow_each_other_without_gap_or_overlap(demo: World) -> None:
    seen: list[str] = []
    after = None
    while True:
        found = await demo.graphql("bad-belzig", FIND, {"filter": {}, "from": CENTRE, "first": 7, "after": after})
        page = found.data["healthDirectory"]["services"]
        seen += [node["name"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == page["totalCount"] == 37
    assert seen == await names(demo)


async def test_a_town_never_finds_another_town_s_offers(world: World, add: Add) -> None:
    await add("Nur in Bad Belzig")
    assert await find(world, "potsdam") == []


async def test_the_number_of_statements_does_not_grow_with_the_number_of_offers(world: World, add: Add) -> None:
    async def count() -> int:
        with world.statements() as seen:
            assert await find(world, text="Zahnarzt", near={**CENTRE, "metres": 9000})
        return len(seen)

    await add("Zahnarzt 1", "MZAH", hours="24/7", languages=["de"])
    before = await count()
    for number in range(2, 8):
        await add(f"Zahnarzt {number}", "MZAH", hours="24/7", languages=["de"])
    assert await count() == before


async def test_titles_come_in_the_caller_s_language(demo: World) -> None:
    document = '{ healthDirectory { taxonomyTerms(parent: "ZAHN", first: 1) { nodes { title synonyms } } } }'
    english = await demo.graphql("potsdam", document, language="en")
    german = await demo.graphql("potsdam", document, language="de")
    assert english.data["healthDirectory"]["taxonomyTerms"]["nodes"][0]["title"] == "General dentistry"
    assert german.data["healthDirectory"]["taxonomyTerms"]["nodes"][0]["title"] == "Allgemeine Zahnheilkunde"


async def test_the_emergency_numbers_stand_above_the_lists(world: World) -> None:
    found = await world.graphql("potsdam", "{ healthDirectory { emergencyNumbers { number title purpose } } }")
    assert [entry["number"] for entry in found.data["healthDirectory"]["emergencyNumbers"]] == ["112", "116117"]


async def test_a_place_without_hours_of_its_own_keeps_those_of_the_service(world: World, add: Add) -> None:
    await add("Praxis", openingHours="Mo 08:00-12:00")
    assert [node["openNow"] for node in await find(world, openNow=True)] == [True]
