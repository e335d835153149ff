"""Series: all dates at once, or those that are possible, with the reason for each of the others."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, DomainError, NotFound, t, uuid7
from regiohub_booking.errors import SeriesRejected
from regiohub_booking.models import Booking, RejectedDate, Series
from regiohub_booking.permissions import APPROVE
from regiohub_booking.rules.cancellation import last_moment
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.recurrence import Occurrence, OnConflict, Recurrence, Rejection, missing_time, occurrences
from regiohub_booking.rules.states import OCCUPYING, BookingState
from regiohub_booking.rules.wording import day_text
from regiohub_booking.service import effects
from regiohub_booking.service.create import first_state, new_booking
from regiohub_booking.service.people import check_limit, checked_booker
from regiohub_booking.service.slots import (
    Claim,
    Taken,
    choose,
    claimed_between,
    lock_targets,
    occupy,
    release,
    taken_between,
)
from regiohub_booking.service.target import Target, load_target
from regiohub_booking.service.tariffs import agreement, tariffs_of
from regiohub_booking.service.wishes import Booker, Wish, check_details, check_time, offered_dates
from regiohub_booking.settings import BookingSettings


@dataclass(frozen=True, slots=True)
class SeriesResult:
    """What became of a series: the bookings made and the dates that were not possible."""

    series: Series
    bookings: list[Booking]
    rejected: list[RejectedDate]


@dataclass(frozen=True, slots=True)
class SeriesPreview:
    """What would become of a series."""

    possible: list[Interval]
    rejected: list[Rejection]


async def create_series(ctx: Ctx, wish: Wish, rule: Recurrence, on_conflict: OnConflict) -> SeriesResult:
    """Book a series for the signed-in person in one transaction.

    ALL_OR_NOTHING raises SeriesRejected with every date that is not possible; SKIP books the others and keeps the
    reasons, and raises SeriesRejected only when no date at all is possible. Also raises what a booking raises.
    """
    person = ctx.require_person()
    return await _create(ctx, wish, rule, on_conflict, subject=person.subject)


async def create_series_for(
    ctx: Ctx, wish: Wish, rule: Recurrence, on_conflict: OnConflict, booker: Booker, *, decided: bool = True
) -> SeriesResult:
    """A series for somebody who has called or come by, confirmed at once if ``decided``.

    Raises Forbidden, InvalidInput for the person's data, and what a series raises.
    """
    ctx.require(APPROVE)
    person = checked_booker(booker)
    state = BookingState.CONFIRMED if decided else None
    result = await _create(ctx, wish, rule, on_conflict, subject=None, booker=person, state=state)
    after = {"dates": len(result.bookings), "rejected": len(result.rejected)}
    await ctx.audit("booking.create_for", kind="series", id=str(result.series.id), after=after)
    return result


async def preview_series(ctx: Ctx, wish: Wish, rule: Recurrence) -> SeriesPreview:
    """What would become of a series: its possible dates and the others, each with its reason. Nothing is kept.

    Raises what a series raises for the whole of it: unknown resource, no or too many dates, wrong quantity.
    """
    ctx.require_person()
    target, dates, _ = await _dates(ctx, wish, rule)
    possible, rejected = await _sorted_out(ctx, target, wish, dates, taken_between)
    return SeriesPreview([wanted for wanted, _ in possible], rejected)


async def _dates(ctx: Ctx, wish: Wish, rule: Recurrence) -> tuple[Target, list[Occurrence], Interval]:
    target = await load_target(ctx, wish.resource_id)
    first = wish.when.interval(ctx)
    check_details(target, wish)
    limit = ctx.settings(BookingSettings).series_dates
    return target, occurrences(rule, first, ctx.tenant.timezone, limit=limit), first


async def _create(
    ctx: Ctx,
    wish: Wish,
    rule: Recurrence,
    on_conflict: OnConflict,
    *,
    subject: str | None,
    booker: Booker | None = None,
    state: BookingState | None = None,
) -> SeriesResult:
    target, dates, first = await _dates(ctx, wish, rule)
    if booker is None:
        await check_limit(ctx, more=len(dates))
    await lock_targets(ctx, [target])
    possible, rejected = await _sorted_out(ctx, target, wish, dates, claimed_between)
    if rejected and (on_conflict is OnConflict.ALL_OR_NOTHING or not possible):
        raise SeriesRejected(rejected)
    series = Series(
        id=uuid7(),
        resource_id=target.resource.id,
        subject=subject,
        frequency=rule.frequency,
        interval=rule.interval,
        count=rule.count,
        until=rule.until,
        first_starts_at=first.start,
        first_ends_at=first.end,
        on_conflict=on_conflict,
    )
    ctx.session.add(series)
    await ctx.session.flush()
    offered = await tariffs_of(ctx, target.resource)
    bookings: list[Booking] = []
    for wanted, _ in possible:
        agreed = agreement(ctx, offered, target.resource, wanted, wish.quantity, wish.tariff_id)
        begins = state or first_state(target.resource, agreed)
        booking = new_booking(ctx, target, wanted, wish, begins, booker=booker, agreed=agreed)
        booking.series_id = series.id
        bookings.append(booking)
    kept = [_kept(series.id, item) for item in rejected]
    ctx.session.add_all([*bookings, *kept])
    rows = [(wanted, claims, booking.id) for (wanted, claims), booking in zip(possible, bookings, strict=True)]
    await occupy(ctx, target, rows)
    words = [f"{day_text(item.day).get(ctx.locale)}: {item.error.message.get(ctx.locale)}" for item in rejected]
    await effects.series_created(ctx, bookings, target.resource, rejected=words)
    return SeriesResult(series, bookings, kept)


async def _sorted_out(
    ctx: Ctx, target: Target, wish: Wish, dates: list[Occurrence], look: Callable[..., Awaitable[list[Taken]]]
) -> tuple[list[tuple[Interval, list[Claim]]], list[Rejection]]:
    """Each date with its units, or with its reason. Dates of the series also stand in each other's way."""
    spans = [item.interval for item in dates if item.interval is not None]
    whole = Interval(min(span.start for span in spans), max(span.end for span in spans)) if spans else None
    taken = await look(ctx, target.leaf_ids, target.policy.occupied(whole)) if whole else []
    offered = await offered_dates(ctx, target, whole) if whole else frozenset[Interval]()
    possible: list[tuple[Interval, list[Claim]]] = []
    rejected: list[Rejection] = []
    for item in dates:
        if item.interval is None:
            rejected.append(Rejection(item.day, missing_time(item, ctx.tenant.timezone)))
            continue
        try:
            check_time(ctx, target, item.interval, offered)
            claims = choose(ctx, target, item.interval, taken, wish.quantity, wish.place_id)
        except DomainError as error:
            rejected.append(Rejection(item.day, error))
            continue
        occupied = target.policy.occupied(item.interval)
        taken.extend(Taken(claim.resource_id, claim.unit, occupied, None) for claim in claims)
        possible.append((item.interval, claims))
    return possible, rejected


