"""Plain values: what the functions return."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from regiohub.api import GeoJSON, column, value
from regiohub_atlas.models.enums import ProcedureKind
from regiohub_booking.models import ResourceKind


@value
class RaceTown:
    """The town."""

    slug: str = column("Short name.")
    name: str = column("Name.")


@value
class RaceMeasure:
    """A measure."""

    key: str = column("Key.")
    title: str = column("Title.")
    lead: str | None = column("Who leads it.")
    from_year: int | None = column("First year.")


@value
class RaceTopic:
    """A topic."""

    key: str = column("Key.")
    title: str = column("Title.")


@value
class RaceProcedure:
    """A participation procedure."""

    id: UUID = column("Identifier.")
    slug: str = column("Short name.")
    title: str = column("Title.")
    summary: str | None = column("Summary.")
    kind: ProcedureKind = column("Kind.")
    published_at: datetime | None = column("When it was published.")


@value
class RaceOrganization:
    """Who offers something."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    website: str | None = column("Address on the web.")


@value
class RaceService:
    """An offer for health."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    alternate_name: str | None = column("Another name.")
    description: str = column("Description.")
    url: str | None = column("Address on the web.")
    email: str | None = column("Address for mail.")
    fees_description: str | None = column("What it costs.")
    opening_hours: str | None = column("When it is open.")
    appointment_required: bool = column("Whether an appointment is needed.")
    telehealth: bool = column("Whether it is also offered at a distance.")
    verified_on: date | None = column("When it was last looked at.")
    updated_at: datetime = column("When it was last changed.")
    organization: RaceOrganization = column("Who offers it.")


@value
class RaceHouse:
    """A house."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    address: str = column("Address.")
    wheelchair: bool | None = column("Whether a wheelchair gets in.", default=None)
    position: GeoJSON | None = column("Where it stands.", default=None)


@value
class RaceBusyTime:
    """A booking as the public sees it."""

    starts_at: datetime = column("Beginning.")
    ends_at: datetime = column("End.")
    quantity: int = column("How many units.")


@value
class RaceResource:
    """What can be booked."""

    id: UUID = column("Identifier.")
    slug: str = column("Short name.")
    name: str = column("Name.")
    kind: ResourceKind = column("Kind.")
    description: str = column("Description.")
    persons: int | None = column("For how many persons.")
    wheelchair: bool | None = column("Whether a wheelchair gets in.")
    units: int = column("How many there are.")
    equipment: list[str] = column("What it has.")
    place: RaceHouse = column("Its house.")
    bookings: list[RaceBusyTime] = column("Its bookings.")


@value
class RaceThing:
    """What is observed."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    place: GeoJSON | None = column("Where it is.")


@value
class RaceDevice:
    """A sensor."""

    name: str = column("Name.")
    dev_eui: str = column("Radio identifier.")


@value
class RaceObservation:
    """A measured value."""

    time: datetime = column("When.")
    value: float = column("How much.")


@value
class RaceDatastream:
    """A series of values."""

    id: UUID = column("Identifier.")
    title: str = column("Title.")
    unit: str = column("Unit.")
    thing: RaceThing | None = column("What is observed.")
    device: RaceDevice | None = column("The sensor.")
    observations: list[RaceObservation] = column("Its values.")
