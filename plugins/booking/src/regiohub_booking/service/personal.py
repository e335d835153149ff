"""What erasing a person means beyond emptied rows: bookings of the future are given up, and their doors stay shut.

A booking without a person can neither be asked nor told anything: keeping its time taken would help nobody. What is
over stays as a number, without the person. Nobody is written to; the address is on its way out.
"""

from collections.abc import Sequence

from sqlalchemy import func, or_, select, update

from regiohub.api import Ctx, Erased, Subject, SubjectData, Text, t
from regiohub_booking.events import BookingCancelled
from regiohub_booking.models import Booking, Series
from regiohub_booking.rules.states import OCCUPYING, BookingState, Step, next_state
from regiohub_booking.service.access import withdraw_access
from regiohub_booking.service.contacts import contacts, forget_contacts
from regiohub_booking.service.decide import audited
from regiohub_booking.service.slots import lock_targets, release
from regiohub_booking.service.target import load_target

CATEGORY = "bookings"


async def future_bookings(ctx: Ctx, subject: Subject) -> Sequence[Booking]:
    """Bookings of a person that still keep a time from others, the next one first."""
    theirs = [Booking.subject == subject.id] if subject.id else []
    theirs += [func.lower(func.trim(Booking.booker_email)).in_(sorted(subject.emails))] if subject.emails else []
    wanted = select(Booking).where(or_(*theirs), Booking.state.in_(OCCUPYING), Booking.ends_at > ctx.now())
    return (await ctx.session.scalars(wanted.order_by(Booking.starts_at, Booking.id))).all()


async def give_up(ctx: Ctx, subject: Subject) -> Sequence[Erased]:
    """Cancel what the person still has before it, without a word to anybody."""
    found = {booking.resource_id for booking in await future_bookings(ctx, subject)}
    await lock_targets(ctx, [await load_target(ctx, id_, inactive=True) for id_ in sorted(found)])
    # Read again behind the locks: decisions of others are through by now.
    bookings = await future_bookings(ctx, subject)
    for booking in bookings:
        await ctx.session.refresh(booking)
        before = booking.state
        booking.state, booking.expires_at = next_state(before, Step.CANCEL), None
        if before is not BookingState.HELD:
            await ctx.emit(BookingCancelled(booking_id=booking.id))
            await audited(ctx, "booking.cancel", booking, before)
    ids = [booking.id for booking in bookings]
    await release(ctx, ids)
    await withdraw_access(ctx, ids)
    series = {booking.series_id for booking in bookings if booking.series_id}
    await ctx.session.execute(
        update(Series)
        .where(Series.id.in_(series), Series.cancelled_at.is_(None))
        .values(cancelled_at=ctx.now(), updated_at=ctx.now())
        .execution_options(synchronize_session=False)
    )
    return [Erased(CATEGORY, note=_words(len(ids), done=True))] if ids else []


async def foretold(ctx: Ctx, subject: Subject) -> Sequence[Text]:
    """How many bookings would be cancelled."""
    number = len(await future_bookings(ctx, subject))
    return [_words(number, done=False)] if number else []


def _words(number: int, *, done: bool) -> Text:
    if number == 1:
        what = t("1 künftige Buchung wird storniert", "1 booking of the future is cancelled")
        past = t("1 künftige Buchung wurde storniert", "1 booking of the future was cancelled")
    else:
        what = t(f"{number} künftige Buchungen werden storniert", f"{number} bookings of the future are cancelled")
        past = t(f"{number} künftige Buchungen wurden storniert", f"{number} bookings of the future were cancelled")
    said = past if done else what
    return t(
        f"{said.de}; die Zeiten sind wieder frei, Zugangscodes gelten nicht mehr. Eine Mail geht nicht hinaus.",
        f"{said.en}; the times are free again, access codes no longer open. No mail is sent.",
    )


async def forget(ctx: Ctx, subject: Subject) -> Sequence[Erased]:
    """Both: what is still to come, and contacts."""
    return [*await give_up(ctx, subject), *await forget_contacts(ctx, subject)]


SUBJECT_DATA = SubjectData(export=contacts, erase=forget, consequences=foretold)
