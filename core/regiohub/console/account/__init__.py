"""Pages: account."""

from fastapi import APIRouter

account_router = APIRouter()