def _kept(series_id: UUID, rejection: Rejection) -> RejectedDate:
    message = rejection.error.message
    return RejectedDate(
        series_id=series_id, day=rejection.day, code=rejection.error.code, message=message.de, message_en=message.en
    )


async def cancel_series(ctx: Ctx, series_id: UUID) -> SeriesResult:
    """Cancel all dates of a series that can still be cancelled; past ones and those inside the notice stay.

    For the person whose series it is, and for staff. Raises NotFound.
    """
    series = await ctx.session.find(Series, series_id)
    own = series is not None and ctx.principal.is_signed_in and series.subject == ctx.principal.subject
    if series is None or not (own or ctx.can(APPROVE)):
        raise NotFound(t("Diese Serie gibt es nicht.", "There is no such series."), field="id")
    target = await load_target(ctx, series.resource_id, inactive=True)
    await lock_targets(ctx, [target])
    notice = timedelta() if ctx.can(APPROVE) else timedelta(hours=target.resource.cancel_hours)
    dates = (
        await ctx.session.scalars(
            select(Booking).where(Booking.series_id == series.id).order_by(Booking.starts_at, Booking.id)
        )
    ).all()
    off = [
        booking
        for booking in dates
        if booking.state in OCCUPYING and last_moment(booking.starts_at, notice) >= ctx.now()
    ]
    for booking in off:
        booking.state = BookingState.CANCELLED
    series.cancelled_at = ctx.now()
    await release(ctx, [booking.id for booking in off])
    await effects.series_cancelled(ctx, off, target.resource)
    if not own:
        await ctx.audit("booking.cancel_series", kind="series", id=str(series.id), after={"dates": len(off)})
    return SeriesResult(series, list(dates), [])
