"""Filters of resources and bookings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, cast, or_, select, true

from regiohub.api import NearInput, column, filters, input_type, near, where
from regiohub_booking.models import Booking, Lot, Place, Resource, ResourceKind, Session
from regiohub_booking.rules.states import BookingState


def has_words(text: str) -> Any:
    """Each word stands in the name or in the description."""
    return and_(
        *(
            or_(
                Resource.name.icontains(word, autoescape=True),
                Resource.description.icontains(word, autoescape=True),
                Resource.description_en.icontains(word, autoescape=True),
            )
            for word in text.split()[:10]
        )
    )


def has_all(codes: list[str]) -> Any:
    """All of the equipment. A quoted code cannot match inside another one: codes consist of a-z, 0-9 and _."""
    return and_(true(), *(cast(Resource.equipment, Text).contains(f'"{code}"', autoescape=True) for code in codes[:20]))


def at_place(place_id: UUID) -> Any:
    """In this house, or with units to be picked up there."""
    return or_(Resource.place_id == place_id, Resource.id.in_(select(Lot.resource_id).where(Lot.place_id == place_id)))


def around(point: NearInput) -> Any:
    """In a house near the point."""
    return Resource.place_id.in_(select(Place.id).where(near(Place.position, point.lon, point.lat, point.metres)))


def for_persons(number: int) -> Any:
    """Rooms that hold so many."""
    return Resource.persons >= number


def with_units(number: int) -> Any:
    """Resources with so many units or seats."""
    return Resource.units >= number


def bookings_after(moment: datetime) -> Any:
    """Bookings that end after the moment."""
    return Booking.ends_at > moment


def bookings_before(moment: datetime) -> Any:
    """Bookings that start before the moment."""
    return Booking.starts_at < moment


@filters(Resource)
class ResourceFilter:
    """Which resources are wanted; all conditions must hold."""

    kind: ResourceKind | None = where("Only rooms, items or offers.", Resource.kind)
    text: str | None = where("Words that all occur in name or description.", has_words)
    persons: int | None = where("Room for at least so many persons.", for_persons)
    units: int | None = where("At least so many units or seats.", with_units)
    place_id: UUID | None = where("In this house, or picked up there.", at_place)
    equipment: list[str] | None = where("With all of this equipment (codes).", has_all)
    wheelchair: bool | None = where("Accessible with a wheelchair, or not.", Resource.wheelchair)
    near: NearInput | None = where("In a house near this point.", around)


@filters(Booking)
class BookingFilter:
    """Which bookings are wanted; all conditions must hold."""

    resource_id: UUID | None = where("Only of this resource.", Booking.resource_id)
    state: list[BookingState] | None = where("In one of these states.", Booking.state)
    from_: datetime | None = where("Ends after this moment.", bookings_after)
    to: datetime | None = where("Starts before this moment.", bookings_before)
    number: str | None = where("With this number.", Booking.number)


@filters(Booking)
class BusyTimeFilter:
    """Which busy times are wanted."""

    from_: datetime | None = where("Ends after this moment.", bookings_after)
    to: datetime | None = where("Starts before this moment.", bookings_before)


def _dates_after(moment: datetime) -> Any:
    return Session.ends_at > moment


def _dates_before(moment: datetime) -> Any:
    return Session.starts_at < moment


@filters(Session)
class OfferDateFilter:
    """Which dates of an offer are wanted."""

    from_: datetime | None = where("Ends after this moment.", _dates_after)
    to: datetime | None = where("Starts before this moment.", _dates_before)


@input_type
class FreeInput:
    """A span that must be free from start to end."""

    starts_at: datetime = column("Start.")
    ends_at: datetime = column("End.")
    quantity: int = column("So many units or seats at once.", default=1)
