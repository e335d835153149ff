"""Access to doors for confirmed bookings, and secret calendar links."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from regiohub.api import TenantModel, Timestamps, index, reference, relation, unique
from regiohub_booking.models.bookings import Booking


class GrantState(StrEnum):
    """How far the lock has followed the wish."""

    WAITING = "waiting"
    ACTIVE = "active"
    REVOKED = "revoked"


class AccessGrant(TenantModel, Timestamps):
    """What a lock shall do for a booking (``wanted``, ``version``) and what it has done (``state``, ``done_version``).

    The row is written in the booking's own transaction, so that a silent lock never costs anyone a booking; it is due
    while ``next_try_at`` is set. The code is stored encrypted and never leaves through lists or logs.
    """

    __tablename__ = "booking_access_grant"

    booking_id: Mapped[UUID] = reference("booking_booking")
    adapter: Mapped[str]
    doors: Mapped[list[str]]
    wanted: Mapped[bool]
    version: Mapped[int]
    state: Mapped[GrantState]
    done_version: Mapped[int]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    vendor_reference: Mapped[str | None]
    sealed_code: Mapped[str | None]
    requested_at: Mapped[datetime]
    attempts: Mapped[int]
    next_try_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    warned_at: Mapped[datetime | None]
    # The next answer of the lock shall bring another code.
    renew: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None]

    booking: Mapped["Booking"] = relation("Booking", by="booking_id")

    __table_args__ = (unique("booking_id"), index("booking_access_grant", "next_try_at"))


class CalendarFeed(TenantModel, Timestamps):
    """A secret link to the busy times of one resource; only the hash of its token is kept."""

    __tablename__ = "booking_calendar_feed"

    resource_id: Mapped[UUID] = reference("booking_resource")
    label: Mapped[str]
    token_hash: Mapped[str]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (unique("token_hash"),)
