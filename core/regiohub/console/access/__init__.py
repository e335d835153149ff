"""Pages: access."""

from fastapi import APIRouter

access_router = APIRouter()
