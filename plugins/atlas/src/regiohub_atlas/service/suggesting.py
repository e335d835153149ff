"""The questionnaire: load what can still be joined, and rank it."""

from typing import Any
from uuid import UUID

from sqlalchemy import null, select

from regiohub.api import Ctx, distance_to
from regiohub_atlas.models import Procedure, TakePart
from regiohub_atlas.settings import AtlasSettings

from .matching import OPEN_STATUSES, Answers, Candidate, Match, rank
from .status import has_status, today
from .topics import topic_text, topics_of

MOST_CANDIDATES = 1_000
"""A town has tens of open procedures; more than this would be a mistake in its data."""


async def suggest(ctx: Ctx, answers: Answers, limit: int | None = None) -> list[tuple[Procedure, Match[UUID]]]:
    """Published procedures that can still be joined and suit the answers, best first.

    Two statements, whatever the number of procedures; nothing about the answers is kept.
    """
    settings = ctx.settings(AtlasSettings)
    if not settings.matching_enabled:
        return []
    distance: Any = (
        null() if answers.lon is None or answers.lat is None else distance_to(Procedure.place, answers.lon, answers.lat)
    )
    rows = (
        await ctx.session.execute(
            select(Procedure, distance.label("distance"))
            .where(Procedure.published_at.is_not(None), has_status(OPEN_STATUSES, today(ctx)))
            .order_by(Procedure.published_at.desc())
            .limit(MOST_CANDIDATES)
        )
    ).all()
    procedures: dict[UUID, Procedure] = {procedure.id: procedure for procedure, _ in rows}
    topics = await topics_of(ctx, list(procedures))
    candidates = [
        Candidate(
            key=procedure.id,
            title=procedure.title,
            topics={topic.key: topic_text(topic) for topic in topics[procedure.id]},
            minutes=procedure.minutes_per_week,
            city_wide=procedure.city_wide,
            distance=metres,
            forms=frozenset(TakePart(form) for form in procedure.take_part),
            commitment=procedure.commitment,
        )
        for procedure, metres in rows
    ]
    most = settings.matching_limit if limit is None else min(limit, settings.matching_limit)
    return [(procedures[match.key], match) for match in rank(answers, candidates)[: max(most, 0)]]
