"""The town's GraphQL API of sensors."""

from regiohub.api import GraphQLPart
from regiohub_lorawan.graphql import (
    catalogue_mutations,
    device_mutations,
    editing_mutations,
    queries,
    region,
    subscriptions,
)

TOWN = GraphQLPart(
    query=queries.LorawanQuery,
    mutations=(*device_mutations.MUTATIONS, *catalogue_mutations.MUTATIONS, *editing_mutations.MUTATIONS),
    subscriptions=(subscriptions.observation_added,),
)
REGION = GraphQLPart(query=region.RegionLorawanQuery)

__all__ = ["REGION", "TOWN"]
