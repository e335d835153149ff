"""The town's list of topics: found again by their keys, added when new."""

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, select

from regiohub.api import Ctx, InvalidInput, Text, t
from regiohub_atlas.models import Procedure, ProcedureTopic, Topic

from .drafts import TopicDraft
from .folding import fold


def topic_key(title: str) -> str:
    """The key of a title: folded, with hyphens (``Bildung, Kultur und Arbeit`` → ``bildung-kultur-und-arbeit``)."""
    return re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:80].strip("-")


def topic_text(topic: Topic) -> Text:
    """The title in both languages; without an English one the German stands for both."""
    return Text(topic.title, topic.title_en or topic.title)


async def ensure_topics(ctx: Ctx, drafts: Iterable[TopicDraft]) -> list[Topic]:
    """The topics of these titles in their order; unknown ones are added to the town's list."""
    wanted: dict[str, TopicDraft] = {}
    for draft in drafts:
        key = topic_key(draft.title)
        if not key:
            raise InvalidInput(t("Ein Thema braucht Buchstaben.", "A topic needs letters."), field="topics")
        wanted.setdefault(key, draft)
    known = {topic.key: topic for topic in await ctx.session.scalars(select(Topic).where(Topic.key.in_(list(wanted))))}
    for key, draft in wanted.items():
        if key not in known:
            known[key] = Topic(key=key, title=draft.title, title_en=draft.title_en)
            ctx.session.add(known[key])
        elif draft.title_en and not known[key].title_en:
            known[key].title_en = draft.title_en
    await ctx.session.flush()
    return [known[key] for key in wanted]


async def topics_of(ctx: Ctx, ids: Sequence[UUID]) -> dict[UUID, list[Topic]]:
    """The topics of each procedure by key, by one statement."""
    found: dict[UUID, list[Topic]] = {procedure_id: [] for procedure_id in ids}
    rows = await ctx.session.execute(
        select(ProcedureTopic.procedure_id, Topic)
        .join(Topic, (Topic.tenant_id == ProcedureTopic.tenant_id) & (Topic.id == ProcedureTopic.topic_id))
        .where(ProcedureTopic.procedure_id.in_(ids))
        .order_by(Topic.key)
    )
    for procedure_id, topic in rows:
        found[procedure_id].append(topic)
    return found


def topics_below(parent: type[Procedure]) -> Select[Topic]:
    """The topics of a procedure (the model or an alias of it) by key, as a SELECT correlated with its row."""
    return (
        select(Topic)
        .join(ProcedureTopic, (ProcedureTopic.tenant_id == Topic.tenant_id) & (ProcedureTopic.topic_id == Topic.id))
        .where(ProcedureTopic.procedure_id == parent.id)
        .order_by(Topic.key)
    )
