"""A second face of the shop's tables: every kind of declared field that gathers, nests or takes arguments."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from gq_shop.models import Loan, Owner, Reading, Thing, ThingKind
from sqlalchemy import Select, func, select

from regiohub.api import (
    SIGNED_IN,
    Connection,
    Ctx,
    GeoJSON,
    GraphQLPart,
    InvalidInput,
    Permission,
    Plugin,
    bound,
    column,
    computed,
    connection,
    count_of,
    distance_to,
    filters,
    first_of,
    many,
    nested,
    query,
    region_many,
    rows_of,
    t,
    to_many,
    to_one,
    value,
    where,
)

COUNT = Permission("figures.count", t("Zählen", "Count"), roles=("editor",))
FAULTS = {"sql": False, "python": False, "labels": False, "select": False}
"""What a test wants to be a lie."""


def _countable(ctx: Ctx) -> Any:
    """The first loan of each thing is for staff only."""
    return None if ctx.can(COUNT) else Loan.starts_at > datetime.fromisoformat("2026-06-01T08:00:00Z")


@bound(Loan, rows=_countable)
class LoanFigure:
    """A loan."""

    id: UUID = column("Identifier.")
    starts_at: datetime = column("Beginning.")
    thing: ThingFigure = to_one("What is lent.", Loan.thing)


@bound(Reading, cacheable=True)
class ReadingFigure:
    """A measured value."""

    at: datetime = column("When.")
    value: float = column("How much.")


def _begins(moment: datetime) -> Any:
    return Reading.at >= moment


def _ends(moment: datetime) -> Any:
    return Reading.at < moment


def _in_order(given: Span) -> None:
    if given.to is not None and given.from_ >= given.to:
        raise InvalidInput(t("Das Ende liegt vor dem Anfang.", "The end lies before the start."), field="to")


@filters(Reading, check=_in_order)
class Span:
    """A span of time."""

    from_: datetime = where("First moment.", _begins, required=True)
    to: datetime | None = where("First moment after the span.", _ends)


def _later(moment: datetime) -> Any:
    return Loan.starts_at > moment


@filters(Loan)
class LoanWish:
    """Which loans."""

    after: datetime | None = where("Only those that begin later.", _later)


@value
class ReadingSummary:
    """What the readings of a thing add up to."""

    count: int = column("How many.")
    mean: float | None = column("Their mean; null without any.")
    newest: datetime | None = column("When the newest was taken.")
    rounded: str = computed("The mean, rounded.", python=lambda row, _ctx: f"{row.mean or 0:.1f}")


@value
class DayFigure:
    """What began on one day."""

    first: datetime = column("The first beginning.")
    loans: int = column("How many.")
    price: Decimal = column("Price of the thing.")
    third: float = column("A third of the number.", of="share")
    thing_id: UUID = column("The thing.")


def _summary(parent: Any) -> Any:
    labels = ("count", "mean", "wrong" if FAULTS["labels"] else "newest")
    return select(
        func.count().label(labels[0]), func.avg(Reading.value).label(labels[1]), func.max(Reading.at).label(labels[2])
    ).where(Reading.thing_id == parent.id)


def _days(parent: Any, ctx: Ctx, from_: datetime, limit: int = 3) -> Any:
    del ctx
    return (
        select(
            func.min(Loan.starts_at).label("first"),
            func.count().label("loans"),
            parent.price.label("price"),
            (func.count() / sa.literal(3.0)).label("share"),
            parent.id.label("thing_id"),
        )
        .where(Loan.thing_id == parent.id, Loan.starts_at >= from_)
        .group_by(Loan.starts_at)
        .order_by(Loan.starts_at.desc())
        .limit(limit)
    )


def _first_loans(parent: Any, most: int = 2) -> Select[Any]:
    return select(Loan).where(Loan.thing_id == parent.id).order_by(Loan.starts_at).limit(most)


def _owner(parent: Any) -> Select[Any]:
    return select(Owner).where(Owner.id == parent.owner_id)


def _metres(lon: float, lat: float) -> Any:
    if abs(lat) > 90:
        raise InvalidInput(t("Außerhalb der Erde.", "Outside the world."), field="lat")
    return distance_to(Thing.place, lon, lat)


def _times(ctx: Ctx, factor: int) -> Any:
    return func.length(Thing.name) * (factor if ctx.locale == "en" else 0)


def _tomorrow(ctx: Ctx) -> Any:
    return Loan.starts_at > ctx.now()


def _words(row: Any, _ctx: Ctx) -> str:
    return f"{row.name} ({row.price if FAULTS['python'] else row.kind.value})"


def _dear() -> Any:
    # A function that neither database has.
    return func.no_such_function(Thing.price) if FAULTS["sql"] else Thing.price > 1


def _double(row: Thing, _ctx: Ctx) -> int:
    return len(row.name) * 2


@bound(Thing)
class ThingFigure:
    """A thing with its figures."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    place: GeoJSON | None = column("Where it is.")
    owner: OwnerFigure = to_one("Who lends it.", Thing.owner)
    words: str = computed("Name and sort.", python=_words, reads=(Thing.name, "kind"))
    fixed: str = computed("Needs nothing of the row.", python=lambda _row, ctx: ctx.locale, reads=())
    doubled: int = computed(
        "Twice the letters.", sql=lambda: func.length(Thing.name) * 2, python=_double, reads=["name"]
    )
    dear: bool = computed("More than a euro.", sql=_dear)
    maybe_dear: bool | None = computed("More than a euro, perhaps.", sql=_dear)
    cheap: bool = computed("Less than a euro.", sql=lambda: Thing.price < 1)
    loans: Connection[LoanFigure] = to_many("When it is lent.", Thing.loans, order_by=Loan.starts_at)
    readings: Connection[ReadingFigure] = to_many(
        "Values in a span.", Thing.readings, order_by=Reading.at, arguments=Span, page=5, most=1000
    )
    loan_count: int = count_of("How often it is lent.", Thing.loans, of=LoanFigure, filter=LoanWish)
    coming: int = count_of("How often it will be lent.", Thing.loans, of=lambda: LoanFigure, where=_tomorrow)
    counted: int | None = count_of("The same, for staff.", Thing.loans, of=LoanFigure, permission=COUNT)
    values_in: int = count_of("Values in a span.", Thing.readings, of=ReadingFigure, arguments=Span)
    last: ReadingFigure | None = first_of("The newest value.", Thing.readings, order_by=Reading.at.desc())
    next_loan: LoanFigure | None = first_of("Next loan.", Thing.loans, order_by=Loan.starts_at, where=_tomorrow)
    summary: ReadingSummary = nested("Figures of its readings.", of=_summary, many=False)
    metres: float | None = computed(
        "Distance from a point.", sql=_metres, args={"lon": "Longitude.", "lat": "Latitude."}
    )
    times: int = computed("Letters times a number.", sql=_times, args={"factor": "The number."})
    first_loans: list[LoanFigure] = rows_of("Its first loans.", of=_first_loans, args={"most": "How many."}, items=2)
    holder: OwnerFigure | None = rows_of("Who lends it.", of=_owner, many=False)
    days: list[DayFigure] = nested(
        "What began, newest first.", of=_days, args={"from_": "First moment.", "limit": "How many."}, items=3
    )


