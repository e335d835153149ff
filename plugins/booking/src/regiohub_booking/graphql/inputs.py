"""Inputs of mutations, and how they become what services take."""

from dataclasses import fields
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from regiohub.api import JSON, UNSET, InvalidInput, column, input_type, t
from regiohub_booking.models import Resource, ResourceKind
from regiohub_booking.rules.hours import HolidayRule
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.rules.recurrence import Frequency, OnConflict, Recurrence
from regiohub_booking.service.wishes import When, Wish


@input_type
class TimeInput:
    """A time in exactly one way: two moments, a day with times, or first and last day."""

    starts_at: datetime | None = column("Start as a moment.", default=None)
    ends_at: datetime | None = column("End as a moment.", default=None)
    day: date | None = column("Day, with startTime and endTime in the town's wall-clock time.", default=None)
    start_time: time | None = column("Start on that day.", default=None)
    end_time: time | None = column("End on that day; 00:00 is the following midnight.", default=None)
    first_day: date | None = column("First day of a loan.", default=None)
    last_day: date | None = column("Last day of a loan, included.", default=None)

    def when(self) -> When:
        """The time as the services take it."""
        return When(
            self.starts_at, self.ends_at, self.day, self.start_time, self.end_time, self.first_day, self.last_day
        )


@input_type
class CreateBookingInput(TimeInput):
    """A wish for a resource at a time, given in exactly one of the three ways."""

    resource_id: UUID = column("What is to be booked.")
    quantity: int = column("How many units or seats.", default=1)
    persons: int | None = column("How many persons come.", default=None)
    purpose: str | None = column("What for; seen by the house only.", default=None)
    place_id: UUID | None = column("Wished pick-up point of a lending item.", default=None)
    tariff_id: UUID | None = column("Wished tariff; without it the first one that everybody may use.", default=None)

    def wish(self) -> Wish:
        """The wish as the services take it."""
        return Wish(
            self.resource_id, self.when(), self.quantity, self.persons, self.purpose, self.place_id, self.tariff_id
        )


@input_type
class CreateSeriesInput(CreateBookingInput):
    """A wish that repeats. The time is that of the first date; the others keep its wall-clock time."""

    frequency: Frequency = column("How often it repeats.", default=Frequency.WEEKLY)
    interval: int = column("Every so many days, weeks or months.", default=1)
    count: int | None = column("How many dates; or give `until`.", default=None)
    until: date | None = column("Last day that a date may lie on.", default=None)
    on_conflict: OnConflict = column(
        "What happens with dates that are not possible.", default=OnConflict.ALL_OR_NOTHING
    )

    def rule(self) -> Recurrence:
        """The rule as the services take it."""
        return Recurrence(self.frequency, self.interval, self.count, self.until)


@input_type
class RescheduleBookingInput(TimeInput):
    """Another time for a booking."""

    id: UUID = column("The booking.")


