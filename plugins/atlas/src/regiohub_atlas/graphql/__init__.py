"""The atlas in GraphQL: thin types and fields over the services."""

from regiohub.api import GraphQLPart

from .mutations import MUTATIONS
from .query import AtlasQuery
from .region import RegionAtlasQuery

__all__ = ["region", "town"]


def town() -> GraphQLPart:
    """The fields of a town's schema."""
    return GraphQLPart(query=AtlasQuery, mutations=MUTATIONS)


def region() -> GraphQLPart:
    """The fields of the region's schema."""
    return GraphQLPart(query=RegionAtlasQuery)
