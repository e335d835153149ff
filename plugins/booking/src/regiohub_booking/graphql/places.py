"""Types of houses, owners, stock and dates."""

from datetime import datetime
from uuid import UUID

from regiohub.api import GeoJSON, bound, column, to_one
from regiohub_booking.models import Lot, Owner, Place, Session
from regiohub_booking.permissions import CARETAKE


@bound(Place, cacheable=True, name="BookingPlace")
class PlaceType:
    """A house with rooms, or a point where things are picked up and returned."""

    id: UUID = column("Identifier.")
    slug: str = column("Short name for addresses.")
    name: str = column("Name of the house or pick-up point.")
    address: str = column("Street, number, postcode and town.")
    position: GeoJSON | None = column("Point on the map.")
    wheelchair: bool | None = column("Accessible with a wheelchair; null when unknown.")
    contact: str | None = column("How to reach the house.")
    caretaker_email: str | None = column("Where warnings about locks go.", permission=CARETAKE)
    example: bool = column("Example data, no real place to book.")


@bound(Owner, cacheable=True, name="BookingOwner")
class OwnerType:
    """An institution or club that lends things out."""

    id: UUID = column("Identifier.")
    slug: str = column("Short name for addresses.")
    name: str = column("Name of the institution or club.")
    contact: str | None = column("How to reach it.")
    example: bool = column("Example data.")


@bound(Lot, cacheable=True, name="StockLot")
class LotType:
    """Units of a lending item that belong to one owner and lie at one pick-up point."""

    first_unit: int = column("Number of the first unit; units are numbered from 1.")
    units: int = column("How many units.")
    owner: OwnerType = to_one("Who lends them.", Lot.owner)
    place: PlaceType = to_one("Where they are picked up and returned.", Lot.place)


@bound(Session, cacheable=True, name="OfferDate")
class SessionType:
    """A date of an offer: a course evening, a training hour."""

    id: UUID = column("Identifier.")
    title: str = column("What happens on this date.")
    starts_at: datetime = column("Start.")
    ends_at: datetime = column("End.")
