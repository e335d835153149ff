"""Secret calendar links: made, found again by their token, revoked."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, InvalidInput, NotFound, t
from regiohub_booking.models import CalendarFeed, Resource
from regiohub_booking.permissions import MANAGE
from regiohub_booking.rules.interval import Interval
from regiohub_booking.service.availability import busy_of
from regiohub_booking.service.target import load_target

PAST = timedelta(days=30)
AHEAD = timedelta(days=365)
LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed with its token, which is told this once and kept as a hash only."""

    feed: CalendarFeed
    token: str = field(repr=False)


def hashed(token: str) -> str:
    """What is stored of a token. It is random and long: a plain SHA-256 cannot be guessed backwards."""
    return hashlib.sha256(token.encode()).hexdigest()


async def create_feed(ctx: Ctx, resource_id: UUID, label: str) -> NewFeed:
    """A new secret link for a resource. Raises Forbidden, NotFound, InvalidInput."""
    ctx.require(MANAGE)
    said = label.strip()
    if not said or len(said) > LONGEST_LABEL:
        raise InvalidInput(t("Bitte kurz sagen, für wen der Kalender ist.", "Please say who it is for."), field="label")
    target = await load_target(ctx, resource_id, inactive=True)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(resource_id=target.resource.id, label=said, token_hash=hashed(token), revoked_at=None)
    ctx.session.add(feed)
    await ctx.session.flush()
    await ctx.audit("booking.create_feed", kind="resource", id=str(resource_id), after={"label": said})
    return NewFeed(feed, token)


async def revoke_feed(ctx: Ctx, feed_id: UUID) -> CalendarFeed:
    """Make a link useless. Raises Forbidden, NotFound."""
    ctx.require(MANAGE)
    feed = await ctx.session.find(CalendarFeed, feed_id)
    if feed is None:
        raise NotFound(t("Diesen Kalender gibt es nicht.", "There is no such calendar."), field="id")
    if feed.revoked_at is None:
        feed.revoked_at = ctx.now()
        await ctx.audit("booking.revoke_feed", kind="feed", id=str(feed.id))
    return feed


async def read_feed(ctx: Ctx, token: str) -> tuple[Resource, list[Interval]]:
    """The resource of a link and its busy times from a month ago to a year ahead.

    Raises NotFound for unknown and revoked tokens alike.
    """
    feed = await ctx.session.scalar(
        select(CalendarFeed).where(CalendarFeed.token_hash == hashed(token), CalendarFeed.revoked_at.is_(None))
    )
    resource = await ctx.session.find(Resource, feed.resource_id) if feed else None
    if resource is None:
        raise NotFound(t("Diesen Kalender gibt es nicht.", "There is no such calendar."))
    span = Interval(ctx.now() - PAST, ctx.now() + AHEAD)
    return resource, (await busy_of(ctx, [resource], span))[resource.id]
