"""Manifest and hooks."""

from collections.abc import Sequence
from datetime import timedelta

from fastapi import APIRouter, Request

from regiohub.api import DataCategory, Job, Plugin, RoutePart, TenantScope, t
from regiohub_places.models import Place

plugin = Plugin(
    id="places",
    title=t("Orte", "Places"),
    description=t("Öffentliche Orte.", "Public places."),
    models=(Place,),
    migrations="regiohub_places.migrations",
    data_categories=(DataCategory("places", t("Orte", "Places"), personal=False, tables=("places_place",)),),
)


@plugin.hook
def register_jobs() -> Sequence[Job]:
    """One job that finds nothing to do."""

    async def tidy(_scope: TenantScope) -> None:
        """Nothing to tidy."""

    return (Job("places.tidy", timedelta(hours=1), tidy),)


@plugin.hook
def register_routes() -> Sequence[RoutePart]:
    """One route that says which signature came along."""
    router = APIRouter()

    @router.post("/ingest")
    async def ingest(request: Request) -> dict[str, str]:
        return {"signature": request.headers.get("x-hub-signature-256", "")}

    return (RoutePart(router),)
