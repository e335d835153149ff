"""Which implementation of the port a platform has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regiohub.auth.dev import DEV_PATH, dev_issuer_allowed

from .dev import DevDirectory
from .dev.admin import DevIdentityAdmin
from .faults import IdentityNotConfigured
from .port import IdentityAdmin

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.settings import Settings

_RESOURCE = "core.identity_admin"


def has_identity_admin(settings: Settings) -> bool:
    """Whether people can be administered from here."""
    return _has_keycloak(settings) or dev_issuer_allowed(settings)


def identity_admin(platform: Platform) -> IdentityAdmin:
    """The administration of people: Keycloak's where a service account is set, else the built-in issuer's.

    One object per process, closed with the platform. Raises ``IdentityNotConfigured`` where there is neither.
    """
    return platform.resources.get(_RESOURCE, lambda: _make(platform), lambda admin: admin.close())


def dev_directory(platform: Platform) -> DevDirectory:
    """The people of the built-in issuer."""
    return DevDirectory(platform.settings.data_dir / "dev-identity.json", platform.tenants.all)


def _make(platform: Platform) -> IdentityAdmin:
    settings = platform.settings
    if _has_keycloak(settings):
        # Here, because it brings a second HTTP library that an installation without Keycloak never uses.
        from .keycloak import KeycloakIdentityAdmin

        return KeycloakIdentityAdmin(settings)
    if dev_issuer_allowed(settings):
        return DevIdentityAdmin(dev_directory(platform), settings.base_url + DEV_PATH)
    raise IdentityNotConfigured


def _has_keycloak(settings: Settings) -> bool:
    return bool(settings.keycloak_url and settings.keycloak_client_secret.get_secret_value())
