"""People and machine clients of a Keycloak realm in which towns are organizations (Keycloak 26.7 and later)."""

from .admin import KeycloakIdentityAdmin

__all__ = ["KeycloakIdentityAdmin"]
