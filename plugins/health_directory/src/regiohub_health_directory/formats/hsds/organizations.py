"""Organisations."""

from collections.abc import Sequence
from typing import Any

from regiohub_health_directory.models import Location, Organization, Phone

from .parts import HsdsContext, location_record, phone_record, tidy


def organization_basic(organization: Organization) -> dict[str, Any]:
    """An `organization` as it stands in lists and inside services."""
    return tidy(
        {
            "id": organization.id,
            "name": organization.name,
            "description": organization.description,
            "email": organization.email,
            "website": organization.website,
        }
    )


def organization_full(
    organization: Organization,
    phones: Sequence[Phone],
    locations: Sequence[Location],
    services: Sequence[dict[str, Any]],
    context: HsdsContext,
) -> dict[str, Any]:
    """A whole `organization`; `services` are records in the length the reader asked for."""
    return tidy(
        {
            **organization_basic(organization),
            "phones": [phone_record(phone) for phone in phones],
            "locations": [location_record(location, context) for location in locations],
            "services": list(services),
        }
    )
