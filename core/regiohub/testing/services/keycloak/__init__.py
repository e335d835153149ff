"""A real Keycloak for tests and for a developer's desk."""

from regiohub.testing.services.keycloak.example import ExampleRealm, example_realm
from regiohub.testing.services.keycloak.people import PEOPLE, TOWNS, Person
from regiohub.testing.services.keycloak.server import KeycloakRefusedError, KeycloakServer, keycloak

__all__ = [
    "PEOPLE",
    "TOWNS",
    "ExampleRealm",
    "KeycloakRefusedError",
    "KeycloakServer",
    "Person",
    "example_realm",
    "keycloak",
]
