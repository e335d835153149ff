"""Addresses of a person that stand in the words of suggestions, also with other words in the field made for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Text as SqlText
from sqlalchemy import cast, func, or_, select, update

from regiohub.api import Ctx, Erased, Subject, SubjectData
from regiohub_health_directory.models import Contact, Organization, Service, Suggestion

CATEGORY = "suggestions"
_WORDS = ("contact", "message", "decision_note")


async def mentions(ctx: Ctx, subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Suggestions that name one of the addresses in their words, as records."""
    rows = await _mentioning(ctx, subject)
    return {
        CATEGORY: [
            {
                "id": row.id, "created_at": row.created_at, "contact": row.contact, "message": row.message,
                "decision_note": row.decision_note, "proposal": row.proposal,
            }
            for row in rows
        ]
    }  # fmt: skip


async def forget_mentions(ctx: Ctx, subject: Subject) -> Sequence[Erased]:
    """Take words with an address away, all of the person's own suggestion; what is proposed otherwise stays."""
    rows = await _mentioning(ctx, subject)
    for row in rows:
        own = _names(row.contact, subject)
        for name in _WORDS:
            if own or _names(getattr(row, name), subject):
                setattr(row, name, None)
        row.proposal = {key: value for key, value in row.proposal.items() if not _names(value, subject)}
    await _renumber(ctx, subject)
    return [Erased(CATEGORY, cleared=len(rows))] if rows else []


async def _mentioning(ctx: Ctx, subject: Subject) -> Sequence[Suggestion]:
    if not subject.emails:
        return []
    columns = [*(getattr(Suggestion, name) for name in _WORDS), cast(Suggestion.proposal, SqlText)]
    like = [func.lower(column).contains(address, autoescape=True) for column in columns for address in subject.emails]
    rows = (await ctx.session.scalars(select(Suggestion).where(or_(*like)).order_by(Suggestion.id))).all()
    return [
        row
        for row in rows
        # Found by its contact already: not counted twice.
        if not subject.is_email(row.contact)
        and any(_names(value, subject) for value in (*(getattr(row, name) for name in _WORDS), *row.proposal.values()))
    ]


def _names(value: object, subject: Subject) -> bool:
    return isinstance(value, str) and subject.is_in(value)


async def _renumber(ctx: Ctx, subject: Subject) -> None:
    """Entries that lose an address have changed: whoever keeps copies of them sees it by their revision."""
    addresses = sorted(subject.emails)
    providers = select(Organization.id).where(func.lower(Organization.email).in_(addresses))
    contacts = select(Contact.service_id).where(func.lower(Contact.email).in_(addresses))
    touched = or_(
        func.lower(Service.email).in_(addresses), Service.organization_id.in_(providers), Service.id.in_(contacts)
    )
    await ctx.session.execute(
        update(Service)
        .where(touched)
        .values(revision=Service.revision + 1, updated_at=ctx.now())
        .execution_options(synchronize_session=False)
    )


SUBJECT_DATA = SubjectData(export=mentions, erase=forget_mentions)
