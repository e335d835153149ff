"""Services and services at locations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from regiohub_health_directory.models import AcceptingPatients, Location, ServiceAtLocation
from regiohub_health_directory.service.bundles import Bundle

from .organizations import organization_basic
from .parts import (
    HsdsContext,
    accepting_attribute,
    contact_record,
    cost_record,
    language_record,
    location_record,
    phone_record,
    term_attribute,
    tidy,
)
from .schedules import schedule_records

EXAMPLE_ALERT = "Beispieldaten: dieses Angebot gibt es nicht wirklich."


def service_minimal(service_id: UUID, changed_at: datetime) -> dict[str, Any]:
    """Identifier and time of change only, for readers that keep a copy up to date."""
    return {"id": str(service_id), "modified_date": changed_at.isoformat()}


def service_basic(bundle: Bundle) -> dict[str, Any]:
    """A `service` as it stands in lists: its own fields and its organisation."""
    service = bundle.service
    alert = " ".join(text for text in (EXAMPLE_ALERT if service.example else None, service.alert) if text)
    return tidy(
        {
            "id": service.id,
            "organization_id": service.organization_id,
            "name": service.name,
            "alternate_name": service.alternate_name,
            "description": service.description,
            "url": service.url,
            "email": service.email,
            "status": str(service.status),
            "application_process": service.application_process
            or ("Termin erforderlich" if service.appointment_required else None),
            "fees_description": service.fees_description,
            "eligibility_description": service.eligibility_description,
            "minimum_age": service.minimum_age,
            "maximum_age": service.maximum_age,
            "assured_date": service.verified_on.isoformat() if service.verified_on else None,
            "alert": alert,
            "last_modified": service.updated_at.isoformat(),
            "organization": organization_basic(bundle.organization),
        }
    )


def service_full(bundle: Bundle, context: HsdsContext, accepting: AcceptingPatients) -> dict[str, Any]:
    """A whole `service`; `accepting` is the answer as it holds today."""
    service = bundle.service
    asked_on = service.accepting_on if accepting is not AcceptingPatients.UNKNOWN else None
    note = service.accepting_note if asked_on else None
    lists: dict[str, Any] = {
        "phones": [phone_record(phone) for phone in bundle.phones],
        "schedules": schedule_records(service.id, service.opening_hours, context.today),
        "service_at_locations": [_at_location(place, location, context) for place, location in bundle.places],
        "languages": [language_record(service.id, code) for code in bundle.languages],
        "cost_options": [cost_record(cost) for cost in bundle.costs],
        "contacts": [contact_record(contact) for contact in bundle.contacts],
        "attributes": [
            *(term_attribute(service.id, code, context.taxonomy) for code in bundle.codes),
            accepting_attribute(service.id, accepting, asked_on, note),
        ],
    }
    return tidy({**service_basic(bundle), **lists})


def service_at_location_row(
    bundle: Bundle, place: ServiceAtLocation, location: Location, context: HsdsContext
) -> dict[str, Any]:
    """A `service_at_location` as it stands in lists, with its service and its location."""
    record = {
        "id": place.id,
        "service_id": place.service_id,
        "location_id": place.location_id,
        "description": place.description,
        "location": location_record(location, context, full=False),
        "service": service_basic(bundle),
    }
    return tidy(record)


def service_at_location_full(
    bundle: Bundle, place: ServiceAtLocation, location: Location, context: HsdsContext, accepting: AcceptingPatients
) -> dict[str, Any]:
    """A whole `service_at_location` with the whole service, without that service's other places."""
    service = service_full(bundle, context, accepting)
    service.pop("service_at_locations", None)
    return {**_at_location(place, location, context), "service_id": str(place.service_id), "service": service}


def _at_location(place: ServiceAtLocation, location: Location, context: HsdsContext) -> dict[str, Any]:
    return tidy(
        {
            "id": place.id,
            "service_id": place.service_id,
            "location_id": place.location_id,
            "description": place.description,
            "schedules": schedule_records(place.id, place.opening_hours, context.today),
            "location": location_record(location, context),
        }
    )