@input_type
class UpdateResourceInput:
    """Changes of a resource; what is not given stays."""

    id: UUID = column("The resource.")
    name: str | None = column("Name shown to residents.", default=UNSET)
    description: str | None = column("What it is, in German.", default=UNSET)
    description_en: str | None = column("What it is, in English.", default=UNSET)
    mode: BookingMode | None = column("How its time is divided.", default=UNSET)
    place_id: UUID | None = column("House or main pick-up point.", default=UNSET)
    owner_id: UUID | None = column("Whose it is.", default=UNSET)
    whole_id: UUID | None = column("The hall that it is a part of.", default=UNSET)
    units: int | None = column("How many units or seats.", default=UNSET)
    persons: int | None = column("How many persons a room holds.", default=UNSET)
    wheelchair: bool | None = column("Accessible with a wheelchair.", default=UNSET)
    equipment: list[str] | None = column("Equipment, as codes.", default=UNSET)
    opening: JSON | None = column('Opening hours, {"mon": [["08:00", "22:00"]]}.', default=UNSET)
    holiday_rule: HolidayRule | None = column("What public holidays mean.", default=UNSET)
    raster_minutes: int | None = column("Raster of start and end in minutes; divides the day.", default=UNSET)
    min_minutes: int | None = column("Shortest booking in minutes.", default=UNSET)
    max_minutes: int | None = column("Longest booking in minutes.", default=UNSET)
    min_days: int | None = column("Shortest loan in days.", default=UNSET)
    max_days: int | None = column("Longest loan in days.", default=UNSET)
    notice_hours: int | None = column("Hours ahead a booking is needed.", default=UNSET)
    horizon_days: int | None = column("Days ahead a booking is possible.", default=UNSET)
    buffer_before_minutes: int | None = column("Minutes kept free before each booking.", default=UNSET)
    buffer_after_minutes: int | None = column("Minutes kept free after each booking.", default=UNSET)
    requires_approval: bool | None = column("Whether the house decides on each booking.", default=UNSET)
    cancel_hours: int | None = column("Hours before the start until which bookers may cancel.", default=UNSET)
    lock_adapter: str | None = column("Kind of lock: simulator, manual, or one of another plugin.", default=UNSET)
    lock_doors: list[str] | None = column("Doors that the lock shall open.", default=UNSET)
    active: bool | None = column("False withdraws the resource.", default=UNSET)


@input_type
class CreateResourceInput:
    """A new resource; what is not given has a sensible default."""

    slug: str = column("Short name for addresses: a-z, 0-9, hyphens.")
    kind: ResourceKind = column("Room, item or offer.")
    name: str = column("Name shown to residents.")
    place_id: UUID = column("House or main pick-up point.")
    description: str | None = column("What it is, in German.", default=UNSET)
    description_en: str | None = column("What it is, in English.", default=UNSET)
    mode: BookingMode | None = column("How its time is divided.", default=UNSET)
    owner_id: UUID | None = column("Whose it is.", default=UNSET)
    whole_id: UUID | None = column("The hall that it is a part of.", default=UNSET)
    units: int | None = column("How many units or seats.", default=UNSET)
    persons: int | None = column("How many persons a room holds.", default=UNSET)
    wheelchair: bool | None = column("Accessible with a wheelchair.", default=UNSET)
    equipment: list[str] | None = column("Equipment, as codes.", default=UNSET)
    opening: JSON | None = column('Opening hours, {"mon": [["08:00", "22:00"]]}; default: always open.', default=UNSET)
    raster_minutes: int | None = column("Raster of start and end in minutes; divides the day.", default=UNSET)
    requires_approval: bool | None = column("Whether the house decides on each booking.", default=UNSET)


def given(data: Any, model: type[Any] = Resource, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a row that the caller has given. Null clears what may be empty and is refused elsewhere."""
    columns = model.__table__.c
    found: dict[str, Any] = {}
    for item in fields(data):
        value = getattr(data, item.name)
        if item.name in without or value is UNSET:
            continue
        if value is None and not columns[item.name].nullable:
            head, *rest = item.name.split("_")
            raise InvalidInput(
                t("Das kann nicht leer sein.", "This cannot be empty."), field=head + "".join(map(str.title, rest))
            )
        found[item.name] = value
    return found


@input_type
class SpecialDaysInput:
    """Other opening hours, or none, for some days."""

    resource_id: UUID = column("The resource.")
    first_day: date = column("First day.")
    last_day: date = column("Last day, included.")
    windows: list[list[str]] | None = column('Hours, [["10:00", "14:00"]]; null or empty: closed.', default=None)
    reason: str | None = column("Why, told to residents, in German.", default=None)
    reason_en: str | None = column("Why, in English.", default=None)


@input_type
class AddDateInput(TimeInput):
    """A date of an offer."""

    resource_id: UUID = column("The offer.")
    title: str = column("What happens on this date.", default="")


@input_type
class AddStockInput:
    """More units of a lending item."""

    resource_id: UUID = column("The item.")
    owner_id: UUID = column("Who lends them.")
    place_id: UUID = column("Where they are picked up.")
    units: int = column("How many.")
