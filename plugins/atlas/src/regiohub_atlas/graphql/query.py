"""The atlas's queries."""

from datetime import date
from typing import Any

from sqlalchemy import Select, select

from regiohub.api import Connection, Ctx, NearInput, distance_to, field, many, one, query
from regiohub_atlas.models import Procedure, ProcedureEvent, ProcedureStatus, TextVariety, Topic
from regiohub_atlas.permissions import EDIT
from regiohub_atlas.service.filtering import within
from regiohub_atlas.service.status import has_status, today
from regiohub_atlas.service.suggesting import suggest
from regiohub_atlas.service.texts import measured

from .filter import ProcedureFilter
from .matching import (
    MatchAnswersInput,
    MatchQuestionType,
    ProcedureMatchType,
    answers_of,
    question_values,
    reason_value,
)
from .parts import ProcedureDateType, ProcedureTopicType
from .procedures import ProcedureType
from .texts import ReadabilityType, readability_value

_ORDERS = {
    "TITLE": Procedure.title,
    "NEWEST_FIRST": Procedure.published_at.desc(),
    "CHANGED_LAST_FIRST": Procedure.updated_at.desc(),
    "START": Procedure.first_day,
    "START_LATEST_FIRST": Procedure.first_day.desc(),
}


def _nearby(ctx: Ctx, near: NearInput, status: list[ProcedureStatus] | None = None) -> Select[Procedure]:
    found = select(Procedure).where(within(near.lon, near.lat, near.metres))
    return found.where(has_status(status, today(ctx))) if status else found


def _nearest(near: NearInput) -> Any:
    return distance_to(Procedure.place, near.lon, near.lat)


def _dates(ctx: Ctx, from_: date | None = None, to: date | None = None) -> Select[ProcedureEvent]:
    found = select(ProcedureEvent).where(ProcedureEvent.day >= (today(ctx) if from_ is None else from_))
    return found if to is None else found.where(ProcedureEvent.day <= to)


@query
class AtlasQuery:
    """Participation procedures of the town: what is planned, what runs, what became of it."""

    procedures: Connection[ProcedureType] = many(
        "Procedures, with or without a place.",
        filter=ProcedureFilter,
        order_by=Procedure.title,
        orders=_ORDERS,
        cacheable=True,
    )
    procedure: ProcedureType | None = one("One procedure by its id.", cacheable=True)
    procedure_by_slug: ProcedureType | None = one("One procedure by its short name.", by=Procedure.slug, cacheable=True)
    topics: Connection[ProcedureTopicType] = many("The town's topics.", order_by=Topic.title, cacheable=True)
    nearby: Connection[ProcedureType] = many(
        "Procedures around a point, the nearest first.",
        of=_nearby,
        args={"near": "Point and radius.", "status": "Only those with one of these statuses today."},
        order_by=_nearest,
        cacheable=True,
    )
    dates: Connection[ProcedureDateType] = many(
        "All dates in order of time.",
        of=_dates,
        args={"from_": "First day; today if left out.", "to": "Last day; without it all that follow."},
        order_by=(ProcedureEvent.day, ProcedureEvent.starts_at),
        cacheable=True,
    )

    @field(
        "How hard a German text is to read, measured on this server and not kept.",
        permission=EDIT,
        args={"text": "The text.", "variety": "What it wants to be."},
    )
    @staticmethod
    async def readability(ctx: Ctx, text: str, variety: TextVariety = TextVariety.PLAIN) -> ReadabilityType | None:
        return readability_value(await measured(ctx, text, variety))

    @field("The questions of the questionnaire.")
    @staticmethod
    async def questionnaire(ctx: Ctx) -> list[MatchQuestionType]:
        return await question_values(ctx)

    @field(
        "Procedures that can still be joined and suit the answers, best first. Nothing about the answers is kept.",
        args={"answers": "Answers to the questionnaire.", "limit": "How many at most."},
    )
    @staticmethod
    async def matches(ctx: Ctx, answers: MatchAnswersInput, limit: int | None = None) -> list[ProcedureMatchType]:
        return [
            ProcedureMatchType(
                procedure=procedure,  # pyright: ignore[reportArgumentType] - bound types hold rows of their model
                score=match.score,
                reasons=[reason_value(reason, ctx) for reason in match.reasons],
            )
            for procedure, match in await suggest(ctx, answers_of(answers), limit)
        ]
