"""``regiohub graphql``: documents that clients send by their hash."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .opening import run, tenant_named
from .output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from regiohub.graphql.persisted.service import Registered
    from regiohub.platform import Platform

Town = Annotated[str, typer.Option("--tenant", help="The town.")]
Client = Annotated[str, typer.Option("--client", help="Whose documents they are, for example town-app.")]
Files = Annotated[
    list[Path], typer.Argument(help="Files with one document each, or .json files with an object of many.")
]


def persist(files: Files, client: Client, tenant: Town, json: AsJson = False) -> None:
    """Check documents against a town's schema and register them, all or none; print their identifiers."""

    async def work(platform: Platform) -> list[Registered]:
        from regiohub.graphql.persisted.files import drafts_in
        from regiohub.graphql.persisted.service import persist as register
        from regiohub.graphql.transport.service import GraphQLService

        town = tenant_named(platform, tenant)
        drafts = [draft for file in files for draft in drafts_in(file)]
        schema = GraphQLService.of(platform).schema_of(town)
        return await register(platform, town, schema.documents, client, drafts)

    entries = run(work)
    if json:
        print_json(entries)
        return
    lines = [(entry.id, ", ".join(entry.operations), entry.source) for entry in entries]
    print_table(("ID", "OPERATIONS", "SOURCE"), lines, empty="")


def list_documents(
    tenant: Town,
    client: Annotated[str | None, typer.Option("--client", help="Only those of this client.")] = None,
    json: AsJson = False,
) -> None:
    """List the documents that are registered in a town."""

    async def work(platform: Platform) -> list[Registered]:
        from regiohub.graphql.persisted.service import registered

        return await registered(platform, tenant_named(platform, tenant), client)

    entries = run(work)
    if json:
        print_json(entries)
        return
    lines = [(entry.client, entry.id, entry.source) for entry in entries]
    print_table(("CLIENT", "ID", "SOURCE"), lines, empty="No documents are registered.")


def remove(
    ids: Annotated[list[str], typer.Argument(help="Identifiers: sha256:…")], client: Client, tenant: Town
) -> None:
    """Remove documents of a client; other clients that registered the same ones keep them."""

    async def work(platform: Platform) -> None:
        from regiohub.graphql.persisted.service import remove as forget

        await forget(platform, tenant_named(platform, tenant), client, ids)

    run(work)
    typer.echo(f"{len(ids)} documents are removed.")
