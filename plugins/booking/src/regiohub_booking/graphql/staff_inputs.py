"""Inputs of what staff do: blocked times, tariffs, bookings for others, houses."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from regiohub.api import UNSET, GeoJSON, column, input_type
from regiohub_booking.graphql.inputs import CreateBookingInput, CreateSeriesInput, TimeInput
from regiohub_booking.models import ClosureKind
from regiohub_booking.rules.prices import PriceBasis
from regiohub_booking.rules.recurrence import Frequency, Recurrence
from regiohub_booking.service.closures import ClosureWish
from regiohub_booking.service.wishes import Booker


@input_type
class BlockTimeInput(TimeInput):
    """Time that is kept free of bookings, of a resource or of a house."""

    resource_id: UUID | None = column("The resource, with all its parts; or give `placeId`.", default=None)
    place_id: UUID | None = column("The house, with all it holds.", default=None)
    kind: ClosureKind = column("Why, roughly.", default=ClosureKind.MAINTENANCE)
    reason: str = column("Why; seen by staff only.")
    public_reason: str | None = column("Why, for residents, in German.", default=None)
    public_reason_en: str | None = column("Why, for residents, in English.", default=None)
    frequency: Frequency | None = column("How often it repeats; not given: once.", default=None)
    interval: int = column("Every so many days, weeks or months.", default=1)
    count: int | None = column("How many dates; or give `until`.", default=None)
    until: date | None = column("Last day that a date may lie on.", default=None)

    def wish(self) -> ClosureWish:
        """The wish as the services take it."""
        rule = None
        if self.frequency is not None:
            rule = Recurrence(self.frequency, self.interval, self.count, self.until)
        return ClosureWish(
            when=self.when(),
            reason=self.reason,
            resource_id=self.resource_id,
            place_id=self.place_id,
            kind=self.kind,
            public_reason=self.public_reason,
            public_reason_en=self.public_reason_en,
            rule=rule,
        )


@input_type
class CreateBookingForInput(CreateBookingInput):
    """A booking for somebody who has called or come by."""

    booker_name: str = column("Who.")
    booker_email: str | None = column("Where answers go.", default=None)
    booker_phone: str | None = column("How to reach the person.", default=None)
    booker_locale: str = column("Language of the mails: de or en.", default="de")
    decided: bool = column("Confirm at once; false makes it a request.", default=True)

    def booker(self) -> Booker:
        """The person as the services take it."""
        return Booker(self.booker_name, self.booker_email, self.booker_phone, self.booker_locale)


@input_type
class CreateSeriesForInput(CreateSeriesInput):
    """A series for somebody who has called or come by."""

    booker_name: str = column("Who.")
    booker_email: str | None = column("Where answers go.", default=None)
    booker_phone: str | None = column("How to reach the person.", default=None)
    booker_locale: str = column("Language of the mails: de or en.", default="de")
    decided: bool = column("Confirm at once; false makes it a request.", default=True)

    def booker(self) -> Booker:
        """The person as the services take it."""
        return Booker(self.booker_name, self.booker_email, self.booker_phone, self.booker_locale)


@input_type
class CreateTariffInput:
    """A new tariff of a resource or of a house."""

    resource_id: UUID | None = column("The resource; or give `placeId`.", default=UNSET)
    place_id: UUID | None = column("The house.", default=UNSET)
    name: str = column("For whom, in German.")
    name_en: str | None = column("For whom, in English.", default=UNSET)
    note: str | None = column("Who may use it, in German.", default=UNSET)
    note_en: str | None = column("Who may use it, in English.", default=UNSET)
    position: int | None = column("Its place in the list; the first one is proposed.", default=UNSET)
    basis: PriceBasis | None = column("Per hour, per begun day, or flat; for one unit or seat each.", default=UNSET)
    price: Decimal = column("Price in euros; 0 is free.")
    minimum: Decimal | None = column("What a booking costs at least.", default=UNSET)
    deposit: Decimal | None = column("Deposit in euros.", default=UNSET)
    valid_from: date | None = column("First day.", default=UNSET)
    valid_until: date | None = column("Last day, included.", default=UNSET)
    on_request: bool | None = column("The house decides on bookings by this tariff.", default=UNSET)


@input_type
class UpdateTariffInput:
    """Changes of a tariff; what is not given stays. Bookings keep what was agreed."""

    id: UUID = column("The tariff.")
    name: str | None = column("For whom, in German.", default=UNSET)
    name_en: str | None = column("For whom, in English.", default=UNSET)
    note: str | None = column("Who may use it, in German.", default=UNSET)
    note_en: str | None = column("Who may use it, in English.", default=UNSET)
    position: int | None = column("Its place in the list; the first one is proposed.", default=UNSET)
    basis: PriceBasis | None = column("Per hour, per begun day, or flat; for one unit or seat each.", default=UNSET)
    price: Decimal | None = column("Price in euros; 0 is free.", default=UNSET)
    minimum: Decimal | None = column("What a booking costs at least.", default=UNSET)
    deposit: Decimal | None = column("Deposit in euros.", default=UNSET)
    valid_from: date | None = column("First day.", default=UNSET)
    valid_until: date | None = column("Last day, included.", default=UNSET)
    on_request: bool | None = column("The house decides on bookings by this tariff.", default=UNSET)


@input_type
class CreatePlaceInput:
    """A new house or pick-up point."""

    slug: str = column("Short name for addresses: a-z, 0-9, hyphens.")
    name: str = column("Name of the house or pick-up point.")
    address: str | None = column("Street, number, postcode and town.", default=UNSET)
    position: GeoJSON | None = column("Point on the map.", default=UNSET)
    wheelchair: bool | None = column("Accessible with a wheelchair.", default=UNSET)
    contact: str | None = column("How to reach the house.", default=UNSET)
    caretaker_email: str | None = column("Where warnings about locks go.", default=UNSET)


@input_type
class UpdatePlaceInput:
    """Changes of a house; what is not given stays."""

    id: UUID = column("The house.")
    name: str | None = column("Name of the house or pick-up point.", default=UNSET)
    address: str | None = column("Street, number, postcode and town.", default=UNSET)
    position: GeoJSON | None = column("Point on the map.", default=UNSET)
    wheelchair: bool | None = column("Accessible with a wheelchair.", default=UNSET)
    contact: str | None = column("How to reach the house.", default=UNSET)
    caretaker_email: str | None = column("Where warnings about locks go.", default=UNSET)
