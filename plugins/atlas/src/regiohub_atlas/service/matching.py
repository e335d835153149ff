"""Which procedures suit a person: a weighted score, and the reasons in words.

The answers come with the question and leave with the answer: nothing here stores, logs or counts them. What a person
leaves out does not count at all; what a procedure does not state counts half, and the reason says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from regiohub.api import InvalidInput, Text, t
from regiohub_atlas.models.enums import Commitment, ProcedureStatus, TakePart
from regiohub_atlas.wording import TAKE_PART

from .matching_words import place_words, time_words, topic_words

K = TypeVar("K")

OPEN_STATUSES = frozenset({ProcedureStatus.PLANNED, ProcedureStatus.RUNNING, ProcedureStatus.PAUSED})
"""A procedure that is being evaluated or over can no longer be joined."""
MAX_RADIUS = 100_000
NEARBY = 5_000
"""Metres at which nearness counts half when a person names a place but no radius."""


class MatchCriterion(StrEnum):
    """What a reason is about."""

    INTERESTS = "interests"
    TIME = "time"
    PLACE = "place"
    FORM = "form"
    COMMITMENT = "commitment"


WEIGHTS: dict[MatchCriterion, int] = {
    MatchCriterion.INTERESTS: 4,
    MatchCriterion.TIME: 2,
    MatchCriterion.PLACE: 2,
    MatchCriterion.FORM: 2,
    MatchCriterion.COMMITMENT: 1,
}


class MatchFit(StrEnum):
    """How well one criterion is met."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person said. Empty or ``None`` means "does not matter".

    ``minutes`` is the time per week, ``lon``/``lat`` a place in degrees (WGS 84), ``radius`` metres around it.
    """

    interests: frozenset[str] = frozenset()
    minutes: int | None = None
    lon: float | None = None
    lat: float | None = None
    radius: int | None = None
    forms: frozenset[TakePart] = frozenset()
    commitment: Commitment | None = None

    def __post_init__(self) -> None:
        if self.minutes is not None and not 0 < self.minutes <= 10_080:
            message = t(
                "Die Zeit je Woche muss zwischen 1 und 10.080 Minuten liegen.",
                "The time per week must be between 1 and 10,080 minutes.",
            )
            raise InvalidInput(message, field="minutesPerWeek")
        if (self.lon is None) != (self.lat is None):
            message = t("Ein Ort braucht Länge und Breite.", "A place needs longitude and latitude.")
            raise InvalidInput(message, field="place")
        if self.lon is not None and self.lat is not None and not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):
            message = t("Der Ort liegt außerhalb der Erde.", "The place lies outside the world.")
            raise InvalidInput(message, field="place")
        if self.radius is not None and not 0 < self.radius <= MAX_RADIUS:
            message = t(
                "Der Umkreis muss zwischen 1 m und 100 km liegen.", "The radius must be between 1 m and 100 km."
            )
            raise InvalidInput(message, field="place")


@dataclass(frozen=True, slots=True)
class Candidate(Generic[K]):
    """What matching needs to know about a procedure. ``topics`` maps the topic's key to its title.

    ``distance`` is metres from the person's place to the nearest point of the procedure's, ``None`` without a place.
    """

    key: K
    title: str
    topics: dict[str, Text] = field(default_factory=dict[str, Text])
    minutes: int | None = None
    city_wide: bool = False
    distance: float | None = None
    forms: frozenset[TakePart] = frozenset()
    commitment: Commitment | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One criterion that was weighed: ``points`` of at most ``weight``, and why."""

    criterion: MatchCriterion
    fit: MatchFit
    points: float
    weight: int
    text: Text


@dataclass(frozen=True, slots=True)
class Match(Generic[K]):
    """A procedure with its score from 0 to 1 and the reasons, the weightiest first."""

    key: K
    score: float
    reasons: tuple[Reason, ...]


def rank(answers: Answers, candidates: Sequence[Candidate[K]]) -> list[Match[K]]:
    """Candidates with a score above 0, best first, equal ones by title.

    Without any answer everything fits equally: all candidates, score 1, no reasons.
    """
    scored = [(score(answers, candidate), candidate.title.casefold()) for candidate in candidates]
    scored.sort(key=lambda item: (-item[0].score, item[1]))
    return [match for match, _ in scored if match.score > 0]


