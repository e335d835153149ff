"""Filters of blocked times, tariffs and access."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_

from regiohub.api import filters, where
from regiohub_booking.models import AccessGrant, Closure, GrantState, Tariff


def _ends_after(moment: datetime) -> Any:
    return and_(Closure.last_ends_at > moment, Closure.released_at.is_(None))


def _starts_before(moment: datetime) -> Any:
    return Closure.starts_at < moment


def _overdue(wanted: bool) -> Any:
    due = and_(AccessGrant.next_try_at.is_not(None), AccessGrant.attempts > 0)
    return due if wanted else ~due


def _opens_after(moment: datetime) -> Any:
    return AccessGrant.valid_until > moment


@filters(Closure)
class BlockedTimeFilter:
    """Which blocked times are wanted; all conditions must hold."""

    resource_id: UUID | None = where("Only of this resource itself.", Closure.resource_id)
    place_id: UUID | None = where("Only of this house itself.", Closure.place_id)
    from_: datetime | None = where("Not given back, with a date after this moment.", _ends_after)
    to: datetime | None = where("Starts before this moment.", _starts_before)


@filters(Tariff)
class TariffFilter:
    """Which tariffs are wanted; all conditions must hold."""

    resource_id: UUID | None = where("Of this resource itself.", Tariff.resource_id)
    place_id: UUID | None = where("Of this house itself.", Tariff.place_id)


@filters(AccessGrant)
class GrantFilter:
    """Which access is wanted; all conditions must hold."""

    state: list[GrantState] | None = where("In one of these states.", AccessGrant.state)
    silent: bool | None = where("The lock was asked in vain and has not followed yet, or the opposite.", _overdue)
    from_: datetime | None = where("Opens after this moment.", _opens_after)
