"""Machine clients: one confidential client with a service account per town and purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from regiohub.auth.admin.faults import ClientExists, UnknownClient
from regiohub.auth.admin.port import MachineClient, NewSecret, client_id
from regiohub.auth.claims import API_CLIENT
from regiohub.auth.keycloak import RealmRefused

from .wire import Wire

_CLAIM: Final = "regiohub_tenant"


class Clients:
    """Machine clients. Which town one belongs to, its hard-coded claim says: that is what counts in its tokens."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._api: str | None = None

    async def all(self, tenant: str) -> list[MachineClient]:
        """The town's clients by purpose."""
        prefix = client_id(tenant, "")
        found = await self._wire.list("clients", clientId=prefix, search="true")
        mine = [entry for entry in found if entry["clientId"].startswith(prefix) and _tenant_of(entry) == tenant]
        clients = [
            MachineClient(entry["clientId"], tenant, entry["clientId"].removeprefix(prefix), await self._roles(entry))
            for entry in mine
        ]
        return sorted(clients, key=lambda client: client.purpose)

    async def create(self, tenant: str, purpose: str, roles: frozenset[str]) -> NewSecret:
        """Make a client; whatever fails on the way is undone."""
        name = client_id(tenant, purpose)
        try:
            made = await self._wire.realm.post("clients", _wanted(tenant, name))
        except RealmRefused as refused:
            if refused.answered == 409:
                raise ClientExists from None
            raise
        try:
            await self._give(made, roles)
            secret = (await self._wire.realm.get(f"clients/{made}/client-secret"))["value"]
        except BaseException:
            await self._wire.realm.delete(f"clients/{made}")
            raise
        return NewSecret(MachineClient(name, tenant, purpose, roles), secret)

    async def renew(self, tenant: str, purpose: str) -> NewSecret:
        """Give a client a new secret."""
        entry = await self._known(tenant, purpose)
        made = await self._wire.realm.call(self._wire.realm.admin.a_generate_client_secrets(entry["id"]))
        client = MachineClient(entry["clientId"], tenant, purpose, await self._roles(entry))
        return NewSecret(client, made["value"])

    async def remove(self, tenant: str, purpose: str) -> None:
        """Remove a client; its service account goes with it."""
        entry = await self._known(tenant, purpose)
        await self._wire.realm.call(self._wire.realm.admin.a_delete_client(entry["id"]))

    async def _known(self, tenant: str, purpose: str) -> Mapping[str, Any]:
        found = await self._wire.realm.get("clients", clientId=client_id(tenant, purpose))
        if not found or _tenant_of(found[0]) != tenant:
            raise UnknownClient
        return found[0]

    async def _give(self, client: str, roles: frozenset[str]) -> None:
        """Roles of the service account, and the same as scope: without it they would not stand in the token."""
        api = await self._api_id()
        found = [await self._wire.realm.get(f"clients/{api}/roles/{role}") for role in sorted(roles)]
        account = await self._wire.realm.get(f"clients/{client}/service-account-user")
        await self._wire.realm.post(f"users/{account['id']}/role-mappings/clients/{api}", found)
        await self._wire.realm.post(f"clients/{client}/scope-mappings/clients/{api}", found)

    async def _roles(self, entry: Mapping[str, Any]) -> frozenset[str]:
        api = await self._api_id()
        found = await self._wire.realm.get(f"clients/{entry['id']}/scope-mappings/clients/{api}")
        return frozenset(role["name"] for role in found)

    async def _api_id(self) -> str:
        if self._api is None:
            self._api = str((await self._wire.realm.get("clients", clientId=API_CLIENT))[0]["id"])
        return self._api


def _wanted(tenant: str, name: str) -> dict[str, Any]:
    return {
        "clientId": name,
        "name": name,
        "protocol": "openid-connect",
        "enabled": True,
        "publicClient": False,
        "standardFlowEnabled": False,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": True,
        "fullScopeAllowed": False,
        "defaultClientScopes": ["basic", "roles"],
        "optionalClientScopes": [],
        "protocolMappers": [
            _mapper(
                f"{API_CLIENT} audience",
                "oidc-audience-mapper",
                {"included.client.audience": API_CLIENT, "introspection.token.claim": "true"},
            ),
            _mapper(
                "tenant",
                "oidc-hardcoded-claim-mapper",
                {"claim.name": _CLAIM, "claim.value": tenant, "jsonType.label": "String"},
            ),
        ],
    }


def _mapper(name: str, kind: str, config: Mapping[str, str]) -> dict[str, Any]:
    everywhere = {"access.token.claim": "true", "id.token.claim": "false", "userinfo.token.claim": "false"}
    return {
        "name": name,
        "protocol": "openid-connect",
        "protocolMapper": kind,
        "consentRequired": False,
        "config": {**everywhere, **config},
    }


def _tenant_of(entry: Mapping[str, Any]) -> str | None:
    for mapper in entry.get("protocolMappers", ()):
        if mapper.get("config", {}).get("claim.name") == _CLAIM:
            return mapper["config"].get("claim.value")
    return None
