"""Pages: region."""

from fastapi import APIRouter

region_router = APIRouter()
