"""The questions of the questionnaire, so that every client asks the same ones."""

from dataclasses import dataclass

from sqlalchemy import select

from regiohub.api import Ctx, Text, t
from regiohub_atlas.models import Commitment, Procedure, ProcedureTopic, TakePart, Topic
from regiohub_atlas.wording import COMMITMENT, TAKE_PART

from .matching import OPEN_STATUSES, MatchCriterion
from .status import has_status, today
from .topics import topic_text


@dataclass(frozen=True, slots=True)
class Question:
    """A question with help and, where answers are a closed list, the answers by key."""

    criterion: MatchCriterion
    text: Text
    hint: Text
    options: tuple[tuple[str, Text], ...] = ()


async def questions(ctx: Ctx) -> list[Question]:
    """All questions. Topics to choose from are those of procedures that can still be joined."""
    open_topics = (
        select(ProcedureTopic.topic_id)
        .join(
            Procedure,
            (Procedure.tenant_id == ProcedureTopic.tenant_id) & (Procedure.id == ProcedureTopic.procedure_id),
        )
        .where(Procedure.published_at.is_not(None), has_status(OPEN_STATUSES, today(ctx)))
    )
    topics = await ctx.session.scalars(select(Topic).where(Topic.id.in_(open_topics)).order_by(Topic.key))
    return [
        Question(
            MatchCriterion.INTERESTS,
            t("Welche Themen interessieren Sie?", "Which topics interest you?"),
            t("Mehrere sind möglich.", "Several are possible."),
            tuple((topic.key, topic_text(topic)) for topic in topics),
        ),
        Question(
            MatchCriterion.TIME,
            t("Wie viel Zeit haben Sie in der Woche?", "How much time do you have a week?"),
            t("In Minuten.", "In minutes."),
        ),
        Question(
            MatchCriterion.PLACE,
            t("Wo möchten Sie sich beteiligen?", "Where do you want to take part?"),
            t("Ein Ort auf der Karte, mit oder ohne Umkreis.", "A place on the map, with or without a radius."),
        ),
        Question(
            MatchCriterion.FORM,
            t("Wie möchten Sie mitmachen?", "How do you want to take part?"),
            t("Mehrere sind möglich.", "Several are possible."),
            tuple((form.value.upper(), TAKE_PART[form]) for form in TakePart),
        ),
        Question(
            MatchCriterion.COMMITMENT,
            t("Einmalig oder über längere Zeit?", "Once or over some time?"),
            t("Sie können die Frage auslassen.", "You may leave this out."),
            tuple((choice.value.upper(), COMMITMENT[choice]) for choice in Commitment),
        ),
    ]
