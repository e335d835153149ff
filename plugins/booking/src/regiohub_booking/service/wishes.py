"""What a caller asks for, and the checks that need the database but no lock."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, InvalidInput, TenantScope, t
from regiohub_booking.errors import NotOffered
from regiohub_booking.models import Session
from regiohub_booking.permissions import MANAGE
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.policy import BookingMode, check_wish
from regiohub_booking.rules.units import check_quantity
from regiohub_booking.rules.wish import one_wish
from regiohub_booking.service.target import Target

LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class When:
    """A time in one of three ways: two instants, a day with wall-clock times, or first and last day."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    day: date | None = None
    start_time: time | None = None
    end_time: time | None = None
    first_day: date | None = None
    last_day: date | None = None

    def interval(self, ctx: Ctx | TenantScope) -> Interval:
        """The time as instants in the town's zone. Raises TimesMissing, EndBeforeStart and the clock-change errors."""
        return one_wish(
            ctx.tenant.timezone,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            day=self.day,
            start_time=self.start_time,
            end_time=self.end_time,
            first_day=self.first_day,
            last_day=self.last_day,
        )


@dataclass(frozen=True, slots=True)
class Booker:
    """Somebody for whom staff book, by phone or at the counter."""

    name: str
    email: str | None = None
    phone: str | None = None
    locale: str = "de"


@dataclass(frozen=True, slots=True)
class Wish:
    """A booking as asked for. ``place_id`` wishes one pick-up point of a lending item, ``tariff_id`` a tariff."""

    resource_id: UUID
    when: When = field(default_factory=When)
    quantity: int = 1
    persons: int | None = None
    purpose: str | None = None
    place_id: UUID | None = None
    tariff_id: UUID | None = None


def check_details(target: Target, wish: Wish) -> None:
    """Quantity, number of persons and length of the purpose. Raises TooManyUnits or InvalidInput."""
    check_quantity(wish.quantity, target.capacity)
    most = target.resource.persons
    if wish.persons is not None and (wish.persons < 1 or (most is not None and wish.persons > most)):
        raise InvalidInput(
            t(f"Der Raum ist für 1 bis {most} Personen.", f"The room is for 1 to {most} persons.")
            if most is not None
            else t("Mindestens eine Person.", "At least one person."),
            field="persons",
        )
    if wish.purpose is not None and len(wish.purpose) > LONGEST_TEXT:
        raise InvalidInput(
            t(f"Höchstens {LONGEST_TEXT} Zeichen.", f"At most {LONGEST_TEXT} characters."), field="purpose"
        )


async def offered_dates(ctx: Ctx, target: Target, span: Interval) -> frozenset[Interval]:
    """The dates of an offer within ``span``; empty for resources that are not offered by dates."""
    if target.policy.mode is not BookingMode.SESSIONS:
        return frozenset()
    rows = await ctx.session.execute(
        select(Session.starts_at, Session.ends_at).where(
            Session.resource_id == target.resource.id, Session.starts_at >= span.start, Session.ends_at <= span.end
        )
    )
    return frozenset(Interval(row.starts_at, row.ends_at) for row in rows)


def check_time(ctx: Ctx, target: Target, wanted: Interval, dates: frozenset[Interval]) -> None:
    """The rules of the resource and, for offers with dates, that the time is one of ``dates``."""
    staff = ctx.can(MANAGE)
    check_wish(target.policy, target.plan, wanted, now=ctx.now(), zone=ctx.tenant.timezone, staff=staff)
    if target.policy.mode is BookingMode.SESSIONS and wanted not in dates:
        raise NotOffered(
            t("Zu dieser Zeit gibt es keinen Termin dieses Angebots.", "This offer has no date at that time.")
        )
