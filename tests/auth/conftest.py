"""A small world of issuers: one of the region, one that belongs to a single town."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwk, jwt

from regiohub.auth.keys import FixedKeys
from regiohub.auth.registry import IssuerRegistry, TrustedIssuer
from regiohub.auth.tokens import TokenValidator

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REGION = "https://login.example.org/realms/regiohub"
TOWN = "https://login.potsdam.example/realms/stadt"


def claims(issuer: str = REGION, **changes: Any) -> dict[str, Any]:
    """Claims of a good token of a signed-in person; ``None`` removes a claim."""
    now = int(NOW.timestamp())
    base: dict[str, Any] = {
        "iss": issuer,
        "aud": ["regiohub-api"],
        "sub": "8d2c",
        "iat": now,
        "exp": now + 300,
        "typ": "Bearer",
        "name": "Anna Beispiel",
    }
    return {name: value for name, value in (base | changes).items() if value is not None}


@dataclass
class Issuers:
    """Two issuers with their private keys, and the validator that knows both."""

    region_key: jwk.RSAKey = field(default_factory=lambda: jwk.generate_key("RSA", 2048, auto_kid=True))
    town_key: jwk.ECKey = field(default_factory=lambda: jwk.generate_key("EC", "P-256", auto_kid=True))

    def __post_init__(self) -> None:
        region_keys = {"keys": [self.region_key.as_dict(private=False)]}
        town_keys = {"keys": [self.town_key.as_dict(private=False)]}
        self.registry = IssuerRegistry(
            [
                TrustedIssuer(REGION, FixedKeys(region_keys), region=True),
                TrustedIssuer(TOWN, FixedKeys(town_keys), tenants=frozenset({"potsdam"})),
            ]
        )

    def validator(self, now: Callable[[], datetime] = lambda: NOW, **options: Any) -> TokenValidator:
        """A validator whose clock stands at ``NOW``."""
        return TokenValidator(self.registry, now, **options)

    def sign(self, payload: dict[str, Any], header: dict[str, Any] | None = None) -> str:
        """A token of the issuer that the payload names (the region's for any other name)."""
        key, algorithm = (self.town_key, "ES256") if payload.get("iss") == TOWN else (self.region_key, "RS256")
        full = {"alg": algorithm, "kid": key.kid, "typ": "JWT"} | (header or {})
        full = {name: value for name, value in full.items() if value is not None}
        return jwt.encode(full, payload, key, algorithms=[algorithm], default_type=None)


@pytest.fixture(scope="session")
def issuers() -> Issuers:
    """The two issuers; keys are made once, since making them is slow."""
    return Issuers()
