"""Pages of the region: towns, plugins, measures, sharing, operation, audit trail, people."""

from fastapi import APIRouter

from regiohub.console.access import region as people

from . import audit, matrix, measures, operation, plugins, sharing, towns

region_router = APIRouter()
for part in (towns, matrix, measures, sharing, plugins, operation, people, audit):
    region_router.include_router(part.router)
