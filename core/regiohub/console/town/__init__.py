"""Pages of one town: overview, measures and indicators, settings, branding, sharing, audit, data protection, work."""

from fastapi import APIRouter

from . import appearance, audit, dashboard, goals, indicators, measure, measures, privacy, settings, sharing, work

town_router = APIRouter()
for _part in (dashboard, appearance, measures, measure, goals, indicators, settings, sharing, audit, privacy, work):
    town_router.include_router(_part.router)
