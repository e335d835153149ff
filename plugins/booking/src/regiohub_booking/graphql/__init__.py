"""The GraphQL face of booking: thin, every decision stands in the services."""

from regiohub.api import GraphQLPart
from regiohub_booking.graphql.errors import ERRORS
from regiohub_booking.graphql.mutations import MUTATIONS
from regiohub_booking.graphql.queries import BookingQuery

part = GraphQLPart(query=BookingQuery, mutations=MUTATIONS, errors=ERRORS)
