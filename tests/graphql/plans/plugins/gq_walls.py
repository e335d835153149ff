"""A third face of the shop's tables, whose author forgets the tenant wherever SQL lets him."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from gq_shop.models import Loan, Owner, Reading, Thing, ThingKind
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from regiohub.api import (
    SIGNED_IN,
    Connection,
    Ctx,
    Dataset,
    GeoJSON,
    GraphQLPart,
    Permission,
    Plugin,
    bound,
    column,
    computed,
    count_of,
    distance_to,
    filters,
    first_of,
    many,
    nested,
    one,
    query,
    region_many,
    t,
    to_many,
    to_one,
    value,
    where,
)

SEE = Permission("walls.see", t("Sehen", "See"), roles=("editor",))
COUNT = Permission("walls.count", t("Zählen", "Count"), roles=("coordinator",))


@bound(Loan)
class LoanWall:
    """A loan that anybody may see."""

    id: UUID = column("Identifier.")
    starts_at: datetime = column("Beginning.")


def _mine(ctx: Ctx) -> Any:
    """Nothing, unless one may see."""
    return None if ctx.can(SEE) else Loan.starts_at < datetime.fromisoformat("2000-01-01T00:00:00Z")


@bound(Loan, rows=_mine)
class HiddenLoan:
    """The same rows, for those who may see them."""

    id: UUID = column("Identifier.")
    starts_at: datetime = column("Beginning.")


@bound(Reading)
class ReadingWall:
    """A measured value."""

    at: datetime = column("When.")
    value: float = column("How much.")


@value
class Summary:
    """What a SELECT brings."""

    count: int = column("How many.")
    highest: float | None = column("The highest.")


def _everything(parent: Any) -> Any:
    return select(func.count().label("count"), func.max(Reading.value).label("highest")).where(
        Reading.thing_id == parent.id
    )


def _all_loans() -> Any:
    return select(func.count(Loan.id)).scalar_subquery()


def _named_like_ours() -> Any:
    other = aliased(Loan, name="t1")
    return select(func.count(other.id)).scalar_subquery()


def _two_deep() -> Any:
    inner = select(Loan.thing_id).where(Loan.counts).scalar_subquery()
    return select(func.count(Thing.id)).where(Thing.id.in_(inner)).correlate(None).scalar_subquery()


def _united() -> Any:
    both = sa.union_all(select(Loan.id), select(Loan.id)).subquery()
    return select(func.count()).select_from(both).scalar_subquery()


def _common() -> Any:
    known = select(Loan.id.label("id")).cte("known")
    return select(func.count(known.c.id)).scalar_subquery()


def _joined() -> Any:
    return select(func.count(Reading.value)).join(Loan, Loan.thing_id == Reading.thing_id).scalar_subquery()


def _of_owner() -> Any:
    other = aliased(Owner)
    return select(func.max(other.name)).scalar_subquery()


def _twin() -> Any:
    return select(func.max(Owner.name)).where(Owner.id == Thing.owner_id).scalar_subquery()


LOOSE = {
    "allLoans": _all_loans, "namedLikeOurs": _named_like_ours, "twoDeep": _two_deep, "united": _united,
    "common": _common, "joined": _joined,
}  # fmt: skip


def _later(moment: datetime) -> Any:
    return Loan.starts_at > moment


def _sort(kind: ThingKind) -> Any:
    """An enum compared by identity: what stands in for it while a plan is made is never identical."""
    return Thing.kind == ThingKind.TOY if kind is ThingKind.TOY else Thing.kind == ThingKind.TOOL


def _among(text: str) -> Any:
    """A look-up by hash."""
    return Thing.rank.is_(None) if text in {"without", "with none"} else Thing.rank.is_not(None)


def _parameter(limit: int) -> Any:
    """A parameter with a name that others use too."""
    return Thing.rank >= sa.bindparam("limit", limit, sa.Integer())


def _lent_once(wanted: bool) -> Any:
    """A sub-select that says nothing of towns."""
    lent = select(Loan.thing_id)
    return Thing.id.in_(lent) if wanted else Thing.id.not_in(lent)


@filters(Loan)
class LoanWallFilter:
    """Which loans."""

    after: datetime | None = where("Later ones.", _later)


@filters(Thing)
class ThingWallFilter:
    """Which things."""

    sort: ThingKind | None = where("Only this sort.", _sort)
    among: str | None = where("Those with a rank, or without.", _among)
    limit: int | None = where("At least this rank.", _parameter)
    named: str | None = where("Of this name.", Thing.name)
    lent: bool | None = where(
        "Lent at some time.",
        _lent_once,
    )


def _for_slug(ctx: Ctx) -> Any:
    """A rule that looks the town up by hash: things with a rank for one town, without for the others."""
    return Thing.rank.is_not(None) if ctx.tenant.slug in {"potsdam", "elsewhere"} else Thing.rank.is_(None)


def _for_person(ctx: Ctx) -> Any:
    """A rule that looks the person up by hash."""
    return None if ctx.principal.subject in {"chief", "deputy"} else Thing.name == "nobody"


@bound(Thing, rows=_for_slug)
class ThingOfTown:
    """Things by a rule of the town."""

    rank: int | None = column("Rank.")


@bound(Thing, rows=_for_person)
class ThingOfPerson:
    """Things by a rule about the person."""

    name: str = column("Name.")


@bound(Thing)
class ThingWall:
    """A thing."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    rank: int | None = column("Rank.")
    place: GeoJSON | None = column("Where.")
    secret: str | None = column("Note.", permission=SEE)
    owner: OwnerWall = to_one("Who lends it.", Thing.owner)
    loans: Connection[LoanWall] = to_many("Loans.", Thing.loans, order_by=Loan.starts_at, filter=LoanWallFilter)
    hidden: Connection[HiddenLoan] = to_many("The same, hidden.", Thing.loans, order_by=Loan.starts_at)
    readings: Connection[ReadingWall] = to_many("Values.", Thing.readings, order_by=Reading.at.desc())
    loan_count: int = count_of("Loans.", Thing.loans, of=LoanWall, filter=LoanWallFilter)
    hidden_count: int = count_of("Hidden loans.", Thing.loans, of=HiddenLoan)
    counted: int | None = count_of("For those who count.", Thing.loans, of=LoanWall, permission=COUNT)
    last: ReadingWall | None = first_of("Newest value.", Thing.readings, order_by=Reading.at.desc())
    summary: Summary = nested("Figures.", of=_everything, many=False)
    all_loans: int | None = computed("All loans, one would think.", sql=_all_loans)
    named_like_ours: int | None = computed("Under a name that plans use.", sql=_named_like_ours)
    two_deep: int | None = computed("A sub-select in another.", sql=_two_deep)
    united: int | None = computed("A union.", sql=_united)
    common: int | None = computed("A common table expression.", sql=_common)
    joined: int | None = computed("A join.", sql=_joined)
    of_owner: str | None = computed("Another owner's name.", sql=_of_owner)
    twin: str | None = computed("The owner's name, by id alone.", sql=_twin)
    initial: str = computed("Python.", python=lambda row, _ctx: row.name[0], reads=(Thing.name,))


