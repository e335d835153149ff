"""Every kind of field once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func, select

from regiohub.api import (
    PUBLIC,
    SIGNED_IN,
    UNSET,
    Conflict,
    Connection,
    Ctx,
    GeoJSON,
    NearInput,
    NotFound,
    Permission,
    TenantScope,
    batched,
    bound,
    column,
    computed,
    connection,
    distance_to,
    error_type,
    field,
    filters,
    input_type,
    many,
    mutation,
    near,
    one,
    query,
    region_many,
    subscription,
    t,
    to_many,
    to_one,
    value,
    where,
)

from .models import Loan, Owner, Reading, Thing, ThingKind

MANAGE = Permission("shop.manage", t("Ausleihe verwalten", "Manage the shop"), roles=("editor",))
CALLS: list[int] = []
"""Number of rows that each call of the batched field got."""


class ThingTaken(Conflict):
    """The thing is lent in that time."""

    code = "THING_TAKEN"


def visible(ctx: Ctx) -> Any:
    """Hidden things are for those who manage."""
    return None if ctx.can(MANAGE) else Thing.hidden.is_(False)


@bound(Owner)
class OwnerType:
    """Somebody who lends things."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    phone: str | None = column("Telephone number.", permission=MANAGE)
    things: Connection[ThingType] = to_many("What this owner lends.", Owner.things, order_by=Thing.name)


def counted_loans(_ctx: Ctx) -> Any:
    """A predicate that is a bare attribute."""
    return Loan.counts


@bound(Loan, rows=counted_loans)
class LoanType:
    """A time for which a thing is lent."""

    id: UUID = column("Identifier.")
    starts_at: datetime = column("Beginning.")
    ends_at: datetime = column("End.")
    thing: ThingType | None = to_one("What is lent.", Loan.thing)


@bound(Reading)
class ReadingType:
    """A measured value."""

    at: datetime = column("When.")
    value: float = column("How much.")


@value
class Hit:
    """A found thing with its score."""

    score: float = column("How well it fits, 0 to 1.")
    thing: ThingType = column("The thing.")
    double: float = computed("Twice the score.", python=lambda hit, _ctx: hit.score * 2)


@value
class Size:
    """How big something is."""

    letters: int = column("Letters of its name.")


def _ends_after(moment: datetime) -> Any:
    return Loan.ends_at > moment


def _named(text: str) -> Any:
    return Thing.name.icontains(text, autoescape=True)


def _around(at: NearInput) -> Any:
    return near(Thing.place, at.lon, at.lat, at.metres)


def _lent_now(wanted: bool, ctx: Ctx) -> Any:
    return _lent(ctx) == wanted


@filters(Loan)
class LoanFilter:
    """Which loans."""

    after: datetime | None = where("Only those that end later.", _ends_after)


@filters(Thing)
class ThingFilter:
    """Which things."""

    kind: ThingKind | None = where("Only this sort.", Thing.kind)
    kinds: list[ThingKind] | None = where("Only these sorts.", Thing.kind)
    text: str | None = where("Part of the name.", _named)
    near: NearInput | None = where("Around a point.", _around)
    lent_now: bool | None = where("Lent at this moment.", _lent_now)


def _lent(ctx: Ctx) -> Any:
    return (
        select(Loan.id).where(Loan.thing_id == Thing.id, Loan.starts_at <= ctx.now(), Loan.ends_at > ctx.now()).exists()
    )


