"""What the region may see: resources of the towns that share them, without bookings."""

from uuid import UUID

from regiohub.api import Connection, GraphQLPart, bound, column, query, region_many, to_one
from regiohub_booking.graphql.filters import ResourceFilter
from regiohub_booking.models import Place, Resource, ResourceKind


@bound(Place, name="RegionBookingPlace")
class RegionPlaceType:
    """A house or pick-up point in one of the towns."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    address: str = column("Street, number, postcode and town.")
    wheelchair: bool | None = column("Accessible with a wheelchair; null when unknown.")


@bound(Resource, rows=lambda _ctx: Resource.active.is_(True), name="RegionResource")
class RegionResourceType:
    """A room, item or offer of one of the towns."""

    id: UUID = column("Identifier.")
    slug: str = column("Short name in its town.")
    kind: ResourceKind = column("Room, item or offer.")
    name: str = column("Name shown to residents.")
    units: int = column("How many units or seats.")
    persons: int | None = column("How many persons a room holds.")
    wheelchair: bool | None = column("Accessible with a wheelchair; null when unknown.")
    equipment: list[str] = column("Equipment, as codes.")
    example: bool = column("Example data.")
    place: RegionPlaceType = to_one("House or main pick-up point.", Resource.place)


@query
class RegionBookingQuery:
    """Resources of the towns that share them with the region."""

    resources: Connection[RegionResourceType] = region_many(
        "What can be booked in the region.",
        dataset="booking.resources",
        filter=ResourceFilter,
        order_by=(Resource.name,),
    )


region_part = GraphQLPart(query=RegionBookingQuery)
