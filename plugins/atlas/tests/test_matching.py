"""Matching: a score between 0 and 1, and reasons that say why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.api import InvalidInput, Text, t
from regiohub_atlas.models import Commitment, TakePart
from regiohub_atlas.service.matching import WEIGHTS, Answers, Candidate, MatchCriterion, MatchFit, rank, score

CLIMATE, TRAFFIC = t("Klima", "Climate"), t("Verkehr", "Traffic")
WORKSHOP = Candidate(
    key="workshop",
    title="Werkstatt",
    topics={"klima": CLIMATE, "verkehr": TRAFFIC},
    minutes=120,
    distance=800.0,
    forms=frozenset({TakePart.ON_SITE}),
    commitment=Commitment.ONE_OFF,
)
SURVEY = Candidate(
    key="survey",
    title="Umfrage",
    topics={"klima": CLIMATE},
    minutes=15,
    city_wide=True,
    forms=frozenset({TakePart.ONLINE, TakePart.POST}),
    commitment=Commitment.ONE_OFF,
)
UNKNOWN = Candidate(key="unknown", title="Unbekannt")


def only(answers: Answers, candidate: Candidate[str]) -> tuple[float, MatchFit, Text]:
    match = score(answers, candidate)
    (reason,) = match.reasons
    return match.score, reason.fit, reason.text


def test_what_suits_in_every_way_scores_one_and_says_why() -> None:
    answers = Answers(
        interests=frozenset({"klima"}), minutes=150, lon=13.0, lat=52.4, radius=1000,
        forms=frozenset({TakePart.ON_SITE}), commitment=Commitment.ONE_OFF,
    )  # fmt: skip
    match = score(answers, WORKSHOP)
    assert match.score == 1
    assert [reason.criterion for reason in match.reasons] == ["interests", "time", "place", "form", "commitment"]
    assert [reason.text.de for reason in match.reasons] == [
        "Ihr Thema kommt vor: Klima.",
        "Der Aufwand passt: etwa 2 Stunden in der Woche.",
        "Der Ort liegt 800 m entfernt.",
        "Mitmachen geht so, wie es zu Ihnen passt: vor Ort.",
        "Einmal mitmachen genügt.",
    ]
    assert match.reasons[0].text.en == "Your topic occurs: Climate."


def test_the_best_match_stands_first_and_one_without_any_fit_is_left_out() -> None:
    answers = Answers(interests=frozenset({"verkehr"}))
    assert [match.key for match in rank(answers, [SURVEY, UNKNOWN, WORKSHOP])] == ["workshop"]


def test_without_answers_everything_fits_in_the_order_of_titles() -> None:
    ranked = rank(Answers(), [WORKSHOP, UNKNOWN, SURVEY])
    assert [(match.key, match.score, match.reasons) for match in ranked] == [
        ("survey", 1.0, ()),
        ("unknown", 1.0, ()),
        ("workshop", 1.0, ()),
    ]


def test_what_a_procedure_does_not_state_counts_half_and_is_said() -> None:
    share, fit, text = only(Answers(minutes=30), UNKNOWN)
    assert (share, fit) == (0.5, MatchFit.UNKNOWN)
    assert text.de == "Wie viel Zeit es braucht, ist nicht angegeben."


def test_too_much_effort_counts_less_the_further_it_is_off() -> None:
    assert only(Answers(minutes=120), WORKSHOP)[:2] == (1.0, MatchFit.YES)
    assert only(Answers(minutes=80), WORKSHOP)[:2] == (0.5, MatchFit.PARTLY)
    assert only(Answers(minutes=30), WORKSHOP)[:2] == (0.0, MatchFit.NO)


def test_a_radius_is_met_inside_fades_outside_and_never_met_without_a_place() -> None:
    here = Answers(lon=13.0, lat=52.4, radius=1000)
    assert only(here, WORKSHOP)[:2] == (1.0, MatchFit.YES)
    assert only(here, replace(WORKSHOP, distance=1500.0))[:2] == (0.5, MatchFit.PARTLY)
    assert only(here, replace(WORKSHOP, distance=2500.0))[:2] == (0.0, MatchFit.NO)
    assert only(here, UNKNOWN)[:2] == (0.0, MatchFit.NO)
    assert only(here, SURVEY)[:2] == (1.0, MatchFit.YES)


def test_a_place_without_a_radius_prefers_what_is_near() -> None:
    here = Answers(lon=13.0, lat=52.4)
    near, far = (only(here, replace(WORKSHOP, distance=metres))[0] for metres in (100.0, 10_000.0))
    assert near > 0.9 > 0.5 > far > 0
    assert only(here, UNKNOWN)[:2] == (0.5, MatchFit.UNKNOWN)


def test_a_form_that_is_not_offered_names_what_is() -> None:
    share, fit, text = only(Answers(forms=frozenset({TakePart.ONLINE})), WORKSHOP)
    assert (share, fit, text.de) == (0.0, MatchFit.NO, "Mitmachen geht hier nur: vor Ort.")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"minutes": 0}, "minutesPerWeek"),
        ({"minutes": 10_081}, "minutesPerWeek"),
        ({"lon": 13.0}, "place"),
        ({"lon": 181.0, "lat": 52.0}, "place"),
        ({"lon": float("nan"), "lat": 52.0}, "place"),
        ({"lon": 13.0, "lat": 52.0, "radius": 0}, "place"),
        ({"lon": 13.0, "lat": 52.0, "radius": 100_001}, "place"),
    ],
)
def test_impossible_answers_are_refused_with_their_field(values: dict[str, float], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Answers(**values)  # pyright: ignore[reportArgumentType]
    assert refused.value.field == field


keys = st.sampled_from(["a", "b", "c", "d"])
forms = st.frozensets(st.sampled_from(TakePart))
places = st.fixed_dictionaries({"lon": st.floats(-180, 180), "lat": st.floats(-90, 90)})


@st.composite
def answers_of_people(draw: st.DrawFn) -> Answers:
    place: dict[str, float] = draw(st.just({}) | places)
    return Answers(
        interests=draw(st.frozensets(keys)),
        minutes=draw(st.none() | st.integers(1, 10_080)),
        lon=place.get("lon"),
        lat=place.get("lat"),
        radius=draw(st.none() | st.integers(1, 100_000)),
        forms=draw(forms),
        commitment=draw(st.none() | st.sampled_from(Commitment)),
    )


candidates = st.builds(
    Candidate,
    key=st.just("x"),
    title=st.just("X"),
    topics=st.dictionaries(keys, st.just(CLIMATE)),
    minutes=st.none() | st.integers(1, 10_080),
    city_wide=st.booleans(),
    distance=st.none() | st.floats(0, 2e7),
    forms=forms,
    commitment=st.none() | st.sampled_from(Commitment),
)


@given(answers_of_people(), candidates)
def test_scores_lie_between_0_and_1_and_follow_from_the_reasons(answers: Answers, candidate: Candidate[str]) -> None:
    match = score(answers, candidate)
    assert 0 <= match.score <= 1
    for reason in match.reasons:
        assert 0 <= reason.points <= reason.weight == WEIGHTS[reason.criterion]
    if match.reasons:
        total = sum(reason.weight for reason in match.reasons)
        assert match.score == pytest.approx(sum(reason.points for reason in match.reasons) / total, abs=1e-3)


@given(answers_of_people(), candidates, keys)
def test_a_procedure_that_takes_up_one_more_of_my_topics_never_scores_less(
    answers: Answers, candidate: Candidate[str], key: str
) -> None:
    more = replace(candidate, topics={**candidate.topics, key: TRAFFIC})
    assert score(answers, more).score >= score(answers, candidate).score


@given(answers_of_people(), candidates)
def test_only_what_was_asked_is_weighed(answers: Answers, candidate: Candidate[str]) -> None:
    asked = {
        MatchCriterion.INTERESTS: bool(answers.interests),
        MatchCriterion.TIME: answers.minutes is not None,
        MatchCriterion.PLACE: answers.lon is not None,
        MatchCriterion.FORM: bool(answers.forms),
        MatchCriterion.COMMITMENT: answers.commitment is not None,
    }
    found = {reason.criterion for reason in score(answers, candidate).reasons}
    assert found == {criterion for criterion, wanted in asked.items() if wanted}