def score(answers: Answers, candidate: Candidate[K]) -> Match[K]:
    """Weigh one procedure."""
    reasons = sorted(_reasons(answers, candidate), key=lambda reason: (-reason.points, -reason.weight))
    total = sum(reason.weight for reason in reasons)
    value = sum(reason.points for reason in reasons) / total if total else 1.0
    return Match(candidate.key, round(value, 4), tuple(reasons))


def _reasons(answers: Answers, candidate: Candidate[K]) -> Iterator[Reason]:
    if answers.interests:
        yield _interests(answers, candidate)
    if answers.minutes is not None:
        yield _time(answers.minutes, candidate)
    if answers.lon is not None:
        yield _place(answers.radius, candidate)
    if answers.forms:
        yield _form(answers.forms, candidate)
    if answers.commitment is not None:
        yield _commitment(answers.commitment, candidate)


def _reason(criterion: MatchCriterion, share: float, text: Text, fit: MatchFit | None = None) -> Reason:
    weight = WEIGHTS[criterion]
    fit = fit or (MatchFit.YES if share >= 1 else MatchFit.NO if share <= 0 else MatchFit.PARTLY)
    return Reason(criterion, fit, round(weight * share, 4), weight, text)


def _interests(answers: Answers, candidate: Candidate[K]) -> Reason:
    shared = [title for key, title in candidate.topics.items() if key in answers.interests]
    # One shared topic is what counts; more of them only order the hits among each other.
    share = 0.0 if not shared else 0.7 + 0.3 * len(shared) / len(answers.interests)
    return _reason(MatchCriterion.INTERESTS, share, topic_words(shared), MatchFit.YES if shared else MatchFit.NO)


def _time(minutes: int, candidate: Candidate[K]) -> Reason:
    needed = candidate.minutes
    if needed is None:
        return _reason(MatchCriterion.TIME, 0.5, time_words(minutes, None), MatchFit.UNKNOWN)
    share = 1.0 if needed <= minutes else max(0.0, 2 - needed / minutes)
    return _reason(MatchCriterion.TIME, share, time_words(minutes, needed))


def _place(radius: int | None, candidate: Candidate[K]) -> Reason:
    words = place_words(radius, candidate.distance, candidate.city_wide)
    if candidate.city_wide:
        return _reason(MatchCriterion.PLACE, 1.0, words)
    if candidate.distance is None:
        # Something without a place never lies within a radius; without one it is merely unknown.
        return _reason(MatchCriterion.PLACE, 0.0 if radius else 0.5, words, MatchFit.NO if radius else MatchFit.UNKNOWN)
    if radius is None:
        return _reason(MatchCriterion.PLACE, NEARBY / (NEARBY + candidate.distance), words)
    share = 1.0 if candidate.distance <= radius else max(0.0, 2 - candidate.distance / radius)
    return _reason(MatchCriterion.PLACE, share, words)


def _form(forms: frozenset[TakePart], candidate: Candidate[K]) -> Reason:
    if not candidate.forms:
        words = t("Wie man mitmacht, ist noch nicht angegeben.", "How to take part is not stated yet.")
        return _reason(MatchCriterion.FORM, 0.5, words, MatchFit.UNKNOWN)
    shared = sorted(candidate.forms & forms)
    offered = shared or sorted(candidate.forms)
    listed = Text(*(", ".join(TAKE_PART[form].get(language) for form in offered) for language in ("de", "en")))
    if shared:
        words = t("Mitmachen geht so, wie es zu Ihnen passt: {forms}.", "You can take part as it suits you: {forms}.")
    else:
        words = t("Mitmachen geht hier nur: {forms}.", "You can only take part: {forms}.")
    return _reason(
        MatchCriterion.FORM,
        1.0 if shared else 0.0,
        Text(words.de.format(forms=listed.de), words.en.format(forms=listed.en)),
    )


def _commitment(wanted: Commitment, candidate: Candidate[K]) -> Reason:
    if candidate.commitment is None:
        words = t(
            "Ob es einmalig ist oder länger dauert, ist nicht angegeben.",
            "Whether it is done once or goes on is not stated.",
        )
        return _reason(MatchCriterion.COMMITMENT, 0.5, words, MatchFit.UNKNOWN)
    words = (
        t("Einmal mitmachen genügt.", "Taking part once is enough.")
        if candidate.commitment is Commitment.ONE_OFF
        else t("Die Mitarbeit geht über längere Zeit.", "Taking part goes on for some time.")
    )
    return _reason(MatchCriterion.COMMITMENT, 1.0 if candidate.commitment is wanted else 0.0, words)
