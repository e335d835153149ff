"""Made-up people of the four towns and of the region, and a machine: the same at a developer's desk and in tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from regiohub.testing.services.keycloak.server import KeycloakServer

PASSWORD: Final = "beispiel-regiohub"  # noqa: S105 - of made-up people on a server that only this machine reaches
MACHINE: Final = "m2m-potsdam-lorawan"
MACHINE_TOWN: Final = "potsdam"


@dataclass(frozen=True, slots=True)
class ExampleTown:
    """A town whose organization the examples need; its facts are public."""

    slug: str
    name: str
    ags: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in with ``username`` and ``PASSWORD``.

    Attributes:
        roles: town -> staff role; the person is in the group of that role.
        regional: regional role, or empty.
    """

    username: str
    name: str
    roles: Mapping[str, str] = field(default_factory=dict[str, str])
    regional: str = ""

    @property
    def email(self) -> str:
        """An address that reaches nobody (RFC 2606)."""
        return f"{self.username}@example.org"


TOWNS: Final = (
    ExampleTown("potsdam", "Landeshauptstadt Potsdam", "12054000"),
    ExampleTown("bad-belzig", "Stadt Bad Belzig", "12069020"),
    ExampleTown("wiesenburg", "Gemeinde Wiesenburg/Mark", "12069665"),
    ExampleTown("berlin", "Land Berlin", "11000000"),
)
PEOPLE: Final = (
    Person("region", "Renate Regional", regional="regional-admin"),
    Person("region.revision", "Rolf Regional", regional="regional-auditor"),
    Person("potsdam.admin", "Petra Potsdam", {"potsdam": "tenant-admin"}),
    Person("potsdam.redaktion", "Paul Potsdam", {"potsdam": "editor"}),
    Person("potsdam.koordination", "Pia Potsdam", {"potsdam": "coordinator"}),
    Person("potsdam.hauswart", "Pit Potsdam", {"potsdam": "caretaker"}),
    Person("potsdam.revision", "Pola Potsdam", {"potsdam": "auditor"}),
    Person("bad-belzig.admin", "Berta Belzig", {"bad-belzig": "tenant-admin"}),
    Person("bad-belzig.hauswart", "Bruno Belzig", {"bad-belzig": "caretaker"}),
    Person("wiesenburg.admin", "Wanda Wiesenburg", {"wiesenburg": "tenant-admin"}),
    Person("wiesenburg.koordination", "Willi Wiesenburg", {"wiesenburg": "coordinator"}),
    Person("berlin.admin", "Beate Berlin", {"berlin": "tenant-admin"}),
    Person("berlin.revision", "Bernd Berlin", {"berlin": "auditor"}),
    Person("flaeming", "Frieda Fläming", {"bad-belzig": "editor", "wiesenburg": "coordinator"}),
    Person("buergerin", "Klara Klar"),
)


def add_people(server: KeycloakServer, people: Iterable[Person] = PEOPLE) -> None:
    """Create people in a realm that has none of them yet, with their memberships and regional roles."""
    realm = f"/{server.realm}"
    listed = server.administer("GET", f"{realm}/organizations?max=1000")
    towns = {entry["alias"]: (entry["id"], _groups(server, entry["id"])) for entry in listed}
    for person in people:
        server.administer("POST", f"{realm}/users", _account(person))
        (found,) = server.administer("GET", f"{realm}/users?exact=true&username={person.username}")
        for slug, role in person.roles.items():
            organization, groups = towns[slug]
            server.administer("POST", f"{realm}/organizations/{organization}/members", found["id"])
            server.administer(
                "PUT", f"{realm}/organizations/{organization}/groups/{groups[f'{role}s']}/members/{found['id']}"
            )
        if person.regional:
            role = server.administer("GET", f"{realm}/roles/{person.regional}")
            server.administer("POST", f"{realm}/users/{found['id']}/role-mappings/realm", [role])


def _groups(server: KeycloakServer, organization: str) -> dict[str, str]:
    listed = server.administer("GET", f"/{server.realm}/organizations/{organization}/groups?max=1000")
    return {group["name"]: group["id"] for group in listed}


def _account(person: Person) -> dict[str, Any]:
    first, _, last = person.name.partition(" ")
    return {
        "username": person.username,
        "email": person.email,
        "emailVerified": True,
        "firstName": first,
        "lastName": last,
        "enabled": True,
        "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
    }
