"""Administration of a Keycloak realm: connecting to it, and bringing it into the shape that the platform needs."""

from .bootstrap import bootstrap
from .connection import Administrator, Realm, RealmRefused, RealmUnreachable, open_realm
from .organizations import ensure_organization, ensure_organizations

__all__ = [
    "Administrator",
    "Realm",
    "RealmRefused",
    "RealmUnreachable",
    "bootstrap",
    "ensure_organization",
    "ensure_organizations",
    "open_realm",
]
