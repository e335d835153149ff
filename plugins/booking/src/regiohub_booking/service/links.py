"""What booking holds in a town, for the pages of its measures."""

from collections.abc import Sequence

from sqlalchemy import func, select

from regiohub.api import Ctx, Link, Text, t
from regiohub_booking.models import Resource, ResourceKind

TITLES: dict[ResourceKind, Text] = {
    ResourceKind.ROOM: t("Räume", "Rooms"),
    ResourceKind.ITEM: t("Dinge zum Leihen", "Things to borrow"),
    ResourceKind.OFFER: t("Angebote", "Offers"),
}


async def links(ctx: Ctx) -> Sequence[Link]:
    """One link for each kind of resource that the town has."""
    rows = await ctx.session.execute(
        select(Resource.kind, func.count()).where(Resource.active).group_by(Resource.kind).order_by(Resource.kind)
    )
    return [
        Link(kind=f"booking.{kind}", title=TITLES[kind], count=count, url=f"/graphql#booking-{kind}")
        for kind, count in rows
    ]
