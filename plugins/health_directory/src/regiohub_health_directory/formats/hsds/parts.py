"""The small records inside the large ones. Empty values are left out: the schemas know no null."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from regiohub_health_directory.models import AcceptingPatients, Contact, CostOption, Location, Phone, WheelchairAccess
from regiohub_health_directory.service.accessibility import FEATURES
from regiohub_health_directory.service.languages import language_name
from regiohub_health_directory.taxonomy import Taxonomy, term_id

from .taxonomies import taxonomy_term_record

_WHEELCHAIR = {
    WheelchairAccess.YES: "Mit Rollstuhl zugänglich: ja",
    WheelchairAccess.NO: "Mit Rollstuhl zugänglich: nein",
    WheelchairAccess.UNKNOWN: "Mit Rollstuhl zugänglich: nicht bekannt",
}
ACCEPTING = {
    AcceptingPatients.YES: "Neue Patientinnen und Patienten werden aufgenommen",
    AcceptingPatients.NO: "Zurzeit keine Aufnahme neuer Patientinnen und Patienten",
    AcceptingPatients.UNKNOWN: "Ob neue Patientinnen und Patienten aufgenommen werden, ist nicht bekannt",
}


@dataclass(frozen=True)
class HsdsContext:
    """What a record needs from the town besides its rows."""

    today: date
    subdivision: str | None
    country: str
    taxonomy: Taxonomy


def tidy(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record without empty members; identifiers as text."""
    return {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in record.items()
        if value is not None and value not in ("", [])
    }


def phone_record(phone: Phone) -> dict[str, Any]:
    """A `phone` record."""
    return tidy({"id": phone.id, "number": phone.number, "type": phone.kind, "description": phone.description})


def contact_record(contact: Contact) -> dict[str, Any]:
    """A `contact` record."""
    return tidy({"id": contact.id, "name": contact.name, "title": contact.title, "email": contact.email})


def language_record(owner: UUID, code: str) -> dict[str, Any]:
    """A `language` record; its identifier follows from the service and the code."""
    return {"id": str(uuid5(owner, f"language:{code}")), "code": code, "name": language_name(code, "de")}


def cost_record(cost: CostOption) -> dict[str, Any]:
    """A `cost_option` record."""
    return tidy(
        {
            "id": cost.id,
            "option": cost.option,
            "currency": cost.currency,
            "amount": float(cost.amount) if cost.amount is not None else None,
            "amount_description": cost.amount_description,
        }
    )


def accepting_attribute(
    owner: UUID, accepting: AcceptingPatients, asked_on: date | None, note: str | None
) -> dict[str, Any]:
    """Whether new patients are taken on: an `attribute`, since HSDS 3.0 has no field for it."""
    value = f"{ACCEPTING[accepting]} (Stand {asked_on.isoformat()})" if asked_on else ACCEPTING[accepting]
    return {
        "id": str(uuid5(owner, "accepting_new_patients")),
        "link_id": str(owner),
        "link_type": "accepting_new_patients",
        "link_entity": "service",
        "value": f"{value}: {note}" if note else value,
    }


def term_attribute(owner: UUID, code: str, taxonomy: Taxonomy) -> dict[str, Any]:
    """A term of the taxonomy that a service falls under, as an `attribute` with the whole term inside."""
    return {
        "id": str(uuid5(owner, f"term:{code}")),
        "link_id": str(owner),
        "link_type": "taxonomy_term",
        "link_entity": "service",
        "taxonomy_term_id": str(term_id(code)),
        "taxonomy_term": taxonomy_term_record(taxonomy.terms[code], taxonomy),
    }


def location_record(location: Location, context: HsdsContext, *, full: bool = True) -> dict[str, Any]:
    """A `location`; `full` adds address and accessibility."""
    lon, lat = location.place["coordinates"] if location.place else (None, None)
    record = tidy(
        {
            "id": location.id,
            "location_type": str(location.location_type),
            "name": location.name,
            "url": location.url,
            "transportation": location.transportation,
            "latitude": lat,
            "longitude": lon,
        }
    )
    if full:
        record["accessibility"] = [_accessibility(location)]
        if address := _address(location, context):
            record["addresses"] = [address]
    return record


def _accessibility(location: Location) -> dict[str, Any]:
    features = [FEATURES[code] for code in location.accessibility]
    details = [*(feature.de for feature in features), location.accessibility_note]
    return tidy(
        {
            "id": uuid5(location.id, "accessibility"),
            "description": _WHEELCHAIR[location.wheelchair],
            "details": "; ".join(detail for detail in details if detail),
        }
    )


def _address(location: Location, context: HsdsContext) -> dict[str, Any] | None:
    state = state_name(context.subdivision)
    # Each of these is required by the schema: an incomplete address is no address record.
    if not (location.address and location.postal_code and location.city and state):
        return None
    return tidy(
        {
            "id": uuid5(location.id, "address"),
            "address_1": location.address,
            "address_2": location.district,
            "city": location.city,
            "postal_code": location.postal_code,
            "state_province": state,
            "country": context.country,
            "address_type": "postal" if location.location_type == "postal" else "physical",
        }
    )


@lru_cache(maxsize=32)
def state_name(subdivision: str | None) -> str | None:
    """The German name of a state by its ISO 3166-2 code, e.g. ``BB`` → Brandenburg."""
    from holidays.countries.germany import Germany

    names = {code: name for name, code in Germany.subdivisions_aliases.items()}
    return names.get(subdivision or "")
