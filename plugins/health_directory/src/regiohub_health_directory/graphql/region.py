"""What towns publish to the region."""

from datetime import date
from uuid import UUID

from regiohub.api import Connection, bound, column, query, region_many
from regiohub_health_directory.models import HealthServiceStatus, Service
from regiohub_health_directory.service.conditions import visible_to_public

DATASET = "health_directory.services"


@bound(Service, rows=lambda _ctx: visible_to_public(), cacheable=True)
class RegionHealthServiceType:
    """An offer that a town publishes to the region."""

    id: UUID = column("Identifier within its town.")
    name: str = column("Name.")
    description: str = column("What is offered.")
    status: HealthServiceStatus = column("Whether it is running.")
    url: str | None = column("Web page.")
    telehealth: bool = column("Whether it can be had by phone or video.")
    verified_on: date | None = column("Day on which somebody last confirmed the entry.")
    example: bool = column("Whether this is made-up demonstration data.")


@query
class RegionHealthDirectoryQuery:
    """Offers for health of all towns that share them with the region."""

    services: Connection[RegionHealthServiceType] = region_many(
        "Published offers.", dataset=DATASET, order_by=(Service.sort_name,), cacheable=True
    )
