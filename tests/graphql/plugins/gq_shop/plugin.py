"""The manifest."""

from collections.abc import Sequence

import sqlalchemy as sa

from regiohub.api import Ctx, Dataset, GraphQLPart, Link, LinkProvider, Plugin, t

from .graphql import (
    MANAGE,
    RegionShopQuery,
    ShopQuery,
    ThingTakenError,
    counted,
    crash,
    greet,
    lend_thing,
    loan_added,
    rename_owner,
)
from .models import Loan, Owner, Reading, Thing

plugin = Plugin(
    id="shop", title=t("Leihladen", "Lending shop"), description=t("Verleiht Dinge.", "Lends things."),
    permissions=(MANAGE,), models=(Owner, Thing, Loan, Reading), migrations="gq_shop.migrations",
)  # fmt: skip


@plugin.hook
def register_graphql() -> GraphQLPart:
    return GraphQLPart(
        query=ShopQuery, mutations=(lend_thing, greet, rename_owner, crash), subscriptions=(loan_added, counted),
        errors=(ThingTakenError,),
    )  # fmt: skip


@plugin.hook
def register_region_graphql() -> GraphQLPart:
    return GraphQLPart(query=RegionShopQuery)


@plugin.hook
def register_datasets() -> Sequence[Dataset]:
    return [Dataset("shop.things", t("Dinge", "Things"), t("Alle Dinge.", "All things."))]


FAULTS = {"links": False}
"""What a test wants to fail."""


@plugin.hook
def register_links() -> LinkProvider:
    async def links(ctx: Ctx) -> Sequence[Link]:
        if FAULTS["links"]:
            await ctx.session.execute(sa.text("SELECT no_such_column FROM core_measure WHERE tenant_id = 0"))
        return [Link("thing", t("Dinge", "Things"), 3, f"/{ctx.tenant.slug}/shop")]

    return links
