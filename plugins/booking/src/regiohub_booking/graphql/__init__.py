"""The GraphQL face of booking: thin, every decision stands in the services."""

# isort: off
# Enums are described before the types that name them are made.
from regiohub_booking.graphql.enums import ENUMS

# isort: on
from regiohub.api import GraphQLPart
from regiohub_booking.graphql.errors import ERRORS
from regiohub_booking.graphql.mutations import MUTATIONS
from regiohub_booking.graphql.queries import BookingQuery

part = GraphQLPart(query=BookingQuery, mutations=MUTATIONS, errors=ERRORS)

__all__ = ["ENUMS", "part"]