@bound(Owner)
class OwnerFigure:
    """Somebody who lends things."""

    name: str = column("Name.")
    things: Connection[ThingFigure] = to_many("What this owner lends.", Owner.things, order_by=Thing.name)
    thing_count: int = count_of("How many things.", Owner.things, of=lambda: ThingFigure)


def _near(lon: float, lat: float, kind: ThingKind | None = None) -> Any:
    found = select(Thing).where(Thing.place.is_not(None))
    if FAULTS["select"]:
        return "SELECT 1"
    return found if kind is None else found.where(Thing.kind == kind)


def _nearest(lat: float, lon: float) -> Any:
    return distance_to(Thing.place, lon, lat)


def _lent(ctx: Ctx, since: datetime) -> Select[Any]:
    ctx.require_person()
    if since.year < 2000:
        raise InvalidInput(t("Zu früh.", "Too early."), field="since")
    return select(Thing).join(Loan, Loan.thing_id == Thing.id).where(Loan.starts_at > since)


def _named(text: str) -> Any:
    return Thing.name.icontains(text, autoescape=True)


@filters(Thing)
class ThingWish:
    """Which things."""

    text: str | None = where("Part of the name.", _named)


def _plain(ctx: Ctx, text: str, ranked: bool = False) -> Any:
    del ctx
    return None if ranked else select(Thing).where(_named(text))


async def _ranked(ctx: Ctx, text: str, ranked: bool = False) -> Connection[ThingFigure]:
    assert ranked
    found = await ctx.session.scalars(select(Thing).where(_named(text)))
    return connection(sorted(found, key=lambda thing: (len(thing.name), thing.name)))


@query
class FiguresQuery:
    """Figures of things."""

    things: Connection[ThingFigure] = many("Things.", order_by=Thing.name, most=12, page=12)
    owners: Connection[OwnerFigure] = many("Owners.", order_by=Owner.name)
    named: Connection[ThingFigure] = many("By name.", order_by=Thing.name, arguments=ThingWish)
    nearby: Connection[ThingFigure] = many(
        "Nearest first.",
        of=_near,
        args={"lon": "Longitude.", "lat": "Latitude.", "kind": "Only this sort."},
        filter=ThingWish,
        order_by=_nearest,
        orders={"NAME": Thing.name},
    )
    search: Connection[ThingFigure] = many(
        "By words, ranked if wanted.",
        of=_plain,
        otherwise=_ranked,
        args={"text": "What to look for.", "ranked": "Shortest name first."},
        order_by=Thing.name,
    )
    lent: Connection[ThingFigure] | None = many(
        "Lent after a moment.", of=_lent, args={"since": "The moment."}, order_by=Loan.starts_at, permission=SIGNED_IN
    )


@bound(Reading)
class RegionReading:
    """A measured value of one of the towns."""

    value: float = column("How much.")


@bound(Thing)
class RegionThingFigure:
    """A thing of one of the towns."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    reading_count: int = count_of("How many values.", Thing.readings, of=RegionReading)
    last: RegionReading | None = first_of("The newest value.", Thing.readings, order_by=Reading.at.desc())
    summary: ReadingSummary = nested("Figures of its readings.", of=_summary, many=False)


def _of_kind(kind: ThingKind) -> Select[Any]:
    return select(Thing).where(Thing.kind == kind)


@query
class RegionFiguresQuery:
    """Figures of all towns."""

    things: Connection[RegionThingFigure] = region_many("Things.", dataset="shop.things", order_by=Thing.name)
    some: Connection[RegionThingFigure] = region_many(
        "Of one sort.",
        dataset="shop.things",
        of=_of_kind,
        args={"kind": "The sort."},
        order_by=Thing.name,
    )


plugin = Plugin(
    id="figures", title=t("Zahlen", "Figures"), description=t("Zahlen.", "Figures."), permissions=(COUNT,),
    requires=("shop",),
)  # fmt: skip


@plugin.hook
def register_graphql() -> GraphQLPart:
    return GraphQLPart(query=FiguresQuery)


@plugin.hook
def register_region_graphql() -> GraphQLPart:
    return GraphQLPart(query=RegionFiguresQuery)
