"""The questionnaire through the API: suggestions with reasons, and nothing kept."""

from pathlib import Path
from typing import Any

from regiohub.testing import World
from regiohub_atlas.demo import load_demo

TENANTS = Path(__file__).parents[3] / "tenants"
MATCHES = """query($a: MatchAnswersInput!, $n: Int) { atlas { matches(answers: $a, limit: $n) {
  score procedure { slug status topics { key } } reasons { criterion fit points weight text } } } }"""
ANSWERS: dict[str, Any] = {
    "interests": ["digitalisierung"],
    "minutesPerWeek": 60,
    "place": {"lon": 12.595, "lat": 52.142, "metres": 3000},
    "forms": ["ON_SITE"],
    "commitment": "LASTING",
}


async def ask(world: World, answers: dict[str, Any], limit: int | None = None, language: str = "de") -> Any:
    answer = await world.graphql("potsdam", MATCHES, {"a": answers, "n": limit}, language=language)
    assert answer.errors == [], answer.errors
    return answer.data["atlas"]["matches"]


async def test_the_best_match_comes_first_with_its_reasons_in_the_callers_language(world: World) -> None:
    await load_demo(world.scope("potsdam"), TENANTS / "bad-belzig")
    best, *others = await ask(world, ANSWERS)
    assert (best["procedure"]["slug"], best["score"]) == ("app-werkstatt", 1.0)
    assert best["reasons"][0] == {
        "criterion": "INTERESTS", "fit": "YES", "points": 4.0, "weight": 4,
        "text": "Ihr Thema kommt vor: Digitalisierung.",
    }  # fmt: skip
    assert [reason["criterion"] for reason in best["reasons"]] == ["INTERESTS", "TIME", "PLACE", "FORM", "COMMITMENT"]
    assert [other["procedure"]["slug"] for other in others] == ["verkehrsversuch-innenstadt"]
    english = (await ask(world, ANSWERS, language="en"))[0]["reasons"][0]["text"]
    assert english == "Your topic occurs: Digitalisation."


async def test_what_is_over_is_never_suggested(world_sqlite: World) -> None:
    await load_demo(world_sqlite.scope("potsdam"), TENANTS / "bad-belzig")
    every = await ask(world_sqlite, {})
    assert {match["procedure"]["status"] for match in every} == {"RUNNING", "PLANNED"}
    assert all(match["score"] == 1 and match["reasons"] == [] for match in every)
    assert len(await ask(world_sqlite, {}, limit=1)) == 1
    assert await ask(world_sqlite, {}, limit=0) == []


async def test_impossible_answers_are_refused(world_sqlite: World) -> None:
    for answers in (
        {"minutesPerWeek": -1},
        {"place": {"lon": 13, "lat": 95}},
        {"place": {"lon": 13, "lat": 52, "metres": 0}},
    ):
        answer = await world_sqlite.graphql("potsdam", MATCHES, {"a": answers})
        assert answer.codes == ["INVALID_INPUT"], answers


async def test_answers_are_neither_stored_nor_logged(world: World, capfd: Any) -> None:
    await load_demo(world.scope("potsdam"), TENANTS / "bad-belzig")
    capfd.readouterr()
    with world.statements() as statements:
        await ask(world, {**ANSWERS, "interests": ["geheimes-interesse", "digitalisierung"], "minutesPerWeek": 61})
    assert not [text for text in statements if not text.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    out, err = capfd.readouterr()
    assert "geheimes-interesse" not in out + err


async def test_the_questions_offer_the_topics_of_what_can_be_joined(world: World) -> None:
    await load_demo(world.scope("potsdam"), TENANTS / "bad-belzig")
    document = "{ atlas { questionnaire { criterion text hint options { key title } } } }"
    answer = await world.graphql("potsdam", document, language="de")
    questions = answer.data["atlas"]["questionnaire"]
    assert [question["criterion"] for question in questions] == ["INTERESTS", "TIME", "PLACE", "FORM", "COMMITMENT"]
    assert [option["key"] for option in questions[0]["options"]] == [
        "digitalisierung", "innenstadt", "mobilitaet", "verwaltung",
    ]  # fmt: skip
    assert questions[3]["options"][0] == {"key": "ONLINE", "title": "online"}


async def test_the_number_of_statements_does_not_grow_with_the_number_of_suggestions(world: World) -> None:
    await load_demo(world.scope("potsdam"), TENANTS / "bad-belzig")
    with world.statements() as few:
        first = await ask(world, {})
    await load_demo(world.scope("potsdam"), TENANTS / "wiesenburg")
    with world.statements() as many:
        second = await ask(world, {})
    assert len(second) > len(first)
    assert len(many) == len(few)
