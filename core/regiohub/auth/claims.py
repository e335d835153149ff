"""What a validated token says, read so that anything unexpected means no right.

The layout is Keycloak's: ``organization`` is an array of aliases or an object keyed by alias whose entries carry
``groups``, ``realm_access`` and ``resource_access``; machine clients have ``regiohub_tenant``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, cast

from .permissions import STAFF_ROLES

API_CLIENT: Final = "regiohub-api"
"""The client of the API: its name is the expected audience and the key of its client roles."""

_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Claims:
    """The few facts of a token that the platform uses.

    ``staff`` maps an organization's alias to the staff roles that the login server names for it, ``groups`` to the
    paths of the groups in it; ``machine_tenant`` is set for machine clients; ``top_roles`` are the realm's own roles,
    in which only regional ones mean anything.
    """

    issuer: str
    subject: str
    expires_at: datetime
    name: str | None = None
    email: str | None = None
    staff: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    is_machine: bool = False
    machine_tenant: str | None = None
    client_roles: frozenset[str] = frozenset()
    top_roles: frozenset[str] = frozenset()


def read_claims(payload: Mapping[str, Any]) -> Claims:
    """Reads a payload whose ``iss``, ``sub`` and ``exp`` have been checked."""
    machine = payload.get("regiohub_tenant")
    entries = _organizations(payload.get("organization"))
    return Claims(
        issuer=payload["iss"],
        subject=payload["sub"],
        expires_at=datetime.fromtimestamp(payload["exp"], UTC),
        name=_words(payload.get("name")) or _words(payload.get("preferred_username")),
        email=_words(payload.get("email")),
        staff={alias: _staff_roles(entry) for alias, entry in entries.items()},
        groups={alias: frozenset(_strings(entry.get("groups"))) for alias, entry in entries.items()},
        is_machine="regiohub_tenant" in payload,
        machine_tenant=machine if isinstance(machine, str) else None,
        client_roles=_roles(_mapping(payload.get("resource_access")).get(API_CLIENT)),
        top_roles=_roles(payload.get("realm_access")),
    )


def _organizations(claim: Any) -> dict[str, Mapping[str, Any]]:
    if isinstance(claim, list):
        return {alias: {} for alias in cast("list[Any]", claim) if isinstance(alias, str)}
    return {alias: _mapping(entry) for alias, entry in _mapping(claim).items()}


def _staff_roles(entry: Mapping[str, Any]) -> frozenset[str]:
    named = _roles(entry.get("realm_access")) | _roles(_mapping(entry.get("resource_access")).get(API_CLIENT))
    return named & STAFF_ROLES


def _roles(holder: Any) -> frozenset[str]:
    return frozenset(_strings(_mapping(holder).get("roles")))


def _strings(value: Any) -> list[str]:
    return [item for item in cast("list[Any]", value) if isinstance(item, str)] if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _words(value: Any) -> str | None:
    return value.strip()[:_LONGEST_NAME] or None if isinstance(value, str) else None
