"""``regiohub sharing``: what towns share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .opening import run, tenant_named
from .output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from regiohub.platform import Platform


def list_consents(
    tenant: Annotated[str | None, typer.Option(help="Only this town.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Withdrawn consents, too.")] = False,
    json: AsJson = False,
) -> None:
    """List consents: dataset, reader, purpose, legal basis and days."""

    async def work(platform: Platform) -> list[dict[str, Any]]:
        from regiohub.sharing import list_consents as consents

        rows: list[dict[str, Any]] = []
        for town in [tenant_named(platform, tenant)] if tenant else platform.tenants.all():
            async with platform.scope(town).read() as ctx:
                for row in await consents(ctx, revoked=all_):
                    names = (
                        "id", "dataset", "reader", "purpose", "legal_basis", "valid_from", "valid_until", "origin",
                        "granted_at", "revoked_at",
                    )  # fmt: skip
                    rows.append({"town": town.slug, **{name: getattr(row, name) for name in names}})
        return rows

    found = run(work)
    if json:
        print_json(found)
        return
    columns = ("town", "dataset", "reader", "valid_from", "valid_until", "purpose", "legal_basis")
    print_table(
        [column.upper().replace("_", " ") for column in columns],
        [[row[column] for column in columns] for row in found],
        empty="Nothing is shared.",
    )
