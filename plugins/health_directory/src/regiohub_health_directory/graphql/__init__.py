"""The directory's part of a town's GraphQL API: thin, the rules stand in the service."""

# isort: off
# Enums are described before the types that name them are made.
from .enums import ENUMS

# isort: on
from regiohub.api import GraphQLPart

from . import duplicates, verification
from .errors import MalformedOpeningHoursError
from .mutations import MUTATIONS
from .query import HealthDirectoryQuery
from .region import RegionHealthDirectoryQuery

PART = GraphQLPart(
    query=HealthDirectoryQuery,
    mutations=(*MUTATIONS, *duplicates.MUTATIONS, *verification.MUTATIONS),
    errors=(MalformedOpeningHoursError,),
)
REGION_PART = GraphQLPart(query=RegionHealthDirectoryQuery)

__all__ = ["ENUMS", "PART", "REGION_PART"]
