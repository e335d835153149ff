"""GraphQL for plugin authors: bound types, filters, lists, operations."""

from strawberry.types.unset import UNSET

from regiohub.auth.permissions import PUBLIC, SIGNED_IN
from regiohub.db.versions import watch
from regiohub.graphql.authoring.aggregates import count_of, first_of, nested, rows_of
from regiohub.graphql.authoring.connection import Connection, connection
from regiohub.graphql.authoring.errors import error_type
from regiohub.graphql.authoring.fields import (
    batched,
    column,
    computed,
    field,
    to_one,
)
from regiohub.graphql.authoring.filters import BboxInput, NearInput, filters, where
from regiohub.graphql.authoring.lists import many, one, region_many, to_many
from regiohub.graphql.authoring.operations import mutation, subscription
from regiohub.graphql.authoring.scalars import JSON, BigInt, GeoJSON
from regiohub.graphql.authoring.types import bound, enum_type, input_type, query, value
from regiohub.plugins.parts import GraphQLPart

__all__ = [
    "JSON",
    "PUBLIC",
    "SIGNED_IN",
    "UNSET",
    "BboxInput",
    "BigInt",
    "Connection",
    "GeoJSON",
    "GraphQLPart",
    "NearInput",
    "batched",
    "bound",
    "column",
    "computed",
    "connection",
    "count_of",
    "enum_type",
    "error_type",
    "field",
    "filters",
    "first_of",
    "input_type",
    "many",
    "mutation",
    "nested",
    "one",
    "query",
    "region_many",
    "rows_of",
    "subscription",
    "to_many",
    "to_one",
    "value",
    "watch",
    "where",
]
