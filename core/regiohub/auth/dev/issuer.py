"""Test tokens with the claim layout of the real login server, signed with a key kept in the data folder."""

import contextlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self
from uuid import NAMESPACE_URL, uuid4, uuid5

from joserfc import jwk, jwt
from joserfc.errors import JoseError

from regiohub.auth.claims import API_CLIENT
from regiohub.auth.keys import FixedKeys
from regiohub.auth.registry import TrustedIssuer
from regiohub.auth.roles.town import group_of
from regiohub.settings import Settings

from .guard import dev_issuer_allowed

DEV_PATH: Final = "/auth/dev"
_ALGORITHM: Final = "ES256"


class DevIssuer:
    """Issues tokens for persons, staff, regional admins and machine clients of made-up names."""

    def __init__(self, issuer: str, key: jwk.ECKey, now: Callable[[], datetime]) -> None:
        self.issuer = issuer
        self._key = key
        self._now = now

    @classmethod
    def from_settings(cls, settings: Settings, now: Callable[[], datetime]) -> Self | None:
        """The issuer of this platform, ``None`` if it is off.

        The server and the command line read the same key, so a token made by one counts at the other. Raises
        ``DevIssuerRefused`` in production and wherever others than this machine could reach it.
        """
        if not dev_issuer_allowed(settings):
            return None
        return cls(settings.base_url + DEV_PATH, kept_key(settings.data_dir / "dev-issuer.json"), now)

    @property
    def console_secret(self) -> str:
        """The secret of the console's client, worked out from the key: it stands in no file and in no setting."""
        private = str(self._key.as_dict(private=True)["d"]).encode()
        return hmac.new(private, b"console", sha256).hexdigest()

    @property
    def key_set(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        return {"keys": [{**self._key.as_dict(private=False), "use": "sig", "alg": _ALGORITHM}]}

    @property
    def configuration(self) -> dict[str, Any]:
        """The OpenID discovery document; ``dev`` tells real installations to refuse this issuer."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "end_session_endpoint": f"{self.issuer}/logout",
            "jwks_uri": f"{self.issuer}/jwks.json",
            "id_token_signing_alg_values_supported": [_ALGORITHM],
            "subject_types_supported": ["public"],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "dev": True,
        }

    def as_trusted(self) -> TrustedIssuer:
        """This issuer as an entry of the registry; its keys are at hand, nothing is fetched."""
        return TrustedIssuer(self.issuer, FixedKeys(self.key_set), region=True, is_dev=True)

    def issue_token(
        self,
        tenant: str | None = None,
        roles: Iterable[str] = (),
        *,
        subject: str = "dev",
        name: str | None = None,
        email: str | None = None,
        regional_roles: Iterable[str] = (),
        machine: bool = False,
        lifetime: timedelta = timedelta(hours=1),
    ) -> str:
        """A signed access token.

        ``roles`` are roles in ``tenant`` (``editor``, ``own:press``), or with ``machine`` the client roles of the API
        (``graphql.write``, ``ingest.write``). Without roles it is a plain signed-in person. ``regional_roles`` are
        ``regional-admin`` and ``regional-auditor``. Raises ``ValueError`` for roles or a machine without a town.
        """
        granted = sorted(set(roles))
        if tenant is None and (granted or machine):
            raise ValueError("roles and machine clients need a town")
        now = int(self._now().timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": [API_CLIENT],
            "azp": "regiohub-dev",
            "sub": subject,
            "jti": str(uuid4()),
            "iat": now,
            "exp": now + int(lifetime.total_seconds()),
            "typ": "Bearer",
            "dev": True,
        }
        if machine:
            claims |= {"regiohub_tenant": tenant, "resource_access": {API_CLIENT: {"roles": granted}}}
        else:
            claims |= _person(subject, name, email)
            claims["realm_access"] = {"roles": sorted(set(regional_roles))}
            if granted:
                claims["organization"] = {tenant: _membership(str(tenant), granted)}
        return self.sign(claims)

    def sign(self, claims: dict[str, Any]) -> str:
        """A signed token with exactly these claims."""
        header = {"alg": _ALGORITHM, "kid": self._key.kid, "typ": "JWT"}
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM])

    def verify(self, token: str) -> dict[str, Any] | None:
        """The claims of a token that this issuer has signed and that has not ended; ``None`` for any other."""
        try:
            claims = jwt.decode(token, self._key, algorithms=[_ALGORITHM]).claims
        except (JoseError, ValueError):
            return None
        return claims if claims.get("exp", 0) > self._now().timestamp() else None


def _person(subject: str, name: str | None, email: str | None) -> dict[str, Any]:
    return {
        "sid": str(uuid4()),
        "scope": "openid profile email organization",
        "preferred_username": subject,
        "name": name or subject.replace("-", " ").title(),
        # A domain reserved for examples (RFC 2606): mails to test persons reach nobody.
        "email": email or f"{subject}@example.org",
        "email_verified": True,
    }


def _membership(tenant: str, roles: list[str]) -> dict[str, Any]:
    return {
        "id": str(uuid5(NAMESPACE_URL, f"regiohub:{tenant}")),
        "groups": [group_of(role) or f"/{role}s" for role in roles],
        "realm_access": {"roles": roles},
    }


def kept_key(path: Path) -> jwk.ECKey:
    """The signing key in this file, made on the first call; only its owner can read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        key = jwk.generate_key("EC", "P-256", auto_kid=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump(key.as_dict(private=True), file)
        # Server and command line may start together: the first complete file wins.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return jwk.import_key(json.loads(path.read_text()), "EC")