@bound(Thing, rows=visible)
class ThingType:
    """A thing that can be borrowed."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    title: str = column("Another word for the name.", of=Thing.name)
    label: str = column("Name in capitals.", of="label")
    kind: ThingKind = column("Sort.")
    rank: int | None = column("Place in the shop window.")
    price: Decimal = column("Price per day in euros.")
    place: GeoJSON | None = column("Where it is.")
    secret: str | None = column("Note for staff.", permission=MANAGE)
    owner: OwnerType = to_one("Who lends it.", Thing.owner)
    loans: Connection[LoanType] = to_many(
        "When it is lent.", Thing.loans, order_by=Loan.starts_at, filter=LoanFilter,
        orders={"LATEST": Loan.starts_at.desc()},
    )  # fmt: skip
    readings: Connection[ReadingType] = to_many("What is measured.", Thing.readings, order_by=Reading.at.desc())
    loan_count: int = computed(
        "How often it is lent.",
        sql=lambda: select(func.count()).where(Loan.thing_id == Thing.id).correlate(Thing).scalar_subquery(),
    )
    is_lent: bool = computed("Whether it is lent now.", sql=_lent)
    size: Size = computed("How big it is.", python=lambda row, _ctx: Size(letters=len(row.name)))
    has_rank: bool = computed("Whether it has a place.", python=lambda row, _ctx: row.rank is not None)

    @batched("Last reading.")
    @staticmethod
    async def last_reading(rows: Sequence[Thing], ctx: Ctx) -> list[ReadingType | None]:
        """One statement for all."""
        CALLS.append(len(rows))
        newest = select(Reading.thing_id, func.max(Reading.at)).group_by(Reading.thing_id)
        ids = [row.id for row in rows]
        statement = select(Reading).where(
            Reading.thing_id.in_(ids), sa.tuple_(Reading.thing_id, Reading.at).in_(newest)
        )
        found = {row.thing_id: row for row in await ctx.session.scalars(statement)}
        return [found.get(row.id) for row in rows]  # type: ignore[return-value]

    @field("Loans that begin in a window.", args={"from_": "Start of the window.", "to": "Its end."})
    @staticmethod
    async def loans_between(row: Thing, ctx: Ctx, from_: datetime, to: datetime) -> list[LoanType]:
        """An ordinary resolver."""
        statement = select(Loan).where(Loan.thing_id == row.id, Loan.starts_at.between(from_, to))
        return list(await ctx.session.scalars(statement.order_by(Loan.starts_at)))  # type: ignore[arg-type]

    @field("Always fails.")
    @staticmethod
    async def broken(row: Thing) -> str | None:
        """A fault of the program."""
        raise RuntimeError(f"secret detail of {row.name}")


@query
class ShopQuery:
    """Things to borrow."""

    things: Connection[ThingType] = many(
        "Things.", filter=ThingFilter, order_by=Thing.name,
        orders={"RANK": Thing.rank, "RANK_DOWN": Thing.rank.desc(), "PRICE": (Thing.price.desc(), Thing.name)},
    )  # fmt: skip
    owners: Connection[OwnerType] = many("Owners.", order_by=Owner.name)
    thing: ThingType | None = one("One thing.")
    thing_named: ThingType | None = one("One thing by its name.", by=Thing.name)
    staff: Connection[OwnerType] | None = many("Owners, for staff.", permission=MANAGE)

    @field("Things by distance from a point.", args={"lon": "Longitude.", "lat": "Latitude."})
    async def nearest(self, lon: float, lat: float) -> Connection[ThingType]:
        """An order that is an expression."""
        return connection(select(Thing).where(Thing.place.is_not(None)), order_by=distance_to(Thing.place, lon, lat))

    @field("Things that a person has lent at some time.", permission=SIGNED_IN)
    async def lent_before(self, ctx: Ctx) -> Connection[ThingType]:
        """A join of its own."""
        return connection(
            select(Thing).join(Loan, Loan.thing_id == Thing.id).where(Loan.starts_at < ctx.now()),
            order_by=Loan.starts_at,
        )

    @field("Ranking made in Python, as hits.", args={"text": "What to look for."})
    async def search(self, ctx: Ctx, text: str) -> Connection[Hit]:
        """A sequence of values that hold rows."""
        rows = (await ctx.session.scalars(select(Thing).order_by(Thing.name))).all()
        hits = [Hit(score=len(text) / len(row.name), thing=cast(Any, row)) for row in rows if text in row.name]
        return connection(hits)

    @field("Ranking made in Python, as ids.")
    async def ranked(self, ctx: Ctx) -> Connection[ThingType]:
        """A sequence of ids."""
        return connection((await ctx.session.scalars(select(Thing.id).order_by(Thing.name.desc()))).all())


@error_type(ThingTaken)
class ThingTakenError:
    """The thing is lent in that time already."""

    starts_at: datetime = column("Start of the loan in the way.")
    ends_at: datetime = column("Its end.")


@input_type
class LendInput:
    """A wish to borrow."""

    thing_id: UUID = column("What to borrow.")
    starts_at: datetime = column("From when.")
    ends_at: datetime = column("Until when.")
    note: str | None = column("A note.", default=None)
    colour: str | None = column("Tells not given from null.", default=UNSET)


SEEN: list[LendInput] = []


@mutation("Lends a thing.", permission=SIGNED_IN, returns="loan")
async def lend_thing(ctx: Ctx, input: LendInput) -> LoanType:
    """Refuses overlaps with the loan in the way."""
    SEEN.append(input)
    await ctx.session.lock("shop", input.thing_id)
    if await ctx.session.find(Thing, input.thing_id) is None:
        raise NotFound(field="thingId")
    taken = await ctx.session.scalar(
        select(Loan).where(
            Loan.thing_id == input.thing_id, Loan.starts_at < input.ends_at, Loan.ends_at > input.starts_at
        )
    )
    loan = Loan(thing_id=input.thing_id, starts_at=input.starts_at, ends_at=input.ends_at, counts=True)
    ctx.session.add(loan)
    await ctx.session.flush()
    if taken is not None:
        raise ThingTaken(
            t("Schon verliehen.", "Lent already."), field="startsAt", starts_at=taken.starts_at, ends_at=taken.ends_at
        )
    ctx.notify("shop.loan", {"id": str(loan.id)})
    return loan  # type: ignore[return-value]


@mutation("Leaves a greeting.", permission=PUBLIC, returns="words", args={"words": "What to say."})
async def greet(ctx: Ctx, words: str) -> str:
    """Anybody may."""
    return f"{ctx.tenant.slug}: {words}"


@mutation("Renames an owner.", permission=MANAGE, returns="owner", args={"id": "Whom.", "name": "New name."})
async def rename_owner(ctx: Ctx, id: UUID, name: str) -> OwnerType:
    """For staff."""
    owner = await ctx.session.find(Owner, id)
    if owner is None:
        raise NotFound
    owner.name = name
    return owner  # type: ignore[return-value]


@mutation("Writes, then fails inside the program.", permission=PUBLIC)
async def crash(ctx: Ctx) -> None:
    """A fault of the program."""
    ctx.session.add(Owner(name="never kept", phone=None))
    await ctx.session.flush()
    raise RuntimeError("secret detail")


@subscription("New loans.", permission=PUBLIC)
async def loan_added(scope: TenantScope) -> AsyncIterator[LoanType]:
    """Ids of rows."""
    messages = scope.listen("shop.loan")
    _note("listening")
    try:
        async for message in messages:
            yield UUID(message["id"])  # type: ignore[misc]
    finally:
        _note("ended")


WATCHERS: list[asyncio.Queue[str]] = []
"""Tests that want to know when somebody begins and ends to listen."""


def _note(what: str) -> None:
    for watcher in WATCHERS:
        watcher.put_nowait(what)


@subscription("Numbers, for staff.", permission=MANAGE, args={"upto": "Last number."})
async def counted(upto: int) -> AsyncIterator[int]:
    """Numbers, then waits. Negative ones do not exist."""
    if upto < 0:
        raise NotFound(field="upto")
    for number in range(1, upto + 1):
        yield number
    await asyncio.Event().wait()


@bound(Thing)
class RegionThingType:
    """A thing that a town shares with the region."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    owner: RegionOwnerType = to_one("Who lends it.", Thing.owner)
    loans: Connection[RegionLoanType] = to_many("When it is lent.", Thing.loans, order_by=Loan.starts_at)


@bound(Owner)
class RegionOwnerType:
    """An owner, as the region sees him."""

    name: str = column("Name.")


@bound(Loan)
class RegionLoanType:
    """A loan, as the region sees it."""

    starts_at: datetime = column("Beginning.")


@query
class RegionShopQuery:
    """Things of all towns that share them."""

    things: Connection[RegionThingType] = region_many("Things.", dataset="shop.things", order_by=Thing.name)
