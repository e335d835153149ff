"""Forgetting: names and addresses leave bookings some time after they are over."""

from datetime import timedelta

from sqlalchemy import or_, select, update

from regiohub.api import Ctx
from regiohub_booking.models import Booking, Question, Series
from regiohub_booking.settings import BookingSettings


async def forget_persons(ctx: Ctx) -> int:
    """Erase the person from bookings that ended longer ago than the retention time; returns how many.

    The booking itself stays for statistics: resource, time, number of persons.
    """
    limit = ctx.now() - timedelta(days=ctx.settings(BookingSettings).retention_days)
    result = await ctx.session.execute(
        update(Booking)
        .where(
            Booking.ends_at < limit,
            or_(
                Booking.subject.is_not(None),
                Booking.booker_name.is_not(None),
                Booking.booker_email.is_not(None),
                Booking.booker_phone.is_not(None),
                Booking.purpose.is_not(None),
                Booking.reason.is_not(None),
            ),
        )
        .values(
            subject=None,
            booker_name=None,
            booker_email=None,
            booker_phone=None,
            purpose=None,
            reason=None,
            updated_at=ctx.now(),
        )
        .execution_options(synchronize_session=False)
    )
    over = select(Booking.id).where(Booking.ends_at < limit)
    await ctx.session.execute(
        update(Question)
        .where(Question.booking_id.in_(over), or_(Question.question.is_not(None), Question.answer.is_not(None)))
        .values(question=None, answer=None, token_hash=None, updated_at=ctx.now())
        .execution_options(synchronize_session=False)
    )
    still_known = select(Booking.series_id).where(Booking.series_id.is_not(None), Booking.subject.is_not(None))
    # A series without remaining persons behind its dates needs none itself.
    await ctx.session.execute(
        update(Series)
        .where(Series.subject.is_not(None), Series.first_ends_at < limit)
        .where(~Series.id.in_(still_known))
        .values(subject=None, updated_at=ctx.now())
        .execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))
