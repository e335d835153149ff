"""HTTP: network servers send messages, residents download series, staff load history."""

from fastapi import APIRouter

from regiohub_lorawan.routes import ingest, series

router = APIRouter()
router.include_router(ingest.router)
router.include_router(series.router)
