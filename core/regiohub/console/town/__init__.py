"""Pages: town."""

from fastapi import APIRouter

town_router = APIRouter()
