"""Access for programs: one client per town and purpose, whose secret is told exactly once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from regiohub.auth.permissions import TENANT_CLIENTS
from regiohub.errors import InvalidInput
from regiohub.texts import Text, t

from .access import identity_admin
from .port import MachineClient, NewSecret, client_id

if TYPE_CHECKING:
    from regiohub.tenancy.context import Ctx

_PURPOSE: Final = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")


class ClientKind(StrEnum):
    """What a program is for."""

    TOWN_APP = "town-app"
    NETWORK_SERVER = "network-server"
    READER = "reader"


class KindWords(NamedTuple):
    """Words for a kind, and the client roles that it gets."""

    title: Text
    text: Text
    roles: frozenset[str]


KINDS: Final = {
    ClientKind.TOWN_APP: KindWords(
        t("App oder Portal der Kommune", "The town's app or portal"),
        t(
            "Liest über die GraphQL-Schnittstelle und schreibt, was Plugins für Programme öffnen.",
            "Reads through the GraphQL interface, and writes what plugins open to programs.",
        ),
        frozenset({"graphql.read", "graphql.write"}),
    ),
    ClientKind.NETWORK_SERVER: KindWords(
        t("Netzwerkserver oder Datenquelle", "Network server or source of data"),
        t("Liefert Messwerte ein und sonst nichts.", "Delivers measured values and nothing else."),
        frozenset({"ingest.write"}),
    ),
    ClientKind.READER: KindWords(
        t("Auswertung", "Analysis"),
        t("Liest, was jeder lesen darf, mit eigenem Namen.", "Reads what everybody may read, under a name of its own."),
        frozenset({"graphql.read"}),
    ),
}


def kind_of(client: MachineClient) -> ClientKind | None:
    """The kind whose roles a client has; ``None`` for one that was made in another way."""
    return next((kind for kind, words in KINDS.items() if words.roles == client.roles), None)


async def clients_of(ctx: Ctx) -> Sequence[MachineClient]:
    """The town's machine clients by purpose. Raises ``Forbidden``, or the faults of the login server."""
    ctx.require(TENANT_CLIENTS)
    return await identity_admin(ctx.platform).list_clients(ctx.tenant.slug)


async def create_client(ctx: Ctx, purpose: str, kind: ClientKind) -> NewSecret:
    """Make an access for a program. The secret in the answer is told this once and stored nowhere here.

    :raises InvalidInput: the purpose is not a short name. :raises ClientExists: it is taken.
    """
    ctx.require(TENANT_CLIENTS)
    if not _PURPOSE.fullmatch(purpose):
        raise InvalidInput(
            t(
                "Bitte 3 bis 40 kleine Buchstaben, Ziffern oder Bindestriche, zum Beispiel: buerger-app.",
                "Please use 3 to 40 small letters, digits or hyphens, for example: town-app.",
            ),
            field="purpose",
        )
    roles = KINDS[kind].roles
    # The log first: a transaction that has to be tried again fails here, before anything is made elsewhere.
    await ctx.audit(
        "tenant.client_created", kind="client", id=client_id(ctx.tenant.slug, purpose), after={"roles": sorted(roles)}
    )
    return await identity_admin(ctx.platform).create_client(ctx.tenant.slug, purpose, roles)


async def renew_secret(ctx: Ctx, purpose: str) -> NewSecret:
    """Give an access a new secret; the old one ends at once. Raises ``UnknownClient``."""
    ctx.require(TENANT_CLIENTS)
    await ctx.audit("tenant.client_renewed", kind="client", id=client_id(ctx.tenant.slug, purpose))
    return await identity_admin(ctx.platform).renew_secret(ctx.tenant.slug, purpose)


async def remove_client(ctx: Ctx, purpose: str) -> None:
    """End an access; its tokens end within minutes. Raises ``UnknownClient``."""
    ctx.require(TENANT_CLIENTS)
    await ctx.audit("tenant.client_removed", kind="client", id=client_id(ctx.tenant.slug, purpose))
    await identity_admin(ctx.platform).remove_client(ctx.tenant.slug, purpose)
