"""What tests with tokens of a real Keycloak share: a validator whose requests are counted, a town's own realm."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from regiohub.auth.fetch import remote_keys
from regiohub.auth.keycloak import Administrator, bootstrap, open_realm
from regiohub.auth.keys import CachedKeys
from regiohub.auth.registry import IssuerRegistry, TrustedIssuer
from regiohub.auth.tokens import TokenValidator
from regiohub.settings import IssuerSettings, Settings
from regiohub.testing import World, open_world
from regiohub.testing.databases import SqliteTemplate
from regiohub.testing.services.keycloak import TOWNS, ExampleRealm
from regiohub.testing.services.keycloak.clients import add_direct
from regiohub.testing.services.keycloak.people import Person, add_people

OWN_REALM = "stadtverwaltung"


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token, unchecked."""
    header, payload, _ = (json.loads(_bytes(part)) if n < 2 else {} for n, part in enumerate(token.split(".")))
    return header, payload


def part(value: Mapping[str, Any]) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Checked:
    """A validator of tokens with a clock for keys that the test moves; ``asked`` counts fetches of key sets."""

    issuers: tuple[IssuerSettings, ...]
    asked: int = 0
    time: float = 0.0
    later: timedelta = timedelta()
    registry: IssuerRegistry = field(init=False)

    def __post_init__(self) -> None:
        self.registry = IssuerRegistry(self._trusted(entry) for entry in self.issuers)
        self.validator = TokenValidator(self.registry, lambda: datetime.now(UTC) + self.later)

    def _trusted(self, entry: IssuerSettings) -> TrustedIssuer:
        fetch = remote_keys(entry, production=True)

        async def counted() -> Mapping[str, Any]:
            self.asked += 1
            return await fetch()

        keys = CachedKeys(counted, issuer=entry.issuer, monotonic=lambda: self.time)
        return TrustedIssuer(
            entry.issuer, keys, audience=entry.audience, tenants=frozenset(entry.tenants), region=entry.region
        )


@pytest.fixture
async def checked(keycloak_server: ExampleRealm) -> AsyncIterator[Checked]:
    """A validator that knows the region's realm."""
    made = Checked((keycloak_server.issuer_settings,))
    yield made
    await made.registry.close()


@pytest.fixture
async def installation(
    keycloak_server: ExampleRealm, sqlite_template: SqliteTemplate, tmp_path: Path
) -> AsyncIterator[World]:
    """An installation whose tokens come from the real Keycloak; its clock shows the time of day, as Keycloak's does."""
    with sqlite_template.copy(tmp_path) as address:
        now = datetime.now(UTC)
        async with open_world(address, tmp_path / "data", at=now, **keycloak_server.settings) as opened:
            yield opened


@pytest.fixture(scope="module")
def own_realm(keycloak_server: ExampleRealm) -> Generator[str]:
    """The issuer of a second realm: Wiesenburg's own, which also claims to know the staff of Berlin."""
    server = keycloak_server.server
    settings = Settings().model_copy(update=keycloak_server.settings | {"keycloak_realm": OWN_REALM})
    mine = server.realm_named(OWN_REALM)

    async def prepare() -> None:
        async with open_realm(settings, Administrator(server.root, server.root_password)) as realm:
            await bootstrap(realm, [town for town in TOWNS if town.slug in {"wiesenburg", "berlin"}])

    server.administer("POST", "", {"realm": OWN_REALM, "enabled": True})
    try:
        asyncio.run(prepare())
        server.administer("POST", f"/{OWN_REALM}/clients", {"clientId": "regiohub-api", "bearerOnly": True})
        roles = {"wiesenburg": "tenant-admin", "berlin": "tenant-admin"}
        add_people(mine, [Person("eigene.leitung", "Eva Eigen", roles, regional="regional-admin")])
        add_direct(mine)
        yield mine.issuer
    finally:
        server.administer("DELETE", f"/{OWN_REALM}")