@bound(Owner)
class OwnerWall:
    """Somebody who lends things."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    things: Connection[ThingWall] = to_many("Things.", Owner.things, order_by=Thing.name, filter=ThingWallFilter)


def _nearest(lon: float, lat: float) -> Any:
    return distance_to(Thing.place, lon, lat)


def _with_place(lon: float, lat: float) -> Select[Any]:
    del lon, lat
    return select(Thing).where(Thing.place.is_not(None))


def _lent(ctx: Ctx) -> Select[Any]:
    ctx.require_person()
    return select(Thing).where(Thing.id.in_(select(Loan.thing_id)))


@query
class WallsQuery:
    """Things behind walls."""

    things: Connection[ThingWall] = many(
        "Things.", order_by=Thing.name, filter=ThingWallFilter, orders={"RANK": Thing.rank, "DOWN": Thing.name.desc()}
    )
    thing: ThingWall | None = one("One thing.")
    thing_named: ThingWall | None = one("One thing by name.", by=Thing.name)
    owners: Connection[OwnerWall] = many("Owners.", order_by=Owner.name)
    loans: Connection[LoanWall] = many("Loans.", order_by=Loan.starts_at)
    hidden: Connection[HiddenLoan] = many("Hidden loans.", order_by=Loan.starts_at)
    of_town: Connection[ThingOfTown] = many("By a rule of the town.", order_by=Thing.name)
    of_person: Connection[ThingOfPerson] = many("By a rule about the person.", order_by=Thing.name)
    nearby: Connection[ThingWall] = many(
        "Nearest first.", of=_with_place, order_by=_nearest, args={"lon": "Longitude.", "lat": "Latitude."}
    )
    lent: Connection[ThingWall] | None = many("Lent ones.", of=_lent, order_by=Thing.name, permission=SIGNED_IN)


@bound(Thing)
class RegionThingWall:
    """A thing of a town."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    owner: RegionOwnerWall = to_one("Who lends it.", Thing.owner)
    loans: Connection[LoanWall] = to_many("Loans.", Thing.loans, order_by=Loan.starts_at)
    loan_count: int = count_of("Loans.", Thing.loans, of=LoanWall)
    last: ReadingWall | None = first_of("Newest value.", Thing.readings, order_by=Reading.at.desc())
    all_loans: int | None = computed("All loans, one would think.", sql=_all_loans)


@bound(Owner)
class RegionOwnerWall:
    """An owner."""

    name: str = column("Name.")


def _owned(word: str) -> Select[Any]:
    """A join of its own, which holds the tenant itself."""
    return select(Thing).join(Thing.owner).where(Owner.name.contains(word, autoescape=True))


@query
class RegionWallsQuery:
    """Two datasets in one place."""

    things: Connection[RegionThingWall] = region_many("Things.", dataset="shop.things", order_by=Thing.name)
    owners: Connection[RegionOwnerWall] = region_many("Owners.", dataset="walls.owners", order_by=Owner.name)
    owned: Connection[RegionThingWall] = region_many(
        "Things by a word in their owner's name.",
        dataset="shop.things",
        of=_owned,
        order_by=Thing.name,
        args={"word": "The word."},
    )


plugin = Plugin(
    id="walls", title=t("Wände", "Walls"), description=t("Wände.", "Walls."), permissions=(SEE, COUNT),
    requires=("shop",),
)  # fmt: skip


@plugin.hook
def register_graphql() -> GraphQLPart:
    return GraphQLPart(query=WallsQuery)


@plugin.hook
def register_region_graphql() -> GraphQLPart:
    return GraphQLPart(query=RegionWallsQuery)


@plugin.hook
def register_datasets() -> Sequence[Dataset]:
    return [Dataset("walls.owners", t("Leute", "Owners"), t("Alle Leute.", "All owners."))]
