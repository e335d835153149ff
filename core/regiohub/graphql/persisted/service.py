"""Registering documents for a client of a town, listing and removing them. Nobody registers by merely asking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from graphql import OperationDefinitionNode, OperationType

from regiohub.auth.permissions import TENANT_SETTINGS
from regiohub.auth.principal import SYSTEM, Principal
from regiohub.errors import InvalidInput, NotFound
from regiohub.graphql.limits.bounds import Limits
from regiohub.graphql.prepare import Documents, Refused
from regiohub.platform import Platform
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.registry import touch
from regiohub.texts import t

from .identifier import PREFIX, hash_in, hash_of
from .models import PersistedDocument

_CLIENT = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


class DocumentRefused(InvalidInput):
    """A document does not fit the town's schema or its limits."""

    code = "DOCUMENT_REFUSED"


@dataclass(frozen=True, slots=True)
class Draft:
    """A document to register. `source`: where it comes from, for people."""

    source: str
    document: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered document. `operations`: kind and name of each, for example `query Map`."""

    id: str
    client: str
    source: str
    operations: tuple[str, ...] = ()


async def persist(
    platform: Platform,
    tenant: TenantInfo,
    documents: Documents,
    client: str,
    drafts: Sequence[Draft],
    *,
    principal: Principal = SYSTEM,
) -> list[Registered]:
    """Register documents, all or none. `documents`: those of the town's schema. Repeatable and audited.

    :raises InvalidInput: a client's name that is none. :raises DocumentRefused: a document that could not run.
    """
    if not _CLIENT.fullmatch(client):
        raise InvalidInput(
            t(
                "Der Name des Clients besteht aus Kleinbuchstaben, Ziffern, Punkt und Strich.",
                "The client's name consists of lower-case letters, digits, dots and dashes.",
            ),
            field="client",
        )
    limits = Limits.of(platform.settings)
    found = [
        Registered(PREFIX + hash_of(draft.document), client, draft.source, _operations(documents, draft, limits))
        for draft in drafts
    ]

    async def work(ctx: Ctx) -> None:
        ctx.require(TENANT_SETTINGS)
        rows = [
            {"client": client, "hash": hash_of(draft.document), "document": draft.document, "source": draft.source,
             "registered_at": ctx.now()}
            for draft in {hash_of(draft.document): draft for draft in reversed(drafts)}.values()
        ]  # fmt: skip
        if not await ctx.session.upsert(PersistedDocument, rows, key=("client", "hash")):
            return
        await touch(ctx.session)
        await ctx.audit(
            "tenant.documents_registered", kind="client", id=client, after={"documents": [entry.id for entry in found]}
        )

    await platform.scope(tenant, principal=principal).run(work)
    await platform.tenants.refresh()
    return found


async def registered(platform: Platform, tenant: TenantInfo, client: str | None = None) -> list[Registered]:
    """The documents of a town's clients, or of one of them."""
    statement = sa.select(PersistedDocument).order_by(PersistedDocument.client, PersistedDocument.source)
    if client is not None:
        statement = statement.where(PersistedDocument.client == client)
    async with platform.scope(tenant).read() as ctx:
        rows = await ctx.session.scalars(statement.order_by(PersistedDocument.hash))
        return [Registered(PREFIX + row.hash, row.client, row.source) for row in rows]


async def remove(
    platform: Platform, tenant: TenantInfo, client: str, ids: Sequence[str], *, principal: Principal = SYSTEM
) -> None:
    """Remove documents of a client, all or none; another client that has registered them keeps them. Audited.

    :raises NotFound: one that this client has not registered.
    """
    hashes = {id_: hash_in(id_) for id_ in ids}

    async def work(ctx: Ctx) -> None:
        ctx.require(TENANT_SETTINGS)
        mine = sa.select(PersistedDocument).where(PersistedDocument.client == client)
        rows = {row.hash: row for row in await ctx.session.scalars(mine)}
        for id_, wanted in hashes.items():
            if wanted is None or wanted not in rows:
                raise NotFound(
                    t(f"{client} hat {id_} nicht registriert.", f"{client} has not registered {id_}."), field="id"
                )
            await ctx.session.delete(rows[wanted])
        await touch(ctx.session)
        await ctx.audit("tenant.documents_removed", kind="client", id=client, before={"documents": sorted(ids)})

    await platform.scope(tenant, principal=principal).run(work)
    await platform.tenants.refresh()


def _operations(documents: Documents, draft: Draft, limits: Limits) -> tuple[str, ...]:
    try:
        document = documents.document(draft.document, limits)
        names: list[str] = []
        for node in document.definitions:
            if not isinstance(node, OperationDefinitionNode):
                continue
            name = node.name.value if node.name else None
            documents.operation(draft.document, name, {}, limits)
            names.append(f"{OperationType(node.operation).value} {name or ''}".strip())
    except Refused as refusal:
        reasons = "; ".join(error.message for error in refusal.errors)
        words = t(f"{draft.source} wird nicht angenommen: {reasons}", f"{draft.source} is refused: {reasons}")
        raise DocumentRefused(words) from refusal
    if not names:
        words = t(f"{draft.source} enthält keine Operation.", f"{draft.source} holds no operation.")
        raise DocumentRefused(words)
    return tuple(names)
