"""A plugin whose answers may be kept, beside ones that may not: it shows the shop's owners and things."""

from __future__ import annotations

from uuid import UUID

from gq_shop.graphql import MANAGE
from gq_shop.models import Loan, Owner, Thing
from sqlalchemy import func, select

from regiohub.api import (
    Connection,
    Ctx,
    GraphQLPart,
    Plugin,
    bound,
    column,
    computed,
    filters,
    many,
    mutation,
    one,
    query,
    t,
    to_many,
    where,
)  # fmt: skip


def _for_all_or_staff(ctx: Ctx) -> object:
    return None if ctx.can(MANAGE) else Thing.hidden.is_(False)


@bound(Thing, cacheable=True, rows=_for_all_or_staff)
class ArticleType:
    """A thing, without anything that depends on the person or the clock."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    secret: str | None = column("Note for staff.", permission=MANAGE)


@bound(Owner, cacheable=True)
class ShopkeeperType:
    """An owner with what he lends."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    articles: Connection[ArticleType] = to_many("What is lent.", Owner.things, order_by=Thing.name)
    loans: int = computed(
        "How often anything of it is lent: reads a table that nobody watches.",
        sql=lambda: select(func.count()).select_from(Loan).where(Loan.thing_id == Owner.id).scalar_subquery(),
    )


def _of_the_caller(wanted: bool, ctx: Ctx) -> object:
    return (Owner.phone == ctx.principal.subject) == wanted


def _with_a_thing(wanted: bool) -> object:
    return select(Thing.id).where(Thing.owner_id == Owner.id).exists() == wanted


@filters(Owner)
class ShopkeeperFilter:
    """Which owners."""

    name: str | None = where("Exactly this name.", Owner.name)
    mine: bool | None = where("Those of the caller.", _of_the_caller)
    lends: bool | None = where("Those with a thing.", _with_a_thing)


def _is_over(ctx: Ctx) -> object:
    return Loan.starts_at <= ctx.now()


@bound(Loan, cacheable=True)
class TermType:
    """A loan's number."""

    id: UUID = column("Identifier.")
    is_over: bool = computed("Whether it has begun.", sql=_is_over)


@query
class BoardQuery:
    """What hangs on the board."""

    shopkeepers: Connection[ShopkeeperType] = many(
        "Owners.", filter=ShopkeeperFilter, order_by=Owner.name, cacheable=True
    )
    shopkeeper: ShopkeeperType | None = one("One owner.", cacheable=True)
    terms: Connection[TermType] = many("Loans.", order_by=Loan.starts_at, cacheable=True)
    undeclared: Connection[ShopkeeperType] = many("Owners, not said to be cacheable.", order_by=Owner.name)


@mutation("Renames all owners.", permission=MANAGE, returns="done", args={"name": "New name."})
async def rename_all(ctx: Ctx, name: str) -> bool:
    """By the ORM."""
    for number, owner in enumerate((await ctx.session.scalars(select(Owner).order_by(Owner.id))).all()):
        owner.name = f"{name} {number}"
    return True


plugin = Plugin(
    id="board",
    title=t("Brett", "Board"),
    description=t("Zeigt, was hängt.", "Shows what hangs."),
    requires=("shop",),
)


@plugin.hook
def register_graphql() -> GraphQLPart:
    """Queries and one mutation."""
    return GraphQLPart(query=BoardQuery, mutations=(rename_all,))
