"""The rows of one town, table by table, parents first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from regiohub.db.base import Base
from regiohub.tenancy.models import Measure
from regiohub_atlas.models import Procedure, Topic
from regiohub_booking.models import Booking, Place, Resource, ResourceKind
from regiohub_booking.rules.states import BookingState
from regiohub_health_directory.models import Location, Organization, Service
from regiohub_lorawan.models import Codec, Datastream, Device, Profile, Thing

from .facts import FIRST_BOOKING, MADE, Size, ident

Row = dict[str, Any]
Rows = Callable[[str, Size], Iterable[Row]]


def _point(number: int) -> Row:
    return {"type": "Point", "coordinates": [12.5 + number % 97 / 100, 52.1 + number % 31 / 100]}


def _measures(mark: str, _size: Size) -> Iterator[Row]:
    for n in range(20):
        yield {"id": ident("measure", n), "key": f"massnahme-{n:02}", "position": n, "from_year": 2021 + n % 4,
               "lead": f"Fachbereich {n % 5}", "title": f"Maßnahme {n} {mark}",
               "title_en": f"Measure {n} {mark}"}  # fmt: skip


def _houses(mark: str, size: Size) -> Iterator[Row]:
    for n in range(size.houses):
        yield {"id": ident("house", n), "slug": f"haus-{n:03}", "name": f"Haus {n:03} {mark}",
               "address": f"Hauptstraße {n + 1}, {14400 + n} {mark}", "position": _point(n),
               "wheelchair": (None, True, False)[n % 3], "caretaker_email": f"haus-{n}@example.org"}  # fmt: skip


def _resources(mark: str, size: Size) -> Iterator[Row]:
    for n in range(size.resources):
        kind = ResourceKind.ROOM if n % 5 == 0 else ResourceKind.ITEM if n % 5 < 3 else ResourceKind.OFFER
        words = f"Das ist Nummer {n} in {mark}. Mit Tafel, Licht und allem, was eine Gruppe „vor Ort“ braucht."
        yield {"id": ident("resource", n), "slug": f"ding-{n:04}", "kind": kind, "name": f"Ding {n:04} {mark}",
               "description": words, "description_en": f"This is number {n} in {mark}." if n % 2 else None,
               "place_id": ident("house", n % size.houses), "units": 1 + n % 7, "persons": n % 80 or None,
               "wheelchair": (True, False, None)[n % 3], "equipment": ["wifi", "beamer", "kitchen"][: n % 4],
               "raster_minutes": 30, "active": True}  # fmt: skip


def _bookings(_mark: str, size: Size) -> Iterator[Row]:
    for n in range(size.bookings):
        round_, room = divmod(n, size.rooms)
        start = FIRST_BOOKING + round_ * timedelta(days=1) + room % 8 * timedelta(hours=1)
        state = (BookingState.CONFIRMED, BookingState.CONFIRMED, BookingState.PENDING, BookingState.CANCELLED)[
            (round_ + room) % 4
        ]
        yield {"id": ident("booking", n), "number": f"B-{n:06}", "resource_id": ident("resource", room * 5),
               "state": state, "starts_at": start, "ends_at": start + timedelta(minutes=90), "quantity": 1,
               "persons": 5, "subject": f"person-{n % 900}", "booker_locale": "de"}  # fmt: skip


def _organizations(mark: str, size: Size) -> Iterator[Row]:
    for n in range(size.organizations):
        yield {"id": ident("organization", n), "name": f"Praxis {n:04} {mark}", "description": f"In {mark}.",
               "website": f"https://praxis-{n}.example.org/" if n % 3 else None, "source_key": f"o{n}"}  # fmt: skip


def _services(mark: str, size: Size) -> Iterator[Row]:
    for n in range(size.services):
        yield {"id": ident("service", n), "organization_id": ident("organization", n % size.organizations),
               "name": f"Sprechstunde {n} {mark}", "alternate_name": f"Angebot {n}" if n % 2 else None,
               "description": f"Beratung und Behandlung in {mark}, für alle, die sie brauchen; Nummer {n}.",
               "url": f"https://angebot-{n}.example.org/", "email": f"angebot-{n}@example.org",
               "fees_description": "Kostenfrei", "opening_hours": "Mo-Fr 08:00-12:00; Tu,Th 14:00-18:00",
               "appointment_required": n % 2 == 0, "telehealth": n % 3 == 0, "source_key": f"s{n}",
               "verified_on": date(2026, 1, 1) + timedelta(days=n % 300), "sort_name": f"sprechstunde{n}"}  # fmt: skip


def _locations(mark: str, size: Size) -> Iterator[Row]:
    for n in range(size.services):
        yield {"id": ident("location", n), "organization_id": ident("organization", n % size.organizations),
               "name": f"Standort {n:05} {mark}", "address": f"Nebenstraße {n}", "postal_code": f"{14400 + n % 90}",
               "city": mark, "place": _point(n), "source_key": f"l{n}"}  # fmt: skip


def _codecs(_mark: str, _size: Size) -> Iterator[Row]:
    yield {"id": ident("codec", 0), "name": "Decoder", "current_version": 0}


def _profiles(_mark: str, _size: Size) -> Iterator[Row]:
    yield {"id": ident("profile", 0), "name": "Klimasensor", "codec_id": ident("codec", 0)}


def _things(mark: str, size: Size) -> Iterator[Row]:
    for n in range(size.devices):
        yield {"id": ident("thing", n), "name": f"Messpunkt {n} {mark}", "description": None, "place": _point(n)}


def _devices(mark: str, size: Size) -> Iterator[Row]:
    for n in range(size.devices):
        yield {"id": ident("device", n), "dev_eui": eui(mark, n), "name": f"Sensor {n} {mark}",
               "profile_id": ident("profile", 0), "thing_id": ident("thing", n)}  # fmt: skip


def eui(mark: str, number: int) -> str:
    """The radio identifier of a device; each town has its own."""
    return f"{sum(mark.encode()):08x}{number:08x}"


def _datastreams(mark: str, size: Size) -> Iterator[Row]:
    for n in range(size.devices * 2):
        what = ("air_temperature", "Lufttemperatur", "Cel") if n % 2 == 0 else ("relative_humidity", "Feuchte", "%")
        yield {"id": ident("datastream", n), "series": n + 1, "device_id": ident("device", n // 2),
               "thing_id": ident("thing", n // 2), "path": what[0], "observed_property": what[0],
               "title": f"{what[1]} {mark}", "unit": what[2], "expected_interval_s": 300}  # fmt: skip


def _topics(mark: str, _size: Size) -> Iterator[Row]:
    for n in range(16):
        yield {"id": ident("topic", n), "key": f"thema-{n:02}", "title": f"Thema {n:02} {mark}"}


def _procedures(mark: str, size: Size) -> Iterator[Row]:
    for n in range(size.procedures):
        yield {"id": ident("procedure", n), "slug": f"verfahren-{n:03}", "title": f"Verfahren {n} {mark}",
               "summary": f"Worum es in {mark} geht: Straße, Platz und Park Nummer {n}, mit allen Beteiligten.",
               "currency": "EUR", "city_wide": True, "external_id": None, "search_text": f"verfahren {n}",
               "published_at": MADE + timedelta(hours=n) if n % 10 else None}  # fmt: skip


TABLES: tuple[tuple[type[Base], Rows], ...] = (
    (Measure, _measures), (Place, _houses), (Resource, _resources), (Booking, _bookings),
    (Organization, _organizations), (Service, _services), (Location, _locations), (Codec, _codecs),
    (Profile, _profiles), (Thing, _things), (Device, _devices), (Datastream, _datastreams), (Topic, _topics),
    (Procedure, _procedures),
)  # fmt: skip
