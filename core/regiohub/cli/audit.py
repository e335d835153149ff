"""``regiohub audit``: who did what."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .opening import run, tenant_named
from .output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from regiohub.platform import Platform


def list_entries(
    tenant: Annotated[str, typer.Option(help="The town.")],
    action: Annotated[
        str | None, typer.Option(help="An action (tenant.plugin_enabled) or, with a dot at its end, all of a plugin.")
    ] = None,
    since: Annotated[datetime | None, typer.Option(help="From this moment on, in the town's time.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Most entries.")] = 50,
    json: AsJson = False,
) -> None:
    """List a town's audit entries, the newest first. Persons appear as pseudonyms."""

    async def work(platform: Platform) -> list[dict[str, Any]]:
        from regiohub.audit import AuditFilter
        from regiohub.audit import list_entries as read

        town = tenant_named(platform, tenant)
        first = since.replace(tzinfo=town.timezone) if since else None
        async with platform.scope(town).read() as ctx:
            rows = await read(ctx, AuditFilter(since=first, action=action), limit=limit)
        names = (
            "id", "at", "actor_kind", "actor", "action", "object_kind", "object_id", "before", "after", "note",
            "text_de", "text_en", "plugin", "plugin_version",
        )  # fmt: skip
        return [{name: getattr(row, name) for name in names} for row in rows]

    found = run(work)
    if json:
        print_json(found)
        return
    lines = [
        (f"{row['at']:%Y-%m-%d %H:%M:%S}Z", row["actor"] or row["actor_kind"], row["action"], row["text_en"])
        for row in found
    ]
    print_table(("AT", "WHO", "ACTION", "WHAT"), lines, empty="There are no entries.")
