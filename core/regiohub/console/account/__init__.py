"""Pages of the signed-in person: who the platform takes him for, and where he is signed in."""

from .routes import account_router

__all__ = ["account_router"]
