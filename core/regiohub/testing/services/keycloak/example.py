"""Keycloak as a developer and most tests want it: the region's realm with four towns, their people and a machine."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from regiohub.auth.keycloak import bootstrap, open_realm
from regiohub.settings import IssuerSettings, Settings
from regiohub.testing.services.keycloak.clients import DIRECT, add_direct, add_machine
from regiohub.testing.services.keycloak.people import MACHINE, PASSWORD, PEOPLE, TOWNS, Person, add_people
from regiohub.testing.services.keycloak.server import KeycloakServer, keycloak


@dataclass(frozen=True)
class ExampleRealm:
    """A running Keycloak whose realm the platform's own bootstrap has prepared.

    Attributes:
        server: the server, to look into it, to change it or to let it hang.
        machine_secret: secret of the machine client ``machine``, which sends measured values of Potsdam.
    """

    server: KeycloakServer
    machine_secret: str

    machine = MACHINE
    password = PASSWORD

    @property
    def url(self) -> str:
        """Address of Keycloak without a realm."""
        return self.server.url

    @property
    def issuer(self) -> str:
        """The claim ``iss`` of its tokens."""
        return self.server.issuer

    @property
    def issuer_settings(self) -> IssuerSettings:
        """The realm as an issuer of the platform, with the console's client."""
        return IssuerSettings.model_validate(
            {
                "issuer": self.issuer,
                "region": True,
                "client_id": self.server.console_client,
                "client_secret": self.server.console_secret,
            }
        )

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of a platform that works with this realm: its issuer, and the administration of the realm."""
        return {
            "issuers": (self.issuer_settings,),
            "keycloak_url": self.url,
            "keycloak_realm": self.server.realm,
            "keycloak_client_id": self.server.admin_sync_client,
            "keycloak_client_secret": SecretStr(self.server.admin_sync_secret),
        }

    def person(self, username: str) -> Person:
        """One of the example people."""
        return next(person for person in PEOPLE if person.username == username)

    def tokens(self, username: str, scope: str = "openid organization:*", *, client: str = DIRECT) -> dict[str, Any]:
        """Access, refresh and identity token of one of the people, as the token endpoint gives them."""
        return self.server.grant(
            grant_type="password", client_id=client, username=username, password=PASSWORD, scope=scope
        )

    def token(self, username: str, scope: str = "openid organization:*", *, client: str = DIRECT) -> str:
        """An access token of one of the people; without ``organization`` in the scope it names no town."""
        return str(self.tokens(username, scope, client=client)["access_token"])

    def machine_token(self) -> str:
        """An access token of the machine."""
        form = {"client_id": self.machine, "client_secret": self.machine_secret}
        return str(self.server.grant(grant_type="client_credentials", **form)["access_token"])


@contextmanager
def example_realm(*, hub_url: str = "http://127.0.0.1:8000", port: int | None = None) -> Generator[ExampleRealm]:
    """Start Keycloak, prepare the realm as an operator would, and add the examples.

    Raises:
        MissingProgramError: if Java or Maven is not installed, or Keycloak cannot be obtained.
    """
    with keycloak(hub_url=hub_url, port=port) as server:
        settings = Settings(keycloak_url=server.url, keycloak_client_secret=server.admin_sync_secret)  # pyright: ignore[reportArgumentType]

        async def prepare() -> None:
            async with open_realm(settings) as realm:
                await bootstrap(realm, TOWNS)

        asyncio.run(prepare())
        add_people(server)
        add_direct(server)
        yield ExampleRealm(server, add_machine(server))
