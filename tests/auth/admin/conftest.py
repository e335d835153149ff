"""The port's two implementations, each with what a test needs to act as the people concerned."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from joserfc import jws

from regiohub.auth.admin.dev import DevDirectory
from regiohub.auth.admin.dev.admin import DevIdentityAdmin
from regiohub.auth.admin.keycloak import KeycloakIdentityAdmin
from regiohub.auth.admin.port import IdentityAdmin
from regiohub.settings import Settings
from regiohub.testing.services import SmtpSink
from regiohub.testing.services.keycloak import ExampleRealm
from regiohub.testing.services.keycloak.server import KeycloakRefusedError

ISSUER = "http://127.0.0.1:8000/auth/dev"


class Side(Protocol):
    """A login server seen from outside: what people and programs do at it."""

    def sign_in(self, member: str) -> None: ...
    def claims(self, client: str, secret: str) -> dict[str, Any] | None: ...


@dataclass
class DevSide:
    directory: DevDirectory

    def sign_in(self, member: str) -> None:
        self.directory.signed_in(member)

    def claims(self, client: str, secret: str) -> dict[str, Any] | None:
        found = self.directory.verify_client(client, secret)
        if found is None:
            return None
        return {"regiohub_tenant": found.tenant, "resource_access": {"regiohub-api": {"roles": list(found.roles)}}}


@dataclass
class KeycloakSide:
    realm: ExampleRealm

    def sign_in(self, member: str) -> None:
        path = f"/{self.realm.server.realm}/users/{member}"
        self.realm.server.change(path, requiredActions=[], emailVerified=True)

    def claims(self, client: str, secret: str) -> dict[str, Any] | None:
        try:
            answer = self.realm.server.grant(grant_type="client_credentials", client_id=client, client_secret=secret)
        except KeycloakRefusedError:
            return None
        return json.loads(jws.extract_compact(answer["access_token"].encode()).payload)


@dataclass
class Place:
    """An administration with a fresh town in it."""

    admin: IdentityAdmin
    side: Side
    slug: str
    name: str


@pytest.fixture
def directory(tmp_path: Path) -> DevDirectory:
    return DevDirectory(tmp_path / "dev-identity.json", tuple)


@pytest.fixture(params=["dev", "keycloak"])
def sides(request: pytest.FixtureRequest) -> tuple[Callable[[], IdentityAdmin], Side]:
    """How to open the administration, and the login server itself. Not asynchronous: starting a server blocks."""
    if request.param == "dev":
        directory: DevDirectory = request.getfixturevalue("directory")
        return lambda: DevIdentityAdmin(directory, ISSUER), DevSide(directory)
    realm: ExampleRealm = request.getfixturevalue("keycloak_server")
    mail: SmtpSink = request.getfixturevalue("smtp_server")
    realm.server.mail_to(mail.port)
    return lambda: KeycloakIdentityAdmin(Settings(**realm.settings)), KeycloakSide(realm)


@pytest.fixture
async def place(sides: tuple[Callable[[], IdentityAdmin], Side]) -> AsyncIterator[Place]:
    opened, side = sides
    admin = opened()
    slug = f"prueftal-{secrets.token_hex(4)}"
    await admin.ensure_tenant(slug, f"Stadt {slug}", "12000000")
    # A development town begins with example people; here everybody begins with nobody.
    for member in await admin.list_members(slug):
        await admin.remove_member(slug, member.id)
    try:
        yield Place(admin, side, slug, f"Stadt {slug}")
    finally:
        await admin.remove_tenant(slug)
        await admin.close()
