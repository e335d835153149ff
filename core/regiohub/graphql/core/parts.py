"""What every schema has, put together: of each town, and of the region."""

from regiohub.plugins.parts import GraphQLPart

from . import access_changes, branding, indicator_changes, measure_changes, privacy, settings, sharing
from .queries import RegionQuery, TownQuery

TOWN_PART = GraphQLPart(
    query=TownQuery,
    mutations=(
        *measure_changes.MUTATIONS,
        *indicator_changes.MUTATIONS,
        *settings.MUTATIONS,
        *branding.MUTATIONS,
        *sharing.MUTATIONS,
        *access_changes.MUTATIONS,
        *privacy.MUTATIONS,
    ),
)
"""Queries and mutations of every town, whatever plugins are on."""
REGION_PART = GraphQLPart(query=RegionQuery)
"""The region's own."""
