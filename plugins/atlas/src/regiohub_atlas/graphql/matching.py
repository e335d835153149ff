"""The questionnaire: its questions, the answers as an input, the suggestions with their reasons."""

from regiohub.api import Ctx, column, input_type, value
from regiohub_atlas.models import TakePart
from regiohub_atlas.models.enums import Commitment
from regiohub_atlas.service.matching import Answers, MatchCriterion, MatchFit, Reason
from regiohub_atlas.service.questions import questions

from . import enums
from .procedures import ProcedureType

enums.describe()


@input_type
class MatchPlaceInput:
    """A place to measure nearness from."""

    lon: float = column("Longitude in degrees (WGS 84), east positive.")
    lat: float = column("Latitude in degrees (WGS 84), north positive.")
    metres: int | None = column("Radius in metres; without one, nearer is better.", default=None)


@input_type
class MatchAnswersInput:
    """Answers to the questionnaire; leave out what does not matter. They are used for this answer and never kept."""

    interests: list[str] | None = column("Topics by key.", default=None)
    minutes_per_week: int | None = column("Time in minutes a week.", default=None)
    place: MatchPlaceInput | None = column("A place, with or without a radius.", default=None)
    forms: list[TakePart] | None = column("Ways to take part that suit.", default=None)
    commitment: Commitment | None = column("Once, or over some time.", default=None)


@value
class MatchReasonType:
    """Why a procedure suits, or does not."""

    criterion: MatchCriterion = column("What was weighed.")
    fit: MatchFit = column("How well it is met.")
    points: float = column("Points it brought.")
    weight: int = column("Points it could bring.")
    text: str = column("The reason in the caller's language.")


@value
class ProcedureMatchType:
    """A procedure that suits the answers."""

    procedure: ProcedureType = column("The procedure.")
    score: float = column("How well it suits, from 0 to 1.")
    reasons: list[MatchReasonType] = column("The reasons, the weightiest first.")


@value
class MatchOptionType:
    """A possible answer."""

    key: str = column("Value for the answer.")
    title: str = column("Words in the caller's language.")


@value
class MatchQuestionType:
    """A question of the questionnaire."""

    criterion: MatchCriterion = column("What it is about.")
    text: str = column("The question in the caller's language.")
    hint: str = column("Help with answering.")
    options: list[MatchOptionType] = column("Possible answers; empty for numbers and places.")


def answers_of(given: MatchAnswersInput) -> Answers:
    """The answers for the service."""
    return Answers(
        interests=frozenset((given.interests or [])[:100]),
        minutes=given.minutes_per_week,
        lon=given.place and given.place.lon,
        lat=given.place and given.place.lat,
        radius=given.place and given.place.metres,
        forms=frozenset(given.forms or []),
        commitment=given.commitment,
    )


def reason_value(reason: Reason, ctx: Ctx) -> MatchReasonType:
    """A reason in the caller's language."""
    return MatchReasonType(
        criterion=reason.criterion,
        fit=reason.fit,
        points=reason.points,
        weight=reason.weight,
        text=reason.text.get(ctx.locale),
    )


async def question_values(ctx: Ctx) -> list[MatchQuestionType]:
    """The questions in the caller's language."""
    return [
        MatchQuestionType(
            criterion=question.criterion,
            text=question.text.get(ctx.locale),
            hint=question.hint.get(ctx.locale),
            options=[MatchOptionType(key=key, title=title.get(ctx.locale)) for key, title in question.options],
        )
        for question in await questions(ctx)
    ]
