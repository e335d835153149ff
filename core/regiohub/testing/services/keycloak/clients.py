"""Clients that only examples and tests need: a machine of Potsdam, and one that gets tokens without a browser."""

from typing import Any, Final

from regiohub.testing.services.keycloak.people import MACHINE, MACHINE_TOWN
from regiohub.testing.services.keycloak.server import KeycloakServer

API: Final = "regiohub-api"
DIRECT: Final = "regiohub-test"
_PROTOCOL: Final = "openid-connect"


def _mapper(kind: str, **config: str) -> dict[str, Any]:
    written = {"access.token.claim": "true", "id.token.claim": "false", **config}
    return {"name": kind, "protocol": _PROTOCOL, "protocolMapper": kind, "config": written}


def _audience() -> dict[str, Any]:
    return _mapper("oidc-audience-mapper", **{"included.client.audience": API})


def add_machine(server: KeycloakServer, *, town: str = MACHINE_TOWN, name: str = MACHINE) -> str:
    """Create a machine client that may send measured values of a town; gives its secret."""
    tenant = {"claim.name": "regiohub_tenant", "claim.value": town, "jsonType.label": "String"}
    client = {
        "clientId": name,
        "publicClient": False,
        "standardFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": True,
        "fullScopeAllowed": False,
        "defaultClientScopes": ["basic", "roles"],
        "protocolMappers": [_audience(), _mapper("oidc-hardcoded-claim-mapper", **tenant)],
    }
    server.administer("POST", f"/{server.realm}/clients", client)
    id_, api = server.client_id(name), server.client_id(API)
    role = server.administer("GET", f"/{server.realm}/clients/{api}/roles/ingest.write")
    account = server.administer("GET", f"/{server.realm}/clients/{id_}/service-account-user")["id"]
    # The role itself, and the permission that it may stand in this client's tokens.
    server.administer("POST", f"/{server.realm}/users/{account}/role-mappings/clients/{api}", [role])
    server.administer("POST", f"/{server.realm}/clients/{id_}/scope-mappings/clients/{api}", [role])
    return str(server.administer("GET", f"/{server.realm}/clients/{id_}/client-secret")["value"])


def add_direct(server: KeycloakServer, *, name: str = DIRECT, audience: bool = True, full: bool = False) -> None:
    """Create a public client that gets a person's tokens for the password, which no client of the platform may.

    Args:
        audience: whether its tokens are meant for the platform's API.
        full: whether the person's realm roles stand at the top of its tokens, as a careless set-up would have it.
    """
    client = {
        "clientId": name,
        "publicClient": True,
        "standardFlowEnabled": False,
        "directAccessGrantsEnabled": True,
        "fullScopeAllowed": full,
        "defaultClientScopes": ["basic", "profile", "email", "roles"],
        "optionalClientScopes": ["organization"],
        "protocolMappers": [_audience()] if audience else [],
    }
    server.administer("POST", f"/{server.realm}/clients", client)
    if not full:
        regional = [
            server.administer("GET", f"/{server.realm}/roles/{name}") for name in ("regional-admin", "regional-auditor")
        ]
        server.administer("POST", f"/{server.realm}/clients/{server.client_id(name)}/scope-mappings/realm", regional)
