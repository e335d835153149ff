"""What towns share with the region: series with their newest values."""

from datetime import datetime
from uuid import UUID

from regiohub.api import Connection, GeoJSON, bound, column, query, region_many, to_one
from regiohub_lorawan.graphql.enums import Origin
from regiohub_lorawan.graphql.streams import LatestValue, latest
from regiohub_lorawan.models import Datastream, Thing

DATASET = "lorawan.datastreams"


@bound(Thing)
class RegionThingType:
    """What is observed."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    place: GeoJSON | None = column("Where it is.")


@bound(Datastream)
class RegionDatastreamType:
    """A series of values that a town shares."""

    id: UUID = column("Identifier.")
    observed_property: str = column("The property observed, a stable word such as `air_temperature`.")
    title: str = column("Its name for readers.")
    unit: str = column("Unit as a UCUM symbol.")
    origin: Origin = column("Whose sensor it is.")
    thing: RegionThingType = to_one("What is observed.", Datastream.thing)
    silent_since: datetime | None = column("When it was noticed that values are missing.")
    latest: LatestValue | None = latest()


@query
class RegionLorawanQuery:
    """Sensors of all towns that share them."""

    datastreams: Connection[RegionDatastreamType] = region_many(
        "Series of all towns.", dataset=DATASET, order_by=(Datastream.observed_property,)
    )
